-- tile-bill: The time range above, query A
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
  sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 AS bill,
  2628000 * (sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 / (dateDiff('millisecond', $__fromTime_ms, $__toTime_ms) / 1000.0)) AS bill_month
FROM (
  SELECT
    logs.sum_sc_bytes, logs.sum_requests, logs.x_edge_location
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
    logs.sum_sc_bytes, logs.sum_requests, logs.x_edge_location
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
    sum(logs.sc_bytes), count(), logs.x_edge_location
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.x_edge_location
) AS logs

-- bill-hosts: By host, query A
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
  logs.cs_host AS host,
  sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 AS bill,
  sum(logs.sum_sc_bytes) AS bytes,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.cs_host, logs.sum_sc_bytes, logs.sum_requests, logs.x_edge_location
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
    logs.cs_host, logs.sum_sc_bytes, logs.sum_requests, logs.x_edge_location
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
    logs.cs_host, sum(logs.sc_bytes), count(), logs.x_edge_location
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.cs_host, logs.x_edge_location
) AS logs
GROUP BY logs.cs_host
ORDER BY sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 DESC, logs.cs_host
LIMIT toUInt64OrZero('${top:percentencode}')

-- bill-regions: By price region, query A
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
  multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 'North America', substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 'Europe, Israel, Türkiye', substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 'Africa, Middle East', substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 'South America', substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 'Japan', substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 'Australia, New Zealand', substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 'Asia', substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 'India', 'elsewhere') AS price_region,
  sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 AS bill,
  sum(logs.sum_sc_bytes) AS bytes,
  sum(logs.sum_requests) AS requests
FROM (
  SELECT
    logs.x_edge_location, logs.sum_sc_bytes, logs.sum_requests
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
    logs.x_edge_location, logs.sum_sc_bytes, logs.sum_requests
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
    logs.x_edge_location, sum(logs.sc_bytes), count()
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY logs.x_edge_location
) AS logs
GROUP BY multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 'North America', substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 'Europe, Israel, Türkiye', substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 'Africa, Middle East', substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 'South America', substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 'Japan', substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 'Australia, New Zealand', substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 'Asia', substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 'India', 'elsewhere')
ORDER BY sum(multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1000 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 0.085 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 0.11 * ifNull(logs.sum_sc_bytes, 0) + 2200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 0.114 * ifNull(logs.sum_sc_bytes, 0) + 1250 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 0.109 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests, 0.12 * ifNull(logs.sum_sc_bytes, 0) + 1200 * logs.sum_requests)) / 1000000000.0 DESC, multiIf(substring(logs.x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO'), 'North America', substring(logs.x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP'), 'Europe, Israel, Türkiye', substring(logs.x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB'), 'Africa, Middle East', substring(logs.x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM'), 'South America', substring(logs.x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA'), 'Japan', substring(logs.x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL'), 'Australia, New Zealand', substring(logs.x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN'), 'Asia', substring(logs.x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ'), 'India', 'elsewhere')
LIMIT toUInt64OrZero('${top:percentencode}')

-- most-asn-bytes: Bytes sent by network (ASN), query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.asn, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.asn, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.asn, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.asn, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.asn, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.asn, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.asn
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.asn
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.asn
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.asn
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY ifNull(toString(logs.asn), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.asn), '-') AS asn,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.asn
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.asn
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
          logs.cs_host, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host
      ) AS logs
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'before' AS part,
        ifNull(sum(logs.sum_sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_host, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host
      ) AS logs
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'yesterday' AS part,
        ifNull(sum(logs.sum_sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_host, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
          logs.cs_host, logs.sum_requests
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_requests
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, count()
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host
      ) AS logs
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'before' AS part,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cs_host, logs.sum_requests
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_requests
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, count()
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host
      ) AS logs
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'yesterday' AS part,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cs_host, logs.sum_requests
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_requests
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, count()
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host
      ) AS logs
      GROUP BY logs.cs_host
    ) AS parts
    GROUP BY parts.host
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, host
LIMIT 7

-- refused-shares: Requests that are refused, query A
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
  100.0 * sum(if(logs.sc_status = 403, logs.sum_requests, 0)) / sum(logs.sum_requests) AS forbidden_share,
  100.0 * sum(if(logs.sc_status = 429, logs.sum_requests, 0)) / sum(logs.sum_requests) AS throttled_share
