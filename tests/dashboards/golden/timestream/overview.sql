-- now-error_rate_5xx_bound: 5xx rate, at least, query A
SELECT
  bin(time, $__interval) AS time,
  CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
  CASE WHEN count_if(sc_status BETWEEN 400 AND 499) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 400 AND 499) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 400 AND 499) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 400 AND 499)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_4xx_bound,
  IF(count(*) >= 40, approx_percentile(time_to_first_byte, 0.95)) AS ttfb_p95_enough,
  IF(count(*) >= 200, approx_percentile(time_to_first_byte, 0.99)) AS ttfb_p99_enough,
  100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
  count(*) / ($__interval_raw_ms / 1000.0) AS request_rate,
  100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
  100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
  approx_percentile(time_to_first_byte, 0.5) AS ttfb_p50,
  approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
  approx_percentile(time_to_first_byte, 0.99) AS ttfb_p99,
  sum(sc_bytes) / ($__interval_raw_ms / 1000.0) AS byte_rate,
  100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), sc_bytes, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), sc_bytes, 0)), 0) AS byte_hit_ratio
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

-- now-error_rate_5xx_bound: 5xx rate, at least, query B
SELECT
  bin(time, $__interval) + 1d AS time,
  CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound_day_before,
  CASE WHEN count_if(sc_status BETWEEN 400 AND 499) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 400 AND 499) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 400 AND 499) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 400 AND 499)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_4xx_bound_day_before,
  IF(count(*) >= 40, approx_percentile(time_to_first_byte, 0.95)) AS ttfb_p95_enough_day_before,
  IF(count(*) >= 200, approx_percentile(time_to_first_byte, 0.99)) AS ttfb_p99_enough_day_before,
  100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio_day_before,
  count(*) / ($__interval_raw_ms / 1000.0) AS request_rate_day_before,
  100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx_day_before,
  100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx_day_before,
  approx_percentile(time_to_first_byte, 0.5) AS ttfb_p50_day_before,
  approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95_day_before,
  approx_percentile(time_to_first_byte, 0.99) AS ttfb_p99_day_before,
  sum(sc_bytes) / ($__interval_raw_ms / 1000.0) AS byte_rate_day_before,
  100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), sc_bytes, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), sc_bytes, 0)), 0) AS byte_hit_ratio_day_before
FROM $__database.$__table
WHERE measure_name = 'request'
  AND time BETWEEN from_milliseconds($__timeFrom) - 1d AND from_milliseconds($__timeTo) - 1d
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1) - 1d, $__interval)
  AND time < bin(from_milliseconds($__timeTo) - 1d, $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
  AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- worst-country: Worst now by country, query A
SELECT
  country,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  requests
FROM (
  SELECT
    coalesce(c_country, '-') AS country,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    count(*) AS requests,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 500 AND 599) DESC, coalesce(c_country, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(c_country, '-')
  HAVING count(*) >= 20
)
WHERE place <= 5
ORDER BY place

-- worst-edge: Worst now by edge, query A
SELECT
  edge,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  requests
FROM (
  SELECT
    coalesce(x_edge_location, '-') AS edge,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    count(*) AS requests,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 500 AND 599) DESC, coalesce(x_edge_location, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(x_edge_location, '-')
  HAVING count(*) >= 20
)
WHERE place <= 5
ORDER BY place

-- worst-behavior: Worst now by behavior, query A
SELECT
  behavior,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  requests
FROM (
  SELECT
    coalesce(cache_behavior_path_pattern, '-') AS behavior,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    count(*) AS requests,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 500 AND 599) DESC, coalesce(cache_behavior_path_pattern, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cache_behavior_path_pattern, '-')
  HAVING count(*) >= 20
)
WHERE place <= 5
ORDER BY place

-- worst-host: Worst now by host, query A
SELECT
  host,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  requests
FROM (
  SELECT
    coalesce(cs_host, '-') AS host,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    count(*) AS requests,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 500 AND 599) DESC, coalesce(cs_host, '-')) AS place
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
  HAVING count(*) >= 20
)
WHERE place <= 5
ORDER BY place
