-- Viewer addresses by requests, query A
SELECT
  viewer,
  country,
  requests,
  bytes,
  error_rate_4xx
FROM (
  SELECT
    c_ip AS viewer,
    c_country AS country,
    count(*) AS requests,
    sum(measure_value::bigint) AS bytes,
    100.0 * count_if(try_cast(sc_status AS bigint) BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    row_number() OVER (ORDER BY count(*) DESC, c_ip, c_country) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY c_ip, c_country
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
