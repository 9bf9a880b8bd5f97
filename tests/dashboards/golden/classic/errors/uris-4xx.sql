-- URIs with most 4xx, query A
SELECT
  uri,
  status,
  edge,
  country,
  requests
FROM (
  SELECT
    split_part(cs_uri_stem, '?', 1) AS uri,
    sc_status AS status,
    x_edge_location AS edge,
    c_country AS country,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, split_part(cs_uri_stem, '?', 1), sc_status, x_edge_location, c_country) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND try_cast(sc_status AS bigint) BETWEEN 400 AND 499
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY split_part(cs_uri_stem, '?', 1), sc_status, x_edge_location, c_country
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
