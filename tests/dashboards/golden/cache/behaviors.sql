-- Cache behaviors in numbers, query A
SELECT
  behavior,
  host,
  requests,
  bytes,
  hit_ratio,
  byte_hit_ratio,
  misses,
  missed_bytes,
  origin_error_rate
FROM (
  SELECT
    coalesce(cache_behavior_path_pattern, '-') AS behavior,
    coalesce(cs_host, '-') AS host,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), sc_bytes, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), sc_bytes, 0)), 0) AS byte_hit_ratio,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), sc_bytes, 0)) AS missed_bytes,
    100.0 * count_if((strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit')) / nullif(count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))), 0) AS origin_error_rate,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(cache_behavior_path_pattern, '-'), coalesce(cs_host, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cache_behavior_path_pattern, '-'), coalesce(cs_host, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
