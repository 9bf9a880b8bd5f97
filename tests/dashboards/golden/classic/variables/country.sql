-- values of the variable country
SELECT
  c_country AS country
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
GROUP BY c_country
ORDER BY count(*) DESC, c_country
LIMIT 300
