-- Edge locations, query A
SELECT
  CASE pop WHEN 'BKK' THEN 'DMK' WHEN 'BLA' THEN 'VLN' WHEN 'FJR' THEN 'SHJ' WHEN 'HIO' THEN 'PDX' WHEN 'MCI' THEN 'OMA' WHEN 'OTP' THEN 'BBU' WHEN 'YTO' THEN 'YYZ' WHEN 'ZHY' THEN 'ZGC' ELSE pop END AS airport,
  pop,
  bytes,
  requests,
  error_rate_5xx,
  ttfb_p95,
  hit_ratio
FROM (
  SELECT
    coalesce(substr(x_edge_location, 1, 3), '-') AS pop,
    sum(measure_value::bigint) AS bytes,
    count(*) AS requests,
    100.0 * count_if(try_cast(sc_status AS bigint) BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    approx_percentile(try_cast(time_to_first_byte AS double), 0.95) AS ttfb_p95,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(substr(x_edge_location, 1, 3), '-')
  ORDER BY sum(measure_value::bigint) DESC, coalesce(substr(x_edge_location, 1, 3), '-')
)
ORDER BY bytes DESC, pop
