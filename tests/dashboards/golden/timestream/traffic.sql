-- tile-bill: The time range above, query A
SELECT
  sum(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 0.085 * coalesce(sc_bytes, 0) + 1000 WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 0.085 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 0.11 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 0.11 * coalesce(sc_bytes, 0) + 2200 WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 0.114 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 0.114 * coalesce(sc_bytes, 0) + 1250 WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 0.12 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 0.109 * coalesce(sc_bytes, 0) + 1200 ELSE 0.12 * coalesce(sc_bytes, 0) + 1200 END) / 1000000000.0 AS bill,
  2628000 * (sum(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 0.085 * coalesce(sc_bytes, 0) + 1000 WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 0.085 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 0.11 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 0.11 * coalesce(sc_bytes, 0) + 2200 WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 0.114 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 0.114 * coalesce(sc_bytes, 0) + 1250 WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 0.12 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 0.109 * coalesce(sc_bytes, 0) + 1200 ELSE 0.12 * coalesce(sc_bytes, 0) + 1200 END) / 1000000000.0 / (($__timeTo - $__timeFrom) / 1000.0)) AS bill_month
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
  AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))

-- bill-hosts: By host, query A
SELECT
  host,
  bill,
  bytes,
  requests
FROM (
  SELECT
    coalesce(cs_host, '-') AS host,
    sum(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 0.085 * coalesce(sc_bytes, 0) + 1000 WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 0.085 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 0.11 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 0.11 * coalesce(sc_bytes, 0) + 2200 WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 0.114 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 0.114 * coalesce(sc_bytes, 0) + 1250 WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 0.12 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 0.109 * coalesce(sc_bytes, 0) + 1200 ELSE 0.12 * coalesce(sc_bytes, 0) + 1200 END) / 1000000000.0 AS bill,
    sum(sc_bytes) AS bytes,
    count(*) AS requests,
    row_number() OVER (ORDER BY sum(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 0.085 * coalesce(sc_bytes, 0) + 1000 WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 0.085 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 0.11 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 0.11 * coalesce(sc_bytes, 0) + 2200 WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 0.114 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 0.114 * coalesce(sc_bytes, 0) + 1250 WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 0.12 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 0.109 * coalesce(sc_bytes, 0) + 1200 ELSE 0.12 * coalesce(sc_bytes, 0) + 1200 END) / 1000000000.0 DESC, coalesce(cs_host, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_host, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- bill-regions: By price region, query A
SELECT
  price_region,
  bill,
  bytes,
  requests
FROM (
  SELECT
    coalesce(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 'North America' WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 'Europe, Israel, Türkiye' WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 'Africa, Middle East' WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 'South America' WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 'Japan' WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 'Australia, New Zealand' WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 'Asia' WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 'India' ELSE 'elsewhere' END, '-') AS price_region,
    sum(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 0.085 * coalesce(sc_bytes, 0) + 1000 WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 0.085 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 0.11 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 0.11 * coalesce(sc_bytes, 0) + 2200 WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 0.114 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 0.114 * coalesce(sc_bytes, 0) + 1250 WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 0.12 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 0.109 * coalesce(sc_bytes, 0) + 1200 ELSE 0.12 * coalesce(sc_bytes, 0) + 1200 END) / 1000000000.0 AS bill,
    sum(sc_bytes) AS bytes,
    count(*) AS requests,
    row_number() OVER (ORDER BY sum(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 0.085 * coalesce(sc_bytes, 0) + 1000 WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 0.085 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 0.11 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 0.11 * coalesce(sc_bytes, 0) + 2200 WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 0.114 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 0.114 * coalesce(sc_bytes, 0) + 1250 WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 0.12 * coalesce(sc_bytes, 0) + 1200 WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 0.109 * coalesce(sc_bytes, 0) + 1200 ELSE 0.12 * coalesce(sc_bytes, 0) + 1200 END) / 1000000000.0 DESC, coalesce(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 'North America' WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 'Europe, Israel, Türkiye' WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 'Africa, Middle East' WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 'South America' WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 'Japan' WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 'Australia, New Zealand' WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 'Asia' WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 'India' ELSE 'elsewhere' END, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(CASE WHEN substr(x_edge_location, 1, 3) IN ('ATL', 'BNA', 'BOS', 'BUF', 'CLT', 'CMH', 'DEN', 'DFW', 'DTW', 'EWR', 'FTW', 'HIO', 'HOU', 'IAD', 'IAH', 'IND', 'JAX', 'JFK', 'LAS', 'LAX', 'MCI', 'MCO', 'MIA', 'MSP', 'MSY', 'OMA', 'ORD', 'PDX', 'PHL', 'PHX', 'PIT', 'RIC', 'SAN', 'SEA', 'SFO', 'SJC', 'SLC', 'STL', 'TPA', 'YTO', 'YUL', 'YVR', 'YYC', 'YYZ', 'GDL', 'MEX', 'MTY', 'QRO') THEN 'North America' WHEN substr(x_edge_location, 1, 3) IN ('VIE', 'BRU', 'SOF', 'ZRH', 'PRG', 'BER', 'DUS', 'FRA', 'HAJ', 'HAM', 'MUC', 'TXL', 'CPH', 'BCN', 'MAD', 'HEL', 'CDG', 'LYS', 'MRS', 'EDI', 'LHR', 'MAN', 'ATH', 'ZAG', 'BUD', 'DUB', 'TLV', 'FCO', 'MXP', 'PMO', 'AMS', 'OSL', 'WAW', 'LIS', 'OPO', 'OTP', 'ARN', 'IST', 'KBP') THEN 'Europe, Israel, Türkiye' WHEN substr(x_edge_location, 1, 3) IN ('AUH', 'DXB', 'FJR', 'BAH', 'CAI', 'BGW', 'AMM', 'NBO', 'KWI', 'LOS', 'MCT', 'DOH', 'JED', 'RUH', 'CPT', 'JNB') THEN 'Africa, Middle East' WHEN substr(x_edge_location, 1, 3) IN ('EZE', 'FOR', 'GIG', 'GRU', 'VCP', 'SCL', 'BOG', 'UIO', 'LIM') THEN 'South America' WHEN substr(x_edge_location, 1, 3) IN ('CTS', 'FUK', 'HND', 'ITM', 'KIX', 'NRT', 'OKA') THEN 'Japan' WHEN substr(x_edge_location, 1, 3) IN ('BNE', 'MEL', 'PER', 'SYD', 'AKL') THEN 'Australia, New Zealand' WHEN substr(x_edge_location, 1, 3) IN ('HKG', 'CGK', 'DPS', 'GMP', 'ICN', 'KUL', 'CRK', 'MNL', 'SIN', 'BKK', 'TPE', 'HAN', 'SGN') THEN 'Asia' WHEN substr(x_edge_location, 1, 3) IN ('AMD', 'BLR', 'BOM', 'CCU', 'DEL', 'HYD', 'MAA', 'PNQ') THEN 'India' ELSE 'elsewhere' END, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- most-asn-bytes: Bytes sent by network (ASN), query A
SELECT
  asn,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    asn,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      asn,
      coalesce(sum(IF(part = 'now', bytes)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', bytes)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', bytes)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), bytes)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cast(asn AS varchar), '-') AS asn,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(sum(sc_bytes), 0) AS bytes
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cast(asn AS varchar), '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY asn
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, asn
LIMIT 7

-- most-asn-requests: Requests by network (ASN), query A
SELECT
  asn,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    asn,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      asn,
      coalesce(sum(IF(part = 'now', requests)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', requests)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', requests)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), requests)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cast(asn AS varchar), '-') AS asn,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cast(asn AS varchar), '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY asn
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, asn
LIMIT 7

-- most-host-bytes: Bytes sent by host, query A
SELECT
  host,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    host,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      host,
      coalesce(sum(IF(part = 'now', bytes)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', bytes)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', bytes)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), bytes)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_host, '-') AS host,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(sum(sc_bytes), 0) AS bytes
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_host, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY host
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, host
LIMIT 7

-- most-host-requests: Requests by host, query A
SELECT
  host,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    host,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      host,
      coalesce(sum(IF(part = 'now', requests)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', requests)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', requests)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), requests)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_host, '-') AS host,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_host, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY host
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, host
LIMIT 7

