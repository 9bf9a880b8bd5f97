"""What each channel's receiver sees, word for word, and that nothing of it is cut or misread."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dashboards import alerts
from dashboards.alerts import contact_points
from ruletest import rulefile
from ruletest.delivery import AnySetting, Delivery, read
from ruletest.notification import message_data, rendered
from ruletest.rulefile import AlertRule
from ruletest.state import ALERTING, ERROR, NO_DATA, NORMAL, Instance
from tests.support import receivers
from tests.support.usual import Bundle

BUNDLE = Bundle(channels=tuple(contact_points.VARIABLES))

AT = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)
GRAFANA = "http://grafana.example.com"
PANEL = f"{GRAFANA}/d/cloudfront-errors?from=now-3h&to=now&viewPanel=7"
THESE = f"{GRAFANA}/d/cloudfront-requests?from=now-3h&to=now&var-status=5"
ENTRY = f"{GRAFANA}/d/cloudfront-runbook?viewPanel=9"
# One hour before the alert began, and a quarter after it ended.
SINCE, UNTIL = 1767610800000, 1767617100000
# Of one that ended, nobody knows when it began.
EARLIER = SINCE - 2 * 3_600_000


@cache
def delivery() -> Delivery:
    built = alerts.build(BUNDLE)
    files = [rulefile.from_text(text, name, AnySetting()) for name, text in built.items()]
    return read(files, AnySetting())


def alert(
    subject: str = "BR",
    number: str = "49.8 %",
    score: float = 3.0,
    *,
    state: str = ALERTING,
    severity: str = "critical",
    what: str = "5xx rate",
    cause: str = "All of the errors: edge GRU3-P5, on misses (origin side).",
    reason: str = "",
    **annotations: str,
) -> Instance:
    """Return an instance of a rule whose annotations are rendered; resolved if it is Normal."""
    title = "5xx errors"
    labels = {
        "alertname": title, "bundle": "cloudfront", "name": subject, "severity": severity,
        "grafana_folder": "CloudFront alerts",
    }  # fmt: skip
    chosen = f"&var-country={subject}"
    return Instance(
        rule=cast("AlertRule", SimpleNamespace(uid="cloudfront-errors-5xx", title=title)),
        labels=labels,
        annotations={
            "what": what, "subject": subject, "number": number, "description": cause,
            "summary": f"{what} for viewers in {subject} is {number} (line 2 % over 5 minutes).",
            "dashboard": PANEL + chosen, "requests": THESE + chosen, "runbook": ENTRY + chosen,
            **annotations,
        },
        result_key=(),
        state=state,
        since=AT - timedelta(minutes=30),
        last_seen=AT,
        reason=reason,
        previous=ALERTING if state == NORMAL else NORMAL,
        values={"A": float(score)},
        resolved=state == NORMAL,
        fired=AT - timedelta(minutes=30),
    )  # fmt: skip


def told(channel: str, *instances: Instance) -> dict[str, Any]:
    """Return a channel's settings as they are sent."""
    data = message_data("cloudfront-critical", {}, instances, GRAFANA, AT)

    def render(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: render(each) for name, each in value.items()}
        return rendered(str(value), data, delivery().templates, AT)

    settings = contact_points.settings(BUNDLE, channel, "address")
    return {name: render(value) for name, value in settings.items()}


def title(*instances: Instance) -> str:
    return told("email", *instances)["subject"]


RESOLVED = alert(number="0.0 %", state=NORMAL)


