"""The Lambda that turns CloudFront real-time log lines into rows of a store."""