-- refused-shares: Requests that are refused, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * count_if(sc_status = 403) / count(*) AS forbidden_share,
  100.0 * count_if(sc_status = 429) / count(*) AS throttled_share
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
  AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- worst-refused: Networks that are refused most, query A
SELECT
  asn,
  refused,
  requests,
  forbidden_share,
  throttled_share
FROM (
  SELECT
    coalesce(cast(asn AS varchar), '-') AS asn,
    count_if((sc_status = 403 OR sc_status = 429)) AS refused,
    count(*) AS requests,
    100.0 * count_if(sc_status = 403) / count(*) AS forbidden_share,
    100.0 * count_if(sc_status = 429) / count(*) AS throttled_share,
    row_number() OVER (ORDER BY count_if((sc_status = 403 OR sc_status = 429)) DESC, coalesce(cast(asn AS varchar), '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cast(asn AS varchar), '-')
  HAVING count_if((sc_status = 403 OR sc_status = 429)) >= 1
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- most-uri-bytes: Bytes sent by URI, query A
SELECT
  uri,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    uri,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      uri,
      coalesce(sum(IF(part = 'now', bytes)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', bytes)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', bytes)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), bytes)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_uri_stem, '-') AS uri,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(sum(sc_bytes), 0) AS bytes
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_uri_stem, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY uri
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, uri
LIMIT 7

-- most-uri-requests: Requests by URI, query A
SELECT
  uri,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    uri,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      uri,
      coalesce(sum(IF(part = 'now', requests)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', requests)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', requests)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), requests)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_uri_stem, '-') AS uri,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_uri_stem, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY uri
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, uri
LIMIT 7

