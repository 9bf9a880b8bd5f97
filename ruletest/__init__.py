"""Unit tests for Grafana alert rules: an evaluator of the rule files, and a test format.

    rule file ─▶ query on a data source ─▶ expressions ─▶ states ─▶ alerts ─▶ messages

`python -m ruletest FILE...`; README.md describes the format.
"""
