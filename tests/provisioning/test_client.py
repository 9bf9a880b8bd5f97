"""The HTTP client: what it repeats, what it says, and what it never says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.push import discovery
from provisioning.push.client import Client
from provisioning.push.errors import ApiError, PushError, Unreachable
from provisioning.push.secrets import SHOWN, Secrets, fingerprint
from tests.support.fake_grafana import TOKEN, FakeGrafana, Fault, served
from tests.support.push import Push, Start


def client(push: Push, token: str = TOKEN) -> Client:
    return Client(push.url, token, push.secrets, sleep=push.waited.append)


def test_a_token_that_is_not_accepted_is_explained(start: Start) -> None:
    push = start()
    with pytest.raises(ApiError, match="does not accept the token") as error:
        client(push, "glsa_of_another_grafana").get("/api/folders")
    assert error.value.status == 401
    assert "glsa_of_another_grafana" not in str(error.value)


@pytest.mark.parametrize(
    ("path", "needs"),
    [
        ("/api/datasources", "datasources:read, :create, :write and :delete"),
        ("/api/v1/provisioning/alert-rules", "alert.provisioning:read and :write"),
    ],
)
def test_a_role_that_is_not_enough_is_named(start: Start, path: str, needs: str) -> None:
    push = start()
    push.fake.role = "Editor"
    with pytest.raises(ApiError, match="give the service account the role Admin") as error:
        client(push).get(path)
    assert needs in str(error.value)


def test_an_editors_push_changes_nothing(start: Start) -> None:
    push = start()
    push.fake.role = "Editor"
    with pytest.raises(PushError, match="role Admin"):
        push.apply()
    assert push.fake.writes() == []


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("9.5.21", "the Timestream plugin needs 10.4"),
        ("10.3.9", "the Timestream plugin needs 10.4"),
        ("14.0.1", "this tool knows the API up to 13"),
    ],
)
def test_a_version_outside_the_known_ones_is_refused_with_the_reason(
    start: Start, version: str, sentence: str
) -> None:
    with pytest.raises(PushError, match=sentence):
        discovery.identify(client(start(version)))


@pytest.mark.parametrize("version", ["10.4.0", "12.4.0-pre", "13.3.2+security-01"])
def test_every_version_between_is_taken(start: Start, version: str) -> None:
    assert discovery.identify(client(start(version))).text == version


def test_waits_grow_and_end(start: Start) -> None:
    push = start()
    push.fake.fault = lambda _n, _method, _path: Fault(503)
    with pytest.raises(ApiError, match="keeps failing") as error:
        client(push).get("/api/folders")
    assert error.value.status == 503
    assert len(push.waited) == 5
    assert push.waited == sorted(push.waited)


def test_a_wait_that_is_asked_for_is_kept_within_reason(start: Start) -> None:
    push = start()
    push.fake.fault = lambda n, _m, _p: (
        Fault(429, headers={"Retry-After": "3600"}) if n == 1 else None
    )
    client(push).get("/api/folders")
    assert push.waited == [30.0]


def test_a_creation_is_not_repeated_blindly(start: Start) -> None:
    push = start()
    push.fake.fault = lambda _n, _method, _path: Fault(500, carried_out=True)
    with pytest.raises(ApiError):
        client(push).post("/api/folders", {"uid": "x", "title": "X"})
    assert len(push.fake.requests) == 1


def test_a_creation_whose_answer_was_lost_is_found_not_repeated(start: Start) -> None:
    push = start()
    push.fake.fault = lambda n, _method, _path: Fault(None, carried_out=True) if n == 1 else None
    mine = client(push)
    found = mine.create(
        "/api/folders", {"uid": "x", "title": "X"}, there=lambda: mine.find("/api/folders/x")
    )
    assert found["uid"] == "x"
    assert [method for method, _ in push.fake.requests] == ["POST", "GET"]


def test_deleting_what_is_gone_is_fine(start: Start) -> None:
    client(start()).delete("/api/dashboards/uid/nothing")


def test_no_grafana_at_all_is_one_sentence(start: Start) -> None:
    with served(FakeGrafana()) as url:
        pass
    waited: list[float] = []
    with pytest.raises(Unreachable, match="no connection") as error:
        Client(url, TOKEN, Secrets(), sleep=waited.append).get("/api/health")
    assert "\n" not in str(error.value)
    assert len(waited) == 5


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("grafana.example.invalid", "is not a Grafana URL"),
        ("ftp://grafana.example.invalid", "is not a Grafana URL"),
        ("https://me:pass@grafana.example.invalid", "Leave user and password out"),
    ],
)
def test_a_url_that_cannot_work_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(PushError, match=sentence) as error:
        Client(url, TOKEN, Secrets())
    assert "pass@" not in str(error.value)


def test_a_redirect_is_not_followed_with_the_token(start: Start) -> None:
    push = start()
    push.fake.fault = lambda _n, _m, _p: Fault(302, headers={"Location": "https://login.invalid/"})
    with pytest.raises(Unreachable, match=r"redirects /api/folders to https://login\.invalid/"):
        client(push).get("/api/folders")


def test_a_netrc_entry_does_not_take_the_tokens_place(
    start: Start, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:
        file.write("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", netrc)
    assert client(start()).get("/api/folders") == []


def test_deprecation_headers_of_13_change_nothing(start: Start) -> None:
    push = start("13.1.0")
    push.apply()
    assert not push.plan().steps


@given(
    secret=st.text(min_size=4, max_size=40).filter(lambda text: len(text.strip()) >= 4),
    around=st.text(max_size=20),
)
def test_a_secret_is_scrubbed_however_it_is_spelled(secret: str, around: str) -> None:
    secrets = Secrets()
    kept = secrets.add(secret)
    for spelling in (kept, json.dumps(kept)[1:-1], json.dumps(kept, ensure_ascii=False)[1:-1]):
        scrubbed = secrets.scrub(f"{around}<{spelling}>{around}")
        assert SHOWN in scrubbed
        assert spelling not in scrubbed.replace(SHOWN, "") or spelling in around * 2


def test_a_fingerprint_changes_with_the_secret_and_says_nothing_of_it() -> None:
    one = fingerprint({"url": "https://hooks.invalid/1"}, "uid")
    assert one == fingerprint({"url": "https://hooks.invalid/1"}, "uid")
    assert one != fingerprint({"url": "https://hooks.invalid/2"}, "uid")
    assert one != fingerprint({"url": "https://hooks.invalid/1"}, "other")
    assert fingerprint({}, "uid") == ""
    assert len(one) == 6


def test_what_grafana_echoes_of_a_secret_does_not_reach_the_error(start: Start) -> None:
    from tests.support import push_samples

    push = start()
    push.fake.alerting.types["slack"]["channel"] = (True, False)
    with pytest.raises(PushError, match="required field 'channel'") as error:
        push.apply()
    assert push_samples.SECRET not in str(error.value)
    assert SHOWN in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