class TestTitles:
    """What a phone shows: the first words of a subject."""

    @pytest.mark.parametrize(
        ("instances", "wanted"),
        [
            ([alert()], "5xx rate BR 49.8 % (critical)"),
            ([alert(severity="warning")], "5xx rate BR 49.8 %"),
            ([alert("BR", score=2), alert("CL", "70.0 %", 4), alert("AR", score=1)],
             "5xx rate CL 70.0 % +2 (critical)"),
            ([alert(number="0.1 %", recovering="Recovering: ")],
             "Recovering: 5xx rate BR 0.1 % (critical)"),
            ([RESOLVED], "Resolved: 5xx rate BR"),
            ([RESOLVED, alert("CL", state=NORMAL)], "Resolved: 5xx rate BR +1"),
            # Well again, both; whose last number is higher is chance.
            ([RESOLVED, alert("CL", score=9, state=NORMAL)], "Resolved: 5xx rate BR +1"),
            # What still fires is told, whatever else has ended.
            ([RESOLVED, alert("CL")], "5xx rate CL 49.8 % (critical)"),
            ([alert(subject="", what="Log lines", number="0")], "Log lines 0 (critical)"),
            ([alert(what="")], "5xx errors 49.8 % (critical)"),
        ],
    )  # fmt: skip
    def test_what_where_and_how_bad(self, instances: list[Instance], wanted: str) -> None:
        assert title(*instances) == wanted

    def test_a_rule_that_cannot_be_evaluated_is_named(self) -> None:
        failing = alert(state=ERROR, Error="no such table")
        assert title(failing) == "Rule fails: 5xx errors (critical)"
        assert title(alert(state=NO_DATA)) == "No data: 5xx errors (critical)"

    def test_a_long_name_is_cut_and_what_is_no_ascii_is_replaced(self) -> None:
        """Amazon SNS refuses a subject of more than 100 characters, or of others than ASCII."""
        long = title(alert("höst." + "very-long-name." * 20 + "example.com"))
        assert long == "5xx rate h?st.very-long-name. 49.8 % (critical)"


ALERT = f"""\
5xx rate for viewers in BR is 49.8 % (line 2 % over 5 minutes).
All of the errors: edge GRU3-P5, on misses (origin side).
Since 12:00 UTC, 5 Jan
Look: {GRAFANA}/d/cloudfront-errors?from={SINCE}&to=now&viewPanel=7&var-country=BR
Requests: {GRAFANA}/d/cloudfront-requests?from={SINCE}&to=now&var-status=5&var-country=BR

"""
LINKS = f"""\
Do: {GRAFANA}/d/cloudfront-runbook?from={SINCE}&to=now&viewPanel=9&var-country=BR
What else fires, and why: {GRAFANA}/d/cloudfront-runbook?from={SINCE}&to=now
"""
SILENCE = (
    f"{GRAFANA}/alerting/silence/new?alertmanager=grafana"
    "&matcher=__alert_rule_uid__%3Dcloudfront-errors-5xx&matcher=bundle%3Dcloudfront"
    "&matcher=name%3DBR&matcher=severity%3Dcritical&orgId=1"
)
PLAIN = f"{ALERT}{LINKS}Silence (sign in first): {SILENCE}\n"
WELL = f"""\
Well again: 5xx rate for viewers in BR is 0.0 % (line 2 % over 5 minutes).
Until 12:30 UTC, 5 Jan
Look: {GRAFANA}/d/cloudfront-errors?from={EARLIER}&to={UNTIL}&viewPanel=7&var-country=BR
Requests: {GRAFANA}/d/cloudfront-requests?from={EARLIER}&to={UNTIL}&var-status=5&var-country=BR

Do: {GRAFANA}/d/cloudfront-runbook?from={EARLIER}&to={UNTIL}&viewPanel=9&var-country=BR
What else fires, and why: {GRAFANA}/d/cloudfront-runbook?from={EARLIER}&to={UNTIL}
"""


def summaries(text: str) -> list[str]:
    return [line for line in text.splitlines() if " for viewers in " in line]


