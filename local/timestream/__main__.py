"""`python -m local.timestream`: the endpoint alone."""

import sys

from local.timestream.server import main

sys.exit(main())
