-- left-availability: Availability budget left, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  100 + -1000.0000000001 * (100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests)) AS budget_left
FROM (
  SELECT
    logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  5 * count() AS minutes
FROM (
  SELECT
    toStartOfInterval(logs.at, INTERVAL 5 minute) AS slot,
    sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS failing,
    sum(logs.sum_requests) AS every
  FROM (
    SELECT
      logs.minute AS at, logs.sum_requests, logs.sc_status
    FROM realtime_logs_total_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
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
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  100 + -100 * (100.0 * sum(logs.count_time_to_first_byte_1) / sum(logs.sum_requests)) AS budget_left
FROM (
  SELECT
    logs.sum_requests, logs.count_time_to_first_byte_1
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= first_hour AND logs.hour < last_hour
  UNION ALL
  SELECT
    logs.sum_requests, logs.count_time_to_first_byte_1
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= first_minute AND logs.minute < last_minute
    AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
SELECT
  5 * count() AS minutes
FROM (
  SELECT
    toStartOfInterval(logs.at, INTERVAL 5 minute) AS slot,
    sum(logs.count_time_to_first_byte_1) AS failing,
    sum(logs.sum_requests) AS every
  FROM (
    SELECT
      logs.minute AS at, logs.count_time_to_first_byte_1, logs.sum_requests
    FROM realtime_logs_total_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
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
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 14.4 THEN v.sure ELSE CASE WHEN v.number < 14.4 THEN v.number ELSE 14.4 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.001 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.001 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.001 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN 1.0 * c.bad ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 3600 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 300 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 10 minute)), 600) AS slot,
                sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.minute AS at, logs.sum_requests, logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute, 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute)
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), count(), logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), logs.sc_status, slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 10 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 500
          AND s.short_requests > 0
          AND s.slots >= 3
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- burn-slo-errors-6h: 5xx, 6h, query A
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 6 THEN v.sure ELSE CASE WHEN v.number < 6 THEN v.number ELSE 6 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.001 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.001 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.001 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN CASE WHEN 1.0 * c.bad < 0.0144 * c.requests THEN 1.0 * c.bad ELSE 0.0144 * c.requests END ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 21600 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 1800 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 10 minute)), 600) AS slot,
                sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.minute AS at, logs.sum_requests, logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute, 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute)
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), count(), logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), logs.sc_status, slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 10 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 1000
          AND s.short_requests > 0
          AND s.slots >= 18
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- burn-slo-errors-1d: 5xx, 1d, query A
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 3 THEN v.sure ELSE CASE WHEN v.number < 3 THEN v.number ELSE 3 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.001 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.001 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.001 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN CASE WHEN 1.0 * c.bad < 0.006 * c.requests THEN 1.0 * c.bad ELSE 0.006 * c.requests END ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 86400 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 7200 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfHour(whole_since + INTERVAL 3599999 millisecond) AS whole_first_hour,
              toStartOfHour(whole_until) AS whole_last_hour,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 60 minute)), 3600) AS slot,
                sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.hour AS at, logs.sum_requests, logs.sc_status,
                  'whole' AS slice
                FROM realtime_logs_total_hours AS logs
                WHERE (logs.hour >= whole_first_hour AND logs.hour < whole_last_hour)
                UNION ALL
                SELECT
                  logs.minute AS at, logs.sum_requests, logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour), 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour))
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), count(), logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), logs.sc_status, slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 60 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 2000
          AND s.short_requests > 0
          AND s.slots >= 12
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- burn-slo-errors-3d: 5xx, 3d, query A
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 1 THEN v.sure ELSE CASE WHEN v.number < 1 THEN v.number ELSE 1 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.001 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.001 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.001 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN CASE WHEN 1.0 * c.bad < 0.006 * c.requests THEN 1.0 * c.bad ELSE 0.006 * c.requests END ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 259200 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 21600 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfHour(whole_since + INTERVAL 3599999 millisecond) AS whole_first_hour,
              toStartOfHour(whole_until) AS whole_last_hour,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 60 minute)), 3600) AS slot,
                sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.hour AS at, logs.sum_requests, logs.sc_status,
                  'whole' AS slice
                FROM realtime_logs_total_hours AS logs
                WHERE (logs.hour >= whole_first_hour AND logs.hour < whole_last_hour)
                UNION ALL
                SELECT
                  logs.minute AS at, logs.sum_requests, logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour), 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour))
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), count(), logs.sc_status,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), logs.sc_status, slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 60 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 2000
          AND s.short_requests > 0
          AND s.slots >= 36
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- burn-slo-latency-1h: Slow, 1h, query A
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 14.4 THEN v.sure ELSE CASE WHEN v.number < 14.4 THEN v.number ELSE 14.4 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.01 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.01 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.01 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN 1.0 * c.bad ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 3600 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 300 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 10 minute)), 600) AS slot,
                sum(logs.count_time_to_first_byte_1) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.minute AS at, logs.count_time_to_first_byte_1, logs.sum_requests,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute, 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute)
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), countIf(logs.time_to_first_byte >= 1), count(),
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 10 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 500
          AND s.short_requests > 0
          AND s.slots >= 3
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- burn-slo-latency-6h: Slow, 6h, query A
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 6 THEN v.sure ELSE CASE WHEN v.number < 6 THEN v.number ELSE 6 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.01 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.01 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.01 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN CASE WHEN 1.0 * c.bad < 0.144 * c.requests THEN 1.0 * c.bad ELSE 0.144 * c.requests END ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 21600 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 1800 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 10 minute)), 600) AS slot,
                sum(logs.count_time_to_first_byte_1) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.minute AS at, logs.count_time_to_first_byte_1, logs.sum_requests,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute, 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute)
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), countIf(logs.time_to_first_byte >= 1), count(),
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 10 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 1000
          AND s.short_requests > 0
          AND s.slots >= 18
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- burn-slo-latency-1d: Slow, 1d, query A
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 3 THEN v.sure ELSE CASE WHEN v.number < 3 THEN v.number ELSE 3 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.01 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.01 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.01 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN CASE WHEN 1.0 * c.bad < 0.06 * c.requests THEN 1.0 * c.bad ELSE 0.06 * c.requests END ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 86400 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 7200 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfHour(whole_since + INTERVAL 3599999 millisecond) AS whole_first_hour,
              toStartOfHour(whole_until) AS whole_last_hour,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 60 minute)), 3600) AS slot,
                sum(logs.count_time_to_first_byte_1) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.hour AS at, logs.count_time_to_first_byte_1, logs.sum_requests,
                  'whole' AS slice
                FROM realtime_logs_total_hours AS logs
                WHERE (logs.hour >= whole_first_hour AND logs.hour < whole_last_hour)
                UNION ALL
                SELECT
                  logs.minute AS at, logs.count_time_to_first_byte_1, logs.sum_requests,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour), 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour))
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), countIf(logs.time_to_first_byte >= 1), count(),
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 60 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 2000
          AND s.short_requests > 0
          AND s.slots >= 12
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- burn-slo-latency-3d: Slow, 3d, query A
SELECT
  asked.number AS value
