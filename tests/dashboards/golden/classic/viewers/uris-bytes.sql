-- URIs by bytes, query A
SELECT
  uri,
  bytes,
  requests,
  hit_ratio
FROM (
  SELECT
    split_part(cs_uri_stem, '?', 1) AS uri,
    sum(measure_value::bigint) AS bytes,
    count(*) AS requests,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    row_number() OVER (ORDER BY sum(measure_value::bigint) DESC, split_part(cs_uri_stem, '?', 1)) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
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
