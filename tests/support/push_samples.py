"""A small bundle in Grafana's file format: every kind of thing, every trap of the format."""

import json
from functools import cache

import yaml

SECRET = "https://hooks.slack.invalid/services/T000/B000/s3cr3t&<token>"
KEY = "pd-0123456789abcdef"
ENVIRONMENT = {
    "SLACK_WEBHOOK_URL": SECRET,
    "PAGERDUTY_KEY": KEY,
    "AWS_REGION": "eu-west-1",
    "TIMESTREAM_AUTH_TYPE": "keys",
    "TIMESTREAM_ENDPOINT": "http://127.0.0.1:9",
    "AWS_ACCESS_KEY_ID": "AKIAOFTHEDATASOURCE",
    "AWS_SECRET_ACCESS_KEY": "secret-of-the-data-source",
}

DATASOURCE = """\
apiVersion: 1
datasources:
  - name: Amazon Timestream
    uid: {name}-timestream
    type: grafana-timestream-datasource
    access: proxy
    isDefault: true
    jsonData:
      authType: $TIMESTREAM_AUTH_TYPE
      defaultRegion: $AWS_REGION
      endpoint: $TIMESTREAM_ENDPOINT
      defaultDatabase: '"cloudfront"'
      defaultTable: '"realtime_logs"'
    secureJsonData:
      accessKey: $AWS_ACCESS_KEY_ID
      secretKey: $AWS_SECRET_ACCESS_KEY
"""

PROVIDER = """\
apiVersion: 1
providers:
  - name: {name}
    type: file
    folder: {title}
    options:
      path: $GF_PATHS_PROVISIONING/dashboards
"""
# Of a stack that stands.
OUTPUTS = {
    "Region": "eu-west-1",
    "TimestreamDatabase": "logs",
    "TimestreamTable": "table",
    "SamplingPercentage": "5",
    "RecordLayout": "classic",
    "CollectedFields": "timestamp,c-ip,sc-status,sc-bytes,cs-cookie,x-edge-location",
    "DropFields": "cs-cookie",
    "ViewerIp": "drop",
    "AlertTopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts",
    # Not for a push, but every stack has them.
    "RealtimeLogConfigArn": "arn:aws:cloudfront::123456789012:realtime-log-config/s",
    "StreamName": "stream",
    "ProcessorName": "processor",
    "DeadLetterQueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/letters",
    "RejectedDataBucketName": "rejected",
    "GrafanaReadPolicyArn": "arn:aws:iam::123456789012:policy/read",
}


def dashboard(name: str, key: str, title: str, sql: str = "SELECT 1") -> str:
    """A dashboard file."""
    datasource = {"type": "grafana-timestream-datasource", "uid": f"{name}-timestream"}
    target = {"refId": "A", "rawQuery": sql, "format": 0, "datasource": datasource}
    return json.dumps(
        {
            "uid": f"{name}-{key}",
            "title": title,
            "schemaVersion": 39,
            "tags": [name],
            "time": {"from": "now-1h", "to": "now"},
            "panels": [
                {
                    "id": 1,
                    "type": "timeseries",
                    "title": "Requests",
                    "gridPos": {"h": 8, "w": 12, "x": 0, "y": 0},
                    "datasource": datasource,
                    "targets": [target],
                }
            ],
        },
        indent=2,
    )