FROM (
  SELECT
    u.part AS part,
    u.name AS name,
    u.number AS number,
    u.judged AS judged,
    u.judged AS place
  FROM (
    SELECT
      v.part AS part,
      v.name AS name,
      v.number AS number,
      CASE WHEN v.sure > 1 THEN v.sure ELSE CASE WHEN v.number < 1 THEN v.number ELSE 1 END END AS judged
    FROM (
      SELECT
        b.part AS part,
        '' AS name,
        CASE WHEN b.short < b.rate THEN b.short ELSE b.rate END AS number,
        CASE WHEN b.short < b.low THEN b.short ELSE b.low END AS sure
      FROM (
        SELECT
          s.part AS part,
          s.bad / s.requests / 0.01 AS rate,
          s.short_bad / nullif(s.short_requests, 0) / 0.01 AS short,
          100 * ((1.0 * s.bad / s.requests) + 2.0 / s.requests - 2.0 * sqrt((1.0 * s.bad / s.requests) * (1 - (1.0 * s.bad / s.requests)) / s.requests + 1.0 / s.requests / s.requests)) / (1 + 4.0 / s.requests) / 100 / 0.01 AS low
        FROM (
          SELECT
            c.part AS part,
            sum(CASE WHEN c.slice = 'whole' THEN CASE WHEN 1.0 * c.bad < 0.06 * c.requests THEN 1.0 * c.bad ELSE 0.06 * c.requests END ELSE 0 END) AS bad,
            sum(CASE WHEN c.slice = 'whole' THEN c.requests ELSE 0 END) AS requests,
            1.0 * sum(CASE WHEN c.slice = 'short' THEN c.bad ELSE 0 END) AS short_bad,
            sum(CASE WHEN c.slice = 'short' THEN c.requests ELSE 0 END) AS short_requests,
            sum(CASE WHEN c.slice = 'whole' THEN 1 ELSE 0 END) AS slots
          FROM (
            WITH
              $__toTime_ms - INTERVAL 259200 second AS whole_since,
              $__toTime_ms AS whole_until,
              $__toTime_ms - INTERVAL 21600 second AS short_since,
              $__toTime_ms AS short_until,
              toStartOfHour(whole_since + INTERVAL 3599999 millisecond) AS whole_first_hour,
              toStartOfHour(whole_until) AS whole_last_hour,
              toStartOfMinute(whole_since + INTERVAL 59999 millisecond) AS whole_first_minute,
              toStartOfMinute(whole_until) AS whole_last_minute,
              toStartOfMinute(short_since + INTERVAL 59999 millisecond) AS short_first_minute,
              toStartOfMinute(short_until) AS short_last_minute
            SELECT
              '' AS part,
              '' AS name,
              g.slice AS slice,
              g.slot AS slot,
              g.number_1 AS bad,
              g.number_2 AS requests
            FROM (
              SELECT
                logs.slice AS slice,
                intDiv(toUnixTimestamp(toStartOfInterval(logs.at, INTERVAL 60 minute)), 3600) AS slot,
                sum(logs.count_time_to_first_byte_1) AS number_1,
                sum(logs.sum_requests) AS number_2
              FROM (
                SELECT
                  logs.hour AS at, logs.count_time_to_first_byte_1, logs.sum_requests,
                  'whole' AS slice
                FROM realtime_logs_total_hours AS logs
                WHERE (logs.hour >= whole_first_hour AND logs.hour < whole_last_hour)
                UNION ALL
                SELECT
                  logs.minute AS at, logs.count_time_to_first_byte_1, logs.sum_requests,
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour), 'whole', ''), if(logs.minute >= short_first_minute AND logs.minute < short_last_minute, 'short', '')])) AS slice
                FROM realtime_logs_total_minutes AS logs
                WHERE (logs.minute >= whole_first_minute AND logs.minute < whole_last_minute
                  AND NOT (logs.minute >= whole_first_hour AND logs.minute < whole_last_hour))
                  OR (logs.minute >= short_first_minute AND logs.minute < short_last_minute)
                UNION ALL
                SELECT
                  toStartOfMinute(logs.timestamp), countIf(logs.time_to_first_byte >= 1), count(),
                  arrayJoin(arrayFilter(each -> each <> '', [if(logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute), 'whole', ''), if(logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute), 'short', '')])) AS slice
                FROM realtime_logs AS logs
                WHERE (logs.timestamp >= whole_since AND logs.timestamp <= whole_until AND NOT (logs.timestamp >= whole_first_minute AND logs.timestamp < whole_last_minute))
                  OR (logs.timestamp >= short_since AND logs.timestamp <= short_until AND NOT (logs.timestamp >= short_first_minute AND logs.timestamp < short_last_minute))
                GROUP BY toStartOfMinute(logs.timestamp), slice
              ) AS logs
              GROUP BY logs.slice, toStartOfInterval(logs.at, INTERVAL 60 minute)
            ) AS g
          ) AS c
          GROUP BY c.part
        ) AS s
        WHERE s.requests >= 2000
          AND s.short_requests > 0
          AND s.slots >= 36
      ) AS b
    ) AS v
  ) AS u
) AS asked