FROM (
  SELECT
    logs.hour AS at, logs.sum_requests, logs.sc_status
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
    logs.hour AS at, logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    logs.minute AS at, logs.sum_requests, logs.sc_status
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
    logs.minute AS at, logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
    AND unfiltered
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  UNION ALL
  SELECT
    $__timeInterval(logs.timestamp), count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  GROUP BY $__timeInterval(logs.timestamp), logs.sc_status
) AS logs
GROUP BY $__timeInterval(logs.at)
ORDER BY time ASC

-- worst-refused: Networks that are refused most, query A
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
  countIf((logs.sc_status = 403 OR logs.sc_status = 429)) AS refused,
  count() AS requests,
  100.0 * countIf(logs.sc_status = 403) / count() AS forbidden_share,
  100.0 * countIf(logs.sc_status = 429) / count() AS throttled_share
FROM (
  SELECT
    logs.asn, logs.sc_status
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
    logs.asn, logs.sc_status
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
GROUP BY logs.asn
HAVING countIf((logs.sc_status = 403 OR logs.sc_status = 429)) >= 1
ORDER BY countIf((logs.sc_status = 403 OR logs.sc_status = 429)) DESC, ifNull(toString(logs.asn), '-')
LIMIT toUInt64OrZero('${top:percentencode}')

-- most-uri-bytes: Bytes sent by URI, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.cs_uri_stem, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_uri_stem, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_uri_stem, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.cs_uri_stem
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_uri_stem
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_uri_stem
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.cs_user_agent
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
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
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_user_agent
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
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
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other')
      UNION ALL
      SELECT
        multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)bot|crawl|spider|slurp'), 'bot', match(toLowCardinality(logs.cs_user_agent), '(?i)ipad|tablet'), 'tablet', match(toLowCardinality(logs.cs_user_agent), '(?i)mobi|iphone|android'), 'mobile', match(toLowCardinality(logs.cs_user_agent), '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt'), 'tv', match(toLowCardinality(logs.cs_user_agent), '(?i)mozilla|opera'), 'desktop', 'other') AS device,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_user_agent
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
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
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'before' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'yesterday' AS part,
        ifNull(sum(logs.sc_bytes), 0) AS bytes
      FROM (
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_user_agent, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
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
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
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
      FROM (
        SELECT
          logs.cs_user_agent
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
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
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'before' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_user_agent
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
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
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_user_agent
      UNION ALL
      SELECT
        logs.cs_user_agent AS agent,
        'yesterday' AS part,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_user_agent
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
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
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_user_agent
    ) AS parts
    GROUP BY parts.agent
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY changes.amount_now DESC, amount_now DESC, agent
LIMIT 7

-- bots: Bots by the name they give, query A
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
  multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)googlebot'), 'Googlebot', match(toLowCardinality(logs.cs_user_agent), '(?i)bingbot'), 'bingbot', match(toLowCardinality(logs.cs_user_agent), '(?i)yandexbot'), 'YandexBot', match(toLowCardinality(logs.cs_user_agent), '(?i)baiduspider'), 'Baiduspider', match(toLowCardinality(logs.cs_user_agent), '(?i)duckduckbot'), 'DuckDuckBot', match(toLowCardinality(logs.cs_user_agent), '(?i)applebot'), 'Applebot', match(toLowCardinality(logs.cs_user_agent), '(?i)gptbot'), 'GPTBot', match(toLowCardinality(logs.cs_user_agent), '(?i)oai-searchbot'), 'OAI-SearchBot', match(toLowCardinality(logs.cs_user_agent), '(?i)chatgpt-user'), 'ChatGPT-User', match(toLowCardinality(logs.cs_user_agent), '(?i)claudebot'), 'ClaudeBot', match(toLowCardinality(logs.cs_user_agent), '(?i)perplexitybot'), 'PerplexityBot', match(toLowCardinality(logs.cs_user_agent), '(?i)ccbot'), 'CCBot', match(toLowCardinality(logs.cs_user_agent), '(?i)bytespider'), 'Bytespider', match(toLowCardinality(logs.cs_user_agent), '(?i)amazonbot'), 'Amazonbot', match(toLowCardinality(logs.cs_user_agent), '(?i)meta-externalagent'), 'meta-externalagent', match(toLowCardinality(logs.cs_user_agent), '(?i)facebookexternalhit'), 'facebookexternalhit', match(toLowCardinality(logs.cs_user_agent), '(?i)ahrefsbot'), 'AhrefsBot', match(toLowCardinality(logs.cs_user_agent), '(?i)semrushbot'), 'SemrushBot', match(toLowCardinality(logs.cs_user_agent), '(?i)mj12bot'), 'MJ12bot', match(toLowCardinality(logs.cs_user_agent), '(?i)dotbot'), 'DotBot', match(toLowCardinality(logs.cs_user_agent), '(?i)petalbot'), 'PetalBot', 'another bot') AS bot,
  count() AS requests,
  sum(logs.sc_bytes) AS bytes,
  100.0 * countIf(logs.sc_status BETWEEN 400 AND 499) / count() AS error_rate_4xx
