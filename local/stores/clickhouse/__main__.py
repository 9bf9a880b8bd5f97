"""``python -m local.stores.clickhouse``: the endpoint by itself, until Ctrl-C."""

import sys

from local.stores.clickhouse.server import main

if __name__ == "__main__":
    sys.exit(main())
