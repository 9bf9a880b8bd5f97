-- uris-requests: URIs by requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  logs.cs_uri_stem AS uri,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio,
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(toFloat64OrZero('${percentile:percentencode}'))(logs.digest_time_to_first_byte)[1]), NULL), 6) AS ttfb
FROM (
  SELECT
    logs.facet_label AS cs_uri_stem, logs.sum_requests, logs.sum_sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_status, logs.digest_time_to_first_byte
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'cs-uri-stem'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_uri_stem, count(), sum(logs.sc_bytes), logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_status, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.cs_uri_stem, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_status
) AS logs
GROUP BY logs.cs_uri_stem
ORDER BY sum(logs.sum_requests) DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')

-- uris-bytes: URIs by bytes, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  logs.cs_uri_stem AS uri,
  sum(logs.sum_sc_bytes) AS bytes,
  sum(logs.sum_requests) AS requests,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio
FROM (
  SELECT
    logs.facet_label AS cs_uri_stem, logs.sum_sc_bytes, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'cs-uri-stem'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_uri_stem, sum(logs.sc_bytes), count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.cs_uri_stem, logs.x_edge_result_type, logs.x_edge_detailed_result_type
) AS logs
GROUP BY logs.cs_uri_stem
ORDER BY sum(logs.sum_sc_bytes) DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')

-- content-types: Bytes per second by type, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  places.time AS time,
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.content_type, 'other') AS content_type,
  sum(places.value) AS byte_rate
FROM (
  SELECT
    bins.time AS time,
    bins.content_type AS content_type,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.content_type) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      substringIndex(logs.sc_content_type, ';', 1) AS content_type,
      sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0)) OVER (PARTITION BY substringIndex(logs.sc_content_type, ';', 1)) AS total
    FROM (
      SELECT
        logs.minute AS at, logs.facet_label AS sc_content_type, logs.sum_sc_bytes
      FROM realtime_logs_facet_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0
        AND logs.facet = 'sc-content-type'
        AND unfiltered
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.sc_content_type, sum(logs.sc_bytes)
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.sc_content_type
    ) AS logs
    GROUP BY $__timeInterval_ms(logs.at), substringIndex(logs.sc_content_type, ';', 1)
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.content_type, 'other')
ORDER BY time ASC, content_type ASC

-- types: Requests by content type, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  substringIndex(logs.sc_content_type, ';', 1) AS content_type,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.facet_label AS sc_content_type, logs.sum_requests
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'sc-content-type'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.sc_content_type, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.sc_content_type
) AS logs
GROUP BY substringIndex(logs.sc_content_type, ';', 1)
ORDER BY sum(logs.sum_requests) DESC, substringIndex(logs.sc_content_type, ';', 1)
LIMIT toUInt64OrZero('${top:percentencode}')

-- referrers: Referrers, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  logs.cs_referer AS referrer,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes
FROM (
  SELECT
    logs.facet_label AS cs_referer, logs.sum_requests, logs.sum_sc_bytes
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'cs-referer'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_referer, count(), sum(logs.sc_bytes)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.cs_referer
) AS logs
GROUP BY logs.cs_referer
ORDER BY sum(logs.sum_requests) DESC, logs.cs_referer
LIMIT toUInt64OrZero('${top:percentencode}')

-- http: Requests per second by HTTP version, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  places.time AS time,
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.http_version, 'other') AS http_version,
  sum(places.value) AS request_rate
FROM (
  SELECT
    bins.time AS time,
    bins.http_version AS http_version,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.http_version) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.cs_protocol_version AS http_version,
      sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_requests) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.cs_protocol_version) AS total
    FROM (
      SELECT
        logs.minute AS at, logs.facet_label AS cs_protocol_version, logs.sum_requests
      FROM realtime_logs_facet_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0
        AND logs.facet = 'cs-protocol-version'
        AND unfiltered
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.cs_protocol_version, count()
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.cs_protocol_version
    ) AS logs
    GROUP BY $__timeInterval_ms(logs.at), logs.cs_protocol_version
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.http_version, 'other')
ORDER BY time ASC, http_version ASC