-- most-device-bytes: Bytes sent by device class, query A
SELECT
  device,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    device,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      device,
      coalesce(sum(IF(part = 'now', bytes)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', bytes)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', bytes)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), bytes)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent IS NOT NULL THEN 'other' END, '-') AS device,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(sum(sc_bytes), 0) AS bytes
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent IS NOT NULL THEN 'other' END, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY device
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, device
LIMIT 7

-- most-device-requests: Requests by device class, query A
SELECT
  device,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    device,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      device,
      coalesce(sum(IF(part = 'now', requests)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', requests)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', requests)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), requests)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent IS NOT NULL THEN 'other' END, '-') AS device,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent IS NOT NULL THEN 'other' END, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY device
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, device
LIMIT 7

-- most-agent-bytes: Bytes sent by user agent, query A
SELECT
  agent,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    agent,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      agent,
      coalesce(sum(IF(part = 'now', bytes)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', bytes)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', bytes)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), bytes)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_user_agent, '-') AS agent,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(sum(sc_bytes), 0) AS bytes
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_user_agent, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY agent
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, agent
LIMIT 7

-- most-agent-requests: Requests by user agent, query A
SELECT
  agent,
  amount_now,
  amount_before,
  amount_yesterday,
  change
FROM (
  SELECT
    agent,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      agent,
      coalesce(sum(IF(part = 'now', requests)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', requests)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', requests)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), requests)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_user_agent, '-') AS agent,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_user_agent, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY agent
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY amount_now DESC, amount_now DESC, agent
LIMIT 7

-- bots: Bots by the name they give, query A
SELECT
  bot,
  requests,
  bytes,
  error_rate_4xx
