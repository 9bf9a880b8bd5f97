-- left-availability: Availability budget left, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  100 + -1000.0000000001 * (100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests)) AS budget_left
FROM (
  SELECT
    sum_requests, sc_status
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    sum_requests, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  GROUP BY logs.sc_status
) AS logs

-- breach-availability: Availability, minutes of breach, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  5 * count() AS minutes
FROM (
  SELECT
    toStartOfInterval(logs.at, INTERVAL 5 minute) AS slot,
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS failing,
    sum(logs.sum_requests) AS every
  FROM (
    SELECT
      minute AS at, sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
    UNION ALL
    SELECT
      toStartOfMinute(logs.timestamp), count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY toStartOfMinute(logs.timestamp), logs.sc_status
  ) AS logs
  GROUP BY toStartOfInterval(logs.at, INTERVAL 5 minute)
) AS slots
WHERE slots.every >= 41.6666666667
  AND 100.0 * slots.failing / slots.every >= 1.44

-- left-latency: Latency budget left, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  100 + -100 * (100.0 * sum(logs.count_time_to_first_byte_1) / sum(logs.sum_requests)) AS budget_left
FROM (
  SELECT
    sum_requests, count_time_to_first_byte_1
  FROM realtime_logs_hours
  WHERE hour >= first_hour AND hour < last_hour
  UNION ALL
  SELECT
    sum_requests, count_time_to_first_byte_1
  FROM realtime_logs_minutes
  WHERE minute >= first_minute AND minute < last_minute
    AND NOT (minute >= first_hour AND minute < last_hour)
  UNION ALL
  SELECT
    count(), countIf(logs.time_to_first_byte >= 1)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp <= until
    AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
) AS logs

-- breach-latency: Latency, minutes of breach, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  5 * count() AS minutes
FROM (
  SELECT
    toStartOfInterval(logs.at, INTERVAL 5 minute) AS slot,
    sum(logs.count_time_to_first_byte_1) AS failing,
    sum(logs.sum_requests) AS every
  FROM (
    SELECT
      minute AS at, count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
    UNION ALL
    SELECT
      toStartOfMinute(logs.timestamp), countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY toStartOfMinute(logs.timestamp)
  ) AS logs
  GROUP BY toStartOfInterval(logs.at, INTERVAL 5 minute)
) AS slots
WHERE slots.every >= 41.6666666667
  AND 100.0 * slots.failing / slots.every >= 14.4

-- burn-slo-errors-1h: 5xx, 1h, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 300000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.001 AS value
FROM (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS older
WHERE whole.requests >= 500
  AND older.requests > 0

-- burn-slo-errors-6h: 5xx, 6h, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 1800000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.001 AS value
FROM (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS older
WHERE whole.requests >= 1000
  AND older.requests > 0

-- burn-slo-errors-1d: 5xx, 1d, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 7200000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.001 AS value
FROM (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS older
WHERE whole.requests >= 2000
  AND older.requests > 0

-- burn-slo-errors-3d: 5xx, 3d, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 21600000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.001 AS value
FROM (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
    GROUP BY logs.sc_status
  ) AS logs
) AS older
WHERE whole.requests >= 2000
  AND older.requests > 0

-- burn-slo-latency-1h: Slow, 1h, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 300000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.01 AS value
FROM (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
  ) AS logs
) AS older
WHERE whole.requests >= 500
  AND older.requests > 0

-- burn-slo-latency-6h: Slow, 6h, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 1800000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.01 AS value
FROM (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
  ) AS logs
) AS older
WHERE whole.requests >= 1000
  AND older.requests > 0

-- burn-slo-latency-1d: Slow, 1d, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 7200000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.01 AS value
FROM (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
  ) AS logs
) AS older
WHERE whole.requests >= 2000
  AND older.requests > 0

