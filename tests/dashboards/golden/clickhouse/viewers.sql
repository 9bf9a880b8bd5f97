-- uris-requests: URIs by requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cs_uri_stem AS uri,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes,
  100.0 * countIf((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit')) / nullIf(countIf(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-')), 0) AS hit_ratio,
  100.0 * countIf(logs.sc_status BETWEEN 500 AND 599) / count() AS error_rate_5xx,
  100.0 * countIf(logs.sc_status BETWEEN 400 AND 499) / count() AS error_rate_4xx
FROM (
  SELECT
    logs.cs_uri_stem, logs.sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_uri_stem, logs.sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.cs_uri_stem
ORDER BY count() DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')

-- content-types: Bytes per second by content type, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status
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
      $__timeInterval(logs.at) AS time,
      substringIndex(logs.sc_content_type, ';', 1) AS content_type,
      sum(logs.sc_bytes) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sc_bytes) / ($__interval_ms / 1000.0)) OVER (PARTITION BY substringIndex(logs.sc_content_type, ';', 1)) AS total
    FROM (
      SELECT
        logs.minute AS at, logs.sc_content_type, logs.sc_bytes
      FROM realtime_logs AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0
        AND indexHint(logs.timestamp >= since AND logs.timestamp < until)
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        toDateTime(logs.timestamp) AS at, logs.sc_content_type, logs.sc_bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    ) AS logs
    GROUP BY $__timeInterval(logs.at), substringIndex(logs.sc_content_type, ';', 1)
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.content_type, 'other')
ORDER BY time ASC, content_type ASC

-- types: Requests by content type, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  substringIndex(logs.sc_content_type, ';', 1) AS content_type,
  count() AS requests
FROM (
  SELECT
    logs.sc_content_type
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.sc_content_type
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY substringIndex(logs.sc_content_type, ';', 1)
ORDER BY count() DESC, substringIndex(logs.sc_content_type, ';', 1)
LIMIT toUInt64OrZero('${top:percentencode}')

-- http: Requests per second by HTTP version, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status
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
      $__timeInterval(logs.at) AS time,
      logs.cs_protocol_version AS http_version,
      count() / ($__interval_ms / 1000.0) AS value,
      sum(count() / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.cs_protocol_version) AS total
    FROM (
      SELECT
        logs.minute AS at, logs.cs_protocol_version
      FROM realtime_logs AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0
        AND indexHint(logs.timestamp >= since AND logs.timestamp < until)
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        toDateTime(logs.timestamp) AS at, logs.cs_protocol_version
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.cs_protocol_version
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.http_version, 'other')
ORDER BY time ASC, http_version ASC

-- shares: IPv6, HTTP/3, unencrypted, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  (has(chosen_distribution, '_all_') AND has(chosen_host, '_all_') AND has(chosen_country, '_all_') AND has(chosen_edge, '_all_') AND has(chosen_behavior, '_all_')) AS unfiltered
SELECT
  $__timeInterval(logs.at) AS time,
  100.0 * sum(logs.count_ipv6) / sum(logs.sum_requests) AS ipv6_share,
  100.0 * sum(logs.count_http3) / sum(logs.sum_requests) AS http3_share,
  100.0 * sum(logs.count_plain_http) / sum(logs.sum_requests) AS plain_http_share,
  uniqMerge(logs.uniq_c_ip) AS viewers
FROM (
  SELECT
    logs.minute AS at, logs.sum_requests, logs.count_ipv6, logs.count_http3, logs.count_plain_http, logs.uniq_c_ip
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval(logs.timestamp), count(), countIf(logs.c_ip_version = 'IPv6'), countIf(logs.cs_protocol_version = 'HTTP/3.0'), countIf(logs.cs_protocol = 'http'), uniqStateIf(logs.c_ip, logs.c_ip <> '-')
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval(logs.timestamp)
) AS logs
GROUP BY $__timeInterval(logs.at)
ORDER BY time ASC

-- uris-bytes: URIs by bytes, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cs_uri_stem AS uri,
  sum(logs.sc_bytes) AS bytes,
  count() AS requests,
  100.0 * countIf((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit')) / nullIf(countIf(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-')), 0) AS hit_ratio
FROM (
  SELECT
    logs.cs_uri_stem, logs.sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_uri_stem, logs.sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.cs_uri_stem
ORDER BY sum(logs.sc_bytes) DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')

-- referrers: Referrers by requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cs_referer AS referrer,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes
FROM (
  SELECT
    logs.cs_referer, logs.sc_bytes
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_referer, logs.sc_bytes
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.cs_referer
ORDER BY count() DESC, logs.cs_referer
LIMIT toUInt64OrZero('${top:percentencode}')

-- devices: Requests by device class, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
  count() AS requests
FROM (
  SELECT
    logs.cs_user_agent
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_user_agent
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
ORDER BY count() DESC, multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
LIMIT toUInt64OrZero('${top:percentencode}')

-- methods: Requests by method, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cs_method AS method,
  count() AS requests
FROM (
  SELECT
    logs.cs_method
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_method
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.cs_method
ORDER BY count() DESC, logs.cs_method
LIMIT toUInt64OrZero('${top:percentencode}')

-- tls: Requests by TLS version, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.ssl_protocol AS tls_version,
  count() AS requests
FROM (
  SELECT
    logs.ssl_protocol
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.ssl_protocol
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.ssl_protocol
ORDER BY count() DESC, logs.ssl_protocol
LIMIT toUInt64OrZero('${top:percentencode}')

-- ciphers: Requests by TLS cipher, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.ssl_cipher AS cipher,
  count() AS requests
FROM (
  SELECT
    logs.ssl_cipher
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.ssl_cipher
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.ssl_cipher
ORDER BY count() DESC, logs.ssl_cipher
LIMIT toUInt64OrZero('${top:percentencode}')

-- sessions: Playback sessions, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  (has(chosen_distribution, '_all_') AND has(chosen_host, '_all_') AND has(chosen_country, '_all_') AND has(chosen_edge, '_all_') AND has(chosen_behavior, '_all_')) AS unfiltered
SELECT
  $__timeInterval(logs.at) AS time,
  uniqMerge(logs.uniq_cmcd_session_id) AS media_sessions,
  100.0 * sum(logs.count_starved) / nullIf(sum(logs.count_media), 0) AS starved_share,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_cmcd_encoded_bitrate)[1]), NULL), 6) AS media_bitrate,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_cmcd_measured_throughput)[1]), NULL), 6) AS media_throughput,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_cmcd_buffer_length)[1]), NULL), 6) AS media_buffer