FROM (
  SELECT
    logs.cs_user_agent, logs.sc_bytes, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND (position(logs.cs_user_agent, 'bot') > 0 OR position(logs.cs_user_agent, 'Bot') > 0 OR position(logs.cs_user_agent, 'crawl') > 0 OR position(logs.cs_user_agent, 'Crawl') > 0 OR position(logs.cs_user_agent, 'spider') > 0)
  UNION ALL
  SELECT
    logs.cs_user_agent, logs.sc_bytes, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND (position(logs.cs_user_agent, 'bot') > 0 OR position(logs.cs_user_agent, 'Bot') > 0 OR position(logs.cs_user_agent, 'crawl') > 0 OR position(logs.cs_user_agent, 'Crawl') > 0 OR position(logs.cs_user_agent, 'spider') > 0)
) AS logs
GROUP BY multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)googlebot'), 'Googlebot', match(toLowCardinality(logs.cs_user_agent), '(?i)bingbot'), 'bingbot', match(toLowCardinality(logs.cs_user_agent), '(?i)yandexbot'), 'YandexBot', match(toLowCardinality(logs.cs_user_agent), '(?i)baiduspider'), 'Baiduspider', match(toLowCardinality(logs.cs_user_agent), '(?i)duckduckbot'), 'DuckDuckBot', match(toLowCardinality(logs.cs_user_agent), '(?i)applebot'), 'Applebot', match(toLowCardinality(logs.cs_user_agent), '(?i)gptbot'), 'GPTBot', match(toLowCardinality(logs.cs_user_agent), '(?i)oai-searchbot'), 'OAI-SearchBot', match(toLowCardinality(logs.cs_user_agent), '(?i)chatgpt-user'), 'ChatGPT-User', match(toLowCardinality(logs.cs_user_agent), '(?i)claudebot'), 'ClaudeBot', match(toLowCardinality(logs.cs_user_agent), '(?i)perplexitybot'), 'PerplexityBot', match(toLowCardinality(logs.cs_user_agent), '(?i)ccbot'), 'CCBot', match(toLowCardinality(logs.cs_user_agent), '(?i)bytespider'), 'Bytespider', match(toLowCardinality(logs.cs_user_agent), '(?i)amazonbot'), 'Amazonbot', match(toLowCardinality(logs.cs_user_agent), '(?i)meta-externalagent'), 'meta-externalagent', match(toLowCardinality(logs.cs_user_agent), '(?i)facebookexternalhit'), 'facebookexternalhit', match(toLowCardinality(logs.cs_user_agent), '(?i)ahrefsbot'), 'AhrefsBot', match(toLowCardinality(logs.cs_user_agent), '(?i)semrushbot'), 'SemrushBot', match(toLowCardinality(logs.cs_user_agent), '(?i)mj12bot'), 'MJ12bot', match(toLowCardinality(logs.cs_user_agent), '(?i)dotbot'), 'DotBot', match(toLowCardinality(logs.cs_user_agent), '(?i)petalbot'), 'PetalBot', 'another bot')
ORDER BY count() DESC, multiIf(toLowCardinality(logs.cs_user_agent) = '-', '-', match(toLowCardinality(logs.cs_user_agent), '(?i)googlebot'), 'Googlebot', match(toLowCardinality(logs.cs_user_agent), '(?i)bingbot'), 'bingbot', match(toLowCardinality(logs.cs_user_agent), '(?i)yandexbot'), 'YandexBot', match(toLowCardinality(logs.cs_user_agent), '(?i)baiduspider'), 'Baiduspider', match(toLowCardinality(logs.cs_user_agent), '(?i)duckduckbot'), 'DuckDuckBot', match(toLowCardinality(logs.cs_user_agent), '(?i)applebot'), 'Applebot', match(toLowCardinality(logs.cs_user_agent), '(?i)gptbot'), 'GPTBot', match(toLowCardinality(logs.cs_user_agent), '(?i)oai-searchbot'), 'OAI-SearchBot', match(toLowCardinality(logs.cs_user_agent), '(?i)chatgpt-user'), 'ChatGPT-User', match(toLowCardinality(logs.cs_user_agent), '(?i)claudebot'), 'ClaudeBot', match(toLowCardinality(logs.cs_user_agent), '(?i)perplexitybot'), 'PerplexityBot', match(toLowCardinality(logs.cs_user_agent), '(?i)ccbot'), 'CCBot', match(toLowCardinality(logs.cs_user_agent), '(?i)bytespider'), 'Bytespider', match(toLowCardinality(logs.cs_user_agent), '(?i)amazonbot'), 'Amazonbot', match(toLowCardinality(logs.cs_user_agent), '(?i)meta-externalagent'), 'meta-externalagent', match(toLowCardinality(logs.cs_user_agent), '(?i)facebookexternalhit'), 'facebookexternalhit', match(toLowCardinality(logs.cs_user_agent), '(?i)ahrefsbot'), 'AhrefsBot', match(toLowCardinality(logs.cs_user_agent), '(?i)semrushbot'), 'SemrushBot', match(toLowCardinality(logs.cs_user_agent), '(?i)mj12bot'), 'MJ12bot', match(toLowCardinality(logs.cs_user_agent), '(?i)dotbot'), 'DotBot', match(toLowCardinality(logs.cs_user_agent), '(?i)petalbot'), 'PetalBot', 'another bot')
LIMIT toUInt64OrZero('${top:percentencode}')

