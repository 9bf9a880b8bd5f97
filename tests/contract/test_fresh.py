"""Every panel answers on a table that has seen next to nothing."""

from itertools import chain

import pytest

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from local.traffic import BLANK, line
from processor.catalog import DEFAULT_FIELDS
from tests.support.sample_site import END, SampleSite, event
from tests.support.stores import WAYS

LEAST = {"timestamp": f"{END - 90}.000", "sc-status": "200", "sc-bytes": "10", "time-taken": "0.1"}


def ask_all(sample_site: SampleSite, way: str, database: str) -> int:
    """Ask every panel and variable of a database; return how many queries that were."""
    counted = 0
    for board in boards(WAYS[way].bundle()):
        panels = [panel for panel in board.panels() if isinstance(panel, Panel)]
        for target in chain.from_iterable(panel.targets for panel in panels):
            sample_site.frame(target.sql, way, target.shape, database=database)
            counted += 1
        for variable in board.dashboard()["templating"].list:
            if variable["type"] == "query":
                sample_site.frame(variable["query"], way, database=database)
    return counted


@pytest.mark.slow
# In the classic layout, that of the original, a column is there once a request has had it.
@pytest.mark.parametrize("way", sorted(set(WAYS) - {"timestream-classic"}))
def test_a_table_that_no_batch_has_reached_breaks_no_panel(
    sample_site: SampleSite, way: str
) -> None:
    """The minutes between deploying the stack and attaching a distribution."""
    sample_site.running[way].processor("fresh-empty").announce()
    assert ask_all(sample_site, way, "fresh-empty") > 70


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_field_no_request_has_had_breaks_no_panel(sample_site: SampleSite, way: str) -> None:
    """No video, no failover, not even a country: such columns have to be there all the same."""
    processor = sample_site.running[way].processor("fresh")
    processor.announce()
    request = {**BLANK, "x-edge-request-id": "one", **LEAST}
    processor.handle(event([line(request, DEFAULT_FIELDS)]))
    assert ask_all(sample_site, way, "fresh") > 70
    edges = next(board for board in boards(WAYS[way].bundle()) if board.name == "edges")
    table = next(panel for panel in edges.panels() if panel.key == "table")
    frame = sample_site.frame(table.targets[0].sql, way, database="fresh")
    assert [field.values[0] for field in frame.fields[:3]] == ["-", 10, 1]
