-- ttfb: Time to first byte, query A
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
  $__timeInterval_ms(logs.at) AS time,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[1]), NULL), 6) AS ttfb_p50,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[3]), NULL), 6) AS ttfb_p99,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_taken)[1]), NULL), 6) AS time_taken_p50,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_taken)[2]), NULL), 6) AS time_taken_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_taken)[3]), NULL), 6) AS time_taken_p99,
  100.0 * sum(logs.count_time_taken_1) / sum(logs.sum_requests) AS slow_share,
  100.0 * sum(logs.count_time_to_first_byte_1) / sum(logs.sum_requests) AS slow_first_byte_share,
  round(ifNotFinite(toFloat64(quantilesTDigestMergeIf(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte, (logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'))[1]), NULL), 6) AS ttfb_hit_p50,
  round(ifNotFinite(toFloat64(quantilesTDigestMergeIf(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte, (logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'))[2]), NULL), 6) AS ttfb_hit_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMergeIf(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte, (logs.x_edge_result_type IN ('Hit', 'RefreshHit') OR logs.x_edge_detailed_result_type = 'OriginShieldHit'))[3]), NULL), 6) AS ttfb_hit_p99,
  round(ifNotFinite(toFloat64(quantilesTDigestMergeIf(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte, (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))[1]), NULL), 6) AS ttfb_miss_p50,
  round(ifNotFinite(toFloat64(quantilesTDigestMergeIf(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte, (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))[2]), NULL), 6) AS ttfb_miss_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMergeIf(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte, (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))[3]), NULL), 6) AS ttfb_miss_p99,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_origin_fbl)[1]), NULL), 6) AS origin_fbl_p50,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_origin_fbl)[2]), NULL), 6) AS origin_fbl_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_origin_fbl)[3]), NULL), 6) AS origin_fbl_p99,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_origin_lbl)[1]), NULL), 6) AS origin_lbl_p50,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_origin_lbl)[2]), NULL), 6) AS origin_lbl_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_origin_lbl)[3]), NULL), 6) AS origin_lbl_p99
FROM (
  SELECT
    hour AS at, digest_time_to_first_byte, digest_time_taken, sum_requests, count_time_taken_1, count_time_to_first_byte_1, x_edge_result_type, x_edge_detailed_result_type, digest_origin_fbl, digest_origin_lbl, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, digest_time_to_first_byte, digest_time_taken, sum_requests, count_time_taken_1, count_time_to_first_byte_1, x_edge_result_type, x_edge_detailed_result_type, digest_origin_fbl, digest_origin_lbl, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_taken), logs.time_taken IS NOT NULL), count(), countIf(logs.time_taken >= 1), countIf(logs.time_to_first_byte >= 1), logs.x_edge_result_type, logs.x_edge_detailed_result_type, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.origin_fbl), logs.origin_fbl IS NOT NULL), quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.origin_lbl), logs.origin_lbl IS NOT NULL), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
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

-- ttfb: Time to first byte, query B
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
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[1]), NULL), 6) AS ttfb_p50_day_before,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS ttfb_p95_day_before,
  round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[3]), NULL), 6) AS ttfb_p99_day_before
