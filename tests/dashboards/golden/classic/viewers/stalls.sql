-- Requests after a stall, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * count_if(cmcd_buffer_starvation <> '-') / nullif(count_if(cmcd_session_id <> '-'), 0) AS starved_share
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
