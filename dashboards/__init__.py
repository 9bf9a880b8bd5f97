"""CloudFront on Grafana, as code: signals make SQL, SQL makes panels, panels make dashboards."""

from dashboards.config import Bundle


def build(bundle: Bundle) -> dict[str, str]:
    """Return every file Grafana reads for this bundle: path below provisioning/, and its text."""
    from dashboards import files  # a rule or a test that needs one signal need not load it all

    return files.build(bundle)
