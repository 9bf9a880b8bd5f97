from collections.abc import Mapping

OPTIONS: Mapping[str, str] = {}
ACCEPTED: Mapping[tuple[str, str], tuple[set[str], str]] = {
    ("WildcardResourceRule", "ProcessorRole"): (
        {"timestream:DescribeEndpoints"},
        "endpoint discovery has no resource to name",
    ),
    ("WildcardResourceRule", "GrafanaReadPolicy"): (
        {
            "timestream:CancelQuery",
            "timestream:DescribeEndpoints",
            "timestream:ListDatabases",
            "timestream:SelectValues",
        },
        "none of the four has a resource to name",
    ),
    ("S3ObjectVersioningRule", "RejectedDataBucket"): (
        set(),
        "reports are written once, never changed, and expire after 30 days",
    ),
}