FROM (
  SELECT
    hour AS at, digest_time_to_first_byte, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, digest_time_to_first_byte, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval_ms(logs.timestamp), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
) AS logs
WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
  AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
  AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
  AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
  AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
  AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- ttfb-heatmap: Requests by time to first byte, query A
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
  countIf(logs.time_to_first_byte <= 0.005) AS "0.005",
  countIf(logs.time_to_first_byte > 0.005 AND logs.time_to_first_byte <= 0.01) AS "0.01",
  countIf(logs.time_to_first_byte > 0.01 AND logs.time_to_first_byte <= 0.025) AS "0.025",
  countIf(logs.time_to_first_byte > 0.025 AND logs.time_to_first_byte <= 0.05) AS "0.05",
  countIf(logs.time_to_first_byte > 0.05 AND logs.time_to_first_byte <= 0.1) AS "0.1",
  countIf(logs.time_to_first_byte > 0.1 AND logs.time_to_first_byte <= 0.25) AS "0.25",
  countIf(logs.time_to_first_byte > 0.25 AND logs.time_to_first_byte <= 0.5) AS "0.5",
  countIf(logs.time_to_first_byte > 0.5 AND logs.time_to_first_byte <= 1) AS "1",
  countIf(logs.time_to_first_byte > 1 AND logs.time_to_first_byte <= 2.5) AS "2.5",
  countIf(logs.time_to_first_byte > 2.5 AND logs.time_to_first_byte <= 5) AS "5",
  countIf(logs.time_to_first_byte > 5 AND logs.time_to_first_byte <= 10) AS "10",
  countIf(logs.time_to_first_byte > 10) AS "+Inf"
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

-- ttfb-country: TTFB p95 of the countries with most slow first bytes, query A
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
  places.country AS country,
  places.value AS ttfb_p95
FROM (
  SELECT
    bins.time AS time,
    bins.country AS country,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.country) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.c_country AS country,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.c_country) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.c_country) AS second
    FROM (
      SELECT
        hour AS at, c_country, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, c_country, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.c_country, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count(), logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.c_country, logs.x_host_header, logs.cs_host, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
    ) AS logs
    WHERE (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.at), logs.c_country
    HAVING sum(logs.sum_requests) >= 40
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, country ASC

-- ttfb-edge: TTFB p95 of the edges with most slow first bytes, query A
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
  places.value AS ttfb_p95
