-- Time of a batch, query A
SELECT
  bin(time, $__interval) AS time,
  approx_percentile(write_ms, 0.95) AS write_time_p95,
  approx_percentile(duration_ms, 0.95) AS duration_p95
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC
