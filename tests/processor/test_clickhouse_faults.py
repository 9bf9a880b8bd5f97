"""Nothing lost, nothing doubled, whatever goes wrong between the processor and ClickHouse.

After each fault the rows are counted, those of the table before they are merged and those that the
rollups have counted: a line that was written twice would be seen in both.
"""

import json
import random
import threading
import time
from collections import Counter

import pytest

from processor.stores.clickhouse import client, write
from tests.support.clickhouse_wire import REFUSALS, Site
from tests.support.log_lines import Context, event, line, request_id

pytestmark = pytest.mark.slow  # each asks a store much

DONE = {"batchItemFailures": []}
# Each waits for its answer, or is answered as another is.
LONG = ("timeout", "timeout-after", "half", "garbage", "table-read-only", "parts", "keeper")
PASSING = [
    *LONG,
    *("reset", "reset-after", "half", "garbage", "garbage-after"),
    *("late-error", "unavailable", "timeout-exceeded", "throttle", "memory", "table-read-only"),
    *("parts", "keeper"),
]
FOR_AN_OPERATOR = ["disk", "read-only", "refused", "denied"]
FAULTS = [*PASSING, *FOR_AN_OPERATOR]


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Wait for an answer no longer than a test has time for."""
    monkeypatch.setattr(client, "ANSWER_SECONDS", 1.0)
    monkeypatch.setattr(client, "ANSWER_SHARE", 0.0)
    monkeypatch.setattr(write, "BACKOFF_SECONDS", (0.01, 0.05))


def fails(site, *faults):
    """Let the first inserts into the table go wrong, in this order."""
    left = list(faults)
    start = f"INSERT INTO {site.table} "
    site.wire.fault = lambda query: left.pop(0) if left and query.startswith(start) else None


def logged(capsys):
    """Return the messages of warnings and errors so far."""
    lines = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    return [each["message"] for each in lines]


def test_the_faults_are_all_that_the_wire_knows():
    assert {*FAULTS, "days"} >= set(REFUSALS)


@pytest.mark.parametrize(
    "fault",
    [pytest.param(each, marks=pytest.mark.slow if each in LONG else ()) for each in PASSING],
)
def test_what_passes_is_tried_again_and_every_line_is_there_once(site, fault):
    fails(site, fault, fault)
    processor = site.processor()
    assert processor.handle(event([line() for _ in range(50)]), Context()) == DONE
    assert (site.rows(), site.in_rollup()) == (50, 50)
    assert processor.report.written == 50
    assert processor.report.retried == 2
    assert len(set(site.wire.tokens[:3])) == 1  # the same insert, by name


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["reset-after", "timeout-after", "half", "garbage-after"])
def test_an_insert_that_was_done_though_nobody_learned_of_it_is_not_done_twice(site, fault):
    """Not even by another copy of the function, at another day's delivery."""
    batch = event([line() for _ in range(50)])
    site.wire.fault = lambda query: fault
    failed = site.processor().handle(batch, Context(1.5))
    assert failed == {"batchItemFailures": [{"itemIdentifier": f"{0:021d}"}]}
    assert (site.rows(), site.in_rollup()) == (50, 50)
    site.wire.fault = lambda query: None
    assert site.processor().handle(batch, Context()) == DONE
    assert (site.rows(), site.in_rollup()) == (50, 50)


@pytest.mark.slow
def test_lines_before_the_first_that_is_to_be_written_do_not_change_the_insert(site):
    """The dead letter in front is sent, so the batch comes back without its record."""
    texts = ["too\tfew\n", *[line() for _ in range(20)]]
    site.wire.fault = lambda query: "reset-after"
    failed = site.processor().handle(event(texts), Context(1.0))
    assert failed == {"batchItemFailures": [{"itemIdentifier": f"{1:021d}"}]}
    site.wire.fault = lambda query: None
    assert site.processor().handle(event(texts[1:], first=1), Context()) == DONE
    assert (site.rows(), site.in_rollup()) == (20, 20)


@pytest.mark.parametrize("fault", FOR_AN_OPERATOR)
def test_what_somebody_has_to_mend_brings_the_batch_back_without_hammering(site, fault):
    fails(site, *[fault] * 5)
    processor = site.processor()
    batch = event([line() for _ in range(50)])
    failed = processor.handle(batch, Context())
    assert failed == {"batchItemFailures": [{"itemIdentifier": f"{0:021d}"}]}
    assert len(site.inserts) == 1
    assert (processor.report.unfinished, site.rows()) == (50, 0)
    site.wire.fault = lambda query: None
    assert processor.handle(batch, Context()) == DONE
    assert (site.rows(), site.in_rollup()) == (50, 50)


