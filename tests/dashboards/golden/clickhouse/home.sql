-- state-overview: Requests per second, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  sum(logs.sum_requests) / (dateDiff('millisecond', $__fromTime_ms, $__toTime_ms) / 1000.0) AS request_rate
FROM (
  SELECT
    logs.sum_requests
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
) AS logs

-- state-edges: Worst edge, 5xx, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.x_edge_location AS edge,
  multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_5xx_bound
FROM (
  SELECT
    logs.x_edge_location, logs.sum_requests, logs.sc_status
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.x_edge_location, logs.sum_requests, logs.sc_status
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    logs.x_edge_location, count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_edge_location, logs.sc_status
) AS logs
GROUP BY logs.x_edge_location
HAVING sum(logs.sum_requests) >= 50
ORDER BY multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) DESC, logs.x_edge_location
LIMIT 1

-- state-countries: Worst country, 5xx, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  logs.c_country AS country,
  multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_5xx_bound
FROM (
  SELECT
    logs.c_country, logs.sum_requests, logs.sc_status
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.c_country, logs.sum_requests, logs.sc_status
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    logs.c_country, count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.c_country, logs.sc_status
) AS logs
GROUP BY logs.c_country
HAVING sum(logs.sum_requests) >= 50
ORDER BY multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) DESC, logs.c_country
LIMIT 1

-- state-latency: TTFB p95, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  if(sum(logs.sum_requests) >= 40, round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6), NULL) AS ttfb_p95_enough
FROM (
  SELECT
    logs.sum_requests, logs.digest_time_to_first_byte
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests, logs.digest_time_to_first_byte
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    count(), quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
) AS logs

-- state-errors: 5xx rate, at least, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  multiIf(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_5xx_bound
FROM (
  SELECT
    logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.sc_status
) AS logs

-- state-cache: Cache hit ratio, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio
FROM (
  SELECT
    logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests, logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_edge_result_type, logs.x_edge_detailed_result_type
) AS logs

-- state-viewers: IPv6 share, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  100.0 * sum(logs.count_ipv6) / sum(logs.sum_requests) AS ipv6_share
FROM (
  SELECT
    logs.sum_requests, logs.count_ipv6
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests, logs.count_ipv6
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    count(), countIf(logs.c_ip_version = 'IPv6')
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
) AS logs

-- state-traffic: Bill of a month, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  2628000 * (sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 / (dateDiff('millisecond', $__fromTime_ms, $__toTime_ms) / 1000.0)) AS bill_month
FROM (
  SELECT
    logs.sum_sc_bytes, logs.sum_requests, logs.x_edge_location
  FROM realtime_logs_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_sc_bytes, logs.sum_requests, logs.x_edge_location
  FROM realtime_logs_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    sum(logs.sc_bytes), count(), logs.x_edge_location
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_edge_location
) AS logs

-- state-changes: 4xx rate, at least, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  multiIf(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) >= 3, 100.0 * (sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) + 1.9208 - 1.96 * sqrt(1.0 * sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)) * (nullIf(sum(logs.sum_requests), 0) - sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0))) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS error_rate_4xx_bound
FROM (
  SELECT
    logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.sc_status
) AS logs

-- state-requests: Requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.sum_requests
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
) AS logs

-- state-pipeline: Since the last batch, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until
SELECT
  age('second', maxOrNull(logs.timestamp), $__toTime_ms) AS silence
FROM realtime_logs_pipeline AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND logs.field = '-'

-- state-slo: Slow, at least, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  multiIf(sum(logs.count_time_to_first_byte_1) >= 3, 100.0 * (sum(logs.count_time_to_first_byte_1) + 1.9208 - 1.96 * sqrt(1.0 * sum(logs.count_time_to_first_byte_1) * (nullIf(sum(logs.sum_requests), 0) - sum(logs.count_time_to_first_byte_1)) / nullIf(sum(logs.sum_requests), 0) + 0.9604)) / (nullIf(sum(logs.sum_requests), 0) + 3.8416), nullIf(sum(logs.sum_requests), 0) > 0, 0, NULL) AS slow_first_byte_bound
FROM (
  SELECT
    logs.count_time_to_first_byte_1, logs.sum_requests
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.count_time_to_first_byte_1, logs.sum_requests
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
  UNION ALL
  SELECT
    countIf(logs.time_to_first_byte >= 1), count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
) AS logs