class TestTexts:
    """What stands below the title."""

    def test_an_alert_with_its_number_its_cause_and_the_links_of_its_own_time(self) -> None:
        for channel in ("email", "sns", "webhook"):
            assert told(channel, alert())["message"] == PLAIN

    def test_what_all_bad_requests_have_in_common_comes_first(self) -> None:
        site = "91 % of the errors: country BR, on misses (origin side). Worst URI: /<b> (12 %)."
        for channel, field in (("email", "message"), ("slack", "text")):
            text = told(channel, alert(site=site), alert("CL", site=site))[field]
            assert text.startswith(f"Site-wide: {site.replace('<b>', '?b?')}\n\n5xx rate for ")
            assert text.count("Site-wide") == 1
        # One that recovers has no errors left, and says nothing of them.
        assert told("email", alert("AR"), alert(site=site))["message"].startswith("Site-wide: 91")
        assert "Site-wide" not in told("email", alert(site=site, cause=site))["message"]
        resolved = alert(number="0.0 %", state=NORMAL, site=site)
        assert "Site-wide" not in told("email", resolved)["message"]

    def test_several_have_their_panels_and_share_the_other_links(self) -> None:
        other = ALERT.replace("in BR", "in CL").replace("country=BR", "country=CL")
        assert told("email", alert(), alert("CL", score=2))["message"] == ALERT + other + LINKS

    def test_it_is_taken_back(self) -> None:
        assert told("email", RESOLVED)["message"] == WELL

    @pytest.mark.parametrize("channel", ["email", "slack"])
    def test_the_worst_comes_first_and_what_is_over_last(self, channel: str) -> None:
        scores = {"BR": 2.0, "CL": 40.0, "AR": -1.0, "PE": 3.5, "UY": 2.0}
        some = [RESOLVED, *(alert(name, score=score) for name, score in scores.items())]
        text = told(channel, *some)["message" if channel == "email" else "text"]
        told_of = [line.partition(" in ")[2][:2] for line in summaries(text)]
        assert told_of == ["CL", "PE", "BR", "UY", "AR", "BR"]
        assert summaries(text)[-1].startswith("Well again: ")

    def test_one_that_recovers_says_so(self) -> None:
        text = told("email", alert(recovering="Recovering: "))["message"]
        assert text.startswith("Recovering: 5xx rate for viewers in BR")

    def test_one_that_is_no_longer_judged_is_not_called_well(self) -> None:
        text = told("email", alert(state=NORMAL, reason="MissingSeries"))["message"]
        assert text.startswith(
            "Can no longer be judged (too little traffic, or others are worse). Last: 5xx rate"
        )
        # It was well, and then others had a place in the answer.
        well = alert(
            number="0.0 %", state=NORMAL, reason="MissingSeries", recovering="Recovering: "
        )
        assert told("email", well)["message"] == WELL

    def test_one_whose_query_fails_is_not_called_well(self) -> None:
        failing = alert(number="0.0 %", state=NORMAL, reason="Error", recovering="Recovering: ")
        text = told("email", failing)["message"]
        assert text.startswith("Can no longer be judged (the query fails). Last: 5xx rate")

    @pytest.mark.parametrize(("hours", "before"), [("", 1), ("2", 2), ("25", 25), ("73", 73)])
    def test_the_links_of_an_alert_about_days_show_them(self, hours: str, before: int) -> None:
        """An hour would show nothing of a leak over a day, nor of what is silent for so long."""
        text = told("email", alert(hours=hours))["message"]
        since = SINCE + 3_600_000 * (1 - before)
        assert re.findall(r"[?&]from=(\d+)&", text) == [str(since)] * 4

    def test_a_rule_that_fails_says_why_and_nothing_of_causes(self) -> None:
        failing = alert(state=ERROR, Error="failed to execute query [A]: <html>")
        first, second, *_ = told("email", failing)["message"].splitlines()
        assert first == ("The rule cannot be evaluated: failed to execute query [A]: ?html?")
        assert second.startswith("Since ")

    def test_a_runbook_elsewhere_has_no_page_of_what_fires(self) -> None:
        text = told("email", alert(runbook="https://wiki.example.com/cdn#errors-5xx"))["message"]
        assert "\nDo: https://wiki.example.com/cdn#errors-5xx\n" in text
        assert "What else" not in text


