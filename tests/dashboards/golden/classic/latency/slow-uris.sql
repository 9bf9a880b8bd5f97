-- Waiting for the origin by URI, query A
SELECT
  uri,
  misses,
  origin_fbl_p95,
  ttfb_miss_p95
FROM (
  SELECT
    split_part(cs_uri_stem, '?', 1) AS uri,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    approx_percentile(try_cast(origin_fbl AS double), 0.95) AS origin_fbl_p95,
    approx_percentile(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), try_cast(time_to_first_byte AS double)), 0.95) AS ttfb_miss_p95,
    row_number() OVER (ORDER BY count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) DESC, split_part(cs_uri_stem, '?', 1)) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND (x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY split_part(cs_uri_stem, '?', 1)
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
