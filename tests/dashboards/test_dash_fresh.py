"""Every panel answers on a table that has seen next to nothing."""

from itertools import chain

import pytest
from dash_world import END, World, bundle, event

from dashboards.boards import boards
from dashboards.grafana.panels import Panel
from dashboards.stores.timestream.frames import frames
from local.stores.timestream import make_table
from local.traffic import BLANK, line
from processor.catalog import DEFAULT_FIELDS
from processor.config import Config
from processor.handler import Processor
from processor.stores.timestream.settings import Settings

LEAST = {"timestamp": f"{END - 90}.000", "sc-status": "200", "sc-bytes": "10", "time-taken": "0.1"}


def ask_all(world: World, layout: str, database: str) -> int:
    """Ask every panel and variable of a database; return how many queries that were."""
    counted = 0
    for board in boards(bundle(layout)):
        panels = [panel for panel in board.panels() if isinstance(panel, Panel)]
        for target in chain.from_iterable(panel.targets for panel in panels):
            frames(world.answer(target.sql, database), target.shape)
            counted += 1
        for variable in board.dashboard()["templating"].list:
            if variable["type"] == "query":
                world.answer(variable["query"], database)
    return counted


def test_a_table_that_no_batch_has_reached_breaks_no_panel(world: World) -> None:
    """The minutes between deploying the stack and attaching a distribution."""
    make_table(world.url, "fresh-empty", "realtime_logs")
    Processor(Config(settings=Settings("fresh-empty"))).announce()
    assert ask_all(world, "multi", "fresh-empty") > 100


@pytest.mark.parametrize("layout", ["multi", "classic"])
def test_a_field_no_request_has_had_breaks_no_panel(world: World, layout: str) -> None:
    """No video, no failover, not even a country: such columns have to be there all the same."""
    database = f"fresh-{layout}"
    make_table(world.url, database, "realtime_logs")
    processor = Processor(Config(settings=Settings(database, layout=layout)))
    processor.prepare()
    processor.announce()
    request = {**BLANK, "x-edge-request-id": "one", **LEAST}
    processor.handle(event([line(request, DEFAULT_FIELDS)]))
    assert ask_all(world, layout, database) > 100
    overview = next(board for board in boards(bundle(layout)) if board.name == "edges")
    table = next(panel for panel in overview.panels() if panel.key == "table")
    frame = world.frame(table.targets[0].sql, database)
    assert [field.values[0] for field in frame.fields[:3]] == ["-", 10, 1]
