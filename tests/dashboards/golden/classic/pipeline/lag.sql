-- Lag, query A
SELECT
  bin(time, $__interval) AS time,
  approx_percentile(lag_p50_ms, 0.5) AS lag_p50,
  max(lag_max_ms) AS lag_max
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND bin(time, $__interval) BETWEEN from_milliseconds($__timeFrom) AND from_milliseconds($__timeTo - $__interval_raw_ms)
GROUP BY bin(time, $__interval)
ORDER BY time ASC
