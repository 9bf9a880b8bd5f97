-- totals: In all, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  (has(chosen_distribution, '_all_') AND has(chosen_host, '_all_') AND has(chosen_country, '_all_') AND has(chosen_edge, '_all_') AND has(chosen_behavior, '_all_')) AS unfiltered,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute
SELECT
  amounts.title AS title,
  amounts.amount_now AS amount_now,
  amounts.amount_before AS amount_before,
  amounts.amount_yesterday AS amount_yesterday,
  100.0 * (amounts.amount_now - amounts.amount_before) / nullIf(amounts.amount_before, 0) AS since_before,
  100.0 * (amounts.amount_now - amounts.amount_yesterday) / nullIf(amounts.amount_yesterday, 0) AS since_yesterday
FROM (
  SELECT
    items.place AS place,
    items.title AS title,
    sumIf(items.content, items.part = 'now') AS amount_now,
    sumIf(items.content, items.part = 'before') AS amount_before,
    sumIf(items.content, items.part = 'yesterday') AS amount_yesterday
  FROM (
    SELECT
      rows.part AS part,
      title,
      content,
      place
    FROM (
      SELECT
        ['5xx responses', '4xx responses', 'Slow first bytes', 'Megabytes sent', 'Requests'] AS titles,
        parts.part AS part,
        [toFloat64(parts.errors_5xx), toFloat64(parts.errors_4xx), toFloat64(parts.slow_first_bytes), toFloat64(parts.megabytes), toFloat64(parts.requests)] AS contents
      FROM (
        SELECT
          'now' AS part,
          ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
          ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
          ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
          ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
          ifNull(sum(logs.sum_requests), 0) AS requests
        FROM (
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_hours AS logs
          WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
            AND NOT unfiltered
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_total_hours AS logs
          WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
            AND unfiltered
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_minutes AS logs
          WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
            AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
            AND NOT unfiltered
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_total_minutes AS logs
          WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
            AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
            AND unfiltered
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
          FROM realtime_logs AS logs
          WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
            AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          GROUP BY logs.sc_status
        ) AS logs
        UNION ALL
        SELECT
          'before' AS part,
          ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
          ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
          ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
          ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
          ifNull(sum(logs.sum_requests), 0) AS requests
        FROM (
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_hours AS logs
          WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
            AND NOT unfiltered
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_total_hours AS logs
          WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
            AND unfiltered
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_minutes AS logs
          WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
            AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
            AND NOT unfiltered
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_total_minutes AS logs
          WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
            AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
            AND unfiltered
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
          FROM realtime_logs AS logs
          WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
            AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          GROUP BY logs.sc_status
        ) AS logs
        UNION ALL
        SELECT
          'yesterday' AS part,
          ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
          ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
          ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
          ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
          ifNull(sum(logs.sum_requests), 0) AS requests
        FROM (
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_hours AS logs
          WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
            AND NOT unfiltered
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_total_hours AS logs
          WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
            AND unfiltered
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_minutes AS logs
          WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
            AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
            AND NOT unfiltered
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
          FROM realtime_logs_total_minutes AS logs
          WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
            AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
            AND unfiltered
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          UNION ALL
          SELECT
            count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
          FROM realtime_logs AS logs
          WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
            AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
            AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
            AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
            AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
            AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
            AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
            AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
          GROUP BY logs.sc_status
        ) AS logs
      ) AS parts
    ) AS rows
    ARRAY JOIN rows.titles AS title, rows.contents AS content, arrayEnumerate(rows.titles) AS place
  ) AS items
  GROUP BY items.place, items.title
) AS amounts
ORDER BY amounts.place

-- changed-edge: ${measure:text} by edge, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.edge AS edge,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.edge AS edge,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.edge AS edge,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        logs.x_edge_location AS edge,
        'now' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_location, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.x_edge_location, logs.sc_status
      ) AS logs
      GROUP BY logs.x_edge_location
      UNION ALL
      SELECT
        logs.x_edge_location AS edge,
        'before' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_location, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.x_edge_location, logs.sc_status
      ) AS logs
      GROUP BY logs.x_edge_location
      UNION ALL
      SELECT
        logs.x_edge_location AS edge,
        'yesterday' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_location, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_location, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.x_edge_location, logs.sc_status
      ) AS logs
      GROUP BY logs.x_edge_location
    ) AS parts
    GROUP BY parts.edge
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, edge
LIMIT 7

