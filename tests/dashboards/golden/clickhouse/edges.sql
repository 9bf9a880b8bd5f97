-- error-rate-5xx: 5xx rate of the edges with most errors, query A
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
  leftPad(toString(places.place), 3, '0') AS place,
  places.edge AS edge,
  places.value AS error_rate_5xx_bound
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_location AS edge,
      multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS value,
      sum(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) OVER (PARTITION BY logs.x_edge_location) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_location) AS second
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_location, logs.sum_requests, logs.sc_status
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_location, logs.sum_requests, logs.sc_status
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_location, count(), logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_location, logs.sc_status
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.x_edge_location
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, edge ASC

-- ttfb: TTFB p95 of the edges with most slow first bytes, query A
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
  leftPad(toString(places.place), 3, '0') AS place,
  places.edge AS edge,
  places.value AS ttfb_p95
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_location AS edge,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.x_edge_location) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_location) AS second
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_location, logs.digest_time_to_first_byte, logs.count_time_to_first_byte_1, logs.sum_requests
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_location, logs.digest_time_to_first_byte, logs.count_time_to_first_byte_1, logs.sum_requests
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_location, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count()
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_location
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.x_edge_location
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, edge ASC

-- error-rate-4xx: 4xx rate of the edges with most errors, query A
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
  leftPad(toString(places.place), 3, '0') AS place,
  places.edge AS edge,
  places.value AS error_rate_4xx_bound
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_location AS edge,
      multiIf(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS value,
      sum(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) OVER (PARTITION BY logs.x_edge_location) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_location) AS second
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_location, logs.sum_requests, logs.sc_status
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_location, logs.sum_requests, logs.sc_status
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_location, count(), logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_location, logs.sc_status
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.x_edge_location
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, edge ASC

-- hit-ratio: Cache hit ratio of the busiest edges, query A
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
  leftPad(toString(places.place), 3, '0') AS place,
  places.edge AS edge,
  places.value AS hit_ratio
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_location AS edge,
      100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_location) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_location, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_location, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_location, count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_location, logs.x_edge_result_type, logs.x_edge_detailed_result_type
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.x_edge_location
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, edge ASC

-- bytes: Bytes per second of the busiest edges, query A
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
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.edge, 'other') AS edge,
  sum(places.value) AS byte_rate
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_location AS edge,
      sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.x_edge_location) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_location, logs.sum_sc_bytes
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_location, logs.sum_sc_bytes
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_location, sum(logs.sc_bytes)
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_location
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.x_edge_location
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.edge, 'other')
ORDER BY time ASC, edge ASC

-- requests: Requests per second of the busiest edges, query A
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
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.edge, 'other') AS edge,
  sum(places.value) AS request_rate
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_location AS edge,
      sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_requests) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.x_edge_location) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_location, logs.sum_requests
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_location, logs.sum_requests
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_location, count()
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_location
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.x_edge_location
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.edge, 'other')
ORDER BY time ASC, edge ASC

-- table: Edges by bytes sent, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.x_edge_location AS edge,
  sum(logs.sum_sc_bytes) AS bytes,
  sum(logs.sum_requests) AS requests,
  sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS errors_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_5xx_bound,
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[1]), NULL), 6) AS ttfb_p50,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[3]), NULL), 6) AS ttfb_p99,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio
FROM (
  SELECT
    logs.x_edge_location, logs.sum_sc_bytes, logs.sum_requests, logs.sc_status, logs.digest_time_to_first_byte, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.x_edge_location, logs.sum_sc_bytes, logs.sum_requests, logs.sc_status, logs.digest_time_to_first_byte, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.x_edge_location, sum(logs.sc_bytes), count(), logs.sc_status, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.x_edge_location, logs.sc_status, logs.x_edge_result_type, logs.x_edge_detailed_result_type
) AS logs
GROUP BY logs.x_edge_location
ORDER BY sum(logs.sum_sc_bytes) DESC, logs.x_edge_location
LIMIT toUInt64OrZero('${top:percentencode}')

-- map: Where edges fail, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  transform(places.pop, ['BKK', 'BLA', 'FJR', 'HIO', 'MCI', 'OTP', 'YTO', 'ZHY'], ['DMK', 'VLN', 'SHJ', 'PDX', 'OMA', 'BBU', 'YYZ', 'ZGC'], places.pop) AS airport,
  places.pop AS pop,
  places.error_rate_5xx_bound AS error_rate_5xx_bound,
  places.error_rate_5xx AS error_rate_5xx,
  places.requests AS requests,
  places.bytes AS bytes,
  places.ttfb_p95 AS ttfb_p95,
  places.hit_ratio AS hit_ratio
FROM (
  SELECT
    substringUTF8(logs.x_edge_location, 1, 3) AS pop,
    multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_5xx_bound,
    100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
    sum(logs.sum_requests) AS requests,
    sum(logs.sum_sc_bytes) AS bytes,
    round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
    100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio
  FROM (
    SELECT
      logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.sum_sc_bytes, logs.digest_time_to_first_byte, logs.x_edge_result_type, logs.x_edge_detailed_result_type
    FROM realtime_logs_hours AS logs
    WHERE logs.hour >= first_hour AND logs.hour < last_hour
      AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
      AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
      AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
      AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
      AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    UNION ALL
    SELECT
      logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.sum_sc_bytes, logs.digest_time_to_first_byte, logs.x_edge_result_type, logs.x_edge_detailed_result_type
    FROM realtime_logs_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
      AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
      AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
      AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
      AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
      AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
      AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    UNION ALL
    SELECT
      logs.x_edge_location, count(), logs.sc_status, sum(logs.sc_bytes), quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), logs.x_edge_result_type, logs.x_edge_detailed_result_type
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
      AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
      AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
      AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
      AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
      AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY logs.x_edge_location, logs.sc_status, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  ) AS logs
  GROUP BY substringUTF8(logs.x_edge_location, 1, 3)
  ORDER BY multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) DESC, substringUTF8(logs.x_edge_location, 1, 3)
) AS places
ORDER BY error_rate_5xx_bound DESC, pop
