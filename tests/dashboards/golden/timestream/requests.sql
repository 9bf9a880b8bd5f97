-- counts: How many, by status class, query A
SELECT
  time,
  IF(place <= 5, status_class, 'other') AS status_class,
  sum(value) AS requests
FROM (
  SELECT
    time,
    status_class,
    value,
    dense_rank() OVER (ORDER BY total DESC, status_class) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cast(sc_status / 100 AS varchar), '-') AS status_class,
      count(*) AS value,
      sum(count(*)) OVER (PARTITION BY coalesce(cast(sc_status / 100 AS varchar), '-')) AS total
    FROM $__database.$__table
    WHERE measure_name = 'request'
      AND $__timeFilter
      AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
      AND time < bin(from_milliseconds($__timeTo), $__interval)
      AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
      AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
      AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
      AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
      AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
      AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      AND ('' IN (${code:sqlstring}) OR regexp_like(cast(sc_status AS varchar), '\A\Q' || replace(replace(${code:sqlstring}, '\E', '\E\\E\Q'), '*', '\E.*\Q') || '\E\z'))
      AND ('' IN (${uri:sqlstring}) OR regexp_like(cs_uri_stem, '\A\Q' || replace(replace(${uri:sqlstring}, '\E', '\E\\E\Q'), '*', '\E.*\Q') || '\E\z'))
      AND ('' IN (${request:sqlstring}) OR coalesce(x_edge_request_id, '-') IN (${request:sqlstring}))
      AND ('all' IN (${only:sqlstring}) OR 'failed' IN (${only:sqlstring}) AND (sc_status BETWEEN 400 AND 599 OR x_edge_result_type = 'Error') OR 'slow_first_byte' IN (${only:sqlstring}) AND time_to_first_byte >= 1 OR 'miss' IN (${only:sqlstring}) AND (x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'))
    GROUP BY bin(time, $__interval), coalesce(cast(sc_status / 100 AS varchar), '-')
  )
)
GROUP BY time, IF(place <= 5, status_class, 'other')
ORDER BY time ASC, status_class ASC

-- matching: In all, query A
SELECT
  count(*) AS requests
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
  AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  AND ('' IN (${code:sqlstring}) OR regexp_like(cast(sc_status AS varchar), '\A\Q' || replace(replace(${code:sqlstring}, '\E', '\E\\E\Q'), '*', '\E.*\Q') || '\E\z'))
  AND ('' IN (${uri:sqlstring}) OR regexp_like(cs_uri_stem, '\A\Q' || replace(replace(${uri:sqlstring}, '\E', '\E\\E\Q'), '*', '\E.*\Q') || '\E\z'))
  AND ('' IN (${request:sqlstring}) OR coalesce(x_edge_request_id, '-') IN (${request:sqlstring}))
  AND ('all' IN (${only:sqlstring}) OR 'failed' IN (${only:sqlstring}) AND (sc_status BETWEEN 400 AND 599 OR x_edge_result_type = 'Error') OR 'slow_first_byte' IN (${only:sqlstring}) AND time_to_first_byte >= 1 OR 'miss' IN (${only:sqlstring}) AND (x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'))

-- newest: The newest, query A
SELECT
  time AS time,
  sc_status AS sc_status,
  x_edge_detailed_result_type AS x_edge_detailed_result_type,
  cs_method AS cs_method,
  cs_host AS cs_host,
  cs_uri_stem AS cs_uri_stem,
  x_edge_request_id AS x_edge_request_id,
  x_edge_location AS x_edge_location,
  c_country AS c_country,
  time_to_first_byte AS time_to_first_byte,
  time_taken AS time_taken,
  sc_bytes AS sc_bytes,
  c_ip AS c_ip,
  cs_uri_query AS cs_uri_query,
  cs_user_agent AS cs_user_agent
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND time >= from_milliseconds($__timeTo - 86400000)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
  AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  AND ('' IN (${code:sqlstring}) OR regexp_like(cast(sc_status AS varchar), '\A\Q' || replace(replace(${code:sqlstring}, '\E', '\E\\E\Q'), '*', '\E.*\Q') || '\E\z'))
  AND ('' IN (${uri:sqlstring}) OR regexp_like(cs_uri_stem, '\A\Q' || replace(replace(${uri:sqlstring}, '\E', '\E\\E\Q'), '*', '\E.*\Q') || '\E\z'))
  AND ('' IN (${request:sqlstring}) OR coalesce(x_edge_request_id, '-') IN (${request:sqlstring}))
  AND ('all' IN (${only:sqlstring}) OR 'failed' IN (${only:sqlstring}) AND (sc_status BETWEEN 400 AND 599 OR x_edge_result_type = 'Error') OR 'slow_first_byte' IN (${only:sqlstring}) AND time_to_first_byte >= 1 OR 'miss' IN (${only:sqlstring}) AND (x_edge_result_type = 'Miss' AND x_edge_detailed_result_type <> 'OriginShieldHit'))
ORDER BY time DESC, x_edge_request_id
LIMIT 200