-- changed-country: ${measure:text} by country, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.country AS country,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.country AS country,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.country AS country,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        logs.c_country AS country,
        'now' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.c_country, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.c_country, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.c_country, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.c_country, logs.sc_status
      ) AS logs
      GROUP BY logs.c_country
      UNION ALL
      SELECT
        logs.c_country AS country,
        'before' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.c_country, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.c_country, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.c_country, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.c_country, logs.sc_status
      ) AS logs
      GROUP BY logs.c_country
      UNION ALL
      SELECT
        logs.c_country AS country,
        'yesterday' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.c_country, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.c_country, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.c_country, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.c_country, logs.sc_status
      ) AS logs
      GROUP BY logs.c_country
    ) AS parts
    GROUP BY parts.country
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, country
LIMIT 7

-- changed-host: ${measure:text} by host, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.host AS host,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.host AS host,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.host AS host,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_host AS host,
        'now' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cs_host, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host, logs.sc_status
      ) AS logs
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'before' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cs_host, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host, logs.sc_status
      ) AS logs
      GROUP BY logs.cs_host
      UNION ALL
      SELECT
        logs.cs_host AS host,
        'yesterday' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cs_host, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_host, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cs_host, logs.sc_status
      ) AS logs
      GROUP BY logs.cs_host
    ) AS parts
    GROUP BY parts.host
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, host
LIMIT 7

-- changed-behavior: ${measure:text} by cache behavior, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.behavior AS behavior,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.behavior AS behavior,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.behavior AS behavior,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        logs.cache_behavior_path_pattern AS behavior,
        'now' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cache_behavior_path_pattern, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      GROUP BY logs.cache_behavior_path_pattern
      UNION ALL
      SELECT
        logs.cache_behavior_path_pattern AS behavior,
        'before' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cache_behavior_path_pattern, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      GROUP BY logs.cache_behavior_path_pattern
      UNION ALL
      SELECT
        logs.cache_behavior_path_pattern AS behavior,
        'yesterday' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cache_behavior_path_pattern, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cache_behavior_path_pattern, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.cache_behavior_path_pattern, logs.sc_status
      ) AS logs
      GROUP BY logs.cache_behavior_path_pattern
    ) AS parts
    GROUP BY parts.behavior
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, behavior
LIMIT 7

