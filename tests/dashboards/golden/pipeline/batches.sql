-- Batches and retries, query A
SELECT
  bin(time, $__interval) AS time,
  count(*) AS invocations,
  sum(retried) AS retried
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND bin(time, $__interval) BETWEEN from_milliseconds($__timeFrom) AND from_milliseconds($__timeTo - $__interval_raw_ms)
GROUP BY bin(time, $__interval)
ORDER BY time ASC
