-- Lag, query A
SELECT
  bin(time, $__interval) AS time,
  approx_percentile(lag_p50_ms, 0.5) AS lag_p50,
  max(lag_max_ms) AS lag_max
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC
