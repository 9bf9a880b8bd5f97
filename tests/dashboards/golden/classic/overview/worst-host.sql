-- Worst now by host, query A
SELECT
  host,
  error_rate_5xx,
  error_rate_4xx,
  requests,
  ttfb,
  hit_ratio
FROM (
  SELECT
    cs_host AS host,
    100.0 * count_if(try_cast(sc_status AS bigint) BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    100.0 * count_if(try_cast(sc_status AS bigint) BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    count(*) AS requests,
    approx_percentile(try_cast(time_to_first_byte AS double), cast(${percentile:sqlstring} AS double)) AS ttfb,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    row_number() OVER (ORDER BY 100.0 * count_if(try_cast(sc_status AS bigint) BETWEEN 500 AND 599) / count(*) DESC, cs_host) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY cs_host
  HAVING count(*) >= 20
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
