-- Bytes per second by type, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), content_type, 'other') AS content_type,
  sum(value) AS byte_rate
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
      sum(measure_value::bigint) / ($__interval_raw_ms / 1000.0) AS value,
      sum(sum(measure_value::bigint) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(split_part(sc_content_type, ';', 1), '-')) AS total
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
    GROUP BY bin(time, $__interval), coalesce(split_part(sc_content_type, ';', 1), '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), content_type, 'other')
ORDER BY time ASC, content_type ASC
