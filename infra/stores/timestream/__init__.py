"""Amazon Timestream for LiveAnalytics, to the commands around the stack."""

from infra.stores.timestream import (
    check,
    cost,
    deploy,
    destroy,
    grafana,
    permissions,
    retention,
    status,
)

__all__ = [
    "NAME",
    "check",
    "cost",
    "deploy",
    "destroy",
    "grafana",
    "permissions",
    "retention",
    "schema",
    "status",
]

NAME = "Timestream for LiveAnalytics"
schema = None  # the stack makes the table
