-- rates: Error rates, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
  100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
  100.0 * count_if(x_edge_detailed_result_type IN ('ClientCommError', 'ClientHungUpRequest')) / count(*) AS aborted_rate,
  100.0 * count_if((strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit')) / count(*) AS origin_error_share,
  count_if(sc_status BETWEEN 400 AND 499) AS errors_4xx,
  count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx
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

-- rates: Error rates, query B
SELECT
  bin(time, $__interval) + 1d AS time,
  100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx_day_before,
  100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx_day_before
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

-- statuses: Requests per second by status, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), status, 'other') AS status,
  sum(value) AS request_rate
FROM (
  SELECT
    time,
    status,
    value,
    dense_rank() OVER (ORDER BY total DESC, status) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cast(sc_status AS varchar), '-') AS status,
      count(*) / ($__interval_raw_ms / 1000.0) AS value,
      sum(count(*) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(cast(sc_status AS varchar), '-')) AS total
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
    GROUP BY bin(time, $__interval), coalesce(cast(sc_status AS varchar), '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), status, 'other')
ORDER BY time ASC, status ASC

-- details: Detailed results of failed requests, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), detail, 'other') AS detail,
  sum(value) AS requests
FROM (
  SELECT
    time,
    detail,
    value,
    dense_rank() OVER (ORDER BY total DESC, detail) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_detailed_result_type, '-') AS detail,
      count(*) AS value,
      sum(count(*)) OVER (PARTITION BY coalesce(x_edge_detailed_result_type, '-')) AS total
    FROM $__database.$__table
    WHERE measure_name = 'request'
      AND $__timeFilter
      AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
      AND time < bin(from_milliseconds($__timeTo), $__interval)
      AND (sc_status BETWEEN 400 AND 599 OR x_edge_result_type = 'Error')
      AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
      AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
      AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
      AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
      AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
      AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
    GROUP BY bin(time, $__interval), coalesce(x_edge_detailed_result_type, '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), detail, 'other')
ORDER BY time ASC, detail ASC

-- 5xx-country: 5xx rate of the countries with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  country,
  value AS error_rate_5xx_bound
FROM (
  SELECT
    time,
    country,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, country) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(c_country, '-') AS country,
      CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 500 AND 599)) OVER (PARTITION BY coalesce(c_country, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(c_country, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(c_country, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, country ASC

-- 5xx-edge: 5xx rate of the edges with most errors, query A
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

-- 5xx-behavior: 5xx rate of the cache behaviors with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  behavior,
  value AS error_rate_5xx_bound
FROM (
  SELECT
    time,
    behavior,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, behavior) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cache_behavior_path_pattern, '-') AS behavior,
      CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 500 AND 599)) OVER (PARTITION BY coalesce(cache_behavior_path_pattern, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(cache_behavior_path_pattern, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(cache_behavior_path_pattern, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, behavior ASC

-- 4xx-behavior: 4xx rate of the cache behaviors with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  behavior,
  value AS error_rate_4xx_bound
FROM (
  SELECT
    time,
    behavior,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, behavior) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cache_behavior_path_pattern, '-') AS behavior,
      CASE WHEN count_if(sc_status BETWEEN 400 AND 499) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 400 AND 499) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 400 AND 499) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 400 AND 499)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 400 AND 499)) OVER (PARTITION BY coalesce(cache_behavior_path_pattern, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(cache_behavior_path_pattern, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(cache_behavior_path_pattern, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, behavior ASC

-- 5xx-host: 5xx rate of the hosts with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  host,
  value AS error_rate_5xx_bound
FROM (
  SELECT
    time,
    host,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, host) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cs_host, '-') AS host,
      CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 500 AND 599)) OVER (PARTITION BY coalesce(cs_host, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(cs_host, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(cs_host, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, host ASC

-- 5xx-method: 5xx rate of the methods with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  method,
  value AS error_rate_5xx_bound
FROM (
  SELECT
    time,
    method,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, method) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cs_method, '-') AS method,
      CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 500 AND 599)) OVER (PARTITION BY coalesce(cs_method, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(cs_method, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(cs_method, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, method ASC

-- behaviors: Cache behaviors by 5xx responses, query A
SELECT
  behavior,
  host,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  errors_4xx,
  error_rate_4xx,
  requests,
  ttfb_p95
FROM (
  SELECT
    coalesce(cache_behavior_path_pattern, '-') AS behavior,
    coalesce(cs_host, '-') AS host,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    count_if(sc_status BETWEEN 400 AND 499) AS errors_4xx,
    100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    count(*) AS requests,
    approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 500 AND 599) DESC, coalesce(cache_behavior_path_pattern, '-'), coalesce(cs_host, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cache_behavior_path_pattern, '-'), coalesce(cs_host, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- uris-5xx: URIs with most 5xx, query A
SELECT
  uri,
  errors_5xx,
  ttfb_p95
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 500 AND 599) DESC, coalesce(cs_uri_stem, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND sc_status BETWEEN 500 AND 599
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_uri_stem, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- uris-4xx: URIs with most 4xx, query A
SELECT
  uri,
  errors_4xx,
  ttfb_p95
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    count_if(sc_status BETWEEN 400 AND 499) AS errors_4xx,
    approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 400 AND 499) DESC, coalesce(cs_uri_stem, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND sc_status BETWEEN 400 AND 499
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_uri_stem, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
