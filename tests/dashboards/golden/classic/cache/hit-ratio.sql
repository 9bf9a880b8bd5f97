-- Cache hit ratio, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
  100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), measure_value::bigint, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), measure_value::bigint, 0)), 0) AS byte_hit_ratio
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
  AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- Cache hit ratio, query B
SELECT
  bin(time, $__interval) + 1d AS time,
  100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio_day_before,
  100.0 * sum(IF((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit'), measure_value::bigint, 0)) / nullif(sum(IF(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded'), measure_value::bigint, 0)), 0) AS byte_hit_ratio_day_before
FROM $__database.$__table
WHERE measure_name = 'sc_bytes'
  AND time BETWEEN from_milliseconds($__timeFrom) - 1d AND from_milliseconds($__timeTo) - 1d
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1) - 1d, $__interval)
  AND time < bin(from_milliseconds($__timeTo) - 1d, $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
  AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC
