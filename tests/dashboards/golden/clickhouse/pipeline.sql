-- total-received: Lines received, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until
SELECT
  sum(logs.received) AS received,
  sum(logs.written) AS written,
  sum(logs.duplicates) AS duplicates,
  100.0 * sum(logs.malformed) / nullIf(sum(logs.received), 0) AS malformed_share,
  100.0 * sum(logs.rejected) / nullIf(sum(logs.received), 0) AS rejected_share,
  sum(logs.trimmed) AS trimmed,
  sum(logs.received - logs.written - logs.duplicates - logs.malformed - logs.rejected) AS unaccounted,
  age('second', maxOrNull(logs.timestamp), $__toTime_ms) AS silence
FROM realtime_logs_pipeline AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND logs.field = '-'

-- lines: Lines received and written, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until
SELECT
  $__timeInterval(logs.timestamp) AS time,
  sum(logs.received) AS received,
  sum(logs.written) AS written,
  sum(logs.malformed) AS malformed,
  sum(logs.rejected) AS rejected,
  sum(logs.trimmed) AS trimmed,
  sum(logs.duplicates) AS duplicates,
  100.0 * sum(logs.malformed) / nullIf(sum(logs.received), 0) AS malformed_share,
  100.0 * sum(logs.rejected) / nullIf(sum(logs.received), 0) AS rejected_share,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.lag_p50_ms)[1]), NULL), 6) / 1000 AS lag_p50,
  max(logs.lag_max_ms) / 1000 AS lag_max,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.write_ms)[2]), NULL), 6) AS write_time_p95,
  round(ifNotFinite(toFloat64(quantilesTDigest(0.5, 0.95, 0.99)(logs.duration_ms)[2]), NULL), 6) AS duration_p95,
  count() AS invocations,
  sum(logs.retried) AS retried,
  sum(logs.bytes_sent) AS bytes_written
FROM realtime_logs_pipeline AS logs
WHERE logs.timestamp >= since AND logs.timestamp < until
  AND logs.field = '-'
GROUP BY $__timeInterval(logs.timestamp)
ORDER BY time ASC

-- left-out: Values left out, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until
SELECT
  places.time AS time,
  if(places.place <= 10, places.field, 'other') AS field,
  sum(places.value) AS left_out
FROM (
  SELECT
    bins.time AS time,
    bins.field AS field,
    bins.value AS value,
    dense_rank() OVER (ORDER BY bins.total DESC, bins.field) AS place
  FROM (
    SELECT
      $__timeInterval(logs.timestamp) AS time,
      logs.field AS field,
      sum(logs.left_out) AS value,
      sum(sum(logs.left_out)) OVER (PARTITION BY logs.field) AS total
    FROM realtime_logs_pipeline AS logs
    WHERE logs.timestamp >= since AND logs.timestamp < until
      AND logs.field <> '-'
    GROUP BY $__timeInterval(logs.timestamp), logs.field
  ) AS bins
) AS places
GROUP BY places.time, if(places.place <= 10, places.field, 'other')
ORDER BY time ASC, field ASC

-- cost-machine: One machine, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until
SELECT
  2.0373041096 + 0 * (count()) AS dollars
FROM realtime_logs_pipeline AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND logs.field = '-'

-- cost-lines: Log lines, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until
SELECT
  0.000864 * (sum(logs.received) / (dateDiff('millisecond', $__fromTime_ms, $__toTime_ms) / 1000.0)) AS dollars
FROM realtime_logs_pipeline AS logs
WHERE logs.timestamp >= since AND logs.timestamp <= until
  AND logs.field = '-'
