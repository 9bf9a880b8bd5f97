-- state-overview: Requests per second, query A
SELECT
  count(*) / (($__timeTo - $__timeFrom) / 1000.0) AS request_rate
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-edges: Worst edge, 5xx, query A
SELECT
  coalesce(x_edge_location, '-') AS edge,
  CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
GROUP BY coalesce(x_edge_location, '-')
HAVING count(*) >= 50
ORDER BY CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END DESC, coalesce(x_edge_location, '-')
LIMIT 1

-- state-countries: Worst country, 5xx, query A
SELECT
  coalesce(c_country, '-') AS country,
  CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
GROUP BY coalesce(c_country, '-')
HAVING count(*) >= 50
ORDER BY CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END DESC, coalesce(c_country, '-')
LIMIT 1

-- state-latency: TTFB p95, query A
SELECT
  IF(count(*) >= 40, approx_percentile(time_to_first_byte, 0.95)) AS ttfb_p95_enough
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-errors: 5xx rate, at least, query A
SELECT
  CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-cache: Cache hit ratio, query A
SELECT
  100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-viewers: IPv6 share, query A
SELECT
  100.0 * count_if(c_ip_version = 'IPv6') / count(*) AS ipv6_share
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-traffic: Bill of a month, query A
SELECT
  2628000 * (sum(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 0.085 * coalesce(sc_bytes, 0) + 1000 WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 0.085 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 0.11 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 0.11 * coalesce(sc_bytes, 0) + 2200 WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 0.114 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 0.114 * coalesce(sc_bytes, 0) + 1250 WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 0.12 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 0.109 * coalesce(sc_bytes, 0) + 1200 ELSE 0.12 * coalesce(sc_bytes, 0) + 1200 END) / 1000000000.0 / (($__timeTo - $__timeFrom) / 1000.0)) AS bill_month
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-changes: 4xx rate, at least, query A
SELECT
  CASE WHEN count_if(sc_status BETWEEN 400 AND 499) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 400 AND 499) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 400 AND 499) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 400 AND 499)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_4xx_bound
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-requests: Requests, query A
SELECT
  count(*) AS requests
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- state-pipeline: Since the last batch, query A
SELECT
  date_diff('second', max(time), from_milliseconds($__timeTo)) AS silence
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter

-- state-slo: Slow, at least, query A
SELECT
  CASE WHEN count_if(time_to_first_byte >= 1) >= 3 THEN 100.0 * (count_if(time_to_first_byte >= 1) + 1.9208 - 1.96 * sqrt(1.0 * count_if(time_to_first_byte >= 1) * (nullif(count(*), 0) - count_if(time_to_first_byte >= 1)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS slow_first_byte_bound
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