-- changed-uri: ${measure:text} by URI, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.uri AS uri,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.uri AS uri,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.uri AS uri,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        logs.cs_uri_stem AS uri,
        'now' AS part,
        ifNull(countIf(logs.sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        ifNull(countIf(logs.sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        ifNull(countIf(logs.time_to_first_byte >= 1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sc_bytes)), 0) AS megabytes,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_uri_stem, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'before' AS part,
        ifNull(countIf(logs.sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        ifNull(countIf(logs.sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        ifNull(countIf(logs.time_to_first_byte >= 1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sc_bytes)), 0) AS megabytes,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_uri_stem, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_uri_stem
      UNION ALL
      SELECT
        logs.cs_uri_stem AS uri,
        'yesterday' AS part,
        ifNull(countIf(logs.sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        ifNull(countIf(logs.sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        ifNull(countIf(logs.time_to_first_byte >= 1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sc_bytes)), 0) AS megabytes,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.cs_uri_stem, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.cs_uri_stem, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.cs_uri_stem
    ) AS parts
    GROUP BY parts.uri
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, uri
LIMIT 7

-- changed-status: ${measure:text} by status, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  (has(chosen_distribution, '_all_') AND has(chosen_host, '_all_') AND has(chosen_country, '_all_') AND has(chosen_edge, '_all_') AND has(chosen_behavior, '_all_')) AS unfiltered,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.status AS status,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.status AS status,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.status AS status,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        ifNull(toString(logs.sc_status), '-') AS status,
        'now' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, count(), countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.sc_status
      ) AS logs
      GROUP BY ifNull(toString(logs.sc_status), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.sc_status), '-') AS status,
        'before' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, count(), countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.sc_status
      ) AS logs
      GROUP BY ifNull(toString(logs.sc_status), '-')
      UNION ALL
      SELECT
        ifNull(toString(logs.sc_status), '-') AS status,
        'yesterday' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, logs.sum_requests, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.sc_status, count(), countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.sc_status
      ) AS logs
      GROUP BY ifNull(toString(logs.sc_status), '-')
    ) AS parts
    GROUP BY parts.status
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, status
LIMIT 7

-- changed-detail: ${measure:text} by detailed result, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfHour(now_since + INTERVAL 3599999 millisecond) AS now_first_hour,
  toStartOfHour(now_until) AS now_last_hour,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  (has(chosen_distribution, '_all_') AND has(chosen_host, '_all_') AND has(chosen_country, '_all_') AND has(chosen_edge, '_all_') AND has(chosen_behavior, '_all_')) AS unfiltered,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfHour(before_since + INTERVAL 3599999 millisecond) AS before_first_hour,
  toStartOfHour(before_until) AS before_last_hour,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfHour(yesterday_since + INTERVAL 3599999 millisecond) AS yesterday_first_hour,
  toStartOfHour(yesterday_until) AS yesterday_last_hour,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.detail AS detail,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.detail AS detail,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.detail AS detail,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        logs.x_edge_detailed_result_type AS detail,
        'now' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_hours AS logs
        WHERE logs.hour >= now_first_hour AND logs.hour < now_last_hour
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_minutes AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND NOT (logs.minute >= now_first_hour AND logs.minute < now_last_hour)
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.x_edge_detailed_result_type, logs.sc_status
      ) AS logs
      GROUP BY logs.x_edge_detailed_result_type
      UNION ALL
      SELECT
        logs.x_edge_detailed_result_type AS detail,
        'before' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_hours AS logs
        WHERE logs.hour >= before_first_hour AND logs.hour < before_last_hour
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_minutes AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND NOT (logs.minute >= before_first_hour AND logs.minute < before_last_hour)
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.x_edge_detailed_result_type, logs.sc_status
      ) AS logs
      GROUP BY logs.x_edge_detailed_result_type
      UNION ALL
      SELECT
        logs.x_edge_detailed_result_type AS detail,
        'yesterday' AS part,
        ifNull(sum(if(logs.sc_status BETWEEN 500 AND 599, logs.sum_requests, 0)), 0) AS errors_5xx,
        ifNull(sum(if(logs.sc_status BETWEEN 400 AND 499, logs.sum_requests, 0)), 0) AS errors_4xx,
        ifNull(sum(logs.count_time_to_first_byte_1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sum_sc_bytes)), 0) AS megabytes,
        ifNull(sum(logs.sum_requests), 0) AS requests
      FROM (
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_hours AS logs
        WHERE logs.hour >= yesterday_first_hour AND logs.hour < yesterday_last_hour
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND NOT unfiltered
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, logs.sum_requests, logs.sc_status, logs.count_time_to_first_byte_1, logs.sum_sc_bytes
        FROM realtime_logs_total_minutes AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND NOT (logs.minute >= yesterday_first_hour AND logs.minute < yesterday_last_hour)
          AND unfiltered
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.x_edge_detailed_result_type, count(), logs.sc_status, countIf(logs.time_to_first_byte >= 1), sum(logs.sc_bytes)
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        GROUP BY logs.x_edge_detailed_result_type, logs.sc_status
      ) AS logs
      GROUP BY logs.x_edge_detailed_result_type
    ) AS parts
    GROUP BY parts.detail
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, detail
LIMIT 7

-- changed-origin: ${measure:text} by origin, query A
WITH
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS now_since,
  $__toTime_ms AS now_until,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${distribution:percentencode}')])) AS chosen_distribution,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${host:percentencode}')])) AS chosen_host,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${country:percentencode}')])) AS chosen_country,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${edge:percentencode}')])) AS chosen_edge,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${behavior:percentencode}')])) AS chosen_behavior,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${status:percentencode}')])) AS chosen_status,
  toStartOfMinute(now_since + INTERVAL 59999 millisecond) AS now_first_minute,
  toStartOfMinute(now_until) AS now_last_minute,
  subtractMilliseconds($__toTime_ms, 2 * least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_since,
  subtractMilliseconds($__toTime_ms, least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000)) AS before_until,
  toStartOfMinute(before_since + INTERVAL 59999 millisecond) AS before_first_minute,
  toStartOfMinute(before_until) AS before_last_minute,
  subtractMilliseconds($__toTime_ms, (86400000 + least(dateDiff('millisecond', $__fromTime_ms, $__toTime_ms), 43200000))) AS yesterday_since,
  subtractMilliseconds($__toTime_ms, 86400000) AS yesterday_until,
  toStartOfMinute(yesterday_since + INTERVAL 59999 millisecond) AS yesterday_first_minute,
  toStartOfMinute(yesterday_until) AS yesterday_last_minute,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${measure:percentencode}')])) AS chosen_measure,
  arrayFlatten(arrayMap(text -> if(startsWith(text, '{') AND endsWith(text, '}'), splitByChar(',', substring(text, 2, length(text) - 2)), [text]), [decodeURLComponent('${against:percentencode}')])) AS chosen_against
