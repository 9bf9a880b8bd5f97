-- values of the variable host
SELECT
  cs_host AS host
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
GROUP BY cs_host
ORDER BY count(*) DESC, cs_host
LIMIT 300