@pytest.mark.slow
def test_a_server_that_is_killed_in_the_middle_has_every_line_that_it_acknowledged(site):
    """Killed before, in and after inserts, and started again a little later."""
    rng = random.Random(7)
    processor = site.processor()
    sent = 0
    for number in range(4):
        texts = [line() for _ in range(30)]
        kill = ["before", "after", "while", None][number % 4]

        def fault(query, kill=kill, done=[]):  # noqa: B006
            if kill is None or done or not query.startswith(f"INSERT INTO {site.table} "):
                return None
            done.append(True)
            if kill == "while":
                delay = rng.uniform(0, 0.03)
                threading.Timer(delay, site.engine.kill).start()
                threading.Timer(delay + 0.1, site.engine.start).start()
                return None
            if kill == "before":
                site.engine.kill()
                threading.Timer(0.1, site.engine.start).start()
                return "reset"
            return "reset-after"

        site.wire.fault = fault
        assert processor.handle(event(texts, first=sent), Context(30)) == DONE
        sent += len(texts)
        if kill == "after":
            site.engine.kill()
            site.engine.start()
        assert (site.rows(), site.in_rollup()) == (sent, sent)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12])
def test_every_line_is_there_once_or_dead_lettered_once_in_any_order_of_faults(
    site, wire, monkeypatch, seed
):
    """Of the server and of the queue. What comes back is delivered alone, as Lambda does."""
    rng = random.Random(seed)
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.4)
    site.wire.fault = lambda query: rng.choice(FAULTS) if rng.random() < 0.3 else None
    wire.reject_letter = lambda message: rng.random() < 0.2
    site.ask(f"ALTER TABLE {site.table} ADD CONSTRAINT allowed CHECK sc_status != 599")
    processor = site.processor(queue_url=wire.queue_url)
    sent: dict[str, list[str]] = {"good": [], "refused": [], "malformed": []}
    reports, repeated, number = [], 0, 0
    for _ in range(25):
        texts = []
        for _ in range(rng.choice([1, 3, 8, 40])):
            dice = rng.random()
            if dice < 0.05 and texts:
                texts.append(rng.choice(texts))  # CloudFront sent it twice
                repeated += 1
                continue
            kind = "malformed" if dice < 0.1 else "refused" if dice < 0.12 else "good"
            text = line(sc_status="599" if kind == "refused" else "200")
            texts.append(f"short\t{request_id()}\n" if kind == "malformed" else text)
            sent[kind].append(texts[-1].strip())
        while texts:
            answer = processor.handle(event(texts, first=number), Context(3.0))
            reports.append(processor.report)
            done = len(texts)
            if answer["batchItemFailures"]:
                done = int(answer["batchItemFailures"][0]["itemIdentifier"]) - number
                assert 0 <= done < len(texts)
            texts, number = texts[done:], number + done
    assert Counter(site.ids()) == Counter(text.split("\t")[12] for text in sent["good"])
    assert site.in_rollup() == len(sent["good"])
    letters = Counter(letter["line"] for letter in wire.store.messages)
    assert letters.keys() == {*sent["refused"], *sent["malformed"]}
    total = sum(map(len, sent.values())) + repeated
    assert sum(report.received for report in reports) == total == number
    # The schedule did what it is for.
    assert sum(report.retried for report in reports) > 10
    assert any(report.unfinished for report in reports)


class TestPartsOfABatch:
    """A dead letter that could not be sent brings back the rest of a batch that is written."""

    TEXTS = 10

    def undelivered(self, site, wire):
        texts = [line() for _ in range(self.TEXTS)]
        texts[4] = "too\tfew\n"
        wire.reject_letter = lambda message: True
        processor = site.processor(queue_url=wire.queue_url)
        failed = processor.handle(event(texts), Context(1.0))
        assert failed == {"batchItemFailures": [{"itemIdentifier": f"{4:021d}"}]}
        assert processor.report.written == 4
        wire.reject_letter = lambda message: False
        return processor, texts

    @pytest.mark.slow
    def test_the_same_copy_of_the_function_knows_what_is_there(self, site, wire):
        processor, texts = self.undelivered(site, wire)
        assert processor.handle(event(texts[4:], first=4), Context()) == DONE
        assert (site.rows(), site.in_rollup()) == (9, 9)
        assert len(site.inserts) == 1
        # They are counted now: the first time, their record came back.
        assert (processor.report.written, processor.report.duplicates) == (5, 0)

    @pytest.mark.slow
    def test_another_copy_writes_them_again_and_the_table_merges_them(self, site, wire):
        """The rollups count them twice: the page on delivery says so."""
        _, texts = self.undelivered(site, wire)
        other = site.processor(queue_url=wire.queue_url)
        assert other.handle(event(texts[4:], first=4), Context()) == DONE
        assert site.merged() == 9
        assert site.in_rollup() == 14


