"""Amazon Timestream for LiveAnalytics, to the commands around the stack."""

from infra.stores.timestream import (
    check,
    cost,
    destroy,
    grafana,
    permissions,
    retention,
    status,
)

__all__ = ["NAME", "check", "cost", "destroy", "grafana", "permissions", "retention", "status"]

NAME = "Timestream for LiveAnalytics"
