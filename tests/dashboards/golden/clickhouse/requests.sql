-- counts: How many, by status class, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  arrayMap(value -> decodeURLComponent(value), extractAll('${code:queryparam}', '=([^&]*)')) AS chosen_code,
  arrayMap(value -> decodeURLComponent(value), extractAll('${uri:queryparam}', '=([^&]*)')) AS chosen_uri,
  arrayMap(value -> decodeURLComponent(value), extractAll('${request:queryparam}', '=([^&]*)')) AS chosen_request,
  arrayMap(value -> decodeURLComponent(value), extractAll('${only:queryparam}', '=([^&]*)')) AS chosen_only
SELECT
  places.time AS time,
  if(places.place <= 5, places.status_class, 'other') AS status_class,
  sum(places.value) AS requests
FROM (
  SELECT
    bins.time AS time,
    bins.status_class AS status_class,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.status_class) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.timestamp) AS time,
      ifNull(toString(intDiv(logs.sc_status, 100)), '-') AS status_class,
      count() AS value,
      sum(count()) OVER (PARTITION BY ifNull(toString(intDiv(logs.sc_status, 100)), '-')) AS total
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
      AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
      AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
      AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
    GROUP BY $__timeInterval_ms(logs.timestamp), ifNull(toString(intDiv(logs.sc_status, 100)), '-')
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= 5, places.status_class, 'other')
ORDER BY time ASC, status_class ASC

-- matching: In all, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  arrayMap(value -> decodeURLComponent(value), extractAll('${code:queryparam}', '=([^&]*)')) AS chosen_code,
  arrayMap(value -> decodeURLComponent(value), extractAll('${uri:queryparam}', '=([^&]*)')) AS chosen_uri,
  arrayMap(value -> decodeURLComponent(value), extractAll('${request:queryparam}', '=([^&]*)')) AS chosen_request,
  arrayMap(value -> decodeURLComponent(value), extractAll('${only:queryparam}', '=([^&]*)')) AS chosen_only
SELECT
  count() AS requests
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
  AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
  AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
  AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))

-- newest: The newest, query A
WITH
  greatest($__fromTime_ms, $__toTime_ms - INTERVAL 86400000 millisecond) AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  arrayMap(value -> decodeURLComponent(value), extractAll('${code:queryparam}', '=([^&]*)')) AS chosen_code,
  arrayMap(value -> decodeURLComponent(value), extractAll('${uri:queryparam}', '=([^&]*)')) AS chosen_uri,
  arrayMap(value -> decodeURLComponent(value), extractAll('${request:queryparam}', '=([^&]*)')) AS chosen_request,
  arrayMap(value -> decodeURLComponent(value), extractAll('${only:queryparam}', '=([^&]*)')) AS chosen_only
SELECT
  logs.timestamp AS time,
  logs.sc_status AS sc_status,
  logs.x_edge_detailed_result_type AS x_edge_detailed_result_type,
  logs.cs_method AS cs_method,
  logs.cs_host AS cs_host,
  logs.cs_uri_stem AS cs_uri_stem,
  logs.x_edge_location AS x_edge_location,
  logs.c_country AS c_country,
  logs.time_to_first_byte AS time_to_first_byte,
  logs.time_taken AS time_taken,
  logs.sc_bytes AS sc_bytes,
  logs.x_edge_request_id AS x_edge_request_id,
  logs.c_ip AS c_ip,
  logs.cs_uri_query AS cs_uri_query,
  logs.cs_user_agent AS cs_user_agent
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
  AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
  AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
  AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
ORDER BY toStartOfMinute(logs.timestamp) DESC, logs.timestamp DESC, logs.x_edge_request_id
LIMIT 200