class TestChannels:
    """What the real receiver would refuse or take for something else."""

    def test_slack_gets_links_with_names(self) -> None:
        sent = told("slack", alert())
        *lines, links = sent["text"].strip().splitlines()
        assert lines == ALERT.splitlines()[:3]
        there = re.findall(r"<([^|>]+)\|([^>]+)>", links)
        looks, requests, do, all_ = re.findall(r"https?://\S+", ALERT + LINKS)
        assert there == [
            (looks, "Panel"), (requests, "Requests"), (do, "Runbook"), (all_, "What else fires"),
            (SILENCE, "Silence"),
        ]  # fmt: skip

    def test_what_a_viewer_asks_for_mentions_nobody_in_slack(self) -> None:
        """A URI may hold <!channel>, which would call everybody."""
        cause = "All of the errors: host a. Worst URI: /<!channel>?<http://evil|x> (all)."
        text = told("slack", alert(cause=cause))["text"]
        assert "<!" not in text
        assert "<http://evil" not in text
        assert "Worst URI: /?!channel??" in text

    def test_pagerduty_shows_the_title_and_our_own_details(self) -> None:
        sent = told("pagerduty", alert())
        assert sent["summary"] == "5xx rate BR 49.8 % (critical)"
        assert sent["details"]["firing"] == PLAIN
        assert (sent["class"], sent["source"]) == ("5xx errors", "CloudFront")

    @pytest.mark.parametrize("many", [1, 12])
    def test_no_receiver_refuses_or_cuts_the_longest(self, many: int) -> None:
        """As many as fire together at worst, each with all that it can say."""
        cause = "All of the errors: host " + ", all from edge ".join(["x" * 60] * 6)
        some = [alert("y" * 200 + str(n), score=n, cause=cause) for n in range(many)]
        slack, sns, duty = (told(name, *some) for name in ("slack", "sns", "pagerduty"))
        event = {
            "event_action": "trigger", "routing_key": "x",
            "payload": {
                "summary": duty["summary"], "source": duty["source"], "severity": duty["severity"],
                "custom_details": duty["details"],
            },
        }  # fmt: skip
        _taken(
            slack={"attachments": [{"title": slack["title"], "text": slack["text"]}]},
            pagerduty=event,
        )
        assert receivers.sns_problem(sns["subject"], sns["message"]) == ""


def _taken(**sent: Any) -> None:
    for name, body in sent.items():
        receivers.RECEIVERS[name](json.dumps(body).encode())


def test_the_receivers_refuse_what_the_real_ones_do() -> None:
    """Else nothing above would show anything."""
    for name, body in _refused():
        with pytest.raises(receivers.Refused):
            receivers.RECEIVERS[name](body)


def _refused() -> Iterable[tuple[str, bytes]]:
    yield "slack", b'{"attachments": []}'
    yield "slack", b'{"attachments": [{"title": "%s"}]}' % (b"x" * 1025)
    yield "pagerduty", b'{"event_action": "trigger", "routing_key": "x", "payload": {}}'
    topic = b"Action=Publish&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A1%3At&Message=m"
    yield "sns", topic + b"&Subject=" + b"x" * 101
    yield "sns", topic + b"&Subject=%C3%BC"
    yield "sns", topic + b"&Subject=a%0Ab"
    yield "sns", topic.replace(b"Message=m", b"Message=")


def test_who_was_woken_is_told_of_the_end_and_so_is_every_program() -> None:
    told = {
        (point["name"].rpartition("-")[2], each["type"])
        for point in contact_points.contact_points(BUNDLE)
        for each in point["receivers"]
        if not each["disableResolveMessage"]
    }
    woken = {("critical", channel) for channel in BUNDLE.channels}
    assert told == woken | {("warning", "webhook"), ("info", "webhook")}
