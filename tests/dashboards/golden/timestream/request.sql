-- sheet: The request with this id, query A
SELECT
  log_field,
  coalesce(CASE place
    WHEN 0 THEN time
    WHEN 1 THEN c_ip
    WHEN 2 THEN s_ip
    WHEN 3 THEN time_to_first_byte
    WHEN 4 THEN sc_status
    WHEN 5 THEN sc_bytes
    WHEN 6 THEN cs_method
    WHEN 7 THEN cs_protocol
    WHEN 8 THEN cs_host
    WHEN 9 THEN cs_uri_stem
    WHEN 10 THEN cs_bytes
    WHEN 11 THEN x_edge_location
    WHEN 12 THEN x_edge_request_id
    WHEN 13 THEN x_host_header
    WHEN 14 THEN time_taken
    WHEN 15 THEN cs_protocol_version
    WHEN 16 THEN c_ip_version
    WHEN 17 THEN cs_user_agent
    WHEN 18 THEN cs_referer
    WHEN 19 THEN cs_cookie
    WHEN 20 THEN cs_uri_query
    WHEN 21 THEN x_edge_response_result_type
    WHEN 22 THEN x_forwarded_for
    WHEN 23 THEN ssl_protocol
    WHEN 24 THEN ssl_cipher
    WHEN 25 THEN x_edge_result_type
    WHEN 26 THEN fle_encrypted_fields
    WHEN 27 THEN fle_status
    WHEN 28 THEN sc_content_type
    WHEN 29 THEN sc_content_len
    WHEN 30 THEN sc_range_start
    WHEN 31 THEN sc_range_end
    WHEN 32 THEN c_port
    WHEN 33 THEN x_edge_detailed_result_type
    WHEN 34 THEN c_country
    WHEN 35 THEN cs_accept_encoding
    WHEN 36 THEN cs_accept
    WHEN 37 THEN cache_behavior_path_pattern
    WHEN 38 THEN cs_headers_count
    WHEN 39 THEN primary_distribution_id
    WHEN 40 THEN primary_distribution_dns_name
    WHEN 41 THEN origin_fbl
    WHEN 42 THEN origin_lbl
    WHEN 43 THEN asn
    WHEN 44 THEN cmcd_encoded_bitrate
    WHEN 45 THEN cmcd_buffer_length
    WHEN 46 THEN cmcd_buffer_starvation
    WHEN 47 THEN cmcd_content_id
    WHEN 48 THEN cmcd_object_duration
    WHEN 49 THEN cmcd_deadline
    WHEN 50 THEN cmcd_measured_throughput
    WHEN 51 THEN cmcd_next_object_request
    WHEN 52 THEN cmcd_next_range_request
    WHEN 53 THEN cmcd_object_type
    WHEN 54 THEN cmcd_playback_rate
    WHEN 55 THEN cmcd_requested_maximum_throughput
    WHEN 56 THEN cmcd_streaming_format
    WHEN 57 THEN cmcd_session_id
    WHEN 58 THEN cmcd_stream_type
    WHEN 59 THEN cmcd_startup
    WHEN 60 THEN cmcd_top_bitrate
    WHEN 61 THEN cmcd_version
    WHEN 62 THEN r_host
    WHEN 63 THEN sr_reason
    WHEN 64 THEN x_edge_mqcs
    WHEN 65 THEN distribution_tenant_id
    WHEN 66 THEN connection_id
    WHEN 67 THEN viewer_request_log_data
    WHEN 68 THEN viewer_response_log_data
  END, '-') AS value,
  meaning
