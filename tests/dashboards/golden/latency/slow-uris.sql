-- Waiting for the origin by URI, query A
SELECT
  uri,
  misses,
  origin_fbl_p95,
  ttfb_miss_p95
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    approx_percentile(origin_fbl, 0.95) AS origin_fbl_p95,
    approx_percentile(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), time_to_first_byte), 0.95) AS ttfb_miss_p95,
    row_number() OVER (ORDER BY count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) DESC, coalesce(cs_uri_stem, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND (x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_uri_stem, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