FROM (
  SELECT
    bins.time AS time,
    bins.edge AS edge,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.edge) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.x_edge_location AS edge,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.x_edge_location) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_location) AS second
    FROM (
      SELECT
        hour AS at, x_edge_location, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, x_edge_location, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, c_country, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.x_edge_location, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count(), logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.x_edge_location, logs.x_host_header, logs.cs_host, logs.c_country, logs.cache_behavior_path_pattern, logs.sc_status
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

-- ttfb-behavior: TTFB p95 of the cache behaviors with most slow first bytes, query A
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
  places.value AS ttfb_p95
FROM (
  SELECT
    bins.time AS time,
    bins.behavior AS behavior,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.behavior) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.cache_behavior_path_pattern AS behavior,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.cache_behavior_path_pattern) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.cache_behavior_path_pattern) AS second
    FROM (
      SELECT
        hour AS at, cache_behavior_path_pattern, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, c_country, x_edge_location, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, cache_behavior_path_pattern, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, c_country, x_edge_location, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.cache_behavior_path_pattern, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count(), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.cache_behavior_path_pattern, logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.sc_status
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

-- ttfb-host: TTFB p95 of the hosts with most slow first bytes, query A
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
  places.value AS ttfb_p95
FROM (
  SELECT
    bins.time AS time,
    bins.host AS host,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.host) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.cs_host AS host,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(0.5, 0.95, 0.99)(logs.digest_time_to_first_byte)[2]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.cs_host) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.cs_host) AS second
    FROM (
      SELECT
        hour AS at, cs_host, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, cs_host, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.cs_host, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count(), logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
      FROM realtime_logs AS logs
      WHERE logs.timestamp >= since AND logs.timestamp < until
        AND $__interval_ms % 60000 <> 0
      GROUP BY $__timeInterval_ms(logs.timestamp), logs.cs_host, logs.x_host_header, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
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

-- ttfb-result: Time to first byte by result, ${percentile:text}, query A
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
  places.result AS result,
  places.value AS ttfb
FROM (
  SELECT
    bins.time AS time,
    bins.result AS result,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.result) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.at) AS time,
      logs.x_edge_result_type AS result,
      round(ifNotFinite(toFloat64(quantilesTDigestMerge(toFloat64OrZero('${percentile:percentencode}'))(logs.digest_time_to_first_byte)[1]), NULL), 6) AS value,
      sum(sum(logs.count_time_to_first_byte_1)) OVER (PARTITION BY logs.x_edge_result_type) AS total,
      sum(sum(logs.sum_requests)) OVER (PARTITION BY logs.x_edge_result_type) AS second
    FROM (
      SELECT
        hour AS at, x_edge_result_type, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_hours
      WHERE hour >= since AND hour < until
        AND $__interval_ms % 3600000 = 0
      UNION ALL
      SELECT
        minute AS at, x_edge_result_type, digest_time_to_first_byte, count_time_to_first_byte_1, sum_requests, x_host_header, cs_host, c_country, x_edge_location, cache_behavior_path_pattern, sc_status
      FROM realtime_logs_minutes
      WHERE minute >= since AND minute < until
        AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
      UNION ALL
      SELECT
        $__timeInterval_ms(logs.timestamp), logs.x_edge_result_type, quantilesTDigestStateIf(0.5, 0.95, 0.99)(assumeNotNull(logs.time_to_first_byte), logs.time_to_first_byte IS NOT NULL), countIf(logs.time_to_first_byte >= 1), count(), logs.x_host_header, logs.cs_host, logs.c_country, logs.x_edge_location, logs.cache_behavior_path_pattern, logs.sc_status
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
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, result ASC

-- ttfb-protocol: Time to first byte by HTTP version, ${percentile:text}, query A
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
  places.http_version AS http_version,
  places.value AS ttfb
FROM (
  SELECT
    bins.time AS time,
    bins.http_version AS http_version,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.second DESC, bins.http_version) AS place
  FROM (
    SELECT
      $__timeInterval_ms(logs.timestamp) AS time,
      logs.cs_protocol_version AS http_version,
      round(ifNotFinite(toFloat64(quantilesTDigest(toFloat64OrZero('${percentile:percentencode}'))(logs.time_to_first_byte)[1]), NULL), 6) AS value,
      sum(countIf(logs.time_to_first_byte >= 1)) OVER (PARTITION BY logs.cs_protocol_version) AS total,
      sum(count()) OVER (PARTITION BY logs.cs_protocol_version) AS second
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.timestamp), logs.cs_protocol_version
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, http_version ASC

-- origin-fbl-origin: Origin first byte of the busiest origins, ${percentile:text}, query A
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
  places.origin AS origin,
  places.value AS origin_fbl
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
      round(ifNotFinite(toFloat64(quantilesTDigest(toFloat64OrZero('${percentile:percentencode}'))(logs.origin_fbl)[1]), NULL), 6) AS value,
      sum(count()) OVER (PARTITION BY logs.r_host) AS total
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND (hasAny(chosen_distribution, ['$__all', 'All']) OR logs.x_host_header IN chosen_distribution)
      AND (hasAny(chosen_host, ['$__all', 'All']) OR logs.cs_host IN chosen_host)
      AND (hasAny(chosen_country, ['$__all', 'All']) OR logs.c_country IN chosen_country)
      AND (hasAny(chosen_edge, ['$__all', 'All']) OR logs.x_edge_location IN chosen_edge)
      AND (hasAny(chosen_behavior, ['$__all', 'All']) OR logs.cache_behavior_path_pattern IN chosen_behavior)
      AND (hasAny(chosen_status, ['$__all', 'All']) OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
    GROUP BY $__timeInterval_ms(logs.timestamp), logs.r_host
  ) AS bins
) AS places
WHERE places.place <= toUInt64OrZero('${top:percentencode}')
ORDER BY time ASC, origin ASC

-- slow-uris: Most missed URIs, and their wait, query A
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
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.origin_fbl)[2]), NULL), 6) AS origin_fbl_p95,
  round(ifNotFinite(toFloat64(quantilesTDigestIf(0.5, 0.95, 0.99)(logs.time_to_first_byte, (logs.x_edge_result_type = 'Miss' AND logs.x_edge_detailed_result_type NOT IN ('OriginShieldHit', '-')))[2]), NULL), 6) AS ttfb_miss_p95
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
