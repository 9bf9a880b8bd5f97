"""What Grafana reads, and the tool that puts the same things into a running Grafana.

datasources/ dashboards/ alerting/     files, generated, for a Grafana that reads files
push/                                  the tool behind ``python -m provisioning``
"""