-- curve-availability: Availability budget: times too fast, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until
SELECT
  $__timeInterval(logs.at) AS time,
  10 * (100.0 * sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)) / sum(logs.sum_requests)) AS burn
FROM (
  SELECT
    logs.hour AS at, logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    logs.minute AS at, logs.sum_requests, logs.sc_status
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval(logs.timestamp), count(), logs.sc_status
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval(logs.timestamp), logs.sc_status
) AS logs
GROUP BY $__timeInterval(logs.at)
ORDER BY time ASC

-- curve-latency: Latency budget: times too fast, query A
WITH
  toStartOfInterval($__fromTime_ms + INTERVAL ($__interval_ms - 1) millisecond, INTERVAL $__interval_s second) AS since,
  toStartOfInterval($__toTime_ms, INTERVAL $__interval_s second) AS until
SELECT
  $__timeInterval(logs.at) AS time,
  1 * (100.0 * sum(logs.count_time_to_first_byte_1) / sum(logs.sum_requests)) AS burn
FROM (
  SELECT
    logs.hour AS at, logs.sum_requests, logs.count_time_to_first_byte_1
  FROM realtime_logs_total_hours AS logs
  WHERE logs.hour >= since AND logs.hour < until
    AND $__interval_ms % 3600000 = 0
  UNION ALL
  SELECT
    logs.minute AS at, logs.sum_requests, logs.count_time_to_first_byte_1
  FROM realtime_logs_total_minutes AS logs
  WHERE logs.minute >= since AND logs.minute < until
    AND $__interval_ms % 60000 = 0 AND $__interval_ms % 3600000 <> 0
  UNION ALL
  SELECT
    $__timeInterval(logs.timestamp), count(), countIf(logs.time_to_first_byte >= 1)
  FROM realtime_logs AS logs
  WHERE logs.timestamp >= since AND logs.timestamp < until
    AND $__interval_ms % 60000 <> 0
  GROUP BY $__timeInterval(logs.timestamp)
) AS logs
GROUP BY $__timeInterval(logs.at)
ORDER BY time ASC

