-- Requests by device class, query A
SELECT
  device,
  requests
FROM (
  SELECT
    coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent <> '-' THEN 'other' END, '-') AS device,
    count(*) AS requests,
    row_number() OVER (ORDER BY count(*) DESC, coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent <> '-' THEN 'other' END, '-')) AS place
  FROM $__database.$__table
  WHERE measure_name = 'sc_bytes'
    AND $__timeFilter
    AND ('(all)' IN (${distribution:sqlstring}) OR x_host_header IN (${distribution:sqlstring}))
    AND ('(all)' IN (${host:sqlstring}) OR cs_host IN (${host:sqlstring}))
    AND ('(all)' IN (${country:sqlstring}) OR c_country IN (${country:sqlstring}))
    AND ('(all)' IN (${edge:sqlstring}) OR x_edge_location IN (${edge:sqlstring}))
    AND ('(all)' IN (${behavior:sqlstring}) OR cache_behavior_path_pattern IN (${behavior:sqlstring}))
    AND ('(all)' IN (${status:sqlstring}) OR cast(try_cast(sc_status AS bigint) / 100 AS varchar) IN (${status:sqlstring}))
  GROUP BY coalesce(CASE WHEN regexp_like(cs_user_agent, '(?i)bot|crawl|spider|slurp') THEN 'bot' WHEN regexp_like(cs_user_agent, '(?i)ipad|tablet') THEN 'tablet' WHEN regexp_like(cs_user_agent, '(?i)mobi|iphone|android') THEN 'mobile' WHEN regexp_like(cs_user_agent, '(?i)smart-?tv|appletv|roku|web0s|tizen|aftt') THEN 'tv' WHEN regexp_like(cs_user_agent, '(?i)mozilla|opera') THEN 'desktop' WHEN cs_user_agent <> '-' THEN 'other' END, '-')
)
WHERE place <= cast(${top:sqlstring} AS bigint)
ORDER BY place
