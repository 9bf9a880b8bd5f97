-- values of the variable distribution
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.x_host_header AS distribution
FROM (
  SELECT
    logs.x_host_header, logs.sum_requests
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.x_host_header, logs.sum_requests
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    logs.x_host_header, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_host_header
) AS logs
GROUP BY logs.x_host_header
ORDER BY sum(logs.sum_requests) DESC, logs.x_host_header
LIMIT 300

-- values of the variable host
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cs_host AS host
FROM (
  SELECT
    logs.cs_host, logs.sum_requests
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
  UNION ALL
  SELECT
    logs.cs_host, logs.sum_requests
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
  UNION ALL
  SELECT
    logs.cs_host, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
  GROUP BY logs.cs_host
) AS logs
GROUP BY logs.cs_host
ORDER BY sum(logs.sum_requests) DESC, logs.cs_host
LIMIT 300

-- values of the variable country
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.c_country AS country
FROM (
  SELECT
    logs.c_country, logs.sum_requests
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
  UNION ALL
  SELECT
    logs.c_country, logs.sum_requests
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
  UNION ALL
  SELECT
    logs.c_country, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
  GROUP BY logs.c_country
) AS logs
GROUP BY logs.c_country
ORDER BY sum(logs.sum_requests) DESC, logs.c_country
LIMIT 300

-- values of the variable edge
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.x_edge_location AS edge
FROM (
  SELECT
    logs.x_edge_location, logs.sum_requests
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
  UNION ALL
  SELECT
    logs.x_edge_location, logs.sum_requests
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
  UNION ALL
  SELECT
    logs.x_edge_location, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
  GROUP BY logs.x_edge_location
) AS logs
GROUP BY logs.x_edge_location
ORDER BY sum(logs.sum_requests) DESC, logs.x_edge_location
LIMIT 300

-- values of the variable behavior
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.cache_behavior_path_pattern AS behavior
FROM (
  SELECT
    logs.cache_behavior_path_pattern, logs.sum_requests
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
  UNION ALL
  SELECT
    logs.cache_behavior_path_pattern, logs.sum_requests
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
  UNION ALL
  SELECT
    logs.cache_behavior_path_pattern, count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
  GROUP BY logs.cache_behavior_path_pattern
) AS logs
GROUP BY logs.cache_behavior_path_pattern
ORDER BY sum(logs.sum_requests) DESC, logs.cache_behavior_path_pattern
LIMIT 300
