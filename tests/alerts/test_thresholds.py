"""thresholds.toml speaks up: one sentence for each kind of mistake, with the line to change."""

import re
from pathlib import Path

import pytest

from dashboards import __main__ as cli
from dashboards import build
from dashboards.alerts import queries, thresholds
from dashboards.alerts.rules import PARTS, RULES, SECTIONS
from dashboards.alerts.thresholds import ThresholdError
from dashboards.config import BuildError, Bundle

SECTION = """
[edge-5xx]
# Percent.
above = 5
recover = 3
window = "5m"
min_requests = 100
"""
# A section for every kind of question, each with all that its rule needs.
_KNOBS = {
    queries.shares: 'window = "30m"\n',
    queries.now: 'window = "30m"\n',
    queries.change: 'window = "10m"\nbaseline = "2h"\n',
    queries.served: 'window = "10m"\nbaseline = "2h"\n',
    queries.burn: 'window = "30m"\nshort = "5m"\n',
    queries.silence: 'window = "6h"\npresence = 95\n',
    queries.drop: 'window = "1h"\nshort = "10m"\n',
    queries.arrivals: 'window = "30m"\nshort = "10m"\nbaseline = "6h"\n',
}


def _sections() -> str:
    made = []
    for name in SECTIONS:
        if name == "edge-5xx":
            continue
        knobs = ""
        if part := PARTS.get(name):
            recover = 0.5 if part.side == "above" else 2
            knobs += f"{part.side} = 1\nrecover = {recover}\n{_KNOBS[part.ask]}"
        elif RULES[name].family:
            knobs += 'limit = 3\nfor = "0s"\n'
        made.append(f"[{name}]\n{knobs}")
    return "\n".join(made)


# The sections that are not broken come behind, so that the line of a mistake is easily told.
HEAD = 'delay = "60s"\n[slo]\navailability = 99.9\nlatency = 99\n'
REST = _sections()
FIRST = HEAD.count("\n") + 2  # the line of [edge-5xx]


def write(path: Path, section: str = SECTION, head: str = HEAD) -> Path:
    path.write_text(head + section + REST)
    return path


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    limits = thresholds.load(write(tmp_path / "t.toml"))
    assert set(limits.rules) == set(SECTIONS)
    assert limits.rules["edge-5xx"].above == 5
    assert limits.rules["edge-5xx"].window == 300


