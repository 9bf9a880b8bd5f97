-- Time to first byte, query A
SELECT
  bin(time, $__interval) AS time,
  approx_percentile(time_to_first_byte, 0.5) AS ttfb_p50,
  approx_percentile(time_to_first_byte, 0.95) AS ttfb_p95,
  approx_percentile(time_to_first_byte, 0.99) AS ttfb_p99
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

-- Time to first byte, query B
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
