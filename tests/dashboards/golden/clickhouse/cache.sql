-- hit-ratio: Cache hit ratio, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  $__timeInterval_ms(logs.timestamp) AS time,
  100.0 * countIf((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit')) / nullIf(countIf(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-')), 0) AS hit_ratio,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sc_bytes, 0)), 0) AS byte_hit_ratio,
  100.0 * countIf(logs.x_edge_detailed_result_type = 'OriginShieldHit') / count() AS shield_hit_share,
  countIf(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))) / ($__interval_ms / 1000.0) AS origin_request_rate,
  100.0 * countIf(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))) / count() AS origin_share,
  100.0 * countIf((position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) / count() AS origin_error_share,
  100.0 * countIf(logs.sc_status BETWEEN 500 AND 599) / count() AS error_rate_5xx,
  countIf(startsWith(logs.sr_reason, 'Failover')) AS failovers
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp < until
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY $__timeInterval_ms(logs.timestamp)
ORDER BY time ASC

-- hit-ratio: Cache hit ratio, query B
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond - INTERVAL 24 HOUR, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms - INTERVAL 24 HOUR, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  $__timeInterval_ms(logs.at) + INTERVAL 24 HOUR AS time,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio_day_before,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_sc_bytes, 0)), 0) AS byte_hit_ratio_day_before
FROM (
  SELECT
    hour AS at, sum_requests, x_edge_result_type, x_edge_detailed_result_type, sum_sc_bytes, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, sum_requests, x_edge_result_type, x_edge_detailed_result_type, sum_sc_bytes, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type, sum(logs.sc_bytes), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval_ms(logs.timestamp), logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- results: Requests per second by result, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.result, 'other') AS result,
  sum(places.value) AS request_rate
FROM (
  SELECT
    bins.time AS time,
    bins.result AS result,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.result) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.x_edge_result_type AS result,
      sum(logs.sum_requests) / ($__interval_ms / 1000.0) AS value,
      sum(sum(logs.sum_requests) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.x_edge_result_type) AS total
    FROM (
      SELECT
        hour AS at, x_edge_result_type, sum_requests, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, x_edge_result_type, sum_requests, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.x_edge_result_type, count(), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.x_edge_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.x_edge_result_type
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.result, 'other')
ORDER BY time ASC, result ASC

-- hit-behavior: Cache hit ratio of the busiest cache behaviors, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  places.behavior AS behavior,
  places.value AS hit_ratio
FROM (
  SELECT
    bins.time AS time,
    bins.behavior AS behavior,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.behavior) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.cache_behavior_path_pattern AS behavior,
      100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.cache_behavior_path_pattern) AS total
    FROM (
      SELECT
        hour AS at, cache_behavior_path_pattern, sum_requests, x_edge_result_type, x_edge_detailed_result_type, x_host_header, cs_host, c_country, x_edge_location, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, cache_behavior_path_pattern, sum_requests, x_edge_result_type, x_edge_detailed_result_type, x_host_header, cs_host, c_country, x_edge_location, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.cache_behavior_path_pattern, count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.cache_behavior_path_pattern, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.cache_behavior_path_pattern
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, behavior ASC

-- hit-host: Cache hit ratio of the busiest hosts, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  places.host AS host,
  places.value AS hit_ratio
FROM (
  SELECT
    bins.time AS time,
    bins.host AS host,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.host) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.cs_host AS host,
      100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.cs_host) AS total
    FROM (
      SELECT
        hour AS at, cs_host, sum_requests, x_edge_result_type, x_edge_detailed_result_type, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, cs_host, sum_requests, x_edge_result_type, x_edge_detailed_result_type, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.cs_host, count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.cs_host, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.cs_host
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, host ASC

-- hit-type: Cache hit ratio of the busiest content types, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  places.content_type AS content_type,
  places.value AS hit_ratio
FROM (
  SELECT
    bins.time AS time,
    bins.content_type AS content_type,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.content_type) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.timestamp) AS time,
      substringIndex(logs.sc_content_type, ';', 1) AS content_type,
      100.0 * countIf((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit')) / nullIf(countIf(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-')), 0) AS value,
      sum(count()) OVER (PARTITION BY substringIndex(logs.sc_content_type, ';', 1)) AS total
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.timestamp), substringIndex(logs.sc_content_type, ';', 1)
    HAVING count() >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, content_type ASC

-- hit-edge: Cache hit ratio of the busiest edges, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  places.edge AS edge,
  places.value AS hit_ratio
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.x_edge_location AS edge,
      100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_location) AS total
    FROM (
      SELECT
        hour AS at, x_edge_location, sum_requests, x_edge_result_type, x_edge_detailed_result_type, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, x_edge_location, sum_requests, x_edge_result_type, x_edge_detailed_result_type, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.x_edge_location, count(), logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.x_edge_location, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.x_edge_location
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, edge ASC

-- origin-details: Origin errors by kind, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.detail, 'other') AS detail,
  sum(places.value) AS requests
