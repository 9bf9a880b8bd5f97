-- Time to first byte by result, ${percentile:text}, query A
SELECT
  time,
  result,
  value AS ttfb
FROM (
  SELECT
    time,
    result,
    value,
    dense_rank() OVER (ORDER BY total DESC, result) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      x_edge_result_type AS result,
      approx_percentile(try_cast(time_to_first_byte AS double), cast(${percentile:sqlstring} AS double)) AS value,
      sum(count(*)) OVER (PARTITION BY x_edge_result_type) AS total
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
    GROUP BY bin(time, $__interval), x_edge_result_type
  )
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY time ASC, result ASC
