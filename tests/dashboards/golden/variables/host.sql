-- values of the variable host
SELECT
  coalesce(cs_host, '-') AS host
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
GROUP BY coalesce(cs_host, '-')
ORDER BY count(*) DESC, coalesce(cs_host, '-')
LIMIT 300