# what to replace in the section, by what, the line within it, and what is said
MISTAKES = [
    ("above = 5\n", "", 0, "[edge-5xx] lacks above"),
    ('window = "5m"\n', "", 0, "[edge-5xx] lacks window"),
    ("recover = 3\n", "", 0, "[edge-5xx] lacks recover"),
    ("above = 5", "above = inf", 2, "[edge-5xx] above inf must be a number, and finite"),
    ("above = 5", "above = nan", 2, "above nan must be a number, and finite"),
    ("above = 5", "above = 1e999", 2, "above inf must be a number, and finite"),
    ("above = 5", 'above = "5"', 2, '[edge-5xx] above "5" must be a number'),
    ("above = 5", "above = true", 2, "above true must be a number"),
    ("above = 5", "above = [5]", 2, "must be a number"),
    ("above = 5", "above = {x = 5}", 2, "must be a number"),
    ("above = 5", "above = 2026-01-01", 2, "must be a number"),
    ("above = 5", "above = -5", 2, "above -5 must not be negative"),
    ("above = 5", "above = 100", 2, "above 100 is never exceeded: 100 is the most"),
    ("above = 5", "below = 5", 2, "fires above its threshold: say that, not below"),
    ("above = 5", "above = 5\nbelow = 4", 3, "above or below, not both"),
    ("above = 5", "abov = 5", 2, "did you mean 'above'?"),
    ("above = 5", "pending = 5", 2, "no rule has a setting 'pending'"),
    # The first version's names.
    (
        "min_requests = 100",
        'keep = "5m"',
        5,
        "[edge-5xx] keep is called keep_firing_for now; rename",
    ),
    ("min_requests = 100", "requests = 100", 5, "requests is called min_requests now; rename it"),
    ("min_requests = 100", "'requests' = []", 5, "requests is called min_requests now; rename it"),
    ("min_requests = 100", "worst = 3", 5, "worst is called limit now; rename it in every section"),
    ("min_requests = 100", "min_requests = 100\nworst = 3", 6, "worst is called limit now"),
    ("min_requests = 100", 'min_requests = 100\npast = "2h"', 6, "past is called baseline now"),
    ("above = 5", "above = 5\nabove = 6", 3, "this is there twice; keep one"),
    ("above = 5", "above = = 5", 2, "this is no TOML"),
    (
        "min_requests = 100",
        "min_requests = -100",
        5,
        "min_requests -100 must be a whole number, at least 0",
    ),
    (
        "min_requests = 100",
        "min_requests = 0.5",
        5,
        "min_requests 0.5 must be a whole number, at least 0",
    ),
    (
        "min_requests = 100",
        "min_requests = nan",
        5,
        "min_requests nan must be a number, and finite",
    ),
    ("min_requests = 100", "limit = 0", 5, "limit 0 must be a whole number, at least 1"),
    ("min_requests = 100", "presence = 5", 5, "presence is not read here"),
    ("min_requests = 100", 'short = "1m"', 5, "short is not read here"),
    ("min_requests = 100", "presence = 101", 5, "presence 101 must be a percentage"),
    ('window = "5m"', 'window = "soon"', 4, '[edge-5xx] window "soon" is no duration'),
    ('window = "5m"', 'window = ""', 4, 'window "" is no duration'),
    ('window = "5m"', "window = 300", 4, "window 300 is no duration"),
    ('window = "5m"', "window = true", 4, "window true is no duration"),
    ('window = "5m"', 'window = "1500ms"', 4, "must be whole seconds"),
    ('window = "5m"', 'window = "0s"', 0, "lacks window"),
    ('window = "5m"', 'window = "30s"', 4, "shorter than the 1m between two evaluations"),
    ("min_requests = 100", 'longer = "1h"', 5, 'longer "1h" must be a list of durations such as'),
    ("min_requests = 100", 'longer = ["soon"]', 5, 'longer "soon" is no duration'),
    ("min_requests = 100", 'longer = ["1h", "20m"]', 5, "longer must be longer than window, the"),
    ("min_requests = 100", 'longer = ["1h", "1h"]', 5, "longer must be longer than window, the"),
    ("min_requests = 100", 'longer = ["5m"]', 5, "longer must be longer than window, the"),
    ("min_requests = 100", 'for = "2 minutes"', 5, '[edge-5xx] for "2 minutes" is no duration'),
    ("min_requests = 100", 'for = "2m"', 5, "for is a setting of [errors-5xx]; say it there"),
    ("min_requests = 100", "limit = 2", 5, "limit is a setting of [errors-5xx]; say it there"),
    ("min_requests = 100", 'keep_firing_for = "5m"', 5, "is a setting of [errors-5xx]; say it"),
    (SECTION, SECTION + "[edge-egress-spike]\n", 6, "[edge-egress-spike] is called [egress-spike"),
    (
        "min_requests = 100",
        'keep_firing_for = "-5m"',
        5,
        'keep_firing_for "-5m" is no duration',
    ),
    ("recover = 3", "recover = 5", 3, "recover 5 must be on the healthy side of the threshold 5"),
    ("recover = 3", "recover = 0", 3, "recover 0 is never reached"),
    ("[edge-5xx]", "[edge-5x]", 0, "there is no alert rule [edge-5x]; did you mean 'edge-5xx'?"),
    ("[edge-5xx]", "[[edge-5xx]]", 0, "edge-5xx must be a table of settings"),
    ("[edge-5xx]", "[edge-5xx", 0, "this is no TOML"),
    ("above = 5", 'enabled = "no"', 2, '[edge-5xx] enabled "no" must be true or false'),
    ("above = 5", "enabled = 0", 2, "enabled 0 must be true or false"),
    ("above = 5", "'above' = -5", 2, "must not be negative"),
    ("above = 5", "above = " + "9" * 5000, None, "thousands of digits"),
    (SECTION, "", None, "the section [edge-5xx] is missing"),
    (SECTION, SECTION + SECTION, 7, "[edge-5xx] is there twice; keep one"),
    (SECTION, "[slo]\n", -1, "[slo] is there twice"),
    (SECTION, SECTION + "x = '''", None, "this is no TOML: "),
    (SECTION, "x = " + "[" * 5000, None, "nested too deep"),
]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"), MISTAKES, ids=[f"{m[1][:30]!r}: {m[3]}" for m in MISTAKES]
)
def test_a_mistake_is_one_sentence_with_its_line(
    old: str, new: str, line: int | None, says: str, tmp_path: Path
) -> None:
    assert old in SECTION
    path = write(tmp_path / "t.toml", SECTION.replace(old, new))
    with pytest.raises(ThresholdError) as refused:
        thresholds.load(path)
    said = str(refused.value)
    assert says in said
    assert "\n" not in said
    assert len(said) < 400
    if line is not None:
        assert f"t.toml line {FIRST + line}: " in said


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('delay = "60s"\n', "", "delay is missing"),
        (
            'delay = "60s"',
            'dely = "60s"',
            "line 1: nothing is called 'dely'; did you mean 'delay'?",
        ),
        ('delay = "60s"', "delay = 60", "line 1: delay 60 is no duration"),
        ("[slo]", "[slx]", "line 2: nothing is called 'slx'; did you mean 'slo'?"),
        ("latency = 99\n", "", "line 2: [slo] lacks latency"),
        ("latency", "latncy", "line 4: [slo] has no 'latncy'; did you mean 'latency'?"),
        ("99.9", "100", "line 3: [slo] availability 100 must be a percentage below 100"),
        ("99.9", "nan", "availability nan must be a percentage"),
        ("99.9", '"99.9"', 'availability "99.9" must be a percentage'),
        ("[slo]\navailability = 99.9\nlatency = 99\n", "slo = 3\n", "line 2: the section [slo]"),
        ("[slo]\navailability = 99.9\nlatency = 99\n", "", "the section [slo] must give"),
    ],
)
def test_what_stands_before_the_rules_is_checked_alike(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    assert old in HEAD
    with pytest.raises(ThresholdError, match=re.escape(says)):
        thresholds.load(write(tmp_path / "t.toml", head=HEAD.replace(old, new)))


@pytest.mark.parametrize(
    ("rule", "knobs", "says"),
    [
        ("slo-errors-1h", "above = 1000.1", "above 1000.1 is never exceeded: 1000 is the most"),
        ("slo-errors-1h", 'short = "30m"', "short must be shorter than window"),
        ("slo-errors-6h", "at_most = 1", "at_most 1 must be more than above 1"),
        ("behavior-hits", "above = 100", "above 100 is never exceeded: 100 is the most"),
        ("behavior-hits", "cached = 101", "cached 101 must be a percentage"),
        ("behavior-hits", 'window = "4m"', "window is shorter than the 5m"),
        ("site-lost", "below = 0", "below 0 must be more than 0"),
        ("edge-egress-lost", 'baseline = "0s"', "lacks baseline"),
        ("country-silent", 'window = "2h"', "window must be longer than the 120 minutes"),
        ("country-silent", "above = 300", "window must be longer than the 120 minutes"),
        ("smoke", "above = 1", "above is not read here"),
        ("pipeline-silent", "limit = 3", "limit is not read here"),
        ("errors-5xx", "above = 1", "above is not read here"),
        ("errors-5xx", 'for = "30s"', "for is shorter than the 1m between two evaluations"),
        ("cache-hits", 'for = "2m"', "for is shorter than the 5m between two evaluations"),
    ],
)
def test_knobs_of_a_rule_must_go_together(rule: str, knobs: str, says: str, tmp_path: Path) -> None:
    """A line that cannot be crossed, or a question without what it is asked with."""
    knob = knobs.split(" ")[0]
    text = HEAD + SECTION + REST
    before, after = text.split(f"[{rule}]\n")
    section, ahead, others = after.partition("\n[")
    kept = [line for line in section.splitlines() if not line.startswith(f"{knob} ")]
    path = tmp_path / "t.toml"
    path.write_text("\n".join([f"{before}[{rule}]", *kept, knobs, ahead + others]))
    with pytest.raises(ThresholdError, match=re.escape(f"[{rule}] {says}")):
        thresholds.load(path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ((HEAD + SECTION).encode("utf-16"), "line 1: this is not UTF-8"),
        ((HEAD + SECTION).encode("utf-16-le"), "line 1: this is not UTF-8"),
        (HEAD.encode() + b"# caf\xe9\n", "line 5: this is not UTF-8"),
        (b"", "delay is missing"),
    ],
    ids=["UTF-16", "UTF-16 without a mark", "Latin-1", "empty"],
)
def test_what_is_no_utf8_is_said(content: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_bytes(content)
    with pytest.raises(ThresholdError, match=says):
        thresholds.load(path)


def test_a_mark_at_the_beginning_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + SECTION + REST).replace("\n", "\r\n").encode())
    assert thresholds.load(path).rules["edge-5xx"].above == 5


