"""What Grafana reads, and the tool that puts the same things into a running Grafana.

    datasources/ dashboards/ alerting/     files, generated, for a Grafana that reads files
    python -m provisioning plan            what a push would change
    python -m provisioning apply           push
    python -m provisioning destroy         remove what was pushed, and nothing else
    python -m provisioning status          compare what is live with what is built

    built files ─▶ files.parse ─▶ Desired ─┐
                                           ├─▶ kinds/*.changes ─▶ Plan ─▶ apply
    Grafana ◀── client ◀── kinds/*.live ───┘

`ownership` says how a live thing is known to be ours; all else in a Grafana is left as it is.
"""
