-- left-availability: Availability budget left, query A
SELECT
  100 + -1000.0000000001 * (100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*)) AS budget_left
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- breach-availability: Availability, minutes of breach, query A
SELECT
  5 * count(*) AS minutes
FROM (
  SELECT
    bin(time, 5m) AS slot,
    count_if(sc_status BETWEEN 500 AND 599) AS bad,
    count(*) AS requests
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY bin(time, 5m)
)
WHERE requests >= 41.6666666667
  AND 100.0 * bad / requests >= 1.44

-- left-latency: Latency budget left, query A
SELECT
  100 + -100 * (100.0 * count_if(time_to_first_byte >= 1) / count(*)) AS budget_left
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter

-- breach-latency: Latency, minutes of breach, query A
SELECT
  5 * count(*) AS minutes
FROM (
  SELECT
    bin(time, 5m) AS slot,
    count_if(time_to_first_byte >= 1) AS bad,
    count(*) AS requests
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY bin(time, 5m)
)
WHERE requests >= 41.6666666667
  AND 100.0 * bad / requests >= 14.4

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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 3600000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 300000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 21600000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 1800000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 86400000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 7200000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 259200000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(sc_status BETWEEN 500 AND 599) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 21600000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 3600000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 300000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 21600000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 10m)) / 600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 1800000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 10m)
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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 86400000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 7200000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
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
            SELECT
              '' AS part,
              '' AS name,
              'whole' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 259200000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
            UNION ALL
            SELECT
              '' AS part,
              '' AS name,
              'short' AS slice,
              to_milliseconds(bin(time, 60m)) / 3600000 AS slot,
              count_if(time_to_first_byte >= 1) AS bad,
              count(*) AS requests
            FROM $__database.$__table
            WHERE measure_name = 'request'
              AND time >= from_milliseconds($__timeTo - 21600000)
              AND time <= from_milliseconds($__timeTo)
            GROUP BY bin(time, 60m)
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
SELECT
  bin(time, $__interval) AS time,
  10 * (100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*)) AS burn
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- curve-latency: Latency budget: times too fast, query A
SELECT
  bin(time, $__interval) AS time,
  1 * (100.0 * count_if(time_to_first_byte >= 1) / count(*)) AS burn
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- spent-availability-country: Availability by country, query A
SELECT
  country,
  spent,
  bad,
  rate
FROM (
  SELECT
    coalesce(c_country, '-') AS country,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / (sum(count(*)) OVER () * 0.001) AS spent,
    count_if(sc_status BETWEEN 500 AND 599) AS bad,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS rate
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY coalesce(c_country, '-')
)
WHERE bad > 0
ORDER BY spent DESC, country
LIMIT 7

-- spent-latency-country: Latency by country, query A
SELECT
  country,
  spent,
  bad,
  rate
FROM (
  SELECT
    coalesce(c_country, '-') AS country,
    100.0 * count_if(time_to_first_byte >= 1) / (sum(count(*)) OVER () * 0.01) AS spent,
    count_if(time_to_first_byte >= 1) AS bad,
    100.0 * count_if(time_to_first_byte >= 1) / count(*) AS rate
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY coalesce(c_country, '-')
)
WHERE bad > 0
ORDER BY spent DESC, country
LIMIT 7

-- spent-availability-host: Availability by host, query A
SELECT
  host,
  spent,
  bad,
  rate
FROM (
  SELECT
    coalesce(cs_host, '-') AS host,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / (sum(count(*)) OVER () * 0.001) AS spent,
    count_if(sc_status BETWEEN 500 AND 599) AS bad,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS rate
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY coalesce(cs_host, '-')
)
WHERE bad > 0
ORDER BY spent DESC, host
LIMIT 7

-- spent-latency-host: Latency by host, query A
SELECT
  host,
  spent,
  bad,
  rate
FROM (
  SELECT
    coalesce(cs_host, '-') AS host,
    100.0 * count_if(time_to_first_byte >= 1) / (sum(count(*)) OVER () * 0.01) AS spent,
    count_if(time_to_first_byte >= 1) AS bad,
    100.0 * count_if(time_to_first_byte >= 1) / count(*) AS rate
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY coalesce(cs_host, '-')
)
WHERE bad > 0
ORDER BY spent DESC, host
LIMIT 7

-- spent-availability-behavior: Availability by behavior, query A
SELECT
  behavior,
  spent,
  bad,
  rate
FROM (
  SELECT
    coalesce(cache_behavior_path_pattern, '-') AS behavior,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / (sum(count(*)) OVER () * 0.001) AS spent,
    count_if(sc_status BETWEEN 500 AND 599) AS bad,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS rate
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY coalesce(cache_behavior_path_pattern, '-')
)
WHERE bad > 0
ORDER BY spent DESC, behavior
LIMIT 7

-- spent-latency-behavior: Latency by behavior, query A
SELECT
  behavior,
  spent,
  bad,
  rate
FROM (
  SELECT
    coalesce(cache_behavior_path_pattern, '-') AS behavior,
    100.0 * count_if(time_to_first_byte >= 1) / (sum(count(*)) OVER () * 0.01) AS spent,
    count_if(time_to_first_byte >= 1) AS bad,
    100.0 * count_if(time_to_first_byte >= 1) / count(*) AS rate
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
  GROUP BY coalesce(cache_behavior_path_pattern, '-')
)
WHERE bad > 0
ORDER BY spent DESC, behavior
LIMIT 7
