"""From lines to WriteRecords bodies, column by column.

A batch is turned on its side: each configured field is a column, each distinct value of a column
becomes its piece of JSON once, and records are joined from the pieces. What thousands of lines
share (a method, a country, "-") is so checked, decoded and quoted once a batch, and nothing of a
viewer outlives the batch.

https://docs.aws.amazon.com/timestream/latest/developerguide/API_WriteRecords.html
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring as quote
from zlib import crc32

from processor import values
from processor.call import SLOTS, Call
from processor.catalogue import BY_NAME, Field
from processor.config import Config
from processor.lines import Batch
from processor.values import Malformed

RECORDS_PER_CALL = 100
RECORD_BYTES = 2048
TIME_BYTES = 8
NUMBER_BYTES = 8
MEASURE_NAME = {"multi": "request", "classic": "sc_bytes"}

# What a piece of JSON adds to the name and value in it.
_DIMENSION = len('{"Name":"","Value":""},')
_TEXT = len('{"Name":"","Value":"","Type":"VARCHAR"},')
_NUMBER = len('{"Name":"","Value":"","Type":"BIGINT"},')
# A record needs a dimension and a measure; these stand in when a line has none.
_SOME_DIMENSION = '{"Name":"source","Value":"cloudfront"},'
_NO_MEASURES = ('{"Name":"requests","Value":"1","Type":"BIGINT"},', "")


def distinct(batch: Batch) -> tuple[list[int], list[int]]:
    """Divide a batch's lines into the first of each and those equal to an earlier one."""
    if len(set(batch.texts)) == len(batch.texts):
        return list(range(len(batch.texts))), []
    seen: set[str] = set()
    once: list[int] = []
    again: list[int] = []
    for line, text in enumerate(batch.texts):
        (again if text in seen else once).append(line)
        seen.add(text)
    return once, again


@dataclass(slots=True)
class Shaped:
    """Lines that can be written, as parallel lists."""

    lines: list[int]  # index into Batch.texts
    times: list[str]  # Timestream's Time
    milliseconds: list[int]  # of the log line
    identities: list[str]  # what the time's last digits are a hash of; empty strings in classic
    dimensions: list[tuple[str, ...]]  # a piece of JSON for each dimension, "" where absent
    measures: list[tuple[str, str]]  # JSON of the numbers and of the texts
    text_bytes: list[int]  # names and values of the texts
    trimmed: set[int]  # lines that lost text to a limit
    left_out: dict[str, set[int]]  # by field, the lines whose number was none


_PARALLEL = (
    "lines",
    "times",
    "milliseconds",
    "identities",
    "dimensions",
    "measures",
    "text_bytes",
)


