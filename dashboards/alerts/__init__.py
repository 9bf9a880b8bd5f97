"""Alert rules as data, contact points and messages, and the files that Grafana reads them from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dashboards.config import Bundle

if TYPE_CHECKING:
    from dashboards.alerts.knobs import Thresholds
    from dashboards.grafana.board import Dashboard


def build(
    bundle: Bundle,
    limits: "Thresholds | None" = None,
    dashboards: "Sequence[Dashboard] | None" = None,
) -> dict[str, str]:
    """Return the alerting files of this bundle: path below provisioning/, and its text."""
    from dashboards.alerts import files  # the rule tester needs none of it

    return files.build(bundle, limits, dashboards)
