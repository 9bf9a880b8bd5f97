-- Contents with most stalls, query A
SELECT
  content,
  starved_share,
  media_sessions,
  media_throughput
FROM (
  SELECT
    cmcd_content_id AS content,
    100.0 * count_if(cmcd_buffer_starvation <> '-') / nullif(count_if(cmcd_session_id <> '-'), 0) AS starved_share,
    approx_distinct(cmcd_session_id) AS media_sessions,
    approx_percentile(try_cast(cmcd_measured_throughput AS bigint), 0.5) AS media_throughput,
    row_number() OVER (ORDER BY 100.0 * count_if(cmcd_buffer_starvation <> '-') / nullif(count_if(cmcd_session_id <> '-'), 0) DESC, cmcd_content_id) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND cmcd_session_id <> '-'
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY cmcd_content_id
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
