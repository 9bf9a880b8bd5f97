"""CloudFront on Grafana, as code: signals make queries, queries panels, panels dashboards."""

from typing import TYPE_CHECKING

from dashboards.config import Bundle

if TYPE_CHECKING:
    from dashboards.alerts.knobs import Thresholds


def build(bundle: Bundle, limits: "Thresholds | None" = None) -> dict[str, str]:
    """Return every file Grafana reads for this bundle: path below provisioning/, and its text.

    `limits` is what alerts/thresholds.toml says, which is read where nobody hands it over.
    """
    from dashboards import files  # a rule or a test that needs one signal need not load it all

    return files.build(bundle, limits)
