-- values of the variable behavior
SELECT
  cache_behavior_path_pattern AS behavior
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
GROUP BY cache_behavior_path_pattern
ORDER BY count(*) DESC, cache_behavior_path_pattern
LIMIT 300
