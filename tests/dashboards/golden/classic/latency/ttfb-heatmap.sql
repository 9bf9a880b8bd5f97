-- Requests by time to first byte, query A
SELECT
  bin(time, $__interval) AS time,
  count_if(try_cast(time_to_first_byte AS double) <= 0.005) AS "0.005",
  count_if(try_cast(time_to_first_byte AS double) > 0.005 AND try_cast(time_to_first_byte AS double) <= 0.01) AS "0.01",
  count_if(try_cast(time_to_first_byte AS double) > 0.01 AND try_cast(time_to_first_byte AS double) <= 0.025) AS "0.025",
  count_if(try_cast(time_to_first_byte AS double) > 0.025 AND try_cast(time_to_first_byte AS double) <= 0.05) AS "0.05",
  count_if(try_cast(time_to_first_byte AS double) > 0.05 AND try_cast(time_to_first_byte AS double) <= 0.1) AS "0.1",
  count_if(try_cast(time_to_first_byte AS double) > 0.1 AND try_cast(time_to_first_byte AS double) <= 0.25) AS "0.25",
  count_if(try_cast(time_to_first_byte AS double) > 0.25 AND try_cast(time_to_first_byte AS double) <= 0.5) AS "0.5",
  count_if(try_cast(time_to_first_byte AS double) > 0.5 AND try_cast(time_to_first_byte AS double) <= 1) AS "1",
  count_if(try_cast(time_to_first_byte AS double) > 1 AND try_cast(time_to_first_byte AS double) <= 2.5) AS "2.5",
  count_if(try_cast(time_to_first_byte AS double) > 2.5 AND try_cast(time_to_first_byte AS double) <= 5) AS "5",
  count_if(try_cast(time_to_first_byte AS double) > 5 AND try_cast(time_to_first_byte AS double) <= 10) AS "10",
  count_if(try_cast(time_to_first_byte AS double) > 10) AS "+Inf"
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
