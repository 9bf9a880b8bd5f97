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
      r_host AS origin,
      count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))) / ($__interval_raw_ms / 1000.0) AS value,
      sum(count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY r_host) AS total
    FROM $__database.$__table
    WHERE measure_name = 'sc_bytes'
      AND $__timeFilter
      AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
      AND time < bin(from_milliseconds($__timeTo), $__interval)
      AND ((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))
      AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
      AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
      AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
      AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
      AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
      AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
    GROUP BY bin(time, $__interval), r_host
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), origin, 'other')
ORDER BY time ASC, origin ASC
