-- error-rate-5xx: 5xx rate of the edges with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  edge,
  value AS error_rate_5xx_bound
FROM (
  SELECT
    time,
    edge,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, edge) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_location, '-') AS edge,
      CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 500 AND 599)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(x_edge_location, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, edge ASC

-- ttfb: TTFB p95 of the edges with most slow first bytes, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  edge,
  value AS ttfb_p95
FROM (
  SELECT
    time,
    edge,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, edge) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_location, '-') AS edge,
      approx_percentile(time_to_first_byte, 0.95) AS value,
      sum(count_if(time_to_first_byte >= 1)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(x_edge_location, '-')
    HAVING count(*) >= 40
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, edge ASC

-- error-rate-4xx: 4xx rate of the edges with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  edge,
  value AS error_rate_4xx_bound
FROM (
  SELECT
    time,
    edge,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, edge) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_location, '-') AS edge,
      CASE WHEN count_if(sc_status BETWEEN 400 AND 499) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 400 AND 499) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 400 AND 499) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 400 AND 499)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 400 AND 499)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(x_edge_location, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, edge ASC

-- hit-ratio: Cache hit ratio of the busiest edges, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  edge,
  value AS hit_ratio
FROM (
  SELECT
    time,
    edge,
    value,
    dense_rank() OVER (ORDER BY total DESC, edge) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_location, '-') AS edge,
      100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS value,
      sum(count(*)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS total
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
    GROUP BY bin(time, $__interval), coalesce(x_edge_location, '-')
    HAVING count(*) >= 40
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, edge ASC

-- bytes: Bytes per second of the busiest edges, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), edge, 'other') AS edge,
  sum(value) AS byte_rate
FROM (
  SELECT
    time,
    edge,
    value,
    dense_rank() OVER (ORDER BY total DESC, edge) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_location, '-') AS edge,
      sum(sc_bytes) / ($__interval_raw_ms / 1000.0) AS value,
      sum(sum(sc_bytes) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS total
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
    GROUP BY bin(time, $__interval), coalesce(x_edge_location, '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), edge, 'other')
ORDER BY time ASC, edge ASC

-- requests: Requests per second of the busiest edges, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), edge, 'other') AS edge,
  sum(value) AS request_rate
FROM (
  SELECT
    time,
    edge,
    value,
    dense_rank() OVER (ORDER BY total DESC, edge) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_location, '-') AS edge,
      count(*) / ($__interval_raw_ms / 1000.0) AS value,
      sum(count(*) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(x_edge_location, '-')) AS total
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
    GROUP BY bin(time, $__interval), coalesce(x_edge_location, '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), edge, 'other')
ORDER BY time ASC, edge ASC

-- table: Edges by bytes sent, query A
SELECT
  edge,
  bytes,
  requests,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  error_rate_4xx,
  ttfb_p50,
  ttfb_p95,
  ttfb_p99,
  hit_ratio
FROM (
  SELECT
    coalesce(x_edge_location, '-') AS edge,
    sum(sc_bytes) AS bytes,
    count(*) AS requests,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    approx_percentile(time_to_first_byte, 0.5) AS ttfb_p50,
    approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
    approx_percentile(time_to_first_byte, 0.99) AS ttfb_p99,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    row_number() OVER (ORDER BY sum(sc_bytes) DESC, coalesce(x_edge_location, '-')) AS place
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
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- map: Where edges fail, query A
SELECT
  CASE pop WHEN 'BKK' THEN 'DMK' WHEN 'BLA' THEN 'VLN' WHEN 'FJR' THEN 'SHJ' WHEN 'HIO' THEN 'PDX' WHEN 'MCI' THEN 'OMA' WHEN 'OTP' THEN 'BBU' WHEN 'YTO' THEN 'YYZ' WHEN 'ZHY' THEN 'ZGC' ELSE pop END AS airport,
  pop,
  error_rate_5xx_bound,
  error_rate_5xx,
  requests,
  bytes,
  ttfb_p95,
  hit_ratio
FROM (
  SELECT
    coalesce(substr(x_edge_location, 1, 3), '-') AS pop,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(substr(x_edge_location, 1, 3), '-')
  ORDER BY CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END DESC, coalesce(substr(x_edge_location, 1, 3), '-')
)
ORDER BY error_rate_5xx_bound DESC, pop
