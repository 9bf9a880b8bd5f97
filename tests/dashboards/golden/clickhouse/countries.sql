-- error-rate-5xx: 5xx rate of the countries with most errors, query A
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
  places.value AS error_rate_5xx_bound
FROM (
  SELECT
    bins.time AS time,
    bins.country AS country,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.country) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.c_country AS country,
      100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS value,
      sum(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) OVER (PARTITION BY logs.c_country) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.c_country) AS second
    FROM (
      SELECT
        hour AS at, c_country, sum_requests, sc_status, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, c_country, sum_requests, sc_status, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.c_country, count(), logs.sc_status, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.c_country, logs.sc_status, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.c_country
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- error-rate-4xx: 4xx rate of the countries with most errors, query A
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
  places.value AS error_rate_4xx_bound
FROM (
  SELECT
    bins.time AS time,
    bins.country AS country,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.country) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.c_country AS country,
      100.0 * (sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS value,
      sum(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) OVER (PARTITION BY logs.c_country) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.c_country) AS second
    FROM (
      SELECT
        hour AS at, c_country, sum_requests, sc_status, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, c_country, sum_requests, sc_status, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.c_country, count(), logs.sc_status, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.c_country, logs.sc_status, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.c_country
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- table: Countries by 5xx responses, query A
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
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes
FROM (
  SELECT
    c_country, sum_requests, sc_status, digest_time_to_first_byte, sum_sc_bytes, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    c_country, sum_requests, sc_status, digest_time_to_first_byte, sum_sc_bytes, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.c_country, count(), logs.sc_status, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), sum(logs.sc_bytes), logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
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
ORDER BY sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) DESC, logs.c_country
LIMIT toUInt64OrZero('${top:percentencode}')

-- map: Where viewers see errors, query A
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
  100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) AS error_rate_5xx_bound,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes
FROM (
  SELECT
    c_country, sum_requests, sc_status, sum_sc_bytes, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    c_country, sum_requests, sc_status, sum_sc_bytes, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.c_country, count(), logs.sc_status, sum(logs.sc_bytes), logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern
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
ORDER BY 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416) DESC, logs.c_country

-- ttfb: TTFB p95 of the countries with most slow first bytes, query A
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
  places.value AS ttfb_p95
FROM (
  SELECT
    bins.time AS time,
    bins.country AS country,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.country) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.c_country AS country,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.c_country) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.c_country) AS second
    FROM (
      SELECT
        hour AS at, c_country, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, c_country, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.c_country, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count(), logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.c_country, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.c_country
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- bytes: Bytes per second of the busiest countries, query A
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
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.country, 'other') AS country,
  sum(places.value) AS byte_rate
FROM (
  SELECT
    bins.time AS time,
    bins.country AS country,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.country) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.c_country AS country,
      sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.c_country) AS total
    FROM (
      SELECT
        hour AS at, c_country, sum_sc_bytes, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, c_country, sum_sc_bytes, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.c_country, sum(logs.sc_bytes), logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.c_country, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.c_country
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.country, 'other')
ORDER BY time ASC, country ASC

-- requests: Requests per second of the busiest countries, query A
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
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.country, 'other') AS country,
  sum(places.value) AS request_rate
FROM (
  SELECT
    bins.time AS time,
    bins.country AS country,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.country) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.c_country AS country,
      sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_requests) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.c_country) AS total
    FROM (
      SELECT
        hour AS at, c_country, sum_requests, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, c_country, sum_requests, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.c_country, count(), logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.c_country, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.c_country
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.country, 'other')
ORDER BY time ASC, country ASC

-- networks: Networks (ASN) by 5xx responses, query A
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
  ifNull(toString(logs.asn), '-') AS asn,
  logs.c_country AS country,
  countIf(logs.sc_status BETWEEN 500 AND 599) AS errors_5xx,
  100.0 * countIf(logs.sc_status BETWEEN 500 AND 599) / count() AS error_rate_5xx,
  100.0 * (countIf(logs.sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * countIf(logs.sc_status BETWEEN 500 AND 599) * (nullIf(count(), 0) - countIf(logs.sc_status BETWEEN 500 AND 599)) / nullIf(count(), 0) + 0.9604)) / (nullIf(count(), 0) + 3.8416) AS error_rate_5xx_bound,
  100.0 * countIf(logs.sc_status BETWEEN 400 AND 499) / count() AS error_rate_4xx,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY ifNull(toString(logs.asn), '-'), logs.c_country
ORDER BY countIf(logs.sc_status BETWEEN 500 AND 599) DESC, ifNull(toString(logs.asn), '-'), logs.c_country
LIMIT toUInt64OrZero('${top:percentencode}')

-- ttfb-network: TTFB p95 of the networks with most slow first bytes, query A
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
  places.asn AS asn,
  places.value AS ttfb_p95
FROM (
  SELECT
    bins.time AS time,
    bins.asn AS asn,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.asn) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.timestamp) AS time,
      ifNull(toString(logs.asn), '-') AS asn,
      round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.time_to_first_byte)[2]), NULL), 6) AS value,
      sum(countIf(logs.time_to_first_byte >= 1)) OVER (PARTITION BY ifNull(toString(logs.asn), '-')) AS total,
      sum(count()) OVER (PARTITION BY ifNull(toString(logs.asn), '-')) AS second
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.timestamp), ifNull(toString(logs.asn), '-')
    HAVING count() >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, asn ASC
