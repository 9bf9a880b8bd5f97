-- uris-requests: URIs by requests, query A
SELECT
  uri,
  requests,
  bytes,
  hit_ratio,
  error_rate_5xx,
  error_rate_4xx
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    100.0 * count_if(sc_status BETWEEN 500 AND 599) / count(*) AS error_rate_5xx,
    100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(cs_uri_stem, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_uri_stem, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- content-types: Bytes per second by content type, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), content_type, 'other') AS content_type,
  sum(value) AS byte_rate
FROM (
  SELECT
    time,
    content_type,
    value,
    dense_rank() OVER (ORDER BY total DESC, content_type) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(split_part(sc_content_type, ';', 1), '-') AS content_type,
      sum(sc_bytes) / ($__interval_raw_ms / 1000.0) AS value,
      sum(sum(sc_bytes) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(split_part(sc_content_type, ';', 1), '-')) AS total
    FROM $__database.$__table
    WHERE measure_name = 'request'
      AND $__timeFilter
      AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
      AND time < bin(from_milliseconds($__timeTo), $__interval)
      AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
      AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
      AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
      AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
      AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
      AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
    GROUP BY bin(time, $__interval), coalesce(split_part(sc_content_type, ';', 1), '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), content_type, 'other')
ORDER BY time ASC, content_type ASC

-- types: Requests by content type, query A
SELECT
  content_type,
  requests
FROM (
  SELECT
    coalesce(split_part(sc_content_type, ';', 1), '-') AS content_type,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(split_part(sc_content_type, ';', 1), '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(split_part(sc_content_type, ';', 1), '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- http: Requests per second by HTTP version, query A
SELECT
  time,
  IF(place <= cast(${top:sqlstring} AS bigint), http_version, 'other') AS http_version,
  sum(value) AS request_rate
FROM (
  SELECT
    time,
    http_version,
    value,
    dense_rank() OVER (ORDER BY total DESC, http_version) AS place
  FROM (
    SELECT
      bin(time, $__interval) AS time,
      coalesce(cs_protocol_version, '-') AS http_version,
      count(*) / ($__interval_raw_ms / 1000.0) AS value,
      sum(count(*) / ($__interval_raw_ms / 1000.0)) OVER (PARTITION BY coalesce(cs_protocol_version, '-')) AS total
    FROM $__database.$__table
    WHERE measure_name = 'request'
      AND $__timeFilter
      AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
      AND time < bin(from_milliseconds($__timeTo), $__interval)
      AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
      AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
      AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
      AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
      AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
      AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
    GROUP BY bin(time, $__interval), coalesce(cs_protocol_version, '-')
  )
)
GROUP BY time, IF(place <= cast(${top:sqlstring} AS bigint), http_version, 'other')
ORDER BY time ASC, http_version ASC

-- shares: IPv6, HTTP/3, unencrypted, query A
SELECT
  bin(time, $__interval) AS time,
  100.0 * count_if(c_ip_version = 'IPv6') / count(*) AS ipv6_share,
  100.0 * count_if(cs_protocol_version = 'HTTP/3.0') / count(*) AS http3_share,
  100.0 * count_if(cs_protocol = 'http') / count(*) AS plain_http_share,
  approx_distinct(c_ip) AS viewers
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
  AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- uris-bytes: URIs by bytes, query A
SELECT
  uri,
  bytes,
  requests,
  hit_ratio
FROM (
  SELECT
    coalesce(cs_uri_stem, '-') AS uri,
    sum(sc_bytes) AS bytes,
    count(*) AS requests,
    100.0 * count_if((x_edge_result_type IN ('Hit', 'RefreshHit') OR x_edge_detailed_result_type = 'OriginShieldHit')) / nullif(count_if(x_edge_result_type NOT IN ('LimitExceeded', 'CapacityExceeded')), 0) AS hit_ratio,
    row_number() OVER (ORDER BY sum(sc_bytes) DESC, coalesce(cs_uri_stem, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_uri_stem, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- referrers: Referrers by requests, query A
SELECT
  referrer,
  requests,
  bytes
FROM (
  SELECT
    coalesce(cs_referer, '-') AS referrer,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(cs_referer, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_referer, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- devices: Requests by device class, query A
SELECT
  device,
  requests
FROM (
  SELECT
    coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent IS NOT NULL THEN 'other' END, '-') AS device,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent IS NOT NULL THEN 'other' END, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent IS NOT NULL THEN 'other' END, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- methods: Requests by method, query A
SELECT
  method,
  requests
FROM (
  SELECT
    coalesce(cs_method, '-') AS method,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(cs_method, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_method, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- tls: Requests by TLS version, query A
SELECT
  tls_version,
  requests
FROM (
  SELECT
    coalesce(ssl_protocol, '-') AS tls_version,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(ssl_protocol, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(ssl_protocol, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- ciphers: Requests by TLS cipher, query A
SELECT
  cipher,
  requests
FROM (
  SELECT
    coalesce(ssl_cipher, '-') AS cipher,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(ssl_cipher, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(ssl_cipher, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- sessions: Playback sessions, query A
SELECT
  bin(time, $__interval) AS time,
  approx_distinct(cmcd_session_id) AS media_sessions,
  100.0 * count_if(cmcd_buffer_starvation IS NOT NULL) / nullif(count_if(cmcd_session_id IS NOT NULL), 0) AS starved_share,
  approx_percentile(cmcd_encoded_bitrate, 0.5) AS media_bitrate,
  approx_percentile(cmcd_measured_throughput, 0.5) AS media_throughput,
  approx_percentile(cmcd_buffer_length, 0.5) AS media_buffer
FROM $__database.$__table
WHERE measure_name = 'request'
  AND $__timeFilter
  AND time >= bin(from_milliseconds($__timeFrom + $__interval_raw_ms - 1), $__interval)
  AND time < bin(from_milliseconds($__timeTo), $__interval)
  AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
  AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
  AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
  AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
  AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
  AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
GROUP BY bin(time, $__interval)
ORDER BY time ASC

-- stalls-country: Countries with most stalls, query A
SELECT
  country,
  starved_requests,
  starved_share,
  media_sessions
FROM (
  SELECT
    coalesce(c_country, '-') AS country,
    count_if(cmcd_buffer_starvation IS NOT NULL) AS starved_requests,
    100.0 * count_if(cmcd_buffer_starvation IS NOT NULL) / nullif(count_if(cmcd_session_id IS NOT NULL), 0) AS starved_share,
    approx_distinct(cmcd_session_id) AS media_sessions,
    row_number() OVER (ORDER BY count_if(cmcd_buffer_starvation IS NOT NULL) DESC, coalesce(c_country, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND cmcd_session_id IS NOT NULL
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(c_country, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- contents: Contents with most stalls, query A
SELECT
  content,
  starved_requests,
  starved_share,
  media_sessions
FROM (
  SELECT
    coalesce(cmcd_content_id, '-') AS content,
    count_if(cmcd_buffer_starvation IS NOT NULL) AS starved_requests,
    100.0 * count_if(cmcd_buffer_starvation IS NOT NULL) / nullif(count_if(cmcd_session_id IS NOT NULL), 0) AS starved_share,
    approx_distinct(cmcd_session_id) AS media_sessions,
    row_number() OVER (ORDER BY count_if(cmcd_buffer_starvation IS NOT NULL) DESC, coalesce(cmcd_content_id, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND cmcd_session_id IS NOT NULL
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cmcd_content_id, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- viewer-addresses: Viewer addresses by requests, query A
SELECT
  viewer,
  country,
  requests,
  bytes,
  error_rate_4xx
FROM (
  SELECT
    coalesce(c_ip, '-') AS viewer,
    coalesce(c_country, '-') AS country,
    count(*) AS requests,
    sum(sc_bytes) AS bytes,
    100.0 * count_if(sc_status BETWEEN 400 AND 499) / count(*) AS error_rate_4xx,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(c_ip, '-'), coalesce(c_country, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(c_ip, '-'), coalesce(c_country, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place

-- query-strings: Query strings by requests, query A
SELECT
  query_string,
  requests
FROM (
  SELECT
    coalesce(cs_uri_query, '-') AS query_string,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(cs_uri_query, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}) OR '-' IN (${distribution:sqlstring}) AND x_host_header IS NULL)
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}) OR '-' IN (${host:sqlstring}) AND cs_host IS NULL)
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}) OR '-' IN (${country:sqlstring}) AND c_country IS NULL)
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}) OR '-' IN (${edge:sqlstring}) AND x_edge_location IS NULL)
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}) OR '-' IN (${behavior:sqlstring}) AND cache_behavior_path_pattern IS NULL)
    AND ('(all)' IN (${status:sqlstring}) OR cast(sc_status / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(cs_uri_query, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
