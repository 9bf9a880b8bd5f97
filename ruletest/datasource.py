"""The Protocol of a Source: write one to test rules on data of your own.

A Source says with which keys a test describes its data, and reads them. Then it opens a data
source that answers the rules' queries. `python -m ruletest --source MODULE:NAME` imports it.

    test file --Source.read--> data --Opened.prepared--> a DataSource --run--> frames
"""

import argparse
import importlib
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from ruletest.frames import Frame
from ruletest.given import Given
from ruletest.rulefile import AlertRule


class SourceError(Exception):
    """The source cannot work or cannot take a test's data; the text is the sentence to show."""


class DataSource(Protocol):
    """Whatever answers a rule's queries."""

    def run(self, model: Mapping[str, Any], start: datetime, end: datetime) -> list[Frame]:
        """Return the frames of a query over a time range, as Grafana's plugin would.

        ``model`` is the query's, with its ``refId``. Raises EvaluationError with the plugin's text
        where Grafana would show an error.
        """
        ...


class Opened(Protocol):
    """A source that is ready: its server runs, its connection stands."""

    def prepared(self, data: Any, start: datetime) -> AbstractContextManager[DataSource]:
        """Hold a test's data, as `Source.read` returned it, for as long as the block lasts.

        ``start`` is the test's time 0, in UTC. Raises SourceError.
        """
        ...


class Source(Protocol):
    """A kind of data for tests."""

    @property
    def keys(self) -> Collection[str]:
        """The keys that describe data, in a test or in the file for all its tests."""
        ...

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add options to the command line, if there are any."""
        ...

    def read(self, given: Given, rule: AlertRule) -> Any:
        """Return a test's data; it is passed on as it is.

        Raises FileError for a fault in the data or in a query of the rule, if it can be found
        before anything runs.
        """
        ...

    def opened(self, options: argparse.Namespace) -> AbstractContextManager[Opened]:
        """Start what the tests need, for as long as the block lasts. Raises SourceError."""
        ...


def source(name: str) -> Source:
    """Return the source that a name such as ``package.module:NAME`` means; raises SourceError."""
    module, _, attribute = name.partition(":")
    try:
        found: Source = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise SourceError(
            f"{name!r} is no source: {error}; write module:name of one that can be imported here"
        ) from None
    return found
