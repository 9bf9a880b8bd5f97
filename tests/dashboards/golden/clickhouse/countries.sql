-- error-rate-5xx: 5xx rate of the countries with most errors, query A
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
      $__timeInterval(logs.at) AS time,
      logs.c_country AS country,
      multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS value,
      sum(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) OVER (PARTITION BY logs.c_country) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.c_country) AS second
    FROM (
      SELECT
        logs.hour AS at, logs.c_country, logs.sum_requests, logs.sc_status
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
        logs.minute AS at, logs.c_country, logs.sum_requests, logs.sc_status
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
        $__timeInterval(logs.timestamp), logs.c_country, count(), logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.c_country, logs.sc_status
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.c_country
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- error-rate-4xx: 4xx rate of the countries with most errors, query A
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
      $__timeInterval(logs.at) AS time,
      logs.c_country AS country,
      multiIf(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS value,
      sum(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) OVER (PARTITION BY logs.c_country) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.c_country) AS second
    FROM (
      SELECT
        logs.hour AS at, logs.c_country, logs.sum_requests, logs.sc_status
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
        logs.minute AS at, logs.c_country, logs.sum_requests, logs.sc_status
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
        $__timeInterval(logs.timestamp), logs.c_country, count(), logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.c_country, logs.sc_status
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.c_country
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- table: Countries by 5xx responses, query A
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
  logs.c_country AS country,
  sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS errors_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_5xx_bound,
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes
FROM (
  SELECT
    logs.c_country, logs.sum_requests, logs.sc_status, logs.digest_time_to_first_byte, logs.sum_sc_bytes
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
    logs.c_country, logs.sum_requests, logs.sc_status, logs.digest_time_to_first_byte, logs.sum_sc_bytes
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
    logs.c_country, count(), logs.sc_status, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), sum(logs.sc_bytes)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.c_country, logs.sc_status
) AS logs
GROUP BY logs.c_country
ORDER BY sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) DESC, logs.c_country
LIMIT toUInt64OrZero('${top:percentencode}')

-- map: Where viewers see errors, query A
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
  logs.c_country AS country,
  multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_5xx_bound,
  100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_5xx,
  100.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) / sum(logs.sum_requests) AS error_rate_4xx,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes
FROM (
  SELECT
    logs.c_country, logs.sum_requests, logs.sc_status, logs.sum_sc_bytes
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
    logs.c_country, logs.sum_requests, logs.sc_status, logs.sum_sc_bytes
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
    logs.c_country, count(), logs.sc_status, sum(logs.sc_bytes)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.c_country, logs.sc_status
) AS logs
GROUP BY logs.c_country
ORDER BY multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) DESC, logs.c_country

-- ttfb: TTFB p95 of the countries with most slow first bytes, query A
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
      $__timeInterval(logs.at) AS time,
      logs.c_country AS country,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.c_country) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.c_country) AS second
    FROM (
      SELECT
        logs.hour AS at, logs.c_country, logs.digest_time_to_first_byte, logs.count_time_to_first_byte_1, logs.sum_requests
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
        logs.minute AS at, logs.c_country, logs.digest_time_to_first_byte, logs.count_time_to_first_byte_1, logs.sum_requests
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
        $__timeInterval(logs.timestamp), logs.c_country, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count()
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.c_country
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.c_country
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- bytes: Bytes per second of the busiest countries, query A
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
      $__timeInterval(logs.at) AS time,
      logs.c_country AS country,
      sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_sc_bytes) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.c_country) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.c_country, logs.sum_sc_bytes
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
        logs.minute AS at, logs.c_country, logs.sum_sc_bytes
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
        $__timeInterval(logs.timestamp), logs.c_country, sum(logs.sc_bytes)
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.c_country
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.c_country
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.country, 'other')
ORDER BY time ASC, country ASC

-- requests: Requests per second of the busiest countries, query A
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
      $__timeInterval(logs.at) AS time,
      logs.c_country AS country,
      sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_requests) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.c_country) AS total
    FROM (
      SELECT
        logs.hour AS at, logs.c_country, logs.sum_requests
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
        logs.minute AS at, logs.c_country, logs.sum_requests
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
        $__timeInterval(logs.timestamp), logs.c_country, count()
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY $__timeInterval(logs.timestamp), logs.c_country
    ) AS logs
    GROUP BY $__timeInterval(logs.at), logs.c_country
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.country, 'other')
ORDER BY time ASC, country ASC

-- networks: Networks (ASN) by 5xx responses, query A
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
  ifNull(toString(logs.asn), '-') AS asn,
  logs.c_country AS country,
  countIf(logs.sc_status BETWEEN 500 AND 599) AS errors_5xx,
  100.0 * countIf(logs.sc_status BETWEEN 500 AND 599) / count() AS error_rate_5xx,
  multiIf(countIf(logs.sc_status BETWEEN 500 AND 599) >= 3, 100.0 * (countIf(logs.sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * countIf(logs.sc_status BETWEEN 500 AND 599) * (nullIf(count(), 0) - countIf(logs.sc_status BETWEEN 500 AND 599)) / nullIf(count(), 0) + 0.9604)) / (nullIf(count(), 0) + 3.8416), nullIf(count(), 0) > 0, 0, NULL) AS error_rate_5xx_bound,
  100.0 * countIf(logs.sc_status BETWEEN 400 AND 499) / count() AS error_rate_4xx,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes
FROM (
  SELECT
    logs.asn, logs.c_country, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
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
    logs.asn, logs.c_country, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
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
GROUP BY logs.asn, logs.c_country
ORDER BY countIf(logs.sc_status BETWEEN 500 AND 599) DESC, ifNull(toString(logs.asn), '-'), logs.c_country
LIMIT toUInt64OrZero('${top:percentencode}')

-- ttfb-network: TTFB p95 of the networks with most slow first bytes, query A
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
      $__timeInterval(logs.at) AS time,
      ifNull(toString(logs.asn), '-') AS asn,
      round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.time_to_first_byte)[2]), NULL), 6) AS value,
      sum(countIf(logs.time_to_first_byte >= 1)) OVER (PARTITION BY ifNull(toString(logs.asn), '-')) AS total,
      sum(count()) OVER (PARTITION BY ifNull(toString(logs.asn), '-')) AS second
    FROM (
      SELECT
        logs.minute AS at, logs.asn, logs.time_to_first_byte
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
        toDateTime(logs.timestamp) AS at, logs.asn, logs.time_to_first_byte
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
    GROUP BY $__timeInterval(logs.at), logs.asn
    HAVING count() >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, asn ASC
