-- Bitrate and throughput, query A
SELECT
  bin(time, $__interval) AS time,
  approx_percentile(cmcd_encoded_bitrate, 0.5) AS media_bitrate,
  approx_percentile(cmcd_measured_throughput, 0.5) AS media_throughput
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
