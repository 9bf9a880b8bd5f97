"""The name of every rule that was ever shipped; never take one out.

Grafana keeps a rule that vanished from its files, so each name here that a bundle does not build
is listed for deletion instead.
"""

SHIPPED = (
    "edge-egress-lost",
    "edge-egress-spike",
    "edge-5xx",
    "edge-ttfb-p95",
    "country-4xx",
    "country-5xx",
    "country-silent",
    "behavior-5xx",
    "host-5xx",
    "behavior-hits",
    "host-hits",
    "ttfb-p50",
    "ttfb-p95",
    "ttfb-p99",
    "ttfb-hit-p50",
    "ttfb-hit-p95",
    "ttfb-hit-p99",
    "origin-fbl-p95",
    "slo-errors-1h",
    "slo-errors-6h",
    "slo-errors-1d",
    "slo-errors-3d",
    "slo-latency-1h",
    "slo-latency-6h",
    "slo-latency-1d",
    "slo-latency-3d",
    "pipeline-silent",
    "pipeline-lag",
    "pipeline-malformed",
    "pipeline-rejected",
    "smoke",
)
