-- Contents with most stalls, query A
SELECT
  content,
  starved_share,
  media_sessions,
  media_throughput
FROM (
  SELECT
    coalesce(cmcd_content_id, '-') AS content,
    100.0 * count_if(cmcd_buffer_starvation IS NOT NULL) / nullif(count_if(cmcd_session_id IS NOT NULL), 0) AS starved_share,
    approx_distinct(cmcd_session_id) AS media_sessions,
    approx_percentile(cmcd_measured_throughput, 0.5) AS media_throughput,
    row_number() OVER (ORDER BY 100.0 * count_if(cmcd_buffer_starvation IS NOT NULL) / nullif(count_if(cmcd_session_id IS NOT NULL), 0) DESC, coalesce(cmcd_content_id, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND cmcd_session_id IS NOT NULL
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cmcd_content_id, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
