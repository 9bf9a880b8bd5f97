-- Lines not written, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * sum(malformed + rejected) / nullif(sum(received), 0) AS lost_share
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND bin(time, $__interval) BETWEEN from_milliseconds($__timeFrom) AND from_milliseconds($__timeTo - $__interval_raw_ms)
GROUP BY bin(time, $__interval)
ORDER BY time ASC
