from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboards import alerts
from dashboards.alerts.testing.command import Endpoint, endpoint
from dashboards.config import Bundle

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def timestream() -> Iterator[Endpoint]:
    """An embedded endpoint to run rule tests on."""
    with endpoint(None) as running:
        yield running


@pytest.fixture(scope="session")
def classic_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The alerting files of a bundle in the classic layout."""
    folder = tmp_path_factory.mktemp("classic")
    paths = []
    for name, text in alerts.build(Bundle(layout="classic")).items():
        path = folder / Path(name).name
        path.write_text(text)
        paths.append(path)
    return paths
