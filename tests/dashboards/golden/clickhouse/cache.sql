-- hit-ratio: Cache hit ratio, query A
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
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_sc_bytes, 0)), 0) AS byte_hit_ratio,
  100.0 * sum(if(logs.x_edge_detailed_result_type = 'OriginShieldHit', logs.sum_requests, 0)) / sum(logs.sum_requests) AS shield_hit_share,
  sum(if(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))), logs.sum_requests, 0)) / ($__interval_ms / 1000.0) AS origin_request_rate,
  100.0 * sum(if(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))), logs.sum_requests, 0)) / sum(logs.sum_requests) AS origin_share,
  100.0 * sum(if((position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sum_requests, 0)) / sum(logs.sum_requests) AS origin_error_share,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  sum(logs.count_failover) AS failovers
FROM (
  SELECT
    logs.hour AS at, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sum_sc_bytes, logs.sc_status, logs.count_failover
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sum_sc_bytes, logs.sc_status, logs.count_failover
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval(logs.timestamp), count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type, sum(logs.sc_bytes), logs.sc_status, countIf(startsWith(logs.sr_reason, 'Failover'))
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND (NOT unfiltered OR $__interval_ms % 60000 <> 0)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_status
) AS logs
GROUP BY $__timeInterval(logs.at)
ORDER BY time ASC

-- hit-ratio: Cache hit ratio, query B
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond - INTERVAL 24 HOUR, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms - INTERVAL 24 HOUR, INTERVAL $__interval_s second) AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  (has(chosen_distribution, '_all_') AND has(chosen_host, '_all_') AND has(chosen_country, '_all_') AND has(chosen_edge, '_all_') AND has(chosen_behavior, '_all_')) AS unfiltered
SELECT
  $__timeInterval(logs.at) + INTERVAL 24 HOUR AS time,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio_day_before,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_sc_bytes, 0)), 0) AS byte_hit_ratio_day_before
FROM (
  SELECT
    logs.hour AS at, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sum_sc_bytes
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND NOT unfiltered
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.hour AS at, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sum_sc_bytes
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sum_sc_bytes
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND NOT unfiltered
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sum_sc_bytes
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval(logs.timestamp), count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type, sum(logs.sc_bytes)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_result_type, logs.x_edge_detailed_result_type
) AS logs
GROUP BY $__timeInterval(logs.at)
ORDER BY time ASC

-- results: Requests per second by result, query A
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
  places.time AS time,
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.result, 'other') AS result,
  sum(places.value) AS request_rate
FROM (
  SELECT
    bins.time AS time,
    bins.result AS result,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.result) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_result_type AS result,
      sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_requests) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.x_edge_result_type) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_result_type, logs.sum_requests
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND NOT unfiltered
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.hour AS at, logs.x_edge_result_type, logs.sum_requests
      FROM realtime_logs_total_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND unfiltered
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_result_type, logs.sum_requests
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND NOT unfiltered
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_result_type, logs.sum_requests
      FROM realtime_logs_total_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND unfiltered
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_result_type, count()
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_result_type
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.x_edge_result_type
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.result, 'other')
ORDER BY time ASC, result ASC

-- hit-behavior: Cache hit ratio of the busiest cache behaviors, query A
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
  places.behavior AS behavior,
  places.value AS hit_ratio
FROM (
  SELECT
    bins.time AS time,
    bins.behavior AS behavior,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.behavior) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.cache_behavior_path_pattern AS behavior,
      100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.cache_behavior_path_pattern) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.cache_behavior_path_pattern, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
        logs.minute AS at, logs.cache_behavior_path_pattern, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
        $__timeInterval(logs.timestamp), logs.cache_behavior_path_pattern, count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.cache_behavior_path_pattern, logs.x_edge_result_type, logs.x_edge_detailed_result_type
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.cache_behavior_path_pattern
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, behavior ASC

-- hit-host: Cache hit ratio of the busiest hosts, query A
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
  places.host AS host,
  places.value AS hit_ratio
FROM (
  SELECT
    bins.time AS time,
    bins.host AS host,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.host) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.cs_host AS host,
      100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.cs_host) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.cs_host, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
        logs.minute AS at, logs.cs_host, logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
        $__timeInterval(logs.timestamp), logs.cs_host, count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.cs_host, logs.x_edge_result_type, logs.x_edge_detailed_result_type
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.cs_host
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, host ASC

