"""`python -m timestream_local`: the endpoint alone."""

import sys

from timestream_local.server import main

sys.exit(main())
