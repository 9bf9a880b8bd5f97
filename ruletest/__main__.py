"""`python -m ruletest FILE...`: tests of alert rules."""

import sys

from ruletest.command import main

sys.exit(main(sys.argv[1:]))
