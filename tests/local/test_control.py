"""The control server beside ``serve``: how its traffic is broken, mended and looked at."""

import time

import pytest
import requests

from local.aws import LocalError
from local.control import Control, ask
from local.traffic import Traffic


@pytest.fixture
def traffic():
    return Traffic(1)


@pytest.fixture
def control(traffic):
    with Control(traffic, lambda: {"sent": 7}, "127.0.0.1", 0) as running:
        yield running


def test_an_incident_begins_now_and_is_in_the_status(control, traffic):
    before = time.time()
    answer = ask(control.url, "POST", "/incidents", {"words": ["country=BR", "minutes=3"]})
    (incident,) = traffic.incidents
    assert before <= incident.start <= time.time()
    assert answer == {"incident": "5xx for c-country=BR", "until": incident.start + 180}
    assert ask(control.url, "GET", "/") == {"sent": 7, "incidents": ["5xx for c-country=BR"]}


def test_incidents_add_up_until_all_are_ended(control, traffic):
    for country in ("BR", "US"):
        ask(control.url, "POST", "/incidents", {"words": [f"country={country}"]})
    assert len(traffic.incidents) == 2
    assert ask(control.url, "DELETE", "/incidents") == {"ended": 2}
    assert traffic.incidents == []


def test_what_is_over_is_forgotten(control, traffic):
    ask(control.url, "POST", "/incidents", {"words": ["country=BR", "minutes=0.0000001"]})
    assert ask(control.url, "GET", "/")["incidents"] == []
    ask(control.url, "POST", "/incidents", {"words": ["country=US"]})
    assert len(traffic.incidents) == 1


@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"words": 5}', b'{"words": [5]}'])
def test_a_body_that_is_none_is_refused_with_what_it_has_to_be(control, traffic, body):
    answer = requests.post(f"{control.url}/incidents", data=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json() == {"error": 'the body has to be {"words": ["country=BR", ...]}'}
    assert traffic.incidents == []


def test_words_that_say_nothing_are_refused_in_a_sentence(control):
    with pytest.raises(LocalError, match="did you mean slow"):
        ask(control.url, "POST", "/incidents", {"words": ["kind=slwo"]})


def test_there_is_nothing_else_here(control):
    with pytest.raises(LocalError, match="there is no GET /incidents here"):
        ask(control.url, "GET", "/incidents")