-- burn-slo-latency-3d: Slow, 3d, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute,
  $__toTime_ms - INTERVAL 21600000 millisecond AS newest_since,
  $__toTime_ms AS newest_until,
  toStartOfInterval(newest_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS newest_first_hour,
  toStartOfInterval(newest_until, INTERVAL 3600000 millisecond) AS newest_last_hour,
  toStartOfInterval(newest_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS newest_first_minute,
  toStartOfInterval(newest_until, INTERVAL 60000 millisecond) AS newest_last_minute,
  $__fromTime_ms AS older_since,
  addMilliseconds($__fromTime_ms, intDiv(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 2)) AS older_until,
  toStartOfInterval(older_since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS older_first_hour,
  toStartOfInterval(older_until, INTERVAL 3600000 millisecond) AS older_last_hour,
  toStartOfInterval(older_since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS older_first_minute,
  toStartOfInterval(older_until, INTERVAL 60000 millisecond) AS older_last_minute
SELECT
  if(newest.requests = 0, NULL, least(whole.bad / whole.requests, newest.bad / newest.requests)) / 0.01 AS value
FROM (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
  ) AS logs
) AS whole
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= newest_first_hour AND hour < newest_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= newest_first_minute AND minute < newest_last_minute
      AND NOT (minute >= newest_first_hour AND minute < newest_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= newest_since AND logs.timestamp <= newest_until
      AND NOT (logs.timestamp >= newest_first_minute AND logs.timestamp < newest_last_minute)
  ) AS logs
) AS newest
CROSS JOIN (
  SELECT
    sum(logs.count_time_to_first_byte_1) AS bad,
    sum(logs.sum_requests) AS requests
  FROM (
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= older_first_hour AND hour < older_last_hour
    UNION ALL
    SELECT
      count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= older_first_minute AND minute < older_last_minute
      AND NOT (minute >= older_first_hour AND minute < older_last_hour)
    UNION ALL
    SELECT
      countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= older_since AND logs.timestamp <= older_until
      AND NOT (logs.timestamp >= older_first_minute AND logs.timestamp < older_last_minute)
  ) AS logs
) AS older
WHERE whole.requests >= 2000
  AND older.requests > 0

-- curve-availability: Availability budget: times too fast, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until
SELECT
  $__timeInterval_ms(logs.at) AS time,
  10 * (100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests)) AS burn
FROM (
  SELECT
    hour AS at, sum_requests, sc_status
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, sum_requests, sc_status
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval_ms(logs.timestamp), logs.sc_status
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- curve-latency: Latency budget: times too fast, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_ms millisecond) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_ms millisecond) AS until
SELECT
  $__timeInterval_ms(logs.at) AS time,
  1 * (100.0 * sum(logs.count_time_to_first_byte_1) / sum(logs.sum_requests)) AS burn
FROM (
  SELECT
    hour AS at, sum_requests, count_time_to_first_byte_1
  FROM realtime_logs_hours
  WHERE hour >= since AND hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    minute AS at, sum_requests, count_time_to_first_byte_1
  FROM realtime_logs_minutes
  WHERE minute >= since AND minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval_ms(logs.timestamp), count(), countIf(logs.time_to_first_byte >= 1)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval_ms(logs.timestamp)
) AS logs
GROUP BY $__timeInterval_ms(logs.at)
ORDER BY time ASC

-- spent-availability-host: Availability by host, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  labels.host AS host,
  100.0 * labels.failing / (labels.total * 0.001) AS spent,
  labels.failing AS bad,
  100.0 * labels.failing / labels.every AS rate
FROM (
  SELECT
    logs.cs_host AS host,
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS failing,
    sum(logs.sum_requests) AS every,
    sum(sum(logs.sum_requests)) OVER () AS total
  FROM (
    SELECT
      cs_host, sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      cs_host, sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      logs.cs_host, count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.cs_host, logs.sc_status
  ) AS logs
  GROUP BY logs.cs_host
) AS labels
WHERE labels.failing > 0
ORDER BY spent DESC, host
LIMIT 7

-- spent-availability-behavior: Availability by behavior, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  labels.behavior AS behavior,
  100.0 * labels.failing / (labels.total * 0.001) AS spent,
  labels.failing AS bad,
  100.0 * labels.failing / labels.every AS rate
FROM (
  SELECT
    logs.cache_behavior_path_pattern AS behavior,
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS failing,
    sum(logs.sum_requests) AS every,
    sum(sum(logs.sum_requests)) OVER () AS total
  FROM (
    SELECT
      cache_behavior_path_pattern, sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      cache_behavior_path_pattern, sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      logs.cache_behavior_path_pattern, count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.cache_behavior_path_pattern, logs.sc_status
  ) AS logs
  GROUP BY logs.cache_behavior_path_pattern
) AS labels
WHERE labels.failing > 0
ORDER BY spent DESC, behavior
LIMIT 7

