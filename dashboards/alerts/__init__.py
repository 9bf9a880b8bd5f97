"""Alert rules as data, who is told and how, and the files Grafana provisions them from."""

from dashboards.config import Bundle


def build(bundle: Bundle) -> dict[str, str]:
    """Return the alerting files of this bundle: path below provisioning/, and its text."""
    from dashboards.alerts import files  # the rule tester needs none of it

    return files.build(bundle)
