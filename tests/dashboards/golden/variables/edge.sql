-- values of the variable edge
SELECT
  coalesce(x_edge_location, '-') AS edge
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
GROUP BY coalesce(x_edge_location, '-')
ORDER BY count(*) DESC, coalesce(x_edge_location, '-')
LIMIT 300
