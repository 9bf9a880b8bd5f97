-- ttfb: Time to first byte, query A
SELECT
  bin(time, $__interval) AS time,
  approx_percentile(time_to_first_byte, 0.5) AS ttfb_p50,
  approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
  approx_percentile(time_to_first_byte, 0.99) AS ttfb_p99,
  approx_percentile(time_taken, 0.5) AS time_taken_p50,
  approx_percentile(time_taken, 0.95) AS time_taken_p95,
  approx_percentile(time_taken, 0.99) AS time_taken_p99,
  100.0 * count_if(time_taken >= 1) / count(*) AS slow_share,
  100.0 * count_if(time_to_first_byte >= 1) / count(*) AS slow_first_byte_share,
  approx_percentile(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), time_to_first_byte), 0.5) AS ttfb_hit_p50,
  approx_percentile(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), time_to_first_byte), 0.95) AS ttfb_hit_p95,
  approx_percentile(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), time_to_first_byte), 0.99) AS ttfb_hit_p99,
  approx_percentile(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), time_to_first_byte), 0.5) AS ttfb_miss_p50,
  approx_percentile(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), time_to_first_byte), 0.95) AS ttfb_miss_p95,
  approx_percentile(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), time_to_first_byte), 0.99) AS ttfb_miss_p99,
  approx_percentile(origin_fbl, 0.5) AS origin_fbl_p50,
  approx_percentile(origin_fbl, 0.95) AS origin_fbl_p95,
  approx_percentile(origin_fbl, 0.99) AS origin_fbl_p99,
  approx_percentile(origin_lbl, 0.5) AS origin_lbl_p50,
  approx_percentile(origin_lbl, 0.95) AS origin_lbl_p95,
  approx_percentile(origin_lbl, 0.99) AS origin_lbl_p99
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

-- ttfb: Time to first byte, query B
SELECT
  bin(time, $__interval) + 1d AS time,
  approx_percentile(time_to_first_byte, 0.5) AS ttfb_p50_day_before,
  approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95_day_before,
  approx_percentile(time_to_first_byte, 0.99) AS ttfb_p99_day_before
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

-- ttfb-heatmap: Requests by time to first byte, query A
SELECT
  bin(time, $__interval) AS time,
  count_if(time_to_first_byte <= 0.005) AS "0.005",
  count_if(time_to_first_byte > 0.005 AND time_to_first_byte <= 0.01) AS "0.01",
  count_if(time_to_first_byte > 0.01 AND time_to_first_byte <= 0.025) AS "0.025",
  count_if(time_to_first_byte > 0.025 AND time_to_first_byte <= 0.05) AS "0.05",
  count_if(time_to_first_byte > 0.05 AND time_to_first_byte <= 0.1) AS "0.1",
  count_if(time_to_first_byte > 0.1 AND time_to_first_byte <= 0.25) AS "0.25",
  count_if(time_to_first_byte > 0.25 AND time_to_first_byte <= 0.5) AS "0.5",
  count_if(time_to_first_byte > 0.5 AND time_to_first_byte <= 1) AS "1",
  count_if(time_to_first_byte > 1 AND time_to_first_byte <= 2.5) AS "2.5",
  count_if(time_to_first_byte > 2.5 AND time_to_first_byte <= 5) AS "5",
  count_if(time_to_first_byte > 5 AND time_to_first_byte <= 10) AS "10",
  count_if(time_to_first_byte > 10) AS "+Inf"
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

-- ttfb-country: TTFB p95 of the countries with most slow first bytes, query A
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

-- ttfb-edge: TTFB p95 of the edges with most slow first bytes, query A
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

-- ttfb-behavior: TTFB p95 of the cache behaviors with most slow first bytes, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  behavior,
  value AS ttfb_p95
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
      approx_percentile(time_to_first_byte, 0.95) AS value,
      sum(count_if(time_to_first_byte >= 1)) OVER (PARTITION BY coalesce(cache_behavior_path_pattern, '-')) AS total,
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
    HAVING count(*) >= 40
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, behavior ASC

-- ttfb-host: TTFB p95 of the hosts with most slow first bytes, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  host,
  value AS ttfb_p95
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
      approx_percentile(time_to_first_byte, 0.95) AS value,
      sum(count_if(time_to_first_byte >= 1)) OVER (PARTITION BY coalesce(cs_host, '-')) AS total,
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
    HAVING count(*) >= 40
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, host ASC

-- ttfb-result: Time to first byte by result, ${percentile:text}, query A
SELECT
  time,
  result,
  value AS ttfb
FROM (
  SELECT
    time,
    result,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, result) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_result_type, '-') AS result,
      approx_percentile(time_to_first_byte, cast(${percentile:sqlstring} AS double)) AS value,
      sum(count_if(time_to_first_byte >= 1)) OVER (PARTITION BY coalesce(x_edge_result_type, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(x_edge_result_type, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(x_edge_result_type, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, result ASC

-- ttfb-protocol: Time to first byte by HTTP version, ${percentile:text}, query A
SELECT
  time,
  http_version,
  value AS ttfb
FROM (
  SELECT
    time,
    http_version,
    value,
    dense_rank() OVER (ORDER BY total DESC, second DESC, http_version) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cs_protocol_version, '-') AS http_version,
      approx_percentile(time_to_first_byte, cast(${percentile:sqlstring} AS double)) AS value,
      sum(count_if(time_to_first_byte >= 1)) OVER (PARTITION BY coalesce(cs_protocol_version, '-')) AS total,
      sum(count(*)) OVER (PARTITION BY coalesce(cs_protocol_version, '-')) AS second
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
    GROUP BY bin(time, $__interval), coalesce(cs_protocol_version, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, http_version ASC

-- origin-fbl-origin: Origin first byte of the busiest origins, ${percentile:text}, query A
SELECT
  time,
  origin,
  value AS origin_fbl
FROM (
  SELECT
    time,
    origin,
    value,
    dense_rank() OVER (ORDER BY total DESC, origin) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(r_host, '-') AS origin,
      approx_percentile(origin_fbl, cast(${percentile:sqlstring} AS double)) AS value,
      sum(count(*)) OVER (PARTITION BY coalesce(r_host, '-')) AS total
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
    GROUP BY bin(time, $__interval), coalesce(r_host, '-')
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, origin ASC

-- slow-uris: Most missed URIs, and their wait, query A
SELECT
  uri,
  misses,
  origin_fbl_p95,
  ttfb_miss_p95
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    approx_percentile(origin_fbl, 0.95) AS origin_fbl_p95,
    approx_percentile(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), time_to_first_byte), 0.95) AS ttfb_miss_p95,
    row_number() OVER (ORDER BY count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) DESC, coalesce(cs_uri_stem, '-')) AS place
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
  GROUP BY coalesce(cs_uri_stem, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
