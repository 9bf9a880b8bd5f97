-- values of the variable distribution
SELECT
  coalesce(x_host_header, '-') AS distribution
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
GROUP BY coalesce(x_host_header, '-')
ORDER BY count(*) DESC, coalesce(x_host_header, '-')
LIMIT 300

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

-- values of the variable behavior
SELECT
  coalesce(cache_behavior_path_pattern, '-') AS behavior
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
GROUP BY coalesce(cache_behavior_path_pattern, '-')
ORDER BY count(*) DESC, coalesce(cache_behavior_path_pattern, '-')
LIMIT 300
