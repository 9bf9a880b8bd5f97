-- Over the whole range, query A
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