FROM (
  SELECT
    logs.minute AS at, logs.uniq_cmcd_session_id, logs.count_media, logs.count_starved, logs.digest_cmcd_encoded_bitrate, logs.digest_cmcd_measured_throughput, logs.digest_cmcd_buffer_length
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval(logs.timestamp), uniqStateIf(logs.cmcd_session_id, logs.cmcd_session_id <> '-'), countIf(logs.cmcd_session_id <> '-'), countIf(logs.cmcd_buffer_starvation <> '-'), quantilesTDigestStateIf(0.5, 0.95, 0.99)(toFloat64(assumeNotNull(logs.cmcd_encoded_bitrate)), logs.cmcd_encoded_bitrate IS NOT NULL), quantilesTDigestStateIf(0.5, 0.95, 0.99)(toFloat64(assumeNotNull(logs.cmcd_measured_throughput)), logs.cmcd_measured_throughput IS NOT NULL), quantilesTDigestStateIf(0.5, 0.95, 0.99)(toFloat64(assumeNotNull(logs.cmcd_buffer_length)), logs.cmcd_buffer_length IS NOT NULL)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval(logs.timestamp)
) AS logs
GROUP BY $__timeInterval(logs.at)
ORDER BY time ASC

-- stalls-country: Countries with most stalls, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.c_country AS country,
  countIf(logs.cmcd_buffer_starvation <> '-') AS starved_requests,
  100.0 * countIf(logs.cmcd_buffer_starvation <> '-') / nullIf(countIf(logs.cmcd_session_id <> '-'), 0) AS starved_share,
  uniqIf(logs.cmcd_session_id, logs.cmcd_session_id <> '-') AS media_sessions
FROM (
  SELECT
    logs.c_country, logs.cmcd_buffer_starvation, logs.cmcd_session_id
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND logs.cmcd_session_id <> '-'
  UNION ALL
  SELECT
    logs.c_country, logs.cmcd_buffer_starvation, logs.cmcd_session_id
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND logs.cmcd_session_id <> '-'
) AS logs
GROUP BY logs.c_country
ORDER BY countIf(logs.cmcd_buffer_starvation <> '-') DESC, logs.c_country
LIMIT toUInt64OrZero('${top:percentencode}')

-- contents: Contents with most stalls, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cmcd_content_id AS content,
  countIf(logs.cmcd_buffer_starvation <> '-') AS starved_requests,
  100.0 * countIf(logs.cmcd_buffer_starvation <> '-') / nullIf(countIf(logs.cmcd_session_id <> '-'), 0) AS starved_share,
  uniqIf(logs.cmcd_session_id, logs.cmcd_session_id <> '-') AS media_sessions
FROM (
  SELECT
    logs.cmcd_content_id, logs.cmcd_buffer_starvation, logs.cmcd_session_id
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND logs.cmcd_session_id <> '-'
  UNION ALL
  SELECT
    logs.cmcd_content_id, logs.cmcd_buffer_starvation, logs.cmcd_session_id
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND logs.cmcd_session_id <> '-'
) AS logs
GROUP BY logs.cmcd_content_id
ORDER BY countIf(logs.cmcd_buffer_starvation <> '-') DESC, logs.cmcd_content_id
LIMIT toUInt64OrZero('${top:percentencode}')

-- viewer-addresses: Viewer addresses by requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.c_ip AS viewer,
  logs.c_country AS country,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes,
  100.0 * countIf(logs.sc_status BETWEEN 400 AND 499) / count() AS error_rate_4xx
FROM (
  SELECT
    logs.c_ip, logs.c_country, logs.sc_bytes, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.c_ip, logs.c_country, logs.sc_bytes, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.c_ip, logs.c_country
ORDER BY count() DESC, logs.c_ip, logs.c_country
LIMIT toUInt64OrZero('${top:percentencode}')

-- query-strings: Query strings by requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cs_uri_query AS query_string,
  count() AS requests
FROM (
  SELECT
    logs.cs_uri_query
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.cs_uri_query
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
) AS logs
GROUP BY logs.cs_uri_query
ORDER BY count() DESC, logs.cs_uri_query
LIMIT toUInt64OrZero('${top:percentencode}')