-- hot-links: Sites that embed pictures, video or sound, query A
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
  ifNull(nullIf(extract(logs.cs_referer, '//([^/]*)'), ''), '-') AS referring_site,
  sum(logs.sc_bytes) AS bytes,
  count() AS requests
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
    AND (logs.cs_referer <> '-' AND position(logs.cs_referer, extract(logs.cs_host, '[^.]+\\.[^.]+\\z')) = 0 AND (startsWith(logs.sc_content_type, 'image/') OR startsWith(logs.sc_content_type, 'video/') OR startsWith(logs.sc_content_type, 'audio/')))
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
    AND (logs.cs_referer <> '-' AND position(logs.cs_referer, extract(logs.cs_host, '[^.]+\\.[^.]+\\z')) = 0 AND (startsWith(logs.sc_content_type, 'image/') OR startsWith(logs.sc_content_type, 'video/') OR startsWith(logs.sc_content_type, 'audio/')))
) AS logs
GROUP BY ifNull(nullIf(extract(logs.cs_referer, '//([^/]*)'), ''), '-')
ORDER BY sum(logs.sc_bytes) DESC, ifNull(nullIf(extract(logs.cs_referer, '//([^/]*)'), ''), '-')
LIMIT toUInt64OrZero('${top:percentencode}')

-- missed-traffic: URIs with most bytes of misses, query A
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
  logs.cs_host AS host,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) AS missed_bytes,
  countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) AS misses,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.origin_fbl)[2]), NULL), 6) AS origin_fbl_p95
FROM (
  SELECT
    logs.cs_uri_stem, logs.cs_host, logs.sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.origin_fbl
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
    logs.cs_uri_stem, logs.cs_host, logs.sc_bytes, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.origin_fbl
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
GROUP BY logs.cs_uri_stem, logs.cs_host
ORDER BY sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) DESC, logs.cs_uri_stem, logs.cs_host
LIMIT toUInt64OrZero('${top:percentencode}')

-- addresses: Viewer addresses by requests, query A
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
  100.0 * countIf(logs.sc_status = 403) / count() AS forbidden_share,
  100.0 * countIf(logs.sc_status = 429) / count() AS throttled_share
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