SELECT
  changes.origin AS origin,
  changes.amount_now AS amount_now,
  changes.amount_before AS amount_before,
  changes.amount_yesterday AS amount_yesterday,
  changes.change AS change,
  100.0 * changes.change / nullIf(changes.changes, 0) AS share
FROM (
  SELECT
    labels.origin AS origin,
    labels.amount_now AS amount_now,
    labels.amount_before AS amount_before,
    labels.amount_yesterday AS amount_yesterday,
    labels.amount_now - labels.amount_then AS change,
    sum(abs(labels.amount_now - labels.amount_then)) OVER () AS changes
  FROM (
    SELECT
      parts.origin AS origin,
      sum(if(parts.part = 'now', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_now,
      sum(if(parts.part = 'before', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_before,
      sum(if(parts.part = 'yesterday', multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_yesterday,
      sum(if(has(chosen_against, parts.part), multiIf(has(chosen_measure, 'errors_5xx'), toFloat64(parts.errors_5xx), has(chosen_measure, 'errors_4xx'), toFloat64(parts.errors_4xx), has(chosen_measure, 'slow_first_bytes'), toFloat64(parts.slow_first_bytes), has(chosen_measure, 'megabytes'), toFloat64(parts.megabytes), has(chosen_measure, 'requests'), toFloat64(parts.requests), 0), 0)) AS amount_then
    FROM (
      SELECT
        logs.r_host AS origin,
        'now' AS part,
        ifNull(countIf(logs.sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        ifNull(countIf(logs.sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        ifNull(countIf(logs.time_to_first_byte >= 1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sc_bytes)), 0) AS megabytes,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.r_host, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= now_first_minute AND logs.minute < now_last_minute
          AND indexHint(logs.timestamp >= now_since AND logs.timestamp <= now_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.r_host, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= now_since AND logs.timestamp <= now_until
          AND NOT (logs.timestamp >= now_first_minute AND logs.timestamp < now_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.r_host
      UNION ALL
      SELECT
        logs.r_host AS origin,
        'before' AS part,
        ifNull(countIf(logs.sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        ifNull(countIf(logs.sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        ifNull(countIf(logs.time_to_first_byte >= 1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sc_bytes)), 0) AS megabytes,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.r_host, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= before_first_minute AND logs.minute < before_last_minute
          AND indexHint(logs.timestamp >= before_since AND logs.timestamp < before_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.r_host, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= before_since AND logs.timestamp < before_until
          AND NOT (logs.timestamp >= before_first_minute AND logs.timestamp < before_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.r_host
      UNION ALL
      SELECT
        logs.r_host AS origin,
        'yesterday' AS part,
        ifNull(countIf(logs.sc_status BETWEEN 500 AND 599), 0) AS errors_5xx,
        ifNull(countIf(logs.sc_status BETWEEN 400 AND 499), 0) AS errors_4xx,
        ifNull(countIf(logs.time_to_first_byte >= 1), 0) AS slow_first_bytes,
        ifNull(0.000001 * (sum(logs.sc_bytes)), 0) AS megabytes,
        ifNull(count(), 0) AS requests
      FROM (
        SELECT
          logs.r_host, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.minute >= yesterday_first_minute AND logs.minute < yesterday_last_minute
          AND indexHint(logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
        UNION ALL
        SELECT
          logs.r_host, logs.sc_status, logs.time_to_first_byte, logs.sc_bytes
        FROM realtime_logs AS logs
        WHERE logs.timestamp >= yesterday_since AND logs.timestamp < yesterday_until
          AND NOT (logs.timestamp >= yesterday_first_minute AND logs.timestamp < yesterday_last_minute)
          AND (has(chosen_distribution, '_all_') OR logs.x_host_header IN chosen_distribution)
          AND (has(chosen_host, '_all_') OR logs.cs_host IN chosen_host)
          AND (has(chosen_country, '_all_') OR logs.c_country IN chosen_country)
          AND (has(chosen_edge, '_all_') OR logs.x_edge_location IN chosen_edge)
          AND (has(chosen_behavior, '_all_') OR logs.cache_behavior_path_pattern IN chosen_behavior)
          AND (has(chosen_status, '_all_') OR ifNull(toString(intDiv(logs.sc_status, 100)), '-') IN chosen_status)
      ) AS logs
      GROUP BY logs.r_host
    ) AS parts
    GROUP BY parts.origin
  ) AS labels
) AS changes
WHERE (changes.amount_now > 0 OR changes.amount_before > 0 OR changes.amount_yesterday > 0)
ORDER BY abs(changes.change) DESC, amount_now DESC, origin
LIMIT 7