-- spent-availability-country: Availability by country, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
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
      logs.c_country, logs.sum_requests, logs.sc_status
    FROM realtime_logs_hours AS logs
    WHERE logs.hour >= first_hour AND logs.hour < last_hour
    UNION ALL
    SELECT
      logs.c_country, logs.sum_requests, logs.sc_status
    FROM realtime_logs_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
      AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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

-- spent-latency-country: Latency by country, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
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
      logs.c_country, logs.count_time_to_first_byte_1, logs.sum_requests
    FROM realtime_logs_hours AS logs
    WHERE logs.hour >= first_hour AND logs.hour < last_hour
    UNION ALL
    SELECT
      logs.c_country, logs.count_time_to_first_byte_1, logs.sum_requests
    FROM realtime_logs_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
      AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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

-- spent-availability-host: Availability by host, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
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
      logs.cs_host, logs.sum_requests, logs.sc_status
    FROM realtime_logs_hours AS logs
    WHERE logs.hour >= first_hour AND logs.hour < last_hour
    UNION ALL
    SELECT
      logs.cs_host, logs.sum_requests, logs.sc_status
    FROM realtime_logs_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
      AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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

-- spent-latency-host: Latency by host, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
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
      logs.cs_host, logs.count_time_to_first_byte_1, logs.sum_requests
    FROM realtime_logs_hours AS logs
    WHERE logs.hour >= first_hour AND logs.hour < last_hour
    UNION ALL
    SELECT
      logs.cs_host, logs.count_time_to_first_byte_1, logs.sum_requests
    FROM realtime_logs_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
      AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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

-- spent-availability-behavior: Availability by behavior, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
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
      logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status
    FROM realtime_logs_hours AS logs
    WHERE logs.hour >= first_hour AND logs.hour < last_hour
    UNION ALL
    SELECT
      logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status
    FROM realtime_logs_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
      AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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

-- spent-latency-behavior: Latency by behavior, query A
WITH
  $__fromTime_ms AS since,
  $__toTime_ms AS until,
  toStartOfHour(since + INTERVAL 3599999 millisecond) AS first_hour,
  toStartOfHour(until) AS last_hour,
  toStartOfMinute(since + INTERVAL 59999 millisecond) AS first_minute,
  toStartOfMinute(until) AS last_minute
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
      logs.cache_behavior_path_pattern, logs.count_time_to_first_byte_1, logs.sum_requests
    FROM realtime_logs_hours AS logs
    WHERE logs.hour >= first_hour AND logs.hour < last_hour
    UNION ALL
    SELECT
      logs.cache_behavior_path_pattern, logs.count_time_to_first_byte_1, logs.sum_requests
    FROM realtime_logs_minutes AS logs
    WHERE logs.minute >= first_minute AND logs.minute < last_minute
      AND NOT (logs.minute >= first_hour AND logs.minute < last_hour)
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
