-- Errors at the origin and for viewers, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * count_if((strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit')) / nullif(count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))), 0) AS origin_error_rate,
  100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx
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