FROM (
  SELECT
    bins.time AS time,
    bins.detail AS detail,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.detail) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.x_edge_detailed_result_type AS detail,
      sum(logs.sum_requests) AS value,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_detailed_result_type) AS total
    FROM (
      SELECT
        hour AS at, x_edge_detailed_result_type, sum_requests, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, x_edge_detailed_result_type, sum_requests, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.x_edge_detailed_result_type, count(), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.x_edge_detailed_result_type, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.x_edge_detailed_result_type
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.detail, 'other')
ORDER BY time ASC, detail ASC

-- origins: Origin requests per second by origin, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  places.time AS time,
  if(places.place <= toUInt64OrZero('${top:percentencode}'), places.origin, 'other') AS origin,
  sum(places.value) AS origin_request_rate
FROM (
  SELECT
    bins.time AS time,
    bins.origin AS origin,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.origin) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.timestamp) AS time,
      logs.r_host AS origin,
      countIf(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))) / ($__interval_ms / 1000.0) AS value,
      sum(countIf(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))) / ($__interval_ms / 1000.0)) OVER (PARTITION BY logs.r_host) AS total
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND ((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.timestamp), logs.r_host
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= toUInt64OrZero('${top:percentencode}'), places.origin, 'other')
ORDER BY time ASC, origin ASC

-- missed-uris: Most missed URIs, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  logs.cs_uri_stem AS uri,
  countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) AS misses,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) AS missed_bytes
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cs_uri_stem
ORDER BY countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')

-- missed-bytes: URIs with most bytes of misses, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status
SELECT
  logs.cs_uri_stem AS uri,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) AS missed_bytes,
  countIf((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))) AS misses
FROM realtime_logs AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))
  AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cs_uri_stem
ORDER BY sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sc_bytes, 0)) DESC, logs.cs_uri_stem
LIMIT toUInt64OrZero('${top:percentencode}')

-- behaviors: Cache behaviors by requests, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  arrayMap(value -> decodeURLComponent(value), extractAll('${distribution:queryparam}', '=([^&]*)')) AS chosen_distribution,
  arrayMap(value -> decodeURLComponent(value), extractAll('${host:queryparam}', '=([^&]*)')) AS chosen_host,
  arrayMap(value -> decodeURLComponent(value), extractAll('${country:queryparam}', '=([^&]*)')) AS chosen_country,
  arrayMap(value -> decodeURLComponent(value), extractAll('${edge:queryparam}', '=([^&]*)')) AS chosen_edge,
  arrayMap(value -> decodeURLComponent(value), extractAll('${behavior:queryparam}', '=([^&]*)')) AS chosen_behavior,
  arrayMap(value -> decodeURLComponent(value), extractAll('${status:queryparam}', '=([^&]*)')) AS chosen_status,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  logs.cache_behavior_path_pattern AS behavior,
  logs.cs_host AS host,
  sum(logs.sum_requests) AS requests,
  sum(logs.sum_sc_bytes) AS bytes,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_requests, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_requests, 0)), 0) AS hit_ratio,
  100.0 * sum(if((logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'), logs.sum_sc_bytes, 0)) / nullIf(sum(if(logs.x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded', '-'), logs.sum_sc_bytes, 0)), 0) AS byte_hit_ratio,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sum_requests, 0)) AS misses,
  sum(if((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sum_sc_bytes, 0)) AS missed_bytes,
  100.0 * sum(if((position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')), logs.sum_requests, 0)) / nullIf(sum(if(((logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')) AND logs.x_edge_detailed_result_type NOT IN ('MissGeneratedResponse', '-') OR (position(logs.x_edge_detailed_result_type, 'Origin') > 0 AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-'))), logs.sum_requests, 0)), 0) AS origin_error_rate
FROM (
  SELECT
    cache_behavior_path_pattern, cs_host, sum_requests, sum_sc_bytes, x_edge_result_type, x_edge_detailed_result_type, x_host_header, c_country, x_edge_location, sc_status
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    cache_behavior_path_pattern, cs_host, sum_requests, sum_sc_bytes, x_edge_result_type, x_edge_detailed_result_type, x_host_header, c_country, x_edge_location, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    logs.cache_behavior_path_pattern, logs.cs_host, count(), sum(logs.sc_bytes), logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.cache_behavior_path_pattern, logs.cs_host, logs.x_edge_result_type, logs.x_edge_detailed_result_type, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.sc_status
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY logs.cache_behavior_path_pattern, logs.cs_host
ORDER BY sum(logs.sum_requests) DESC, logs.cache_behavior_path_pattern, logs.cs_host
LIMIT toUInt64OrZero('${top:percentencode}')