-- shares: IPv6, HTTP/3, unencrypted, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  $__timeInterval_ms(logs.at) AS time,
  100.0 * sum(logs.count_ipv6) / sum(logs.sum_requests) AS ipv6_share,
  100.0 * sum(logs.count_http3) / sum(logs.sum_requests) AS http3_share,
  100.0 * sum(logs.count_plain_http) / sum(logs.sum_requests) AS plain_http_share
FROM (
  SELECT
    logs.hour AS at, logs.sum_requests, logs.count_ipv6, logs.count_http3, logs.count_plain_http
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.sum_requests, logs.count_ipv6, logs.count_http3, logs.count_plain_http
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), count(), countIf(logs.c_ip_version = 'IPv6'), countIf(logs.cs_protocol_version = 'HTTP/3.0'), countIf(logs.cs_protocol = 'http')
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval_ms(logs.timestamp)
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- devices: Requests by device class, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.facet_label AS cs_user_agent, logs.sum_requests
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'cs-user-agent'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_user_agent, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.cs_user_agent
) AS logs
GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
ORDER BY sum(logs.sum_requests) DESC, multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
LIMIT toUInt64OrZero('${top:percentencode}')

-- tls: Requests by TLS version, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  logs.ssl_protocol AS tls_version,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.facet_label AS ssl_protocol, logs.sum_requests
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'ssl-protocol'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.ssl_protocol, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.ssl_protocol
) AS logs
GROUP BY logs.ssl_protocol
ORDER BY sum(logs.sum_requests) DESC, logs.ssl_protocol
LIMIT toUInt64OrZero('${top:percentencode}')

-- ciphers: Requests by TLS cipher, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  logs.ssl_cipher AS cipher,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.facet_label AS ssl_cipher, logs.sum_requests
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'ssl-cipher'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.ssl_cipher, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.ssl_cipher
) AS logs
GROUP BY logs.ssl_cipher
ORDER BY sum(logs.sum_requests) DESC, logs.ssl_cipher
LIMIT toUInt64OrZero('${top:percentencode}')

-- methods: Requests by method, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  logs.cs_method AS method,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.facet_label AS cs_method, logs.sum_requests
  FROM realtime_logs_facet_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND logs.facet = 'cs-method'
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_method, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND (NOT unfiltered OR NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute))
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.cs_method
) AS logs
GROUP BY logs.cs_method
ORDER BY sum(logs.sum_requests) DESC, logs.cs_method
LIMIT toUInt64OrZero('${top:percentencode}')

-- viewers: Different viewer addresses, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  $__timeInterval_ms(logs.at) AS time,
  uniqMerge(logs.uniq_c_ip) AS viewers
FROM (
  SELECT
    logs.minute AS at, logs.uniq_c_ip
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), uniqStateIf(logs.c_ip, logs.c_ip <> '-')
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval_ms(logs.timestamp)
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- sessions: Playback sessions, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  $__timeInterval_ms(logs.at) AS time,
  uniqMerge(logs.uniq_cmcd_session_id) AS media_sessions
FROM (
  SELECT
    logs.minute AS at, logs.uniq_cmcd_session_id
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), uniqStateIf(logs.cmcd_session_id, logs.cmcd_session_id <> '-')
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval_ms(logs.timestamp)
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- stalls: Requests after a stall, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  $__timeInterval_ms(logs.at) AS time,
  100.0 * sum(logs.count_starved) / nullIf(sum(logs.count_media), 0) AS starved_share