FROM (
  SELECT
    cast(time AS varchar) AS time,
    c_ip AS c_ip,
    s_ip AS s_ip,
    cast(time_to_first_byte AS varchar) AS time_to_first_byte,
    cast(sc_status AS varchar) AS sc_status,
    cast(sc_bytes AS varchar) AS sc_bytes,
    cs_method AS cs_method,
    cs_protocol AS cs_protocol,
    cs_host AS cs_host,
    cs_uri_stem AS cs_uri_stem,
    cast(cs_bytes AS varchar) AS cs_bytes,
    x_edge_location AS x_edge_location,
    x_edge_request_id AS x_edge_request_id,
    x_host_header AS x_host_header,
    cast(time_taken AS varchar) AS time_taken,
    cs_protocol_version AS cs_protocol_version,
    c_ip_version AS c_ip_version,
    cs_user_agent AS cs_user_agent,
    cs_referer AS cs_referer,
    cs_cookie AS cs_cookie,
    cs_uri_query AS cs_uri_query,
    x_edge_response_result_type AS x_edge_response_result_type,
    x_forwarded_for AS x_forwarded_for,
    ssl_protocol AS ssl_protocol,
    ssl_cipher AS ssl_cipher,
    x_edge_result_type AS x_edge_result_type,
    cast(fle_encrypted_fields AS varchar) AS fle_encrypted_fields,
    fle_status AS fle_status,
    sc_content_type AS sc_content_type,
    cast(sc_content_len AS varchar) AS sc_content_len,
    cast(sc_range_start AS varchar) AS sc_range_start,
    cast(sc_range_end AS varchar) AS sc_range_end,
    cast(c_port AS varchar) AS c_port,
    x_edge_detailed_result_type AS x_edge_detailed_result_type,
    c_country AS c_country,
    cs_accept_encoding AS cs_accept_encoding,
    cs_accept AS cs_accept,
    cache_behavior_path_pattern AS cache_behavior_path_pattern,
    cast(cs_headers_count AS varchar) AS cs_headers_count,
    primary_distribution_id AS primary_distribution_id,
    primary_distribution_dns_name AS primary_distribution_dns_name,
    cast(origin_fbl AS varchar) AS origin_fbl,
    cast(origin_lbl AS varchar) AS origin_lbl,
    cast(asn AS varchar) AS asn,
    cast(cmcd_encoded_bitrate AS varchar) AS cmcd_encoded_bitrate,
    cast(cmcd_buffer_length AS varchar) AS cmcd_buffer_length,
    cmcd_buffer_starvation AS cmcd_buffer_starvation,
    cmcd_content_id AS cmcd_content_id,
    cast(cmcd_object_duration AS varchar) AS cmcd_object_duration,
    cast(cmcd_deadline AS varchar) AS cmcd_deadline,
    cast(cmcd_measured_throughput AS varchar) AS cmcd_measured_throughput,
    cmcd_next_object_request AS cmcd_next_object_request,
    cmcd_next_range_request AS cmcd_next_range_request,
    cmcd_object_type AS cmcd_object_type,
    cast(cmcd_playback_rate AS varchar) AS cmcd_playback_rate,
    cast(cmcd_requested_maximum_throughput AS varchar) AS cmcd_requested_maximum_throughput,
    cmcd_streaming_format AS cmcd_streaming_format,
    cmcd_session_id AS cmcd_session_id,
    cmcd_stream_type AS cmcd_stream_type,
    cmcd_startup AS cmcd_startup,
    cast(cmcd_top_bitrate AS varchar) AS cmcd_top_bitrate,
    cast(cmcd_version AS varchar) AS cmcd_version,
    r_host AS r_host,
    sr_reason AS sr_reason,
    cast(x_edge_mqcs AS varchar) AS x_edge_mqcs,
    distribution_tenant_id AS distribution_tenant_id,
    connection_id AS connection_id,
    viewer_request_log_data AS viewer_request_log_data,
    viewer_response_log_data AS viewer_response_log_data
  FROM $__database.$__table
  WHERE measure_name = 'request'
    AND $__timeFilter
    AND x_edge_request_id IN (${request:sqlstring})
  LIMIT 1
) AS request
CROSS JOIN (VALUES
  (0, 'timestamp', 'When the edge finished responding to the viewer, to the millisecond. In UTC.'),
  (1, 'c-ip', 'Viewer''s IP address, or that of the proxy or load balancer in front of the viewer.'),
  (2, 's-ip', 'IP address of the CloudFront server that answered.'),
  (3, 'time-to-first-byte', 'From receiving the request to writing the first byte of the response, measured at the edge. In seconds.'),
  (4, 'sc-status', 'HTTP status sent to the viewer; 000 when the viewer left before a response.'),
  (5, 'sc-bytes', 'Bytes sent to the viewer, headers included. In bytes.'),
  (6, 'cs-method', 'HTTP method of the request.'),
  (7, 'cs-protocol', 'Protocol of the request: http, https, grpcs, ws or wss.'),
  (8, 'cs-host', 'Host header the viewer sent, usually an alternate domain name of the distribution.'),
  (9, 'cs-uri-stem', 'Path of the request; real-time logs deliver it with the query string, which is split off.'),
  (10, 'cs-bytes', 'Bytes the viewer sent, headers included. In bytes.'),
  (11, 'x-edge-location', 'Edge location that answered: IATA code of a nearby airport and a number, such as NRT57-C1.'),
  (12, 'x-edge-request-id', 'Opaque unique id of the request, the same as the x-amz-cf-id response header.'),
  (13, 'x-host-header', 'Domain name of the distribution, such as d111111abcdef8.cloudfront.net.'),
  (14, 'time-taken', 'From receiving the request to queueing the last byte of the response. In seconds.'),
  (15, 'cs-protocol-version', 'HTTP version of the request, such as HTTP/2.0.'),
  (16, 'c-ip-version', 'IP version of the viewer''s connection: IPv4 or IPv6.'),
  (17, 'cs-user-agent', 'User-Agent header of the request.'),
  (18, 'cs-referer', 'Referer header of the request.'),
  (19, 'cs-cookie', 'Cookie header of the request, cut by CloudFront at 800 bytes.'),
  (20, 'cs-uri-query', 'Query string of the request.'),
  (21, 'x-edge-response-result-type', 'How the edge classified the response just before returning it.'),
  (22, 'x-forwarded-for', 'X-Forwarded-For header: the viewer''s address and the proxies it passed.'),
  (23, 'ssl-protocol', 'TLS protocol of an HTTPS request.'),
  (24, 'ssl-cipher', 'TLS cipher of an HTTPS request.'),
  (25, 'x-edge-result-type', 'How the edge classified the response after the last byte: Hit, RefreshHit, Miss, Error and so on.'),
  (26, 'fle-encrypted-fields', 'Number of fields encrypted by field-level encryption. In fields.'),
  (27, 'fle-status', 'Outcome of field-level encryption.'),
  (28, 'sc-content-type', 'Content-Type header of the response.'),
  (29, 'sc-content-len', 'Content-Length header of the response. In bytes.'),
  (30, 'sc-range-start', 'First byte of a range response. In bytes.'),
  (31, 'sc-range-end', 'Last byte of a range response. In bytes.'),
  (32, 'c-port', 'Viewer''s port.'),
  (33, 'x-edge-detailed-result-type', 'As x-edge-result-type, with the kind of error where it is Error.'),
  (34, 'c-country', 'Viewer''s country, ISO 3166-1 alpha-2, by IP address.'),
  (35, 'cs-accept-encoding', 'Accept-Encoding header of the request.'),
  (36, 'cs-accept', 'Accept header of the request.'),
  (37, 'cache-behavior-path-pattern', 'Path pattern of the cache behavior that matched; * is the default.'),
  (38, 'cs-headers-count', 'Number of headers in the request. In headers.'),
  (39, 'primary-distribution-id', 'Id of the primary distribution, also under continuous deployment.'),
  (40, 'primary-distribution-dns-name', 'Domain name of the primary distribution.'),
  (41, 'origin-fbl', 'First-byte latency between CloudFront and the origin; absent on a cache hit. In seconds.'),
  (42, 'origin-lbl', 'Last-byte latency between CloudFront and the origin; absent on a cache hit. In seconds.'),
  (43, 'asn', 'Autonomous system number of the viewer''s network.'),
  (44, 'cmcd-encoded-bitrate', 'CMCD br: encoded bitrate of the requested media object. In kbit/s.'),
  (45, 'cmcd-buffer-length', 'CMCD bl: length of the player''s buffer. In milliseconds.'),
  (46, 'cmcd-buffer-starvation', 'CMCD bs: present when the buffer ran empty since the last request.'),
  (47, 'cmcd-content-id', 'CMCD cid: identifies the content.'),
  (48, 'cmcd-object-duration', 'CMCD d: playback duration of the requested object. In milliseconds.'),
  (49, 'cmcd-deadline', 'CMCD dl: time until the first sample is needed. In milliseconds.'),
  (50, 'cmcd-measured-throughput', 'CMCD mtp: throughput the client measured. In kbit/s.'),
  (51, 'cmcd-next-object-request', 'CMCD nor: relative path of the next object.'),
  (52, 'cmcd-next-range-request', 'CMCD nrr: byte range of the next request.'),
  (53, 'cmcd-object-type', 'CMCD ot: m, a, v, av, i, c, tt, k or o.'),
  (54, 'cmcd-playback-rate', 'CMCD pr: 1 in real time, 2 at double speed, 0 when not playing. In ratio.'),
  (55, 'cmcd-requested-maximum-throughput', 'CMCD rtp: highest delivery rate the client wants. In kbit/s.'),
  (56, 'cmcd-streaming-format', 'CMCD sf: d (DASH), h (HLS), s (Smooth) or o (other).'),
  (57, 'cmcd-session-id', 'CMCD sid: identifies the playback session.'),
  (58, 'cmcd-stream-type', 'CMCD st: v (on demand) or l (live).'),
  (59, 'cmcd-startup', 'CMCD su: present when the object is needed urgently for start-up, seeking or recovery.'),
  (60, 'cmcd-top-bitrate', 'CMCD tb: highest bitrate the client can play. In kbit/s.'),
  (61, 'cmcd-version', 'CMCD v: version of the specification; 1 when absent.'),
  (62, 'r-host', 'Domain of the origin, on requests that went there.'),
  (63, 'sr-reason', 'Why the origin was chosen: Failover:403, Failover:502 or MediaQuality; empty on the primary''s success.'),
  (64, 'x-edge-mqcs', 'Media quality confidence score under media-quality-aware resiliency. In score 0-100.'),
  (65, 'distribution-tenant-id', 'Id of the distribution tenant.'),
  (66, 'connection-id', 'Id of the viewer''s connection, with mutual TLS only.'),
  (67, 'viewer-request-log-data', 'What a viewer-request function logged with cf.logCustomData(), at most 800 bytes.'),
  (68, 'viewer-response-log-data', 'What a viewer-response function logged with cf.logCustomData(), at most 800 bytes.')
) AS fields (place, log_field, meaning)
ORDER BY IF(coalesce(CASE place
    WHEN 0 THEN time
    WHEN 1 THEN c_ip
    WHEN 2 THEN s_ip
    WHEN 3 THEN time_to_first_byte
    WHEN 4 THEN sc_status
    WHEN 5 THEN sc_bytes
    WHEN 6 THEN cs_method
    WHEN 7 THEN cs_protocol
    WHEN 8 THEN cs_host
    WHEN 9 THEN cs_uri_stem
    WHEN 10 THEN cs_bytes
    WHEN 11 THEN x_edge_location
    WHEN 12 THEN x_edge_request_id
    WHEN 13 THEN x_host_header
    WHEN 14 THEN time_taken
    WHEN 15 THEN cs_protocol_version
    WHEN 16 THEN c_ip_version
    WHEN 17 THEN cs_user_agent
    WHEN 18 THEN cs_referer
    WHEN 19 THEN cs_cookie
    WHEN 20 THEN cs_uri_query
    WHEN 21 THEN x_edge_response_result_type
    WHEN 22 THEN x_forwarded_for
    WHEN 23 THEN ssl_protocol
    WHEN 24 THEN ssl_cipher
    WHEN 25 THEN x_edge_result_type
    WHEN 26 THEN fle_encrypted_fields
    WHEN 27 THEN fle_status
    WHEN 28 THEN sc_content_type
    WHEN 29 THEN sc_content_len
    WHEN 30 THEN sc_range_start
    WHEN 31 THEN sc_range_end
    WHEN 32 THEN c_port
    WHEN 33 THEN x_edge_detailed_result_type
    WHEN 34 THEN c_country
    WHEN 35 THEN cs_accept_encoding
    WHEN 36 THEN cs_accept
    WHEN 37 THEN cache_behavior_path_pattern
    WHEN 38 THEN cs_headers_count
    WHEN 39 THEN primary_distribution_id
    WHEN 40 THEN primary_distribution_dns_name
    WHEN 41 THEN origin_fbl
    WHEN 42 THEN origin_lbl
    WHEN 43 THEN asn
    WHEN 44 THEN cmcd_encoded_bitrate
    WHEN 45 THEN cmcd_buffer_length
    WHEN 46 THEN cmcd_buffer_starvation
    WHEN 47 THEN cmcd_content_id
    WHEN 48 THEN cmcd_object_duration
    WHEN 49 THEN cmcd_deadline
    WHEN 50 THEN cmcd_measured_throughput
    WHEN 51 THEN cmcd_next_object_request
    WHEN 52 THEN cmcd_next_range_request
    WHEN 53 THEN cmcd_object_type
    WHEN 54 THEN cmcd_playback_rate
    WHEN 55 THEN cmcd_requested_maximum_throughput
    WHEN 56 THEN cmcd_streaming_format
    WHEN 57 THEN cmcd_session_id
    WHEN 58 THEN cmcd_stream_type
    WHEN 59 THEN cmcd_startup
    WHEN 60 THEN cmcd_top_bitrate
    WHEN 61 THEN cmcd_version
    WHEN 62 THEN r_host
    WHEN 63 THEN sr_reason
    WHEN 64 THEN x_edge_mqcs
    WHEN 65 THEN distribution_tenant_id
    WHEN 66 THEN connection_id
    WHEN 67 THEN viewer_request_log_data
    WHEN 68 THEN viewer_response_log_data
  END, '-') = '-', 1, 0), place