-- hit-type: Cache hit ratio of the busiest content types, query A
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
  places.content_type AS content_type,
  places.value AS hit_ratio
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
      100.0 * countIf((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit')) / nullIf(countIf(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-')), 0) AS value,
      sum(count()) OVER (PARTITION BY substringIndex(logs.sc_content_type, ';', 1)) AS total
    FROM (
      SELECT
        logs.minute AS at, logs.sc_content_type, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
        toDateTime(logs.timestamp) AS at, logs.sc_content_type, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
    HAVING count() >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, content_type ASC

-- hit-edge: Cache hit ratio of the busiest edges, query A
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

-- origin-details: Origin errors by kind, query A
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
  places.time AS time,
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.detail, 'other') AS detail,
  sum(places.value) AS requests
FROM (
  SELECT
    bins.time AS time,
    bins.detail AS detail,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.detail) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.x_edge_detailed_result_type AS detail,
      sum(logs.sum_requests) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_detailed_result_type) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.x_edge_detailed_result_type, logs.sum_requests
      FROM realtime_logs_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND NOT unfiltered
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.hour AS at, logs.x_edge_detailed_result_type, logs.sum_requests
      FROM realtime_logs_total_hours AS logs
      WHERE logs.hour >= since AND logs.hour < until
        AND $__interval_ms % 3600000 = 0
        AND unfiltered
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_detailed_result_type, logs.sum_requests
      FROM realtime_logs_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND NOT unfiltered
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        logs.minute AS at, logs.x_edge_detailed_result_type, logs.sum_requests
      FROM realtime_logs_total_minutes AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
        AND unfiltered
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      UNION ALL
      SELECT
        $__timeInterval(logs.timestamp), logs.x_edge_detailed_result_type, count()
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.x_edge_detailed_result_type
    ) AS logs
    WHERE (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
    GROUP BY $__timeInterval(logs.at), logs.x_edge_detailed_result_type
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.detail, 'other')
ORDER BY time ASC, detail ASC

-- origins: Origin requests per second by origin, query A
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
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.origin, 'other') AS origin,
  sum(places.value) AS origin_request_rate
FROM (
  SELECT
    bins.time AS time,
    bins.origin AS origin,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.origin) AS place
  FROM (
    SELECT
      $__timeInterval(logs.at) AS time,
      logs.r_host AS origin,
      countIf(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))) / ($__interval_ms / 1000.0) AS value,
      sum(countIf(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.r_host) AS total
    FROM (
      SELECT
        logs.minute AS at, logs.r_host, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
        AND ((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
      UNION ALL
      SELECT
        toDateTime(logs.timestamp) AS at, logs.r_host, logs.x_edge_result_type, logs.x_edge_detailed_result_type
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        AND ((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.r_host
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.origin, 'other')
ORDER BY time ASC, origin ASC

-- behaviors: Cache behaviors by requests, query A
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
  logs.cache_behavior_path_pattern AS behavior,
  logs.cs_host AS host,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_sc_bytes, 0)), 0) AS byte_hit_ratio,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sum_requests, 0)) AS misses,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sum_sc_bytes, 0)) AS missed_bytes,
  100.0 * sum(if((position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sum_requests, 0)) / nullIf(sum(if(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))), logs.sum_requests, 0)), 0) AS origin_error_rate
FROM (
  SELECT
    logs.cache_behavior_path_pattern, logs.cs_host, logs.sum_requests, logs.sum_sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
    logs.cache_behavior_path_pattern, logs.cs_host, logs.sum_requests, logs.sum_sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type
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
    logs.cache_behavior_path_pattern, logs.cs_host, count(), sum(logs.sc_bytes), logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.cache_behavior_path_pattern, logs.cs_host, logs.x_edge_result_type, logs.x_edge_detailed_result_type
) AS logs
GROUP BY logs.cache_behavior_path_pattern, logs.cs_host
ORDER BY sum(logs.sum_requests) DESC, logs.cache_behavior_path_pattern, logs.cs_host
LIMIT toUInt64OrZero('${top:percentencode}')

-- missed-uris: Most missed URIs, query A
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
  countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) AS misses,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) AS missed_bytes
FROM (
  SELECT
    logs.cs_uri_stem, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_bytes
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
  UNION ALL
  SELECT
    logs.cs_uri_stem, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.sc_bytes
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
) AS logs
GROUP BY logs.cs_uri_stem
ORDER BY countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')

-- missed-bytes: URIs with most bytes of misses, query A
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
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) AS missed_bytes,
  countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) AS misses
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
    AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
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
    AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
) AS logs
GROUP BY logs.cs_uri_stem
ORDER BY sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')
