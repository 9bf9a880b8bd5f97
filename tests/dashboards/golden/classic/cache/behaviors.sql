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
    cache_behavior_path_pattern AS behavior,
    cs_host AS host,
    count(*) AS requests,
    sum(measure_value::bigint) AS bytes,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), measure_value::bigint, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), measure_value::bigint, 0)), 0) AS byte_hit_ratio,
    count_if((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit')) AS misses,
    sum(IF((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'), measure_value::bigint, 0)) AS missed_bytes,
    100.0 * count_if((strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit')) / nullif(count_if(((x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit') AND x_edge_detailed_result_type <> 'MissGeneratedResponse' OR (strpos(x_edge_detailed_result_type, 'Origin') > 0 AND x_edge_detailed_result_type <> 'OriginShieldHit'))), 0) AS origin_error_rate,
    row_number() OVER (ORDER BY count(*) DESC, cache_behavior_path_pattern, cs_host) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY cache_behavior_path_pattern, cs_host
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
