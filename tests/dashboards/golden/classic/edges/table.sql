-- Edges by bytes, query A
SELECT
  edge,
  bytes,
  requests,
  error_rate_4xx,
  error_rate_5xx,
  ttfb_p50,
  ttfb_p95,
  ttfb_p99,
  hit_ratio
FROM (
  SELECT
    x_edge_location AS edge,
    sum(measure_value::bigint) AS bytes,
    count(*) AS requests,
    100.0 * count_if(try_cast(sc_status AS bigint) BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    100.0 * count_if(try_cast(sc_status AS bigint) BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    approx_percentile(try_cast(time_to_first_byte AS double), 0.5) AS ttfb_p50,
    approx_percentile(try_cast(time_to_first_byte AS double), 0.95) AS ttfb_p95,
    approx_percentile(try_cast(time_to_first_byte AS double), 0.99) AS ttfb_p99,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    row_number() OVER (ORDER BY sum(measure_value::bigint) DESC, x_edge_location) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY x_edge_location
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
