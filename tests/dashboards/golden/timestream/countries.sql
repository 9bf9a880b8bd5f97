-- error-rate-5xx: 5xx rate of the countries with most errors, query A
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

-- error-rate-4xx: 4xx rate of the countries with most errors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  country,
  value AS error_rate_4xx_bound
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
      CASE WHEN count_if(sc_status BETWEEN 400 AND 499) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 400 AND 499) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 400 AND 499) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 400 AND 499)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS value,
      sum(count_if(sc_status BETWEEN 400 AND 499)) OVER (PARTITION BY coalesce(c_country, '-')) AS total,
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

-- table: Countries by 5xx responses, query A
SELECT
  country,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  error_rate_4xx,
  ttfb_p95,
  requests,
  bytes
FROM (
  SELECT
    coalesce(c_country, '-') AS country,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
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
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- map: Where viewers see errors, query A
SELECT
  coalesce(c_country, '-') AS country,
  CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
  100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
  100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
  count(*) AS requests,
  sum(sc_bytes) AS bytes
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
ORDER BY CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END DESC, coalesce(c_country, '-')

-- ttfb: TTFB p95 of the countries with most slow first bytes, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  country,
  value AS ttfb_p95
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
      approx_percentile(time_to_first_byte, 0.95) AS value,
      sum(count_if(time_to_first_byte >= 1)) OVER (PARTITION BY coalesce(c_country, '-')) AS total,
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
    HAVING count(*) >= 40
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, country ASC

-- bytes: Bytes per second of the busiest countries, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), country, 'other') AS country,
  sum(value) AS byte_rate
FROM (
  SELECT
    time,
    country,
    value,
    dense_rank() OVER (ORDER BY total DESC, country) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(c_country, '-') AS country,
      sum(sc_bytes) / ($__interval_raw_ms / 1000.0) AS value,
      sum(sum(sc_bytes) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(c_country, '-')) AS total
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
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), country, 'other')
ORDER BY time ASC, country ASC

-- requests: Requests per second of the busiest countries, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), country, 'other') AS country,
  sum(value) AS request_rate
FROM (
  SELECT
    time,
    country,
    value,
    dense_rank() OVER (ORDER BY total DESC, country) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(c_country, '-') AS country,
      count(*) / ($__interval_raw_ms / 1000.0) AS value,
      sum(count(*) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(c_country, '-')) AS total
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
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), country, 'other')
ORDER BY time ASC, country ASC

-- networks: Networks (ASN) by 5xx responses, query A
SELECT
  asn,
  country,
  errors_5xx,
  error_rate_5xx,
  error_rate_5xx_bound,
  error_rate_4xx,
  ttfb_p95,
  requests,
  bytes
FROM (
  SELECT
    coalesce(cast(asn AS varchar), '-') AS asn,
    coalesce(c_country, '-') AS country,
    count_if(sc_status BETWEEN 500 AND 599) AS errors_5xx,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    CASE WHEN count_if(sc_status BETWEEN 500 AND 599) >= 3 THEN 100.0 * (count_if(sc_status BETWEEN 500 AND 599) + 1.9208 - 1.96 * sqrt(1.0 * count_if(sc_status BETWEEN 500 AND 599) * (nullif(count(*), 0) - count_if(sc_status BETWEEN 500 AND 599)) / nullif(count(*), 0) + 0.9604)) / (nullif(count(*), 0) + 3.8416) WHEN nullif(count(*), 0) > 0 THEN 0 END AS error_rate_5xx_bound,
    100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    row_number() OVER (ORDER BY count_if(sc_status BETWEEN 500 AND 599) DESC, coalesce(cast(asn AS varchar), '-'), coalesce(c_country, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cast(asn AS varchar), '-'), coalesce(c_country, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- ttfb-network: TTFB p95 of the networks with most slow first bytes, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  asn,
  value AS ttfb_p95
FROM (
  SELECT
    time,
    asn,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, asn) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cast(asn AS varchar), '-') AS asn,
      approx_percentile(time_to_first_byte, 0.95) AS value,
      sum(count_if(time_to_first_byte >= 1)) OVER (PARTITION BY coalesce(cast(asn AS varchar), '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(cast(asn AS varchar), '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(cast(asn AS varchar), '-')
    HAVING count(*) >= 40
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, asn ASC
