-- Requests by device class, query A
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