-- spent-availability-country: Availability by country, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  labels.country AS country,
  100.0 * labels.failing / (labels.total * 0.001) AS spent,
  labels.failing AS bad,
  100.0 * labels.failing / labels.every AS rate
FROM (
  SELECT
    logs.c_country AS country,
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS failing,
    sum(logs.sum_requests) AS every,
    sum(sum(logs.sum_requests)) OVER () AS total
  FROM (
    SELECT
      c_country, sum_requests, sc_status
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      c_country, sum_requests, sc_status
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      logs.c_country, count(), logs.sc_status
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.c_country, logs.sc_status
  ) AS logs
  GROUP BY logs.c_country
) AS labels
WHERE labels.failing > 0
ORDER BY spent DESC, country
LIMIT 7

-- spent-latency-host: Latency by host, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  labels.host AS host,
  100.0 * labels.failing / (labels.total * 0.01) AS spent,
  labels.failing AS bad,
  100.0 * labels.failing / labels.every AS rate
FROM (
  SELECT
    logs.cs_host AS host,
    sum(logs.count_time_to_first_byte_1) AS failing,
    sum(logs.sum_requests) AS every,
    sum(sum(logs.sum_requests)) OVER () AS total
  FROM (
    SELECT
      cs_host, count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      cs_host, count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      logs.cs_host, countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.cs_host
  ) AS logs
  GROUP BY logs.cs_host
) AS labels
WHERE labels.failing > 0
ORDER BY spent DESC, host
LIMIT 7

-- spent-latency-behavior: Latency by behavior, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  labels.behavior AS behavior,
  100.0 * labels.failing / (labels.total * 0.01) AS spent,
  labels.failing AS bad,
  100.0 * labels.failing / labels.every AS rate
FROM (
  SELECT
    logs.cache_behavior_path_pattern AS behavior,
    sum(logs.count_time_to_first_byte_1) AS failing,
    sum(logs.sum_requests) AS every,
    sum(sum(logs.sum_requests)) OVER () AS total
  FROM (
    SELECT
      cache_behavior_path_pattern, count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      cache_behavior_path_pattern, count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      logs.cache_behavior_path_pattern, countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.cache_behavior_path_pattern
  ) AS logs
  GROUP BY logs.cache_behavior_path_pattern
) AS labels
WHERE labels.failing > 0
ORDER BY spent DESC, behavior
LIMIT 7

-- spent-latency-country: Latency by country, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfInterval(since + INTERVAL 3599999 millisecond, INTERVAL 3600000 millisecond) AS first_hour,
  toStartOfInterval(until, INTERVAL 3600000 millisecond) AS last_hour,
  toStartOfInterval(since + INTERVAL 59999 millisecond, INTERVAL 60000 millisecond) AS first_minute,
  toStartOfInterval(until, INTERVAL 60000 millisecond) AS last_minute
SELECT
  labels.country AS country,
  100.0 * labels.failing / (labels.total * 0.01) AS spent,
  labels.failing AS bad,
  100.0 * labels.failing / labels.every AS rate
FROM (
  SELECT
    logs.c_country AS country,
    sum(logs.count_time_to_first_byte_1) AS failing,
    sum(logs.sum_requests) AS every,
    sum(sum(logs.sum_requests)) OVER () AS total
  FROM (
    SELECT
      c_country, count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_hours
    WHERE hour >= first_hour AND hour < last_hour
    UNION ALL
    SELECT
      c_country, count_time_to_first_byte_1, sum_requests
    FROM realtime_logs_minutes
    WHERE minute >= first_minute AND minute < last_minute
      AND NOT (minute >= first_hour AND minute < last_hour)
    UNION ALL
    SELECT
      logs.c_country, countIf(logs.time_to_first_byte >= 1), count()
    FROM realtime_logs AS logs
    WHERE logs.timestamp >= since AND logs.timestamp <= until
      AND NOT (logs.timestamp >= first_minute AND logs.timestamp < last_minute)
    GROUP BY logs.c_country
  ) AS logs
  GROUP BY logs.c_country
) AS labels
WHERE labels.failing > 0
ORDER BY spent DESC, country
LIMIT 7
