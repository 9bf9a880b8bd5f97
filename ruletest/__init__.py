"""Unit tests for Grafana alert rules: an evaluator of the rule files, and a test format.

    rule file ─▶ query on a Timestream endpoint ─▶ expressions ─▶ states ─▶ alerts ─▶ messages

`python -m dashboards test-rules FILE...`; docs/testing-rules.md tells the format.
"""


def main(argv: list[str]) -> int:
    """Run the command line; return its exit status."""
    from ruletest import command  # loads boto3, which most of this does without

    return command.main(argv)
