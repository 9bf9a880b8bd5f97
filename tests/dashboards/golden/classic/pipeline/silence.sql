-- Since the last batch, query A
SELECT
  date_diff('second', max(time), from_milliseconds($__timeTo)) AS silence
FROM $__database.$__table
WHERE measure_name = 'pipeline'
  AND $__timeFilter
