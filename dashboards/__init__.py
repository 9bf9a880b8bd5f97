"""CloudFront on Grafana, as code: queries from signals, panels from queries, then dashboards."""

from typing import TYPE_CHECKING

from dashboards.config import Bundle

if TYPE_CHECKING:
    from dashboards.alerts.knobs import Thresholds


def build(bundle: Bundle, limits: "Thresholds | None" = None) -> dict[str, str]:
    """Return every file Grafana reads for this bundle: path below provisioning/, and its text.

    `limits` are the thresholds; without them alerts/thresholds.toml is read.
    """
    from dashboards import files  # who needs one signal does not load it all

    return files.build(bundle, limits)
