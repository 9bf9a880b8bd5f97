-- counts: How many, by status class, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${code:percentencode}')])) AS chosen_code,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${uri:percentencode}')])) AS chosen_uri,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${request:percentencode}')])) AS chosen_request,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${only:percentencode}')])) AS chosen_only
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
      $__timeInterval(logs.at) AS time,
      ifNull(toString(intDiv(logs.sc_status, 100)), '-') AS status_class,
      count() AS value,
      sum(count()) OVER (PARTITION BY ifNull(toString(intDiv(logs.sc_status, 100)), '-')) AS total
    FROM (
      SELECT
        logs.minute AS at, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.minute >= since AND logs.minute < until
        AND $__interval_ms % 60000 = 0
        AND indexHint(logs.timestamp >= since AND logs.timestamp < until)
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
        AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
        AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
        AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
      UNION ALL
      SELECT
        toDateTime(logs.timestamp) AS at, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
        AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
        AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
        AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
        AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
        AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
        AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
        AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
        AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
        AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
    ) AS logs
    GROUP BY $__timeInterval(logs.at), ifNull(toString(intDiv(logs.sc_status, 100)), '-')
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= 5, places.status_class, 'other')
ORDER BY time ASC, status_class ASC

-- matching: In all, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${code:percentencode}')])) AS chosen_code,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${uri:percentencode}')])) AS chosen_uri,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${request:percentencode}')])) AS chosen_request,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${only:percentencode}')])) AS chosen_only,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  count() AS requests
FROM (
  SELECT
    1
  FROM realtime_logs AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND indexHint(logs.timestamp >= since AND logs.timestamp <= until)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
    AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
    AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
    AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
  UNION ALL
  SELECT
    1
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
    AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
    AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
    AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
    AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
    AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
    AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
    AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
    AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
) AS logs

-- newest: The newest, query A
WITH
  greatest($__fromTime_ms, $__toTime_ms - INTERVAL 86400000 millisecond) AS since,
  $__toTime_ms AS until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${code:percentencode}')])) AS chosen_code,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${uri:percentencode}')])) AS chosen_uri,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${request:percentencode}')])) AS chosen_request,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${only:percentencode}')])) AS chosen_only
SELECT
  logs.timestamp AS time,
  logs.sc_status AS sc_status,
  logs.x_edge_detailed_result_type AS x_edge_detailed_result_type,
  logs.cs_method AS cs_method,
  logs.cs_host AS cs_host,
  logs.cs_uri_stem AS cs_uri_stem,
  logs.x_edge_request_id AS x_edge_request_id,
  logs.x_edge_location AS x_edge_location,
  logs.c_country AS c_country,
  logs.time_to_first_byte AS time_to_first_byte,
  logs.time_taken AS time_taken,
  logs.sc_bytes AS sc_bytes,
  logs.c_ip AS c_ip,
  logs.cs_uri_query AS cs_uri_query,
  logs.cs_user_agent AS cs_user_agent
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
  AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
  AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
  AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
  AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
  AND (chosen_code[1] = '' OR match(ifNull(toString(logs.sc_status), '-'), concat('^', replaceAll(regexpQuoteMeta(chosen_code[1]), '\\*', '.*'), '\\z')))
  AND (chosen_uri[1] = '' OR match(logs.cs_uri_stem, concat('^', replaceAll(regexpQuoteMeta(chosen_uri[1]), '\\*', '.*'), '\\z')))
  AND (chosen_request[1] = '' OR logs.x_edge_request_id = chosen_request[1])
  AND (has(chosen_only, 'all') OR has(chosen_only, 'failed') AND (logs.sc_status BETWEEN 400 AND 599 OR logs.x_edge_result_type = 'Error') OR has(chosen_only, 'slow_first_byte') AND logs.time_to_first_byte >= 1 OR has(chosen_only, 'miss') AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
ORDER BY toStartOfMinute(logs.timestamp) DESC, logs.timestamp DESC, logs.x_edge_request_id
LIMIT 200
