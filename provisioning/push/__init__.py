"""Puts the dashboards and alerts into a running Grafana, and takes them out again.

    python -m provisioning plan            what a push would change
    python -m provisioning apply           push
    python -m provisioning destroy         remove what was pushed, and nothing else
    python -m provisioning status          compare what is live with what is built

    built files ─▶ files.parse ─▶ Desired ─┐
                                           ├─▶ resources/*.changes ─▶ Plan ─▶ apply
    Grafana ◀── client ◀── resources/*.live ┘

`discovery` looks at a Grafana and makes the plan. `ownership` says how a live thing is known to be
ours; all else in a Grafana is left as it is.
"""