class Column:
    """One stored field: turns values into pieces of JSON."""

    def __init__(self, field: Field, position: int, config: Config) -> None:
        self.field = field
        self.position = position  # among the values of a line
        self.is_dimension = config.layout == "classic" or field.role == "dimension"
        self.is_number = field.type != "VARCHAR"
        self.clean = values.cleaner(field, config)
        self.plain = values.is_plain(field, config)
        self.exponents = False  # whether a number has ever come with one
        self.usual = values.USUAL.get(field.type, values.USUAL["DOUBLE"])
        self.rewrites = config.layout == "classic" and field.type != "BIGINT"
        self.decodes = field.decode and config.layout == "multi"
        self.absent = "-" if config.layout == "classic" else ""
        self.head = f'{{"Name":"{field.column}","Value":'
        self.tail = "}," if self.is_dimension else f',"Type":"{field.type}"}},'
        self.overhead = len(field.column)
        if self.is_dimension:
            self.json_overhead = _DIMENSION
        else:
            self.json_overhead = _NUMBER if self.is_number else _TEXT

    def piece(self, text: str) -> str:
        """Return the JSON for a clean text; "" when there is none."""
        return f"{self.head}{quote(text)}{self.tail}" if text else ""

    def weigh(self, piece: str) -> int:
        """Return what a piece takes of the record, in bytes as Timestream counts them."""
        if not piece:
            return 0
        if self.is_number and not self.is_dimension:
            return self.overhead + NUMBER_BYTES
        if "\\" in piece:  # escaped characters are one each
            piece = "".join(json.loads(piece[:-1]).values())
            return len(piece.encode()) - (0 if self.is_dimension else len(self.field.type))
        return len(piece.encode()) - self.json_overhead

    def table(self, distinct: set[str], odd: set[str], cut: set[str]) -> dict[str, str]:
        """Return the piece for each distinct value; note numbers that are none, and texts cut."""
        head, tail = self.head, self.tail
        rest = distinct.difference(values.ABSENT)
        made = dict.fromkeys(values.ABSENT, self.piece(self.absent))
        if not rest:
            return made
        if self.is_number:
            # The whole column in one look: it is the rare one that holds something else.
            if self.usual("\t".join(rest)):
                if self.rewrites:
                    made |= {value: f'{head}"{float(value)}"{tail}' for value in rest}
                else:
                    made |= {value: f'{head}"{value}"{tail}' for value in rest}
                return made
        elif self.plain:
            joined = "".join(rest)
            if (
                joined.isascii()
                and joined.isprintable()
                and '"' not in joined
                and "\\" not in joined
                and not (self.decodes and "%" in joined)
                and max(map(len, rest)) <= self.field.bytes
            ):
                made |= {value: f'{head}"{value}"{tail}' for value in rest}
                return made
        for value in rest:
            try:
                text = self.clean(value)
            except Malformed:  # a player's or an origin's: not worth the request
                odd.add(value)
                made[value] = made["-"]
                continue
            if self.is_number:
                self.exponents |= "e" in text.lower()
            else:
                fitted = values.cut(text, self.field.bytes)
                if fitted is not text:
                    cut.add(value)
                    text = fitted
            made[value] = f"{head}{quote(text)}{tail}" if text else ""
        return made


