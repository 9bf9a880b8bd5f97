"""The Lambda that turns CloudFront real-time log lines into Timestream records."""
