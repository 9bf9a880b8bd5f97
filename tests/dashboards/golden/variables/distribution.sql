-- values of the variable distribution
SELECT
  coalesce(x_host_header, '-') AS distribution
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
GROUP BY coalesce(x_host_header, '-')
ORDER BY count(*) DESC, coalesce(x_host_header, '-')
LIMIT 300
