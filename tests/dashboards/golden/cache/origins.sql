-- Origin requests per second by origin, query A
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