FROM (
  SELECT
    coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)googlebot') THEN 'Googlebot' WHEN regexp_like(cs_user_agent, '(?i)bingbot') THEN 'bingbot' WHEN regexp_like(cs_user_agent, '(?i)yandexbot') THEN 'YandexBot' WHEN regexp_like(cs_user_agent, '(?i)baiduspider') THEN 'Baiduspider' WHEN regexp_like(cs_user_agent, '(?i)duckduckbot') THEN 'DuckDuckBot' WHEN regexp_like(cs_user_agent, '(?i)applebot') THEN 'Applebot' WHEN regexp_like(cs_user_agent, '(?i)gptbot') THEN 'GPTBot' WHEN regexp_like(cs_user_agent, '(?i)oai-searchbot') THEN 'OAI-SearchBot' WHEN regexp_like(cs_user_agent, '(?i)chatgpt-user') THEN 'ChatGPT-User' WHEN regexp_like(cs_user_agent, '(?i)claudebot') THEN 'ClaudeBot' WHEN regexp_like(cs_user_agent, '(?i)perplexitybot') THEN 'PerplexityBot' WHEN regexp_like(cs_user_agent, '(?i)ccbot') THEN 'CCBot' WHEN regexp_like(cs_user_agent, '(?i)bytespider') THEN 'Bytespider' WHEN regexp_like(cs_user_agent, '(?i)amazonbot') THEN 'Amazonbot' WHEN regexp_like(cs_user_agent, '(?i)meta-externalagent') THEN 'meta-externalagent' WHEN regexp_like(cs_user_agent, '(?i)facebookexternalhit') THEN 'facebookexternalhit' WHEN regexp_like(cs_user_agent, '(?i)ahrefsbot') THEN 'AhrefsBot' WHEN regexp_like(cs_user_agent, '(?i)semrushbot') THEN 'SemrushBot' WHEN regexp_like(cs_user_agent, '(?i)mj12bot') THEN 'MJ12bot' WHEN regexp_like(cs_user_agent, '(?i)dotbot') THEN 'DotBot' WHEN regexp_like(cs_user_agent, '(?i)petalbot') THEN 'PetalBot' WHEN cs_user_agent IS NOT NULL THEN 'another bot' END, '-') AS bot,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)googlebot') THEN 'Googlebot' WHEN regexp_like(cs_user_agent, '(?i)bingbot') THEN 'bingbot' WHEN regexp_like(cs_user_agent, '(?i)yandexbot') THEN 'YandexBot' WHEN regexp_like(cs_user_agent, '(?i)baiduspider') THEN 'Baiduspider' WHEN regexp_like(cs_user_agent, '(?i)duckduckbot') THEN 'DuckDuckBot' WHEN regexp_like(cs_user_agent, '(?i)applebot') THEN 'Applebot' WHEN regexp_like(cs_user_agent, '(?i)gptbot') THEN 'GPTBot' WHEN regexp_like(cs_user_agent, '(?i)oai-searchbot') THEN 'OAI-SearchBot' WHEN regexp_like(cs_user_agent, '(?i)chatgpt-user') THEN 'ChatGPT-User' WHEN regexp_like(cs_user_agent, '(?i)claudebot') THEN 'ClaudeBot' WHEN regexp_like(cs_user_agent, '(?i)perplexitybot') THEN 'PerplexityBot' WHEN regexp_like(cs_user_agent, '(?i)ccbot') THEN 'CCBot' WHEN regexp_like(cs_user_agent, '(?i)bytespider') THEN 'Bytespider' WHEN regexp_like(cs_user_agent, '(?i)amazonbot') THEN 'Amazonbot' WHEN regexp_like(cs_user_agent, '(?i)meta-externalagent') THEN 'meta-externalagent' WHEN regexp_like(cs_user_agent, '(?i)facebookexternalhit') THEN 'facebookexternalhit' WHEN regexp_like(cs_user_agent, '(?i)ahrefsbot') THEN 'AhrefsBot' WHEN regexp_like(cs_user_agent, '(?i)semrushbot') THEN 'SemrushBot' WHEN regexp_like(cs_user_agent, '(?i)mj12bot') THEN 'MJ12bot' WHEN regexp_like(cs_user_agent, '(?i)dotbot') THEN 'DotBot' WHEN regexp_like(cs_user_agent, '(?i)petalbot') THEN 'PetalBot' WHEN cs_user_agent IS NOT NULL THEN 'another bot' END, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND (strpos(cs_user_agent, 'bot') > 0 OR strpos(cs_user_agent, 'Bot') > 0 OR strpos(cs_user_agent, 'crawl') > 0 OR strpos(cs_user_agent, 'Crawl') > 0 OR strpos(cs_user_agent, 'spider') > 0)
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)googlebot') THEN 'Googlebot' WHEN regexp_like(cs_user_agent, '(?i)bingbot') THEN 'bingbot' WHEN regexp_like(cs_user_agent, '(?i)yandexbot') THEN 'YandexBot' WHEN regexp_like(cs_user_agent, '(?i)baiduspider') THEN 'Baiduspider' WHEN regexp_like(cs_user_agent, '(?i)duckduckbot') THEN 'DuckDuckBot' WHEN regexp_like(cs_user_agent, '(?i)applebot') THEN 'Applebot' WHEN regexp_like(cs_user_agent, '(?i)gptbot') THEN 'GPTBot' WHEN regexp_like(cs_user_agent, '(?i)oai-searchbot') THEN 'OAI-SearchBot' WHEN regexp_like(cs_user_agent, '(?i)chatgpt-user') THEN 'ChatGPT-User' WHEN regexp_like(cs_user_agent, '(?i)claudebot') THEN 'ClaudeBot' WHEN regexp_like(cs_user_agent, '(?i)perplexitybot') THEN 'PerplexityBot' WHEN regexp_like(cs_user_agent, '(?i)ccbot') THEN 'CCBot' WHEN regexp_like(cs_user_agent, '(?i)bytespider') THEN 'Bytespider' WHEN regexp_like(cs_user_agent, '(?i)amazonbot') THEN 'Amazonbot' WHEN regexp_like(cs_user_agent, '(?i)meta-externalagent') THEN 'meta-externalagent' WHEN regexp_like(cs_user_agent, '(?i)facebookexternalhit') THEN 'facebookexternalhit' WHEN regexp_like(cs_user_agent, '(?i)ahrefsbot') THEN 'AhrefsBot' WHEN regexp_like(cs_user_agent, '(?i)semrushbot') THEN 'SemrushBot' WHEN regexp_like(cs_user_agent, '(?i)mj12bot') THEN 'MJ12bot' WHEN regexp_like(cs_user_agent, '(?i)dotbot') THEN 'DotBot' WHEN regexp_like(cs_user_agent, '(?i)petalbot') THEN 'PetalBot' WHEN cs_user_agent IS NOT NULL THEN 'another bot' END, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- hot-links: Sites that embed pictures, video or sound, query A
SELECT
  referring_site,
  bytes,
  requests
