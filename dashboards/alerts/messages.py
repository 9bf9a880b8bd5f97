"""The message templates that contact points use, short enough for a phone.

The first line says state, what and how bad. Then each alert has a line with its number, a line with
the worst offenders, since when it fires, and its links.
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/template-notifications/
"""

from dashboards.config import Bundle

# Grafana also resolves an alert that it can no longer judge, with the reason in an annotation. The
# summary is then the last one it had, and does not show a number that has recovered.
# Grafana wants `{{ define`, not `{{- define`: else it takes the whole text for one template's body.
# `NAME` is the bundle's name: two bundles in one Grafana keep their templates apart.
_TEMPLATE = """\
{{ define "NAME.title" -}}
{{ if eq .Status "firing" }}{{ if eq .CommonLabels.severity "critical" }}CRITICAL{{ else }}\
Firing{{ end }}{{ else }}Resolved{{ end }}: \
{{ if .CommonLabels.rulename }}{{ .CommonLabels.alertname }}, {{ .CommonLabels.rulename }}\
{{ else }}{{ .CommonLabels.alertname }}{{ end }}\
{{ if gt (len .Alerts) 1 }} ({{ len .Alerts }}){{ end }}
{{- end -}}

{{ define "NAME.alert" -}}
{{ if eq .Status "resolved" }}\
{{ if or (not .Annotations.grafana_state_reason) \
(eq .Labels.alertname "DatasourceNoData" "DatasourceError") }}Well again: \
{{ else }}Can no longer be judged (\
{{ if eq .Annotations.grafana_state_reason "MissingSeries" "NoData" }}\
too little traffic, or others are worse\
{{ else if eq .Annotations.grafana_state_reason "Error" }}the query fails\
{{ else }}{{ .Annotations.grafana_state_reason }}{{ end }}). Last: {{ end }}{{ end }}\
{{ if eq .Labels.alertname "DatasourceNoData" }}The rule's query answers nothing.\
{{ else if and .Annotations.Error (or (eq .Status "firing") \
(eq .Labels.alertname "DatasourceError")) }}The rule cannot be evaluated: {{ .Annotations.Error }}\
{{ else }}{{ if eq .Status "firing" }}{{ .Annotations.recovering }}{{ end }}\
{{ .Annotations.summary }}{{ end }}
{{- if and .Annotations.description (eq .Status "firing") }}
{{ .Annotations.description }}
{{- end }}
Since {{ .StartsAt.UTC.Format "15:04 UTC, 2 Jan" }}
{{- if eq .Status "resolved" }}, until {{ .EndsAt.UTC.Format "15:04 UTC" }}{{ end }}
{{- if .Annotations.dashboard }}
Look: {{ .Annotations.dashboard }}
{{- end }}
{{- if .Annotations.runbook }}
Do: {{ .Annotations.runbook }}
{{- end }}
{{- if and .SilenceURL (eq .Status "firing") }}
Silence (sign in first): {{ .SilenceURL }}
{{- end }}
{{- end -}}

{{ define "NAME.message" -}}
{{ range .Alerts.Firing }}{{ template "NAME.alert" . }}

{{ end }}{{ range .Alerts.Resolved }}{{ template "NAME.alert" . }}

{{ end }}
{{- end -}}
"""


def template(bundle: Bundle) -> str:
    """Return the bundle's message templates, as the one text a template resource holds."""
    return _TEMPLATE.replace("NAME", bundle.name)


def title(bundle: Bundle) -> str:
    """Return a contact point's title setting."""
    return f'{{{{ template "{bundle.name}.title" . }}}}'


def message(bundle: Bundle) -> str:
    """Return a contact point's message setting."""
    return f'{{{{ template "{bundle.name}.message" . }}}}'
