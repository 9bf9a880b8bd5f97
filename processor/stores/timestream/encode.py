"""From rows to WriteRecords requests, column by column.

Each configured field is a column. Each distinct value of a column becomes a piece of JSON once,
with its size beside it, and records are joined from the pieces. So a value that thousands of lines
share (a method, a country, "-") is checked, decoded and quoted once in a batch. Nothing of a viewer
is kept after the batch.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_WriteRecords.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring as quote
from zlib import crc32

from processor import values
from processor.catalog import BY_NAME
from processor.config import Config
from processor.lines import Failed
from processor.split import Rows
from processor.stores.timestream.columns import (
    NUMBER_BYTES,
    Cells,
    Column,
    by_row,
    total_sizes,
)
from processor.stores.timestream.layout import LAYOUTS
from processor.stores.timestream.request import OFFSETS, WriteRequest
from processor.values import Malformed

ROWS_PER_PART = 500  # encoded at a time: they are written while the next are encoded
RECORDS_PER_REQUEST = 100
# https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
RECORD_BYTES = 2048
TIME_BYTES = 8
# A record needs a dimension and a measure; these stand in when a line has none.
_SOME_DIMENSION = '{"Name":"source","Value":"cloudfront"},'
_SOME_DIMENSION_BYTES = len("source" + "cloudfront")
_SOME_MEASURE = '{"Name":"requests","Value":"1","Type":"BIGINT"},'
_SOME_MEASURE_BYTES = len("requests") + NUMBER_BYTES


@dataclass(slots=True)
class Encoded:
    """Some rows: the requests that write them, and the lines with something cut or missing."""

    requests: Iterator[WriteRequest]  # each is made when it is asked for
    malformed: list[Failed] = field(default_factory=list)
    trimmed: set[int] = field(default_factory=set)  # lines that lost text to a limit
    left_out: dict[str, set[int]] = field(default_factory=dict)  # field -> lines, see Report


@dataclass(slots=True)
class _Records:
    """Records as parallel lists."""

    lines: list[int]
    milliseconds: list[int]
    identities: list[str]
    times: list[str]
    dimensions: list[tuple[str, ...]]  # JSON of each dimension, "" where absent
    cells: list[Cells]  # of the dimensions
    measures: list[str]
    sizes: list[int]  # of a record without time and measure name


class Encoder:
    """Encodes rows for one configuration."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.layout = layout = LAYOUTS[config.settings.layout]
        self.multi = config.settings.layout == "multi"
        names = [each.name for each in config.fields]
        self.time_at = names.index("timestamp")
        self.id_at = names.index("x-edge-request-id") if "x-edge-request-id" in names else None
        stored = set(config.stored)
        self.columns = [
            Column(each, position, config)
            for position, each in enumerate(config.fields)
            if each in stored and not (self.multi and each.role == "time")
        ]
        self.dimensions = [each for each in self.columns if each.is_dimension]
        measures = [each for each in self.columns if not each.is_dimension]
        self.measures = sorted(measures, key=lambda each: not each.is_number)
        self.measure_at = None if self.multi else names.index("sc-bytes")
        self.fixed_bytes = TIME_BYTES + (0 if self.multi else NUMBER_BYTES)
        self.limit = RECORD_BYTES - len(layout.measure_name) - self.fixed_bytes
        # Text is cut in the catalog's order; short values of a fixed kind come last.
        self.order = sorted(
            (each for each in self.columns if each.field.name != "x-edge-request-id"),
            key=lambda each: (
                each.field.cut == 0,
                each.is_number,
                -each.field.cut,
                -each.field.bytes,
                each.position,
            ),
        )
        table = config.settings
        self.opening = (
            f'{{"DatabaseName":{quote(table.database)},"TableName":{quote(table.table)},'
            '"CommonAttributes":{'
        )
        self.common = (
            f'"MeasureName":"{layout.measure_name}","MeasureValueType":"{layout.value_type}",'
            f'"TimeUnit":"{layout.time_unit}"}},"Records":['
        )

    def encode(self, rows: Rows) -> Iterator[Encoded]:
        """Encode rows, some at a time.

        A value that is not a number is left out. A line is malformed only when no record can be
        made without the value.
        """
        for lines, given in self._parts(rows):
            yield self._encode(lines, given, rows.texts)

    def _parts(self, rows: Rows) -> Iterator[tuple[list[int], list[list[str]]]]:
        """Divide rows into parts. Those of one request id come together: see write.py."""
        lines, given = rows.lines, list(rows.values)
        groups: Sequence[int] = range(len(lines))
        if self.id_at is not None:
            ids = [row[self.id_at] for row in given]
            if len(set(ids)) < len(ids):
                first: dict[str, int] = {}
                groups = [
                    at if each in values.ABSENT else first.setdefault(each, at)
                    for at, each in enumerate(ids)
                ]
                order = sorted(range(len(ids)), key=groups.__getitem__)
                lines, given = [lines[at] for at in order], [given[at] for at in order]
                groups = sorted(groups)
        start = 0
        while start < len(lines):
            end = min(start + ROWS_PER_PART, len(lines))
            while end < len(lines) and groups[end] == groups[end - 1]:
                end += 1
            yield lines[start:end], given[start:end]
            start = end

    def _encode(self, lines: list[int], given: list[list[str]], texts: list[str]) -> Encoded:
        encoded = Encoded(iter(()))
        moments = self._milliseconds(lines, given, encoded.malformed)
        totals = self._totals(lines, given, encoded.malformed)
        if encoded.malformed:
            bad = {each.line for each in encoded.malformed}
            keep = [row for row, line in enumerate(lines) if line not in bad]
            lines, given = [lines[row] for row in keep], [given[row] for row in keep]
            moments, totals = [moments[row] for row in keep], [totals[row] for row in keep]
        if not lines:
            return encoded
        across = list(zip(*given, strict=True))
        identities = self._identities(lines, across, texts)
        cells = {each.position: each.encode(across[each.position]) for each in self.columns}
        sizes = total_sizes(cells.values(), len(lines))
        for column in self.columns:
            found = cells[column.position]
            if found.odd:
                encoded.left_out[column.field.name] = {lines[row] for row in found.odd}
            encoded.trimmed.update([lines[row] for row in found.cut])
        if max(sizes) > self.limit:
            for row, size in enumerate(sizes):
                if size > self.limit:
                    sizes[row] = self._trim(row, size, given[row], cells)
                    encoded.trimmed.add(lines[row])
        dimensions = [cells[each.position] for each in self.dimensions]
        measures = totals
        if self.multi:
            own = [cells[each.position] for each in self.measures]
            measures = list(map("".join, by_row(own, len(lines))))
            for row, text in enumerate(measures):
                if not text:
                    measures[row] = _SOME_MEASURE
                    sizes[row] += _SOME_MEASURE_BYTES
        records = _Records(
            lines=lines,
            milliseconds=moments,
            identities=identities,
            times=self._times(moments, identities),
            dimensions=by_row(dimensions, len(lines)),
            cells=dimensions,
            measures=measures,
            sizes=sizes,
        )
        encoded.requests = self._requests(records)
        return encoded

    def _milliseconds(
        self, lines: list[int], given: list[list[str]], malformed: list[Failed]
    ) -> list[int]:
        stamps = [row[self.time_at] for row in given]
        if values.usual_times("\t".join(stamps)):
            return [int(stamp[:10] + stamp[11:]) for stamp in stamps]
        moments = []
        for line, stamp in zip(lines, stamps, strict=True):
            try:
                moments.append(values.milliseconds(stamp))
            except Malformed as problem:
                malformed.append(Failed(line, problem.code, problem.reason))
                moments.append(0)
        return moments

    def _totals(
        self, lines: list[int], given: list[list[str]], malformed: list[Failed]
    ) -> list[str]:
        """Return sc-bytes, the one measure of the layout classic; else empty strings."""
        if self.measure_at is None:
            return [""] * len(lines)
        clean = values.cleaner(BY_NAME["sc-bytes"], self.config)
        already = {each.line for each in malformed}
        totals = []
        for line, row in zip(lines, given, strict=True):
            text = ""
            try:
                text = clean(row[self.measure_at])
                if not text:
                    raise Malformed("no_measure", "sc-bytes is absent and the layout needs it")
            except Malformed as problem:
                if line not in already:
                    malformed.append(Failed(line, problem.code, problem.reason))
            totals.append(text)
        return totals

    def _identities(
        self, lines: list[int], across: list[tuple[str, ...]], texts: list[str]
    ) -> list[str]:
        """Return what tells the rows' requests apart; empty in classic, where dimensions do."""
        if not self.multi:
            return [""] * len(lines)
        if self.id_at is None:
            return [texts[line] for line in lines]
        # Without an id, only the whole line tells two requests apart.
        return [
            identity if identity not in values.ABSENT else texts[line]
            for line, identity in zip(lines, across[self.id_at], strict=True)
        ]

    def _times(self, moments: list[int], identities: list[str]) -> list[str]:
        if not self.multi:
            return [str(moment // 1000) for moment in moments]
        return [
            f"{moment}{crc32(identity.encode()) % OFFSETS:06d}"
            for moment, identity in zip(moments, identities, strict=True)
        ]

    def _trim(self, row: int, size: int, line: list[str], cells: dict[int, Cells]) -> int:
        """Cut a record that is over the limit, by the catalog's priority; return its size."""
        over = size - self.limit
        for column in self.order:
            mine = cells[column.position]
            if not mine.json[row]:
                continue
            kept = ""
            if not column.is_number:
                text = values.cut(column.clean(line[column.position]), column.field.bytes)
                kept = values.cut(text, len(text.encode()) - over)
            over -= mine.size_at(row) - column.size(kept)
            mine.put(row, column.piece(kept), column.size(kept))
            if over <= 0:
                break
        return self.limit + over

    def _requests(self, records: _Records) -> Iterator[WriteRequest]:
        """Divide into requests of at most 100 records, so that a request's records share much.

        Records are ordered by their dimensions, those with the fewest values first. What all
        records of a request have in common is sent, and metered, once.
        """
        count = len(records.lines)
        order: Sequence[int] = range(count)
        if count > RECORDS_PER_REQUEST:
            columns = list(zip(*records.dimensions, strict=True))
            spread = sorted((len(set(column)), at) for at, column in enumerate(columns))
            varying = [columns[at] for distinct, at in spread if distinct > 1]
            keys = list(zip(*varying, records.times, strict=True))
            order = sorted(range(count), key=keys.__getitem__)
        start = 0
        while start < count:
            end = min(start + RECORDS_PER_REQUEST, count)
            # Records of one identity stay together, so that the request knows of both.
            while end < count and records.times[order[end]] == records.times[order[end - 1]]:
                end -= 1
                if end <= start + RECORDS_PER_REQUEST // 2:
                    end = start + RECORDS_PER_REQUEST
                    break
            yield self._request(records, order[start:end])
            start = end

    def _request(self, records: _Records, chosen: Sequence[int]) -> WriteRequest:
        dimensions = [records.dimensions[row] for row in chosen]
        common = ""
        common_bytes = 0
        varying = []
        for cells, each in zip(records.cells, zip(*dimensions, strict=True), strict=True):
            if each.count(each[0]) == len(each):
                common += each[0]
                common_bytes += cells.size_at(chosen[0])
            else:
                varying.append(each)
        own_bytes = [records.sizes[row] + self.fixed_bytes - common_bytes for row in chosen]
        if not common and not all(map(any, dimensions)):
            common, common_bytes = _SOME_DIMENSION, _SOME_DIMENSION_BYTES
        if varying:
            own = map("".join, zip(*varying, strict=True))
            heads = [f'"Dimensions":[{each[:-1]}],' if each else "" for each in own]
        else:
            heads = [""] * len(chosen)
        shared = f'"Dimensions":[{common[:-1]}],' if common else ""
        if self.multi:
            measures = [f'"MeasureValues":[{records.measures[row][:-1]}]' for row in chosen]
        else:
            measures = [f'"MeasureValue":"{records.measures[row]}"' for row in chosen]
        return WriteRequest(
            prefix=f"{self.opening}{shared}{self.common}",
            shared_bytes=len(self.layout.measure_name) + common_bytes,
            lines=[records.lines[row] for row in chosen],
            milliseconds=[records.milliseconds[row] for row in chosen],
            identities=[records.identities[row] for row in chosen],
            dimensions=heads,
            times=[records.times[row] for row in chosen],
            measures=measures,
            own_bytes=own_bytes,
        )