def rule(name: str, key: str, title: str, limit: float = 5, **more: object) -> dict[str, object]:
    """A rule of a file."""
    return {
        "uid": f"{name}-{key}",
        "title": title,
        "condition": "C",
        "for": "5m",
        "keepFiringFor": "90s",
        "missing_series_evals_to_resolve": 3,
        "noDataState": "OK",
        "execErrState": "Error",
        "annotations": {
            "summary": '{{ .Labels.host }} costs $5: {{ printf "%.1f" .Values.B.Value }}',
            "__dashboardUid__": f"{name}-overview",
            "__panelId__": "1",
        },
        "labels": {"severity": "critical", "host": "{{ .Labels.host }}", "price": "$$5"},
        "notification_settings": {
            "receiver": f"{name}-oncall",
            "group_by": ["grafana_folder", "alertname"],
            "repeat_interval": "4h",
        },
        "data": [
            {
                "refId": "A",
                "datasourceUid": f"{name}-timestream",
                "relativeTimeRange": {"from": 960, "to": 60},
                "model": {
                    "refId": "A",
                    "intervalMs": 60000,
                    "format": 0,
                    "waitForResult": True,
                    "rawQuery": "SELECT host, 1.0 AS v FROM $__table WHERE $__timeFilter",
                },
            },
            {
                "refId": "C",
                "datasourceUid": "__expr__",
                "relativeTimeRange": {"from": 0, "to": 0},
                "model": {
                    "refId": "C",
                    "type": "threshold",
                    "expression": "A",
                    "conditions": [{"evaluator": {"type": "gt", "params": [limit]}}],
                },
            },
        ],
        **more,
    }


@cache
def built(
    name: str = "cloudfront",
    title: str = "CloudFront",
    *,
    sql: str = "SELECT 1",
    limit: float = 5,
    receivers: tuple[str, ...] = ("slack", "pagerduty"),
    second: bool = True,
    mute: bool = True,
) -> dict[str, str]:
    """Every built file of a bundle; what is left out or changed makes another build of it."""
    settings: dict[str, dict[str, object]] = {
        "slack": {"url": "$SLACK_WEBHOOK_URL", "title": '{{ template "cf.title" . }}'},
        "pagerduty": {"integrationKey": "$PAGERDUTY_KEY", "severity": "critical"},
        "sns": {"topic_arn": "arn:aws:sns:eu-west-1:123456789012:grafana-x", "subject": "s"},
        "webhook": {"url": "http://127.0.0.1:9/hook"},
    }
    alerting: dict[str, object] = {
        "apiVersion": 1,
        "contactPoints": [
            {
                "orgId": 1,
                "name": f"{name}-oncall",
                "receivers": [
                    {"uid": f"{name}-oncall-{kind}", "type": kind, "settings": settings[kind]}
                    for kind in receivers
                ],
            }
        ],
        "templates": [
            {
                "orgId": 1,
                "name": f"{name}",
                "template": '{{ define "cf.title" }}{{ range $a := .Alerts }}x{{ end }}{{ end }}\n',
            }
        ],
    }
    if mute:
        alerting["muteTimes"] = [
            {
                "orgId": 1,
                "name": f"{name}-nights",
                "time_intervals": [
                    {
                        "times": [{"start_time": "22:00", "end_time": "24:00"}],
                        "weekdays": ["monday:friday"],
                        "location": "UTC",
                    }
                ],
            }
        ]
    groups = [
        {
            "orgId": 1,
            "name": "Errors",
            "folder": f"{title} alerts",
            "interval": "1m",
            "rules": [
                rule(name, "errors", "Errors are up", limit),
                rule(name, "slow", "Slow first byte", 2),
            ][: 2 if second else 1],
        },
        {
            "orgId": 1,
            "name": "Pipeline",
            "folder": f"{title} alerts",
            "interval": "90s",
            "rules": [rule(name, "lag", "Lines come late", isPaused=True)],
        },
    ]
    files = {
        "datasources/timestream.yaml": DATASOURCE.format(name=name),
        "dashboards/provider.yaml": PROVIDER.format(name=name, title=title),
        f"dashboards/{name}-overview.json": dashboard(name, "overview", "Overview", sql),
        "alerting/contact-points.yaml": yaml.safe_dump(alerting, sort_keys=False),
        "alerting/rules.yaml": yaml.safe_dump({"apiVersion": 1, "groups": groups}, sort_keys=False),
    }
    if second:
        files[f"dashboards/{name}-edges.json"] = dashboard(name, "edges", "Edges")
    return files
