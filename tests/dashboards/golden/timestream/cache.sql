-- hit-ratio: Cache hit ratio, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
  100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), sc_bytes, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), sc_bytes, 0)), 0) AS byte_hit_ratio,
  100.0 * count_if(x_edge_detailed_result_type = 'OriginShieldHit') / count(*) AS shield_hit_share,
  count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))) / ($__interval_raw_ms / 1000.0) AS origin_request_rate,
  100.0 * count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))) / count(*) AS origin_share,
  100.0 * count_if((strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit')) / count(*) AS origin_error_share,
  100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
  count_if(substr(sr_reason, 1, 8) = 'Failover') AS failovers
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

-- hit-ratio: Cache hit ratio, query B
SELECT
  bin(time, $__interval) + 1d AS time,
  100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio_day_before,
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

-- results: Requests per second by result, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), result, 'other') AS result,
  sum(value) AS request_rate
FROM (
  SELECT
    time,
    result,
    value,
    dense_rank() OVER (ORDER BY total DESC, result) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(x_edge_result_type, '-') AS result,
      count(*) / ($__interval_raw_ms / 1000.0) AS value,
      sum(count(*) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(x_edge_result_type, '-')) AS total
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
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), result, 'other')
ORDER BY time ASC, result ASC

-- hit-behavior: Cache hit ratio of the busiest cache behaviors, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  behavior,
  value AS hit_ratio
FROM (
  SELECT
    time,
    behavior,
    value,
    dense_rank() OVER (ORDER BY total DESC, behavior) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cache_behavior_path_pattern, '-') AS behavior,
      100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS value,
      sum(count(*)) OVER (PARTITION BY coalesce(cache_behavior_path_pattern, '-')) AS total
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

-- hit-host: Cache hit ratio of the busiest hosts, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  host,
  value AS hit_ratio
FROM (
  SELECT
    time,
    host,
    value,
    dense_rank() OVER (ORDER BY total DESC, host) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cs_host, '-') AS host,
      100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS value,
      sum(count(*)) OVER (PARTITION BY coalesce(cs_host, '-')) AS total
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

-- hit-type: Cache hit ratio of the busiest content types, query A
SELECT
  time,
  lpad(cast(place AS varchar), 3, '0') AS place,
  content_type,
  value AS hit_ratio
FROM (
  SELECT
    time,
    content_type,
    value,
    dense_rank() OVER (ORDER BY total DESC, content_type) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(split_part(sc_content_type, ';', 1), '-') AS content_type,
      100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS value,
      sum(count(*)) OVER (PARTITION BY coalesce(split_part(sc_content_type, ';', 1), '-')) AS total
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
    GROUP BY bin(time, $__interval), coalesce(split_part(sc_content_type, ';', 1), '-')
    HAVING count(*) >= 40
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, content_type ASC

-- hit-edge: Cache hit ratio of the busiest edges, query A
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

-- origin-details: Origin errors by kind, query A
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
      AND (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit')
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

-- origins: Origin requests per second by origin, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), origin, 'other') AS origin,
  sum(value) AS origin_request_rate
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
      count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))) / ($__interval_raw_ms / 1000.0) AS value,
      sum(count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(r_host, '-')) AS total
    FROM $__database.$__table
    WHERE measure_name = 'request'
      AND $__timeFilter
      AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
      AND time < bin(from_milliseconds($__timeTo), $__interval)
      AND ((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))
      AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
      AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
      AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
      AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
      AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
      AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
    GROUP BY bin(time, $__interval), coalesce(r_host, '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), origin, 'other')
ORDER BY time ASC, origin ASC

-- behaviors: Cache behaviors by requests, query A
SELECT
  behavior,
  host,
  requests,
  bytes,
  hit_ratio,
  byte_hit_ratio,
  misses,
  missed_bytes,
  origin_error_rate
FROM (
  SELECT
    coalesce(cache_behavior_path_pattern, '-') AS behavior,
    coalesce(cs_host, '-') AS host,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), sc_bytes, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), sc_bytes, 0)), 0) AS byte_hit_ratio,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), sc_bytes, 0)) AS missed_bytes,
    100.0 * count_if((strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit')) / nullif(count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))), 0) AS origin_error_rate,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(cache_behavior_path_pattern, '-'), coalesce(cs_host, '-')) AS place
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

-- missed-uris: Most missed URIs, query A
SELECT
  uri,
  misses,
  missed_bytes
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), sc_bytes, 0)) AS missed_bytes,
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

-- missed-bytes: URIs with most bytes of misses, query A
SELECT
  uri,
  missed_bytes,
  misses
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), sc_bytes, 0)) AS missed_bytes,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    row_number() OVER (ORDER BY sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), sc_bytes, 0)) DESC, coalesce(cs_uri_stem, '-')) AS place
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
