-- tile-bill: The time range above, query A
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
  sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 AS bill
FROM (
  SELECT
    sum_sc_bytes, sum_requests, x_edge_location, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    sum_sc_bytes, sum_requests, x_edge_location, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    sum(logs.sc_bytes), count(), logs.x_edge_location, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_edge_location, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)

-- tile-bill_month: A month at this pace, query A
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
  2628000 * (sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 / (dateDiff('millisecond', $__fromTime_ms, $__toTime_ms) / 1000.0)) AS bill_month
FROM (
  SELECT
    sum_sc_bytes, sum_requests, x_edge_location, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    sum_sc_bytes, sum_requests, x_edge_location, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    sum(logs.sc_bytes), count(), logs.x_edge_location, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_edge_location, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)

-- bill-hosts: By host, query A
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
  sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 AS bill,
  sum(logs.sum_sc_bytes) AS bytes,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    cs_host, sum_sc_bytes, sum_requests, x_edge_location, x_host_header, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    cs_host, sum_sc_bytes, sum_requests, x_edge_location, x_host_header, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.cs_host, sum(logs.sc_bytes), count(), logs.x_edge_location, logs.x_host_header, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.cs_host, logs.x_edge_location, logs.x_host_header, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cs_host
ORDER BY sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 DESC, logs.cs_host
LIMIT toUInt64OrZero('${top:percentencode}')

-- bill-regions: By price region, query A
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
  multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 'North America', substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 'Europe, Israel, Türkiye', substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 'Africa, Middle East', substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 'South America', substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 'Japan', substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 'Australia, New Zealand', substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 'Asia', substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 'India', 'elsewhere') AS price_region,
  sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 AS bill,
  sum(logs.sum_sc_bytes) AS bytes,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    x_edge_location, sum_sc_bytes, sum_requests, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    x_edge_location, sum_sc_bytes, sum_requests, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.x_edge_location, sum(logs.sc_bytes), count(), logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.x_edge_location, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 'North America', substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 'Europe, Israel, Türkiye', substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 'Africa, Middle East', substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 'South America', substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 'Japan', substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 'Australia, New Zealand', substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 'Asia', substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 'India', 'elsewhere')
ORDER BY sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 DESC, multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'QRO', 'GDL', 'MEX', 'MTY', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ'), 'North America', substring(logs.x_edge_location, 1, 3) IN ('AMS', 'ARN', 'ATH', 'BCN', 'BER', 'BRU', 'BUD', 'CDG', 'CPH', 'DUB', 'DUS', 'EDI', 'FCO', 'FRA', 'HAJ', 'HAM', 'HEL', 'IST', 'KBP', 'LHR', 'LIS', 'LYS', 'MAD', 'MAN', 'MRS', 'MUC', 'MXP', 'OPO', 'OSL', 'OTP', 'PMO', 'PRG', 'SOF', 'TLV', 'TXL', 'VIE', 'WAW', 'ZAG', 'ZRH'), 'Europe, Israel, Türkiye', substring(logs.x_edge_location, 1, 3) IN ('AMM', 'AUH', 'BAH', 'BGW', 'CAI', 'CMN', 'CPT', 'DOH', 'DXB', 'FJR', 'JED', 'JNB', 'KWI', 'LOS', 'MCT', 'NBO', 'RUH'), 'Africa, Middle East', substring(logs.x_edge_location, 1, 3) IN ('BOG', 'EZE', 'FOR', 'GIG', 'GRU', 'LIM', 'SCL', 'UIO', 'VCP'), 'South America', substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 'Japan', substring(logs.x_edge_location, 1, 3) IN ('AKL', 'BNE', 'MEL', 'PER', 'SYD'), 'Australia, New Zealand', substring(logs.x_edge_location, 1, 3) IN ('BKK', 'CGK', 'CRK', 'DPS', 'GMP', 'HAN', 'HKG', 'ICN', 'KUL', 'MNL', 'SGN', 'SIN', 'TPE'), 'Asia', substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 'India', 'elsewhere')
LIMIT toUInt64OrZero('${top:percentencode}')

-- most-asn-bytes: Bytes sent by network (ASN), query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.asn AS asn,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.asn AS asn,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.asn AS asn,
      sum(if(parts.part = 'now', parts.bytes, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.bytes, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.bytes, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.bytes, 0)) AS amount_then
    FROM (
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'now' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY ifNull(toString(logs.asn), '-')
    ) AS parts
    GROUP BY parts.asn
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, asn
LIMIT 7