FROM (
  SELECT
    logs.hour AS at, logs.count_media, logs.count_starved
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.count_media, logs.count_starved
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), countIf(logs.cmcd_session_id <> '-'), countIf(logs.cmcd_buffer_starvation <> '-')
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval_ms(logs.timestamp)
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- bitrates: Bitrate and throughput, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  $__timeInterval_ms(logs.at) AS time,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_cmcd_encoded_bitrate)[1]), NULL), 6) AS media_bitrate,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_cmcd_measured_throughput)[1]), NULL), 6) AS media_throughput
FROM (
  SELECT
    logs.hour AS at, logs.digest_cmcd_encoded_bitrate, logs.digest_cmcd_measured_throughput
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.digest_cmcd_encoded_bitrate, logs.digest_cmcd_measured_throughput
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), quantilesTDigestStateIf(0.5, 0.95, 0.99)(toFloat64(assumeNotNull(logs.cmcd_encoded_bitrate)), logs.cmcd_encoded_bitrate IS NOT NULL), quantilesTDigestStateIf(0.5, 0.95, 0.99)(toFloat64(assumeNotNull(logs.cmcd_measured_throughput)), logs.cmcd_measured_throughput IS NOT NULL)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval_ms(logs.timestamp)
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- buffer: Buffer length, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  (hasAny(chosen_distribution, ['$__all', 'All']) AND hasAny(chosen_host, ['$__all', 'All']) AND hasAny(chosen_country, ['$__all', 'All']) AND hasAny(chosen_edge, ['$__all', 'All']) AND hasAny(chosen_behavior, ['$__all', 'All'])) AS unfiltered
SELECT
  $__timeInterval_ms(logs.at) AS time,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_cmcd_buffer_length)[1]), NULL), 6) AS media_buffer
FROM (
  SELECT
    logs.hour AS at, logs.digest_cmcd_buffer_length
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.digest_cmcd_buffer_length
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND unfiltered
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), quantilesTDigestStateIf(0.5, 0.95, 0.99)(toFloat64(assumeNotNull(logs.cmcd_buffer_length)), logs.cmcd_buffer_length IS NOT NULL)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
    AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
    AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
    AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
    AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval_ms(logs.timestamp)
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- stalls-country: Requests after a stall by country, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  places.country AS country,
  places.value AS starved_share
FROM (
  SELECT
    bins.time AS time,
    bins.country AS country,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.country) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.timestamp) AS time,
      logs.c_country AS country,
      100.0 * countIf(logs.cmcd_buffer_starvation <> '-') / nullIf(countIf(logs.cmcd_session_id <> '-'), 0) AS value,
      sum(count()) OVER (PARTITION BY logs.c_country) AS total
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND logs.cmcd_session_id <> '-'
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.timestamp), logs.c_country
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- contents: Contents with most stalls, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  logs.cmcd_content_id AS content,
  100.0 * countIf(logs.cmcd_buffer_starvation <> '-') / nullIf(countIf(logs.cmcd_session_id <> '-'), 0) AS starved_share,
  uniqIf(logs.cmcd_session_id, logs.cmcd_session_id <> '-') AS media_sessions,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.cmcd_measured_throughput)[1]), NULL), 6) AS media_throughput
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND logs.cmcd_session_id <> '-'
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cmcd_content_id
ORDER BY 100.0 * countIf(logs.cmcd_buffer_starvation <> '-') / nullIf(countIf(logs.cmcd_session_id <> '-'), 0) DESC, logs.cmcd_content_id
LIMIT toUInt64OrZero('${top:percentencode}')

-- viewer-addresses: Viewer addresses by requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  logs.c_ip AS viewer,
  logs.c_country AS country,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes,
  100.0 * countIf(logs.sc_status BETWEEN 400 AND 499) / count() AS error_rate_4xx
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.c_ip, logs.c_country
ORDER BY count() DESC, logs.c_ip, logs.c_country
LIMIT toUInt64OrZero('${top:percentencode}')

-- query-strings: Query strings, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  logs.cs_uri_query AS query_string,
  count() AS requests
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cs_uri_query
ORDER BY count() DESC, logs.cs_uri_query
LIMIT toUInt64OrZero('${top:percentencode}')