FROM (
  SELECT
    coalesce(nullif(split_part(split_part(cs_referer, '//', 2), '/', 1), ''), '-') AS referring_site,
    sum(sc_bytes) AS bytes,
    count(*) AS requests,
    row_number() OVER (ORDER BY sum(sc_bytes) DESC, coalesce(nullif(split_part(split_part(cs_referer, '//', 2), '/', 1), ''), '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND (cs_referer IS NOT NULL AND strpos(cs_referer, regexp_extract(cs_host, '[^.]+\.[^.]+\z')) = 0 AND (substr(sc_content_type, 1, 6) = 'image/' OR substr(sc_content_type, 1, 6) = 'video/' OR substr(sc_content_type, 1, 6) = 'audio/'))
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(nullif(split_part(split_part(cs_referer, '//', 2), '/', 1), ''), '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- missed-traffic: URIs with most bytes of misses, query A
SELECT
  uri,
  host,
  missed_bytes,
  misses,
  origin_fbl_p95
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    coalesce(cs_host, '-') AS host,
    sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), sc_bytes, 0)) AS missed_bytes,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    approx_percentile(origin_fbl, 0.95) AS origin_fbl_p95,
    row_number() OVER (ORDER BY sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), sc_bytes, 0)) DESC, coalesce(cs_uri_stem, '-'), coalesce(cs_host, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND (x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_uri_stem, '-'), coalesce(cs_host, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- addresses: Viewer addresses by requests, query A
SELECT
  viewer,
  country,
  requests,
  bytes,
  forbidden_share,
  throttled_share
FROM (
  SELECT
    coalesce(c_ip, '-') AS viewer,
    coalesce(c_country, '-') AS country,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    100.0 * count_if(sc_status = 403) / count(*) AS forbidden_share,
    100.0 * count_if(sc_status = 429) / count(*) AS throttled_share,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(c_ip, '-'), coalesce(c_country, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(c_ip, '-'), coalesce(c_country, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