class Shaper:
    """Turns batches into calls, for one configuration."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.multi = config.layout == "multi"
        self.width = len(config.fields)
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
        self.numbers = [each for each in self.columns if not each.is_dimension and each.is_number]
        self.texts = [each for each in self.columns if not each.is_dimension and not each.is_number]
        self.measure_at = None if self.multi else names.index("sc-bytes")
        measure = MEASURE_NAME[config.layout]
        self.limit = RECORD_BYTES - TIME_BYTES - len(measure) - (0 if self.multi else NUMBER_BYTES)
        # Text gives way in the catalogue's order; a short value of a fixed kind only at the last.
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
        kind = "MULTI" if self.multi else "BIGINT"
        unit = "NANOSECONDS" if self.multi else "SECONDS"
        self.opening = (
            f'{{"DatabaseName":{quote(config.database)},"TableName":{quote(config.table)},'
            '"CommonAttributes":{'
        )
        self.common = (
            f'"MeasureName":"{measure}","MeasureValueType":"{kind}","TimeUnit":"{unit}"}},'
            '"Records":['
        )
        self.common_bytes = len(measure)

    def split(self, batch: Batch, given: Sequence[int]) -> tuple[list[int], list[list[str]]]:
        """Split lines into values; set aside those with the wrong number of them."""
        rows = [batch.texts[line].split("\t") for line in given]
        if not set(map(len, rows)) - {self.width}:
            return list(given), rows
        lines = []
        kept = []
        for line, row in zip(given, rows, strict=True):
            if len(row) == self.width:
                lines.append(line)
                kept.append(row)
                continue
            reason = f"the line has {len(row)} fields where {self.width} are configured"
            batch.malformed(line, "field_count", reason)
        return lines, kept

    def slices(
        self, lines: list[int], rows: list[list[str]], size: int
    ) -> Iterator[tuple[list[int], list[list[str]]]]:
        """Divide lines, split into values, into parts of about this size.

        Those of one request id come together: no store keeps them apart; see writer.py.
        """
        if self.id_at is not None:
            ids = [row[self.id_at] for row in rows]
            if len(set(ids)) < len(ids):
                first: dict[str, int] = {}
                place = [
                    at if each in values.ABSENT else first.setdefault(each, at)
                    for at, each in enumerate(ids)
                ]
                order = sorted(range(len(ids)), key=place.__getitem__)
                lines, rows = [lines[at] for at in order], [rows[at] for at in order]
                place.sort()
                start = 0
                while start < len(lines):
                    end = min(start + size, len(lines))
                    while end < len(lines) and place[end] == place[end - 1]:
                        end += 1
                    yield lines[start:end], rows[start:end]
                    start = end
                return
        for start in range(0, len(lines), size):
            yield lines[start : start + size], rows[start : start + size]

    def shape(
        self, batch: Batch, given: Sequence[int], rows: list[list[str]] | None = None
    ) -> Shaped:
        """Turn the given lines into pieces of records; what cannot be becomes a letter.

        A number that is none is left out: fatal is only what no record can be without. ``rows``
        are the lines' values where they have been split already.
        """
        if rows is None:
            given, rows = self.split(batch, given)
        lines = list(given)
        shaped = Shaped(lines, [], [], [], [], [], [], set(), {})
        if not rows:
            return shaped
        across = list(zip(*rows, strict=True))
        problems: dict[int, Malformed] = {}
        trimmed: set[int] = set()
        self._times(batch, lines, rows, across, shaped, problems)
        pieces = {
            column.position: self._column(column, across[column.position], shaped.left_out, trimmed)
            for column in self.columns
        }
        dimensions = [pieces[column.position] for column in self.dimensions]
        count = len(rows)
        shaped.dimensions = list(zip(*dimensions, strict=True)) if dimensions else [()] * count
        if self.multi:
            numbers = self._joined([pieces[column.position] for column in self.numbers], count)
            texts = self._joined([pieces[column.position] for column in self.texts], count)
            shaped.measures = list(zip(numbers, texts, strict=True))
            if ("", "") in shaped.measures:
                shaped.measures = [each if any(each) else _NO_MEASURES for each in shaped.measures]
        else:
            shaped.measures = self._measure(across, problems)
        self._fit(rows, pieces, shaped, problems, trimmed)
        shaped.trimmed = {lines[row] for row in trimmed if row not in problems}
        shaped.left_out = {
            name: {lines[row] for row in odd if row not in problems}
            for name, odd in shaped.left_out.items()
        }
        if problems:
            for row, problem in problems.items():
                batch.malformed(lines[row], problem.code, problem.reason)
            keep = [row for row in range(count) if row not in problems]
            for name in _PARALLEL:
                whole = getattr(shaped, name)
                setattr(shaped, name, [whole[row] for row in keep])
        return shaped

    def calls(self, shaped: Shaped) -> Iterator[Call]:
        """Divide into calls of at most 100 records, so that a call's records share much.

        Records are ordered by their dimensions, those with the fewest values first: what all the
        records of a call have in common is then sent, and metered, once a call.
        """
        count = len(shaped.lines)
        order: Sequence[int] = range(count)
        if count > RECORDS_PER_CALL:
            columns = list(zip(*shaped.dimensions, strict=True))
            spread = sorted((len(set(column)), at) for at, column in enumerate(columns))
            varying = [columns[at] for values, at in spread if values > 1]
            keys = list(zip(*varying, shaped.times, strict=True))
            order = sorted(range(count), key=keys.__getitem__)
        start = 0
        while start < count:
            end = min(start + RECORDS_PER_CALL, count)
            # Records of one identity stay together, so that the call knows of both.
            while end < count and shaped.times[order[end]] == shaped.times[order[end - 1]]:
                end -= 1
                if end <= start + RECORDS_PER_CALL // 2:
                    end = start + RECORDS_PER_CALL
                    break
            yield self._call(shaped, order[start:end])
            start = end

    def _call(self, shaped: Shaped, chosen: Sequence[int]) -> Call:
        dimensions = [shaped.dimensions[row] for row in chosen]
        columns = list(zip(*dimensions, strict=True))
        common = "".join([each[0] for each in columns if each.count(each[0]) == len(each)])
        if not common and not all(map(any, dimensions)):
            common = _SOME_DIMENSION
        varying = [each for each in columns if each.count(each[0]) != len(each)]
        if varying:
            own = map("".join, zip(*varying, strict=True))
            heads = [f'"Dimensions":[{each[:-1]}],' if each else "" for each in own]
        else:
            heads = [""] * len(chosen)
        measures = [shaped.measures[row] for row in chosen]
        if self.multi:
            tails = [f'"MeasureValues":[{(numbers + texts)[:-1]}]' for numbers, texts in measures]
        else:
            tails = [f'"MeasureValue":"{value}"' for value, _ in measures]
        opening = f'"Dimensions":[{common[:-1]}],' if common else ""
        return Call(
            prefix=f"{self.opening}{opening}{self.common}",
            lines=[shaped.lines[row] for row in chosen],
            heads=heads,
            times=[shaped.times[row] for row in chosen],
            tails=tails,
            identities=[shaped.identities[row] for row in chosen],
            metered=self._metered(common, heads, measures)
            + sum([shaped.text_bytes[row] for row in chosen]),
            milliseconds=[shaped.milliseconds[row] for row in chosen],
        )

    def _metered(self, common: str, heads: list[str], measures: list[tuple[str, str]]) -> int:
        """Return the bytes that Timestream meters: names and values, what is shared once.

        https://aws.amazon.com/timestream/pricing/ . Escaped characters count as sent, so this
        is never too low.
        """
        own = "".join(heads)
        count = len(heads)
        total = self.common_bytes + TIME_BYTES * count
        total += len(common.encode()) - _DIMENSION * common.count('{"Name":"')
        with_own = own.count('"Dimensions":[')
        # Each list of n pieces lost one comma and gained its frame.
        total += len(own.encode()) - with_own * (len('"Dimensions":[],') - 1)
        total -= _DIMENSION * own.count('{"Name":"')
        if not self.multi:
            return total + NUMBER_BYTES * count
        numbers = "".join([each for each, _ in measures]).encode()
        # No field's name holds a digit: without digits, names and frames are left.
        frames = numbers.translate(None, b"0123456789.-+")
        total += len(frames)
        if any(each.exponents for each in self.numbers):
            total -= frames.count(b'"e"') + frames.count(b'"E"')
        total -= (_NUMBER - NUMBER_BYTES) * numbers.count(b"}")
        return total

    def _times(
        self,
        batch: Batch,
        lines: list[int],
        rows: list[list[str]],
        across: list[tuple[str, ...]],
        shaped: Shaped,
        problems: dict[int, Malformed],
    ) -> None:
        """Fill in times and identities."""
        stamps = across[self.time_at]
        if values.usual_times("\t".join(stamps)):
            shaped.milliseconds = [int(stamp[:10] + stamp[11:]) for stamp in stamps]
        else:
            for row, stamp in enumerate(stamps):
                try:
                    shaped.milliseconds.append(values.milliseconds(stamp))
                except Malformed as problem:
                    problems[row] = problem
                    shaped.milliseconds.append(0)
        moments = shaped.milliseconds
        if not self.multi:
            shaped.times = [str(moment // 1000) for moment in moments]
            shaped.identities = [""] * len(moments)
            return
        if self.id_at is None:
            shaped.identities = [batch.texts[line] for line in lines]
        else:
            # Without an id, only the whole line tells two requests apart.
            shaped.identities = [
                identity if identity not in values.ABSENT else batch.texts[line]
                for line, identity in zip(lines, across[self.id_at], strict=True)
            ]
        shaped.times = [
            f"{moment}{crc32(identity.encode()) % SLOTS:06d}"
            for moment, identity in zip(moments, shaped.identities, strict=True)
        ]

    @staticmethod
    def _column(
        column: Column,
        given: Sequence[str],
        left_out: dict[str, set[int]],
        trimmed: set[int],
    ) -> list[str]:
        odd: set[str] = set()
        cut: set[str] = set()
        same = given.count(given[0]) == len(given)
        table = column.table({given[0]} if same else set(given), odd, cut)
        if odd and column.field.role != "time":
            rows = {row for row, value in enumerate(given) if value in odd}
            left_out[column.field.name] = rows
        if cut:
            trimmed.update(row for row, value in enumerate(given) if value in cut)
        return [table[given[0]]] * len(given) if same else list(map(table.__getitem__, given))

    @staticmethod
    def _joined(columns: list[list[str]], count: int) -> list[str]:
        return list(map("".join, zip(*columns, strict=True))) if columns else [""] * count

    def _measure(
        self, across: list[tuple[str, ...]], problems: dict[int, Malformed]
    ) -> list[tuple[str, str]]:
        """Return classic's one measure for each line."""
        clean = values.cleaner(BY_NAME["sc-bytes"], self.config)
        measures = []
        for row, value in enumerate(across[self.measure_at or 0]):
            try:
                text = clean(value)
                if text == "-":
                    raise Malformed("no_measure", "sc-bytes is absent and the layout needs it")
            except Malformed as problem:
                problems.setdefault(row, problem)
                text = ""
            measures.append((text, ""))
        return measures

    def _fit(
        self,
        rows: list[list[str]],
        pieces: dict[int, list[str]],
        shaped: Shaped,
        problems: dict[int, Malformed],
        trimmed: set[int],
    ) -> None:
        """Cut the records that are over Timestream's limit, by the catalogue's priority."""
        sizes: dict[tuple[str, ...], int] = {}
        for row, (dimensions, (numbers, texts)) in enumerate(
            zip(shaped.dimensions, shaped.measures, strict=True)
        ):
            size = sizes.get(dimensions)
            if size is None:
                present = len(dimensions) - dimensions.count("")
                size = len("".join(dimensions).encode()) - _DIMENSION * present
                sizes[dimensions] = size
            if self.multi:
                # A bound: a number has at least one digit, so counting them all is never low.
                size += len(numbers) - (_NUMBER - NUMBER_BYTES + 1) * numbers.count("}")
                text_bytes = _text_bytes(texts)
                shaped.text_bytes.append(text_bytes)
                size += text_bytes
            else:
                shaped.text_bytes.append(0)
            if size > self.limit and row not in problems:
                self._trim(row, rows[row], pieces, shaped, trimmed)

    def _trim(
        self,
        row: int,
        line: list[str],
        pieces: dict[int, list[str]],
        shaped: Shaped,
        trimmed: set[int],
    ) -> None:
        over = sum([each.weigh(pieces[each.position][row]) for each in self.columns]) - self.limit
        if over <= 0:
            return
        trimmed.add(row)
        for column in self.order:
            piece = pieces[column.position][row]
            if not piece:
                continue
            kept = ""
            if not column.is_number:
                text = values.cut(column.clean(line[column.position]), column.field.bytes)
                kept = values.cut(text, len(text.encode()) - over)
            pieces[column.position][row] = column.piece(kept)
            over -= column.weigh(piece) - column.weigh(pieces[column.position][row])
            if over <= 0:
                break
        shaped.dimensions[row] = tuple(pieces[each.position][row] for each in self.dimensions)
        if self.multi:
            shaped.measures[row] = (
                "".join([pieces[each.position][row] for each in self.numbers]),
                "".join([pieces[each.position][row] for each in self.texts]),
            )
            shaped.text_bytes[row] = _text_bytes(shaped.measures[row][1])


def _text_bytes(texts: str) -> int:
    """Return the bytes of names and values in the JSON of text measures."""
    size = len(texts) if texts.isascii() else len(texts.encode())
    return size - _TEXT * texts.count('"VARCHAR"}')
