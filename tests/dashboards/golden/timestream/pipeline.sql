-- totals: Over the whole range, query A
SELECT
  sum(received) AS received,
  sum(written) AS written,
  sum(duplicates) AS duplicates,
  sum(malformed) AS malformed,
  sum(rejected) AS rejected,
  sum(trimmed) AS trimmed,
  sum(received - written - duplicates - malformed - rejected) AS unaccounted,
  100.0 * sum(malformed + rejected) / nullif(sum(received), 0) AS lost_share
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter

-- silence: Since the last batch, query A
SELECT
  date_diff('second', max(time), from_milliseconds($__timeTo)) AS silence
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter

-- lines: Lines received and written, query A
SELECT
  bin(time, $__interval) AS time,
  sum(received) AS received,
  sum(written) AS written
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- trouble: Lines with trouble, query A
SELECT
  bin(time, $__interval) AS time,
  sum(malformed) AS malformed,
  sum(rejected) AS rejected,
  sum(trimmed) AS trimmed,
  sum(duplicates) AS duplicates
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- lost: Lines not written, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * sum(malformed + rejected) / nullif(sum(received), 0) AS lost_share
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- left-out: Values left out, query A
SELECT
  time,
  IF(place <= 10, field, 'other') AS field,
  sum(value) AS left_out
FROM (
  SELECT
    time,
    field,
    value,
    dense_rank() OVER (ORDER BY total DESC, field) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(field, '-') AS field,
      sum(left_out) AS value,
      sum(sum(left_out)) OVER (PARTITION BY coalesce(field, '-')) AS total
    FROM $__database.$__table
    WHERE measure_name = 'left_out'
      AND $__timeFilter
      AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
      AND time < bin(from_milliseconds($__timeTo), $__interval)
    GROUP BY bin(time, $__interval), coalesce(field, '-')
  )
)
GROUP BY time, IF(place <= 10, field, 'other')
ORDER BY time ASC, field ASC

-- lag: Lag, query A
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

-- durations: Time of a batch, query A
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

-- batches: Batches and retries, query A
SELECT
  bin(time, $__interval) AS time,
  count(*) AS invocations,
  sum(retried) AS retried
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- written-bytes: Bytes written, query A
SELECT
  bin(time, $__interval) AS time,
  sum(bytes_sent) AS bytes_written
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- write-units: Write units, query A
SELECT
  bin(time, $__interval) AS time,
  sum(write_units) AS write_units
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- cost-writes: Writes, query A
SELECT
  0.0432 * (sum(write_units) / (($__timeTo - $__timeFrom) / 1000.0)) AS dollars
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter

-- cost-kept: Kept, when full, query A
SELECT
  0.0790590394 * (sum(write_units) / (($__timeTo - $__timeFrom) / 1000.0)) AS dollars
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter

-- cost-lines: Log lines, query A
SELECT
  0.000864 * (sum(received) / (($__timeTo - $__timeFrom) / 1000.0)) AS dollars
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