def test_the_same_line_in_another_record_is_counted_as_a_duplicate(site):
    processor = site.processor()
    texts = [line() for _ in range(5)]
    processor.handle(event(texts), Context())
    processor.handle(event([texts[2], line()], first=5), Context())
    assert (processor.report.written, processor.report.duplicates) == (1, 1)
    assert (site.rows(), site.in_rollup()) == (6, 6)


def test_only_so_many_lines_are_remembered(site, monkeypatch):
    monkeypatch.setattr(write, "REMEMBERED", 30)
    processor = site.processor()
    for number in range(4):
        processor.handle(event([line() for _ in range(20)], first=20 * number), Context())
    assert len(processor._store._writer._there) == 30
    assert site.rows() == 80


def test_a_stream_that_numbers_its_records_anew_loses_nothing(site):
    """As a local stream does whenever it is started: other lines have the same numbers."""
    for _ in range(3):
        assert site.processor().handle(event([line() for _ in range(10)]), Context()) == DONE
    assert (site.rows(), site.in_rollup()) == (30, 30)


def test_two_requests_that_differ_in_one_field_are_two_rows_and_one_sent_twice_is_one(site):
    one = line()
    other = one.replace("\tGET\t", "\tHEAD\t")
    for texts in ([one, other], [other, one], [one]):
        assert site.processor().handle(event(texts), Context()) == DONE
    assert site.merged() == 2


def test_a_line_that_is_written_again_with_other_settings_replaces_its_row(site):
    texts = [line(cs_cookie="a=b") for _ in range(3)]
    site.processor().handle(event(texts), Context())
    site.processor(drop=frozenset({"cs-cookie"})).handle(event(texts[1:], first=1), Context())
    assert site.merged() == 3
    kept = site.ask(f"SELECT cs_cookie, count() FROM {site.table} FINAL GROUP BY ALL ORDER BY ALL")
    assert kept == [["-", 2], ["a=b", 1]]


class TestRefusedLines:
    @pytest.mark.slow
    def test_the_line_that_an_insert_is_refused_for_is_found(self, site, wire):
        site.ask(f"ALTER TABLE {site.table} ADD CONSTRAINT allowed CHECK sc_status != 599")
        texts = [line(sc_status="599" if n in (3, 17, 18) else "200") for n in range(40)]
        for _ in range(2):  # the second time by another copy, which writes the same halves
            processor = site.processor(queue_url=wire.queue_url)
            assert processor.handle(event(texts), Context()) == DONE
            assert (processor.report.written, processor.report.rejected) == (37, 3)
            assert (site.rows(), site.in_rollup()) == (37, 37)
        letters = wire.store.messages[:3]
        assert [letter["line"] for letter in letters] == [texts[n].strip() for n in (3, 17, 18)]
        assert {letter["code"] for letter in letters} == {"refused"}
        assert all("Constraint" in letter["reason"] for letter in letters)

    @pytest.mark.slow
    def test_a_column_that_takes_less_than_it_should_costs_those_lines_alone(self, site, wire):
        site.ask(f"ALTER TABLE {site.table} MODIFY COLUMN c_country FixedString(1) DEFAULT '-'")
        texts = [line(c_country="JP" if n % 2 else "-") for n in range(8)]
        processor = site.processor(queue_url=wire.queue_url)
        assert processor.handle(event(texts), Context()) == DONE
        assert (processor.report.written, processor.report.rejected) == (4, 4)
        assert (site.rows(), site.in_rollup()) == (4, 4)

    def test_what_the_log_says_of_it_holds_nothing_of_the_line(self, site, capsys, monkeypatch):
        monkeypatch.setenv("LOG_LEVEL", "WARNING")
        site.ask(f"ALTER TABLE {site.table} MODIFY COLUMN c_country FixedString(1)")
        site.processor().handle(event([line(c_country="XQ", c_ip="203.0.113.250")]), Context())
        messages = [each for each in logged(capsys) if "refuses a line" in each]
        assert messages
        assert not any("203.0.113" in each or "XQ" in each for each in messages)