-- most-asn-requests: Requests by network (ASN), query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.asn AS asn,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.asn AS asn,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.asn AS asn,
      sum(if(parts.part = 'now', parts.requests, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.requests, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.requests, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.requests, 0)) AS amount_then
    FROM (
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'now' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY ifNull(toString(logs.asn), '-')
    ) AS parts
    GROUP BY parts.asn
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, asn
LIMIT 7

-- most-host-bytes: Bytes sent by host, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(now_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS now_first_hour,
  toStartOfInterval(now_until, INTERVAL 3600000 millisecond) AS now_last_hour,
  toStartOfInterval(now_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS now_first_minute,
  toStartOfInterval(now_until, INTERVAL 60000 millisecond) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfInterval(before_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS before_first_hour,
  toStartOfInterval(before_until, INTERVAL 3600000 millisecond) AS before_last_hour,
  toStartOfInterval(before_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS before_first_minute,
  toStartOfInterval(before_until, INTERVAL 60000 millisecond) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfInterval(yesterday_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS yesterday_first_hour,
  toStartOfInterval(yesterday_until, INTERVAL 3600000 millisecond) AS yesterday_last_hour,
  toStartOfInterval(yesterday_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS yesterday_first_minute,
  toStartOfInterval(yesterday_until, INTERVAL 60000 millisecond) AS yesterday_last_minute,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.host AS host,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.host AS host,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.host AS host,
      sum(if(parts.part = 'now', parts.bytes, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.bytes, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.bytes, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.bytes, 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_host AS host,
        'now' AS part,
        ifNull(sum(logs.sum_sc_bytes), 0) AS bytes
      FROM (
        SELECT
          cs_host, sum_sc_bytes, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_hours
        WHERE hour >= now_first_hour AND hour < now_last_hour
        UNION ALL
        SELECT
          cs_host, sum_sc_bytes, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_minutes
        WHERE minute >= now_first_minute AND minute < now_last_minute
          AND NOT (minute >= now_first_hour AND minute < now_last_hour)
        UNION ALL
        SELECT
          logs.cs_host, sum(logs.sc_bytes), logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
        GROUP BY logs.cs_host, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'before' AS part,
        ifNull(sum(logs.sum_sc_bytes), 0) AS bytes
      FROM (
        SELECT
          cs_host, sum_sc_bytes, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_hours
        WHERE hour >= before_first_hour AND hour < before_last_hour
        UNION ALL
        SELECT
          cs_host, sum_sc_bytes, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_minutes
        WHERE minute >= before_first_minute AND minute < before_last_minute
          AND NOT (minute >= before_first_hour AND minute < before_last_hour)
        UNION ALL
        SELECT
          logs.cs_host, sum(logs.sc_bytes), logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
        GROUP BY logs.cs_host, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'yesterday' AS part,
        ifNull(sum(logs.sum_sc_bytes), 0) AS bytes
      FROM (
        SELECT
          cs_host, sum_sc_bytes, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_hours
        WHERE hour >= yesterday_first_hour AND hour < yesterday_last_hour
        UNION ALL
        SELECT
          cs_host, sum_sc_bytes, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_minutes
        WHERE minute >= yesterday_first_minute AND minute < yesterday_last_minute
          AND NOT (minute >= yesterday_first_hour AND minute < yesterday_last_hour)
        UNION ALL
        SELECT
          logs.cs_host, sum(logs.sc_bytes), logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
        GROUP BY logs.cs_host, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_host
    ) AS parts
    GROUP BY parts.host
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, host
LIMIT 7

-- most-host-requests: Requests by host, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(now_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS now_first_hour,
  toStartOfInterval(now_until, INTERVAL 3600000 millisecond) AS now_last_hour,
  toStartOfInterval(now_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS now_first_minute,
  toStartOfInterval(now_until, INTERVAL 60000 millisecond) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfInterval(before_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS before_first_hour,
  toStartOfInterval(before_until, INTERVAL 3600000 millisecond) AS before_last_hour,
  toStartOfInterval(before_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS before_first_minute,
  toStartOfInterval(before_until, INTERVAL 60000 millisecond) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfInterval(yesterday_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS yesterday_first_hour,
  toStartOfInterval(yesterday_until, INTERVAL 3600000 millisecond) AS yesterday_last_hour,
  toStartOfInterval(yesterday_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS yesterday_first_minute,
  toStartOfInterval(yesterday_until, INTERVAL 60000 millisecond) AS yesterday_last_minute,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.host AS host,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.host AS host,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.host AS host,
      sum(if(parts.part = 'now', parts.requests, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.requests, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.requests, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.requests, 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_host AS host,
        'now' AS part,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          cs_host, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_hours
        WHERE hour >= now_first_hour AND hour < now_last_hour
        UNION ALL
        SELECT
          cs_host, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_minutes
        WHERE minute >= now_first_minute AND minute < now_last_minute
          AND NOT (minute >= now_first_hour AND minute < now_last_hour)
        UNION ALL
        SELECT
          logs.cs_host, count(), logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
        GROUP BY logs.cs_host, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'before' AS part,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          cs_host, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_hours
        WHERE hour >= before_first_hour AND hour < before_last_hour
        UNION ALL
        SELECT
          cs_host, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_minutes
        WHERE minute >= before_first_minute AND minute < before_last_minute
          AND NOT (minute >= before_first_hour AND minute < before_last_hour)
        UNION ALL
        SELECT
          logs.cs_host, count(), logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
        GROUP BY logs.cs_host, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'yesterday' AS part,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          cs_host, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_hours
        WHERE hour >= yesterday_first_hour AND hour < yesterday_last_hour
        UNION ALL
        SELECT
          cs_host, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
        FROM realtime_logs_minutes
        WHERE minute >= yesterday_first_minute AND minute < yesterday_last_minute
          AND NOT (minute >= yesterday_first_hour AND minute < yesterday_last_hour)
        UNION ALL
        SELECT
          logs.cs_host, count(), logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
        GROUP BY logs.cs_host, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_host
    ) AS parts
    GROUP BY parts.host
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, host
LIMIT 7

-- most-uri-bytes: Bytes sent by URI, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.uri AS uri,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.uri AS uri,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.uri AS uri,
      sum(if(parts.part = 'now', parts.bytes, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.bytes, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.bytes, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.bytes, 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_uri_stem AS uri,
        'now' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_uri_stem
    ) AS parts
    GROUP BY parts.uri
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, uri
LIMIT 7

-- most-uri-requests: Requests by URI, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.uri AS uri,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.uri AS uri,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.uri AS uri,
      sum(if(parts.part = 'now', parts.requests, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.requests, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.requests, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.requests, 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_uri_stem AS uri,
        'now' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_uri_stem
    ) AS parts
    GROUP BY parts.uri
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, uri
LIMIT 7

-- most-device-bytes: Bytes sent by device class, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.device AS device,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.device AS device,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.device AS device,
      sum(if(parts.part = 'now', parts.bytes, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.bytes, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.bytes, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.bytes, 0)) AS amount_then
    FROM (
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'now' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
    ) AS parts
    GROUP BY parts.device
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, device
LIMIT 7

-- most-device-requests: Requests by device class, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.device AS device,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.device AS device,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.device AS device,
      sum(if(parts.part = 'now', parts.requests, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.requests, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.requests, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.requests, 0)) AS amount_then
    FROM (
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'now' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
    ) AS parts
    GROUP BY parts.device
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, device
LIMIT 7

-- most-agent-bytes: Bytes sent by user agent, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.agent AS agent,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.agent AS agent,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.agent AS agent,
      sum(if(parts.part = 'now', parts.bytes, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.bytes, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.bytes, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.bytes, 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_user_agent AS agent,
        'now' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_user_agent
    ) AS parts
    GROUP BY parts.agent
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, agent
LIMIT 7

-- most-agent-requests: Requests by user agent, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${against:queryparam}', '=([^&]*)')) AS chosen_against
SELECT
  changes.agent AS agent,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change
FROM (
  SELECT
    labels.agent AS agent,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.agent AS agent,
      sum(if(parts.part = 'now', parts.requests, 0)) AS amount_now,
      sum(if(parts.part = 'before', parts.requests, 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', parts.requests, 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), parts.requests, 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_user_agent AS agent,
        'now' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
        AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
        AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
        AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
        AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
        AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      GROUP BY logs.cs_user_agent
    ) AS parts
    GROUP BY parts.agent
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, agent
LIMIT 7

-- refused-shares: Requests that are refused, query A
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
  100.0 * sum(if(logs.sc_status = 403, logs.sum_requests, 0)) / sum(logs.sum_requests) AS forbidden_share,
  100.0 * sum(if(logs.sc_status = 429, logs.sum_requests, 0)) / sum(logs.sum_requests) AS throttled_share
FROM (
  SELECT
    hour AS at, sum_requests, sc_status, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, sum_requests, sc_status, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), count(), logs.sc_status, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval_ms(logs.timestamp), logs.sc_status, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- worst-refused: Networks that are refused most, query A
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
  countIf((logs.sc_status = 403 OR logs.sc_status = 429)) AS refused,
  count() AS requests,
  100.0 * countIf(logs.sc_status = 403) / count() AS forbidden_share,
  100.0 * countIf(logs.sc_status = 429) / count() AS throttled_share
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY ifNull(toString(logs.asn), '-')
HAVING countIf((logs.sc_status = 403 OR logs.sc_status = 429)) >= 1
ORDER BY countIf((logs.sc_status = 403 OR logs.sc_status = 429)) DESC, ifNull(toString(logs.asn), '-')
LIMIT toUInt64OrZero('${top:percentencode}')

-- bots: Bots by the name they give, query A
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
  multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)googlebot'), 'Googlebot', match(toLowCardinality(logs.cs_user_agent), '(?i)bingbot'), 'bingbot', match(toLowCardinality(logs.cs_user_agent), '(?i)yandexbot'), 'YandexBot', match(toLowCardinality(logs.cs_user_agent), '(?i)baiduspider'), 'Baiduspider', match(toLowCardinality(logs.cs_user_agent), '(?i)duckduckbot'), 'DuckDuckBot', match(toLowCardinality(logs.cs_user_agent), '(?i)applebot'), 'Applebot', match(toLowCardinality(logs.cs_user_agent), '(?i)gptbot'), 'GPTBot', match(toLowCardinality(logs.cs_user_agent), '(?i)oai-searchbot'), 'OAI-SearchBot', match(toLowCardinality(logs.cs_user_agent), '(?i)chatgpt-user'), 'ChatGPT-User', match(toLowCardinality(logs.cs_user_agent), '(?i)claudebot'), 'ClaudeBot', match(toLowCardinality(logs.cs_user_agent), '(?i)perplexitybot'), 'PerplexityBot', match(toLowCardinality(logs.cs_user_agent), '(?i)ccbot'), 'CCBot', match(toLowCardinality(logs.cs_user_agent), '(?i)bytespider'), 'Bytespider', match(toLowCardinality(logs.cs_user_agent), '(?i)amazonbot'), 'Amazonbot', match(toLowCardinality(logs.cs_user_agent), '(?i)meta-externalagent'), 'meta-externalagent', match(toLowCardinality(logs.cs_user_agent), '(?i)facebookexternalhit'), 'facebookexternalhit', match(toLowCardinality(logs.cs_user_agent), '(?i)ahrefsbot'), 'AhrefsBot', match(toLowCardinality(logs.cs_user_agent), '(?i)semrushbot'), 'SemrushBot', match(toLowCardinality(logs.cs_user_agent), '(?i)mj12bot'), 'MJ12bot', match(toLowCardinality(logs.cs_user_agent), '(?i)dotbot'), 'DotBot', match(toLowCardinality(logs.cs_user_agent), '(?i)petalbot'), 'PetalBot', 'another bot') AS bot,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes,
  100.0 * countIf(logs.sc_status BETWEEN 400 AND 499) / count() AS error_rate_4xx
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (position(logs.cs_user_agent, 'bot') > 0 OR position(logs.cs_user_agent, 'Bot') > 0 OR position(logs.cs_user_agent, 'crawl') > 0 OR position(logs.cs_user_agent, 'Crawl') > 0 OR position(logs.cs_user_agent, 'spider') > 0)
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)googlebot'), 'Googlebot', match(toLowCardinality(logs.cs_user_agent), '(?i)bingbot'), 'bingbot', match(toLowCardinality(logs.cs_user_agent), '(?i)yandexbot'), 'YandexBot', match(toLowCardinality(logs.cs_user_agent), '(?i)baiduspider'), 'Baiduspider', match(toLowCardinality(logs.cs_user_agent), '(?i)duckduckbot'), 'DuckDuckBot', match(toLowCardinality(logs.cs_user_agent), '(?i)applebot'), 'Applebot', match(toLowCardinality(logs.cs_user_agent), '(?i)gptbot'), 'GPTBot', match(toLowCardinality(logs.cs_user_agent), '(?i)oai-searchbot'), 'OAI-SearchBot', match(toLowCardinality(logs.cs_user_agent), '(?i)chatgpt-user'), 'ChatGPT-User', match(toLowCardinality(logs.cs_user_agent), '(?i)claudebot'), 'ClaudeBot', match(toLowCardinality(logs.cs_user_agent), '(?i)perplexitybot'), 'PerplexityBot', match(toLowCardinality(logs.cs_user_agent), '(?i)ccbot'), 'CCBot', match(toLowCardinality(logs.cs_user_agent), '(?i)bytespider'), 'Bytespider', match(toLowCardinality(logs.cs_user_agent), '(?i)amazonbot'), 'Amazonbot', match(toLowCardinality(logs.cs_user_agent), '(?i)meta-externalagent'), 'meta-externalagent', match(toLowCardinality(logs.cs_user_agent), '(?i)facebookexternalhit'), 'facebookexternalhit', match(toLowCardinality(logs.cs_user_agent), '(?i)ahrefsbot'), 'AhrefsBot', match(toLowCardinality(logs.cs_user_agent), '(?i)semrushbot'), 'SemrushBot', match(toLowCardinality(logs.cs_user_agent), '(?i)mj12bot'), 'MJ12bot', match(toLowCardinality(logs.cs_user_agent), '(?i)dotbot'), 'DotBot', match(toLowCardinality(logs.cs_user_agent), '(?i)petalbot'), 'PetalBot', 'another bot')
ORDER BY count() DESC, multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)googlebot'), 'Googlebot', match(toLowCardinality(logs.cs_user_agent), '(?i)bingbot'), 'bingbot', match(toLowCardinality(logs.cs_user_agent), '(?i)yandexbot'), 'YandexBot', match(toLowCardinality(logs.cs_user_agent), '(?i)baiduspider'), 'Baiduspider', match(toLowCardinality(logs.cs_user_agent), '(?i)duckduckbot'), 'DuckDuckBot', match(toLowCardinality(logs.cs_user_agent), '(?i)applebot'), 'Applebot', match(toLowCardinality(logs.cs_user_agent), '(?i)gptbot'), 'GPTBot', match(toLowCardinality(logs.cs_user_agent), '(?i)oai-searchbot'), 'OAI-SearchBot', match(toLowCardinality(logs.cs_user_agent), '(?i)chatgpt-user'), 'ChatGPT-User', match(toLowCardinality(logs.cs_user_agent), '(?i)claudebot'), 'ClaudeBot', match(toLowCardinality(logs.cs_user_agent), '(?i)perplexitybot'), 'PerplexityBot', match(toLowCardinality(logs.cs_user_agent), '(?i)ccbot'), 'CCBot', match(toLowCardinality(logs.cs_user_agent), '(?i)bytespider'), 'Bytespider', match(toLowCardinality(logs.cs_user_agent), '(?i)amazonbot'), 'Amazonbot', match(toLowCardinality(logs.cs_user_agent), '(?i)meta-externalagent'), 'meta-externalagent', match(toLowCardinality(logs.cs_user_agent), '(?i)facebookexternalhit'), 'facebookexternalhit', match(toLowCardinality(logs.cs_user_agent), '(?i)ahrefsbot'), 'AhrefsBot', match(toLowCardinality(logs.cs_user_agent), '(?i)semrushbot'), 'SemrushBot', match(toLowCardinality(logs.cs_user_agent), '(?i)mj12bot'), 'MJ12bot', match(toLowCardinality(logs.cs_user_agent), '(?i)dotbot'), 'DotBot', match(toLowCardinality(logs.cs_user_agent), '(?i)petalbot'), 'PetalBot', 'another bot')
LIMIT toUInt64OrZero('${top:percentencode}')

-- hot-links: Sites that embed pictures, video or sound, query A
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
  ifNull(nullIf(extract(logs.cs_referer, '//([^/]*)'), ''), '-') AS referring_site,
  sum(logs.sc_bytes) AS bytes,
  count() AS requests
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (logs.cs_referer <> '-' AND position(logs.cs_referer, extract(logs.cs_host, '[^.]+\\.[^.]+\\z')) = 0 AND (startsWith(logs.sc_content_type, 'image/') OR startsWith(logs.sc_content_type, 'video/') OR startsWith(logs.sc_content_type, 'audio/')))
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY ifNull(nullIf(extract(logs.cs_referer, '//([^/]*)'), ''), '-')
ORDER BY sum(logs.sc_bytes) DESC, ifNull(nullIf(extract(logs.cs_referer, '//([^/]*)'), ''), '-')
LIMIT toUInt64OrZero('${top:percentencode}')

-- missed-traffic: URIs with most bytes of misses, query A
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
  logs.cs_uri_stem AS uri,
  logs.cs_host AS host,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) AS missed_bytes,
  countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) AS misses,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.origin_fbl)[2]), NULL), 6) AS origin_fbl_p95
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cs_uri_stem, logs.cs_host
ORDER BY sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) DESC, logs.cs_uri_stem, logs.cs_host
LIMIT toUInt64OrZero('${top:percentencode}')

-- addresses: Viewer addresses by requests, query A
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
  100.0 * countIf(logs.sc_status = 403) / count() AS forbidden_share,
  100.0 * countIf(logs.sc_status = 429) / count() AS throttled_share
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
