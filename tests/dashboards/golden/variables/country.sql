-- values of the variable country
SELECT
  coalesce(c_country, '-') AS country
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
GROUP BY coalesce(c_country, '-')
ORDER BY count(*) DESC, coalesce(c_country, '-')
LIMIT 300