class TestViewsThatFail:
    def test_no_line_is_given_up_for_a_view_and_none_is_counted_twice(
        self, site, wire, capsys, monkeypatch
    ):
        """The table may have the rows already: the same batch again mends the rest."""
        monkeypatch.setenv("LOG_LEVEL", "WARNING")
        view = f"{site.database}.broken"
        site.ask(
            f"CREATE MATERIALIZED VIEW {view} ENGINE = MergeTree ORDER BY tuple() AS "
            f"SELECT throwIf(sc_status = 200, 'broken') AS broken FROM {site.table}"
        )
        batch = event([line() for _ in range(10)])
        processor = site.processor(queue_url=wire.queue_url)
        failed = processor.handle(batch, Context(2.0))
        assert failed == {"batchItemFailures": [{"itemIdentifier": f"{0:021d}"}]}
        assert not wire.store.messages
        assert any("broken cannot take the rows" in each for each in logged(capsys))
        site.ask(f"DROP VIEW {view}")
        assert processor.handle(batch, Context()) == DONE
        assert (site.rows(), site.in_rollup()) == (10, 10)


class TestDays:
    DAY = 86_400

    @pytest.fixture(autouse=True)
    def patient(self, monkeypatch):
        """A hundred days are a hundred parts, which take their time on a busy machine."""
        monkeypatch.setattr(client, "ANSWER_SECONDS", 50.0)

    def lines_of(self, days):
        now = time.time()
        return [line(timestamp=f"{now - self.DAY * n:.3f}") for n in range(days)]

    @pytest.mark.slow
    def test_lines_of_150_days_go_in(self, site):
        texts = self.lines_of(150)
        processor = site.processor()
        assert processor.handle(event(texts), Context()) == DONE
        assert (site.rows(), site.in_rollup()) == (150, 150)
        assert processor.report.written == 150
        assert len(site.inserts) == 2  # a server takes a hundred days at once
        assert site.processor().handle(event(texts), Context()) == DONE
        assert (site.rows(), site.in_rollup()) == (150, 150)

    @pytest.mark.slow
    def test_and_where_the_server_takes_fewer_days_at_once(self, site):
        def fault(query):
            if not query.startswith(f"INSERT INTO {site.table} "):
                return None
            stamps = [row.split(b"\t")[-2] for row in site.wire.bodies[-1].splitlines()]
            return "days" if len({float(each) // self.DAY for each in stamps}) > 7 else None

        site.wire.fault = fault
        processor = site.processor()
        assert processor.handle(event(self.lines_of(40)), Context()) == DONE
        assert (site.rows(), site.in_rollup()) == (40, 40)

    @pytest.mark.slow
    def test_lines_older_than_the_table_keeps_are_dead_letters(self, engine, site, wire):
        """ClickHouse would acknowledge them, and drop them at once."""
        short = Site(site.wire, days=30)
        texts = self.lines_of(60)
        processor = short.processor(queue_url=wire.queue_url)
        assert processor.handle(event(texts), Context()) == DONE
        assert (processor.report.written, processor.report.rejected) == (30, 30)
        assert short.rows() == 30
        letter = wire.store.messages[0]
        assert (letter["kind"], letter["code"]) == ("rejected", "outside_time_range")
        assert "30 days" in letter["reason"]

    @pytest.mark.slow
    def test_a_server_that_is_away_when_lines_are_late_brings_them_back(self, site):
        site.wire.fault = lambda query: "reset"
        processor = site.processor()
        failed = processor.handle(event(self.lines_of(3)), Context(0.5))
        assert failed == {"batchItemFailures": [{"itemIdentifier": f"{0:021d}"}]}
        assert (processor.report.unfinished, processor.report.rejected) == (3, 0)

    @pytest.mark.slow
    def test_lines_of_a_day_to_come_are_dead_letters(self, site, wire):
        texts = [line(timestamp=f"{time.time() + 2 * self.DAY:.3f}"), line()]
        texts.append(line(timestamp="9999999999.999"))
        processor = site.processor(queue_url=wire.queue_url)
        assert processor.handle(event(texts), Context()) == DONE
        assert site.rows() == 1
        assert [each["code"] for each in wire.store.messages] == ["outside_time_range"] * 2

    def test_usual_lines_ask_nothing_more_of_the_server(self, site):
        site.processor().handle(event([line()]), Context())
        assert all(query.startswith("INSERT") for query in site.wire.queries)
