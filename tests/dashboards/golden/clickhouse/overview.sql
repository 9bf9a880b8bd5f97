-- now-error_rate_5xx_bound: 5xx rate, at least, query A
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
  $__timeInterval_ms(logs.at) AS time,
  100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_5xx_bound,
  100.0 * (sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_4xx_bound,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[3]), NULL), 6) AS ttfb_p99,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio,
  sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS request_rate,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[1]), NULL), 6) AS ttfb_p50,
  sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0) AS byte_rate,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_sc_bytes, 0)), 0) AS byte_hit_ratio
FROM (
  SELECT
    hour AS at, sum_requests, sc_status, digest_time_to_first_byte, x_edge_result_type, x_edge_detailed_result_type, sum_sc_bytes, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, sum_requests, sc_status, digest_time_to_first_byte, x_edge_result_type, x_edge_detailed_result_type, sum_sc_bytes, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), count(), logs.sc_status, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), logs.x_edge_result_type, logs.x_edge_detailed_result_type, sum(logs.sc_bytes), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval_ms(logs.timestamp), logs.sc_status, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- now-error_rate_5xx_bound: 5xx rate, at least, query B
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond - INTERVAL 24 HOUR, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms - INTERVAL 24 HOUR, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  $__timeInterval_ms(logs.at) + INTERVAL 24 HOUR AS time,
  100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_5xx_bound_day_before,
  100.0 * (sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_4xx_bound_day_before,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95_day_before,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[3]), NULL), 6) AS ttfb_p99_day_before,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio_day_before,
  sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS request_rate_day_before,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx_day_before,
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx_day_before,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[1]), NULL), 6) AS ttfb_p50_day_before,
  sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0) AS byte_rate_day_before,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_sc_bytes, 0)), 0) AS byte_hit_ratio_day_before
FROM (
  SELECT
    hour AS at, sum_requests, sc_status, digest_time_to_first_byte, x_edge_result_type, x_edge_detailed_result_type, sum_sc_bytes, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, sum_requests, sc_status, digest_time_to_first_byte, x_edge_result_type, x_edge_detailed_result_type, sum_sc_bytes, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), count(), logs.sc_status, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), logs.x_edge_result_type, logs.x_edge_detailed_result_type, sum(logs.sc_bytes), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval_ms(logs.timestamp), logs.sc_status, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- worst-country: Worst now by country, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  logs.c_country AS country,
  sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS errors_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_5xx_bound,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    c_country, sum_requests, sc_status, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    c_country, sum_requests, sc_status, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.c_country, count(), logs.sc_status, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.c_country, logs.sc_status, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.c_country
HAVING sum(logs.sum_requests) >= 20
ORDER BY sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) DESC, logs.c_country
LIMIT 5

-- worst-edge: Worst now by edge, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  logs.x_edge_location AS edge,
  sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS errors_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_5xx_bound,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    x_edge_location, sum_requests, sc_status, x_host_header, cs_host, c_country, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    x_edge_location, sum_requests, sc_status, x_host_header, cs_host, c_country, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.x_edge_location, count(), logs.sc_status, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_edge_location, logs.sc_status, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.x_edge_location
HAVING sum(logs.sum_requests) >= 20
ORDER BY sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) DESC, logs.x_edge_location
LIMIT 5

-- worst-behavior: Worst now by behavior, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  logs.cache_behavior_path_pattern AS behavior,
  sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS errors_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_5xx_bound,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    cache_behavior_path_pattern, sum_requests, sc_status, x_host_header, cs_host, c_country, x_edge_location
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    cache_behavior_path_pattern, sum_requests, sc_status, x_host_header, cs_host, c_country, x_edge_location
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.cache_behavior_path_pattern, count(), logs.sc_status, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.cache_behavior_path_pattern, logs.sc_status, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cache_behavior_path_pattern
HAVING sum(logs.sum_requests) >= 20
ORDER BY sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) DESC, logs.cache_behavior_path_pattern
LIMIT 5

-- worst-host: Worst now by host, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  logs.cs_host AS host,
  sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS errors_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_5xx_bound,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    cs_host, sum_requests, sc_status, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    cs_host, sum_requests, sc_status, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.cs_host, count(), logs.sc_status, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.cs_host, logs.sc_status, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cs_host
HAVING sum(logs.sum_requests) >= 20
ORDER BY sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) DESC, logs.cs_host
LIMIT 5
