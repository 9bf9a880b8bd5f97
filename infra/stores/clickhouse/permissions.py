from collections.abc import Mapping

OPTIONS: Mapping[str, str] = {
    "Store": "clickhouse",
    "ClickHouseUrl": "https://clickhouse.example.com:8443",
    "ClickHouseSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:clickhouse-AbCdEf",
    "ClickHouseCa": "MIIB",
}
# The server is asked with a password, so no action is for it; the secret has an ARN.
ACCEPTED: Mapping[tuple[str, str], tuple[set[str], str]] = {}
