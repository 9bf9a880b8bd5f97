"""What is compared between two times, and with which other time, by a reader's choice."""

from collections.abc import Mapping

# The dashboard variables, and their choices by what a reader reads.
MEASURE = "measure"
MEASURES: Mapping[str, str] = {  # names of signals that can be summed
    "5xx responses": "errors_5xx",
    "4xx responses": "errors_4xx",
    "slow first bytes": "slow_first_bytes",
    "megabytes sent": "megabytes",
    "requests": "requests",
}
AGAINST = "against"
BEFORE, YESTERDAY = "before", "yesterday"
TIMES: Mapping[str, str] = {"the time before it": BEFORE, "the same time yesterday": YESTERDAY}
# The longest time that is compared. With more, the time before would reach into yesterday's.
LONGEST = "12h"
