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
  least(1.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*), 1.0 * count_if(sc_status BETWEEN 500 AND 599 AND time >= from_milliseconds($__timeTo - 300000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 300000)), 0)) / 0.001 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 500
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

-- burn-slo-errors-6h: 5xx, 6h, query A
SELECT
  least(1.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*), 1.0 * count_if(sc_status BETWEEN 500 AND 599 AND time >= from_milliseconds($__timeTo - 1800000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 1800000)), 0)) / 0.001 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 1000
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

-- burn-slo-errors-1d: 5xx, 1d, query A
SELECT
  least(1.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*), 1.0 * count_if(sc_status BETWEEN 500 AND 599 AND time >= from_milliseconds($__timeTo - 7200000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 7200000)), 0)) / 0.001 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 2000
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

-- burn-slo-errors-3d: 5xx, 3d, query A
SELECT
  least(1.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*), 1.0 * count_if(sc_status BETWEEN 500 AND 599 AND time >= from_milliseconds($__timeTo - 21600000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 21600000)), 0)) / 0.001 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 2000
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

-- burn-slo-latency-1h: Slow, 1h, query A
SELECT
  least(1.0 * count_if(time_to_first_byte >= 1) / count(*), 1.0 * count_if(time_to_first_byte >= 1 AND time >= from_milliseconds($__timeTo - 300000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 300000)), 0)) / 0.01 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 500
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

-- burn-slo-latency-6h: Slow, 6h, query A
SELECT
  least(1.0 * count_if(time_to_first_byte >= 1) / count(*), 1.0 * count_if(time_to_first_byte >= 1 AND time >= from_milliseconds($__timeTo - 1800000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 1800000)), 0)) / 0.01 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 1000
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

-- burn-slo-latency-1d: Slow, 1d, query A
SELECT
  least(1.0 * count_if(time_to_first_byte >= 1) / count(*), 1.0 * count_if(time_to_first_byte >= 1 AND time >= from_milliseconds($__timeTo - 7200000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 7200000)), 0)) / 0.01 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 2000
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

-- burn-slo-latency-3d: Slow, 3d, query A
SELECT
  least(1.0 * count_if(time_to_first_byte >= 1) / count(*), 1.0 * count_if(time_to_first_byte >= 1 AND time >= from_milliseconds($__timeTo - 21600000)) / nullif(count_if(time >= from_milliseconds($__timeTo - 21600000)), 0)) / 0.01 AS value
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
HAVING count(*) >= 2000
  AND min(time) <= from_milliseconds(($__timeFrom + $__timeTo) / 2)

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