@pytest.mark.parametrize("name", ["gone.toml", "."])
def test_a_file_that_cannot_be_read_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(ThresholdError, match="cannot be read"):
        thresholds.load(tmp_path / name)


def test_no_rule_looks_back_further_than_records_are_kept() -> None:
    """A three-day budget over one day of records would be judged by a third of itself."""
    with pytest.raises(BuildError, match=r"looks back further than the 1 days .*\(retention"):
        build(Bundle(retention=1))


@pytest.mark.parametrize("argv", [[], ["--check"], ["--out", "there"]])
def test_every_verb_says_it_alike(
    argv: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path / "thresholds.toml", SECTION.replace("above = 5\n", ""))
    monkeypatch.setattr(thresholds, "DEFAULT", path)
    assert cli.main(argv) == 2
    said = capsys.readouterr()
    assert said.err == (
        f"dashboards: thresholds.toml line {FIRST}: [edge-5xx] lacks above, without which it "
        "cannot be judged\n"
    )
    assert said.out == ""
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize(
    "spelled",
    ['edge-5xx = {above = 5, keep = "5m"}', 'edge-5xx.keep = "5m"', '"edge-5xx"={keep=1}'],
)
def test_the_line_is_named_however_a_section_is_spelled(spelled: str, tmp_path: Path) -> None:
    path = write(tmp_path / "t.toml", "", HEAD.replace("[slo]", f"{spelled}\n[slo]"))
    with pytest.raises(ThresholdError) as refused:
        thresholds.load(path)
    assert str(refused.value).endswith(
        "t.toml line 2: [edge-5xx] keep is called keep_firing_for now; rename it in every section"
    )


def test_the_sentence_on_the_page_is_what_is_said(tmp_path: Path) -> None:
    before, after = thresholds.DEFAULT.read_text().split("[edge-5xx]\n")
    path = tmp_path / "thresholds.toml"
    broken = after.replace("above = 5", 'above = "5"', 1)
    path.write_text(f"{before}[edge-5xx]\n{broken}")
    with pytest.raises(ThresholdError) as refused:
        thresholds.load(path)
    page = Path(__file__).parents[2] / "docs" / "alerts.md"
    said = str(refused.value).partition("thresholds.toml ")[2]
    assert f"dashboards: dashboards/alerts/thresholds.toml {said}\n" in page.read_text()
