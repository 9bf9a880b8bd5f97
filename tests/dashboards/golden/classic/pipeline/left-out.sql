-- Values left out, query A
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
