-- totals: In all, query A
SELECT
  title,
  amount_now,
  amount_before,
  amount_yesterday,
  100.0 * (amount_now - amount_before) / nullif(amount_before, 0) AS since_before,
  100.0 * (amount_now - amount_yesterday) / nullif(amount_yesterday, 0) AS since_yesterday
FROM (
  SELECT
    place,
    title,
    coalesce(sum(IF(part = 'now', CASE place WHEN 0 THEN errors_5xx WHEN 1 THEN errors_4xx WHEN 2 THEN slow_first_bytes WHEN 3 THEN megabytes WHEN 4 THEN requests END)), 0) AS amount_now,
    coalesce(sum(IF(part = 'before', CASE place WHEN 0 THEN errors_5xx WHEN 1 THEN errors_4xx WHEN 2 THEN slow_first_bytes WHEN 3 THEN megabytes WHEN 4 THEN requests END)), 0) AS amount_before,
    coalesce(sum(IF(part = 'yesterday', CASE place WHEN 0 THEN errors_5xx WHEN 1 THEN errors_4xx WHEN 2 THEN slow_first_bytes WHEN 3 THEN megabytes WHEN 4 THEN requests END)), 0) AS amount_yesterday
  FROM (
    SELECT
      CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
      coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
      coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
      coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
      coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
      coalesce(count(*), 0) AS requests
    FROM $__database.$__table
    WHERE measure_name = 'request'
      AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
      AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
      AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
      AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
      AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
      AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
      AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
      AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
    GROUP BY CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
  ) AS parts
  CROSS JOIN (VALUES (0, '5xx responses'), (1, '4xx responses'), (2, 'Slow first bytes'), (3, 'Megabytes sent'), (4, 'Requests')) AS names (place, title)
  GROUP BY place, title
)
ORDER BY place

-- changed-edge: ${measure:text} by edge, query A
SELECT
  edge,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    edge,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      edge,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(x_edge_location, '-') AS edge,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(x_edge_location, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY edge
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, edge
LIMIT 7

-- changed-country: ${measure:text} by country, query A
SELECT
  country,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    country,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      country,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(c_country, '-') AS country,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(c_country, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY country
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, country
LIMIT 7

-- changed-host: ${measure:text} by host, query A
SELECT
  host,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    host,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      host,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_host, '-') AS host,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_host, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY host
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, host
LIMIT 7

-- changed-behavior: ${measure:text} by cache behavior, query A
SELECT
  behavior,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    behavior,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      behavior,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cache_behavior_path_pattern, '-') AS behavior,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cache_behavior_path_pattern, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY behavior
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, behavior
LIMIT 7

-- changed-uri: ${measure:text} by URI, query A
SELECT
  uri,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    uri,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      uri,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cs_uri_stem, '-') AS uri,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cs_uri_stem, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY uri
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, uri
LIMIT 7

-- changed-status: ${measure:text} by status, query A
SELECT
  status,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    status,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      status,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(cast(sc_status AS varchar), '-') AS status,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(cast(sc_status AS varchar), '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY status
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, status
LIMIT 7

-- changed-detail: ${measure:text} by detailed result, query A
SELECT
  detail,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    detail,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      detail,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(x_edge_detailed_result_type, '-') AS detail,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(x_edge_detailed_result_type, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY detail
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, detail
LIMIT 7

-- changed-origin: ${measure:text} by origin, query A
SELECT
  origin,
  amount_now,
  amount_before,
  amount_yesterday,
  change,
  100.0 * change / nullif(changes, 0) AS share
FROM (
  SELECT
    origin,
    amount_now,
    amount_before,
    amount_yesterday,
    amount_now - amount_then AS change,
    sum(abs(amount_now - amount_then)) OVER () AS changes
  FROM (
    SELECT
      origin,
      coalesce(sum(IF(part = 'now', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_now,
      coalesce(sum(IF(part = 'before', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_before,
      coalesce(sum(IF(part = 'yesterday', CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_yesterday,
      coalesce(sum(IF(part = 'before' AND 'before' IN (${against:sqlstring}) OR part = 'yesterday' AND 'yesterday' IN (${against:sqlstring}), CASE WHEN 'errors_5xx' IN (${measure:sqlstring}) THEN errors_5xx WHEN 'errors_4xx' IN (${measure:sqlstring}) THEN errors_4xx WHEN 'slow_first_bytes' IN (${measure:sqlstring}) THEN slow_first_bytes WHEN 'megabytes' IN (${measure:sqlstring}) THEN megabytes WHEN 'requests' IN (${measure:sqlstring}) THEN requests END)), 0) AS amount_then
    FROM (
      SELECT
        coalesce(r_host, '-') AS origin,
        CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END AS part,
        coalesce(count_if(sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        coalesce(count_if(sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        coalesce(count_if(time_to_first_byte >= 1), 0) AS slow_first_bytes,
        coalesce(0.000001 * (sum(sc_bytes)), 0) AS megabytes,
        coalesce(count(*), 0) AS requests
      FROM $__database.$__table
      WHERE measure_name = 'request'
        AND time BETWEEN from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND from_milliseconds($__timeTo - 0)
        AND ((time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0)) OR (time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000))) OR (time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000)))
        AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
        AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
        AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
        AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
        AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
        AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
      GROUP BY coalesce(r_host, '-'), CASE WHEN time >= from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) AND time <= from_milliseconds($__timeTo - 0) THEN 'now' WHEN time >= from_milliseconds($__timeTo - 2 * least($__timeTo - $__timeFrom, 43200000)) AND time < from_milliseconds($__timeTo - least($__timeTo - $__timeFrom, 43200000)) THEN 'before' WHEN time >= from_milliseconds($__timeTo - (86400000 + least($__timeTo - $__timeFrom, 43200000))) AND time < from_milliseconds($__timeTo - 86400000) THEN 'yesterday' END
    )
    GROUP BY origin
  )
)
WHERE amount_now > 0 OR amount_before > 0 OR amount_yesterday > 0
ORDER BY abs(change) DESC, amount_now DESC, origin
LIMIT 7
