-- Most missed URIs, query A
SELECT
  uri,
  behavior,
  misses,
  missed_bytes,
  origin_fbl
FROM (
  SELECT
    split_part(cs_uri_stem, '?', 1) AS uri,
    cache_behavior_path_pattern AS behavior,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), measure_value::bigint, 0)) AS missed_bytes,
    approx_percentile(try_cast(origin_fbl AS double), cast(${percentile:sqlstring} AS double)) AS origin_fbl,
    row_number() OVER (ORDER BY count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) DESC, split_part(cs_uri_stem, '?', 1), cache_behavior_path_pattern) AS place
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
  GROUP BY split_part(cs_uri_stem, '?', 1), cache_behavior_path_pattern
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
