"""The message templates that contact points use, short enough for a phone.

A title begins with what is wrong, where, and how bad, because a phone shows no more than that. The
text begins with what all bad requests of the site have in common, if that is more to say. Then each
alert has a line with its number, one with the cause, since when it fires, and its links; the
worst alert comes first. What has recovered follows what fires.
https://grafana.com/docs/grafana/latest/alerting/configure-notifications/template-notifications/
"""

from dashboards.config import Bundle

# Phones cut subjects at about this many characters, SNS at 100 of ASCII.
TITLE_LENGTH = 60

# `NAME` is the bundle's name: two bundles in one Grafana keep their templates apart.
# Grafana wants `{{ define`, not `{{- define`: else it takes the whole text for one template's body.
#
# A rule's number is the worse the higher it is. Alertmanager sorts alerts by their labels, so each
# round finds the highest number of those that were not listed yet. Of what is well again the
# numbers are chance: the first by labels stands for all.
#
# Grafana also resolves an alert that it can no longer judge, with the reason in an annotation. The
# summary is then the last one it had. It has this reason, too, if it was well and had no place in
# the answer after that; then the last number was within its line.
#
# When a resolved alert began is not known: Grafana may send the moment when it ended, or when it
# began to recover. So its links go back further, and the text has its end alone.
#
# The links' ranges are the alert's own, not the last hours: a mail is often read the next morning.
# A range begins an hour before the alert, and ends a quarter of an hour after it. If the alert is
# about more than half an hour, its annotation `hours` says how long before: one of HOURS, because a
# template cannot reckon with text.
HOURS = (2, 7, 25, 73, 169, 721)
#
# Slack reads <...> as a link or a mention, and a viewer chooses what is in a URI.
_ALERT = """\
{{ define "NAME.about" -}}
{{ if .Labels.rulename }}{{ .Labels.rulename }}\
{{ else if .Annotations.what }}{{ .Annotations.what }}{{ with .Annotations.subject }} \
{{ printf "%.20s" (reReplaceAll "[^ -~]" "?" .) }}{{ end }}\
{{ else }}{{ .Labels.alertname }}{{ end }}
{{- end -}}

{{ define "NAME.title" -}}
{{ $all := .Alerts.Firing }}{{ if not $all }}{{ $all = .Alerts.Resolved }}{{ end -}}
{{ $worst := index $all 0 -}}
{{ range .Alerts.Firing }}{{ if gt .Values.A $worst.Values.A }}{{ $worst = . }}{{ end }}{{ end -}}
{{ if eq .Status "resolved" }}Resolved: \
{{ else if eq $worst.Labels.alertname "DatasourceError" }}Rule fails: \
{{ else if eq $worst.Labels.alertname "DatasourceNoData" }}No data: \
{{ else }}{{ $worst.Annotations.recovering }}{{ end }}\
{{ template "NAME.about" $worst }}\
{{ if and (eq .Status "firing") (not $worst.Labels.rulename) }}\
{{ with $worst.Annotations.number }} {{ . }}{{ end }}{{ end }}\
{{ if gt (len $all) 1 }} +{{ len (slice $all 1) }}{{ end }}\
{{ if and (eq .Status "firing") (eq .CommonLabels.severity "critical") }} (critical){{ end }}
{{- end -}}

{{ define "NAME.alert" -}}
{{ if eq .Status "resolved" }}\
{{ if or (not .Annotations.grafana_state_reason) \
(and .Annotations.recovering (eq .Annotations.grafana_state_reason "MissingSeries")) \
(eq .Labels.alertname "DatasourceNoData" "DatasourceError") }}Well again: \
{{ else }}Can no longer be judged (\
{{ if eq .Annotations.grafana_state_reason "MissingSeries" "NoData" }}\
too little traffic, or others are worse\
{{ else if eq .Annotations.grafana_state_reason "Error" }}the query fails\
{{ else }}{{ .Annotations.grafana_state_reason }}{{ end }}). Last: {{ end }}{{ end }}\
{{ if eq .Labels.alertname "DatasourceNoData" }}The rule's query answers nothing.\
{{ else if and .Annotations.Error (or (eq .Status "firing") \
(eq .Labels.alertname "DatasourceError")) }}The rule cannot be evaluated: \
{{ reReplaceAll "[<>]" "?" .Annotations.Error }}\
{{ else }}{{ if eq .Status "firing" }}{{ .Annotations.recovering }}{{ end }}\
{{ reReplaceAll "[<>]" "?" .Annotations.summary }}{{ end }}
{{- if and .Annotations.description (eq .Status "firing") (not .Labels.rulename) }}
{{ reReplaceAll "[<>]" "?" .Annotations.description }}
{{- end }}
{{ if eq .Status "resolved" }}Until {{ .EndsAt.UTC.Format "15:04 UTC, 2 Jan" }}\
{{ else }}Since {{ .StartsAt.UTC.Format "15:04 UTC, 2 Jan" }}{{ end }}
{{- end -}}

"""
_PLAIN = """\
{{ define "NAME.site" -}}
{{ $site := "" }}{{ range .Alerts.Firing }}\
{{ if and .Annotations.site (ne .Annotations.site .Annotations.description) }}\
{{ $site = .Annotations.site }}{{ end }}{{ end -}}
{{ if $site }}Site-wide: {{ reReplaceAll "[<>]" "?" $site }}

{{ end }}
{{- end -}}

{{ define "NAME.plain" -}}
@range@{{ template "NAME.alert" . }}
{{- if .Annotations.dashboard }}
Look: @look@
{{- end }}
{{- if .Annotations.requests }}
Requests: @requests@
{{- end }}

{{ end -}}

{{ define "NAME.message" -}}
{{ template "NAME.site" . -}}
@each plain@
{{ $one := eq (len .Alerts) 1 }}{{ with index .Alerts 0 }}@range@\
{{ if .Annotations.runbook }}Do: @do@
{{ end }}{{ if @is ours@ }}What else fires, and why: @all@
{{ end }}{{ if and $one .SilenceURL (eq .Status "firing") }}\
Silence (sign in first): {{ .SilenceURL }}
{{ end }}{{ end }}
{{- end -}}

"""
_SLACK = """\
{{ define "NAME.linked" -}}
@range@{{ template "NAME.alert" . }}
{{ if .Annotations.dashboard }}<@look@|Panel>   {{ end }}\
{{ if .Annotations.requests }}<@requests@|Requests>   {{ end }}\
{{ if .Annotations.runbook }}<@do@|Runbook>   {{ end }}\
{{ if @is ours@ }}<@all@|What else fires>   {{ end }}\
{{ if eq .Status "firing" }}{{ with .SilenceURL }}<{{ . }}|Silence>{{ end }}{{ end }}

{{ end -}}

{{ define "NAME.slack" -}}
{{ template "NAME.site" . -}}
@each linked@
{{- end -}}
"""
_EACH = """\
{{ $firing := .Alerts.Firing }}{{ $first := true }}{{ $last := 0.0 -}}
{{ range $firing }}{{ $next := -1e300 -}}
{{ range $firing }}{{ if and (or $first (lt .Values.A $last)) (gt .Values.A $next) }}\
{{ $next = .Values.A }}{{ end }}{{ end -}}
{{ range $firing }}{{ if eq .Values.A $next }}{{ template "NAME.FORM" . }}{{ end }}{{ end -}}
{{ $last = $next }}{{ $first = false }}{{ end -}}
{{ range .Alerts.Resolved }}{{ template "NAME.FORM" . }}{{ end -}}"""
# What stands between @ above.
_FROM = "(.StartsAt.Add -{}000000000).UnixMilli"
_PIECES = {
    "each plain": _EACH.replace("FORM", "plain"),
    "each linked": _EACH.replace("FORM", "linked"),
    "range": (
        '{{ $to := "now" }}{{ if eq .Status "resolved" }}'
        '{{ $to = printf "%d" (.EndsAt.Add 900000000000).UnixMilli }}{{ end -}}\n'
        f"{{{{ $from := {_FROM.format(3600)} }}}}"
        + "".join(
            f"{{{{ if {test} }}}}{{{{ $from = {_FROM.format(3600 * hours)} }}}}{{{{ end }}}}"
            for hours, test in sorted(
                [
                    (3, 'eq .Status "resolved"'),
                    *((hours, f'eq .Annotations.hours "{hours}"') for hours in HOURS),
                ]
            )
        )
        + '{{ $range := printf "from=%d&to=%s" $from $to -}}\n'
    ),
    "look": '{{ reReplaceAll "from=[^&]*&to=[^&]*" $range .Annotations.dashboard }}',
    "requests": '{{ reReplaceAll "from=[^&]*&to=[^&]*" $range .Annotations.requests }}',
    "do": '{{ reReplaceAll "viewPanel" (print $range "&viewPanel") .Annotations.runbook }}',
    # The dashboard around the runbook's entry, about the whole site. A runbook elsewhere has none.
    "all": '{{ reReplaceAll "viewPanel=.*" $range .Annotations.runbook }}',
    "is ours": 'match "viewPanel" .Annotations.runbook',
}


def template(bundle: Bundle) -> str:
    """Return the bundle's message templates, as the one text a template resource holds."""
    text = _ALERT + _PLAIN + _SLACK
    for name, piece in _PIECES.items():
        text = text.replace(f"@{name}@", piece)
    return text.replace("NAME", bundle.name)


def hours(window: int) -> str:
    """Return the annotation `hours` of an alert about so many seconds; none for a short one."""
    if window <= 1800:
        return ""
    return str(next((each for each in HOURS if each * 3600 >= window + 3600), HOURS[-1]))


def title(bundle: Bundle) -> str:
    """Return a contact point's title setting."""
    return f'{{{{ template "{bundle.name}.title" . }}}}'


def message(bundle: Bundle, channel: str = "") -> str:
    """Return a contact point's message setting."""
    form = "slack" if channel == "slack" else "message"
    return f'{{{{ template "{bundle.name}.{form}" . }}}}'
