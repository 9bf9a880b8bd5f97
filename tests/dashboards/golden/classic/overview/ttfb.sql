-- Time to first byte, query A
SELECT
  bin(time, $__interval) AS time,
  approx_percentile(try_cast(time_to_first_byte AS double), 0.5) AS ttfb_p50,
  approx_percentile(try_cast(time_to_first_byte AS double), 0.95) AS ttfb_p95,
  approx_percentile(try_cast(time_to_first_byte AS double), 0.99) AS ttfb_p99
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
  AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- Time to first byte, query B
SELECT
  bin(time, $__interval) + 1d AS time,
  approx_percentile(try_cast(time_to_first_byte AS double), 0.5) AS ttfb_p50_day_before,
  approx_percentile(try_cast(time_to_first_byte AS double), 0.95) AS ttfb_p95_day_before,
  approx_percentile(try_cast(time_to_first_byte AS double), 0.99) AS ttfb_p99_day_before
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND time BETWEEN from_milliseconds($__timeFrom) - 1d AND from_milliseconds($__timeTo) - 1d
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1) - 1d, $__interval)
  AND time < bin(from_milliseconds($__timeTo) - 1d, $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
  AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC
