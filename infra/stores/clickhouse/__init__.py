"""ClickHouse, to the commands around the stack: one machine, a cluster, or ClickHouse Cloud.

The stack does not make the server. It is asked over HTTP:

    server       one server and one user of it: questions, and what its refusals mean
    secret       where the writer's password is
    place        which server and tables the stack's parameters name
    users        the writer and the reader, as statements
    tables       what of the schema is there, and what is missing
"""

from infra.stores.clickhouse import (
    check,
    cost,
    deploy,
    destroy,
    grafana,
    permissions,
    retention,
    schema,
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

NAME = "ClickHouse"
