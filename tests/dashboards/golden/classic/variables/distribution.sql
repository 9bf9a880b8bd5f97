-- values of the variable distribution
SELECT
  x_host_header AS distribution
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND $__timeFilter
GROUP BY x_host_header
ORDER BY count(*) DESC, x_host_header
LIMIT 300
