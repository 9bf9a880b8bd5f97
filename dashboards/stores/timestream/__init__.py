"""Timestream as a store: what has to be known of it before a bundle is there to be asked.

The rest is in store.py, which is imported when a bundle is built.
"""

import re

# In sentences, and as Grafana's data sources are listed.
TITLE = "Timestream"
DATASOURCE_NAME = "Amazon Timestream"
DATASOURCE_UID = "timestream"
PLUGIN = "grafana-timestream-datasource"
# How the processor can write records, the usual way first.
# In "classic", that of the original aws-samples solution, every field is a text dimension.
LAYOUTS: tuple[str, ...] = ("multi", "classic")


def refused(name: str) -> str:
    """Return why the service would refuse a database's or table's name; nothing if it would not."""
    if re.fullmatch(r"[A-Za-z0-9_.-]{3,256}", name):
        return ""
    return "is no Timestream name: use 3 to 256 letters, digits, dashes, dots and underscores"
