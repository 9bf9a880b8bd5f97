"""attach and detach, through boto3, against CloudFront's rules."""

from collections.abc import Callable

import boto3
import pytest

from cli.console import Waiting
from cli.errors import Problem
from infra import distribution
from tests.support.aws import ARN, OTHER_ARN, AwsError, FakeAws, FakeCloudFormation, FakeCloudFront

Infra = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def _ready(cloudformation: FakeCloudFormation, cloudfront: FakeCloudFront) -> None:
    cloudfront.add("E1", {"/api/*": None, "/img/*": None, "default": None}, ["www.example.com"])


@pytest.fixture
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distribution.wait, "__kwdefaults__", {**_WAIT, "sleep": lambda _: None})


_WAIT = dict(distribution.wait.__kwdefaults__ or {})


def test_all_behaviors_get_the_log_config_after_a_yes(
    infra: Infra, cloudfront: FakeCloudFront, answers: Callable[..., list[str]]
) -> None:
    asked = answers("y")
    status, said = infra("attach", "--distribution", "E1")
    assert status == 0
    assert asked == ["Change it? [y/N] "]
    assert cloudfront.attached("E1") == {"/api/*": ARN, "/img/*": ARN, "default": ARN}
    assert "Distribution E1 (www.example.com)" in said
    assert "/api/*   - -> cloudfront-grafana-us-east-1" in said
    assert "E1 is deployed." in said


def test_nothing_else_about_the_distribution_changes(
    infra: Infra, cloudfront: FakeCloudFront
) -> None:
    before = cloudfront.get_config({"Id": "E1"})["DistributionConfig"]
    assert infra("attach", "--distribution", "E1", "--yes")[0] == 0
    after = cloudfront.get_config({"Id": "E1"})["DistributionConfig"]
    for item in [*after["CacheBehaviors"]["Items"], after["DefaultCacheBehavior"]]:
        assert item.pop("RealtimeLogConfigArn") == ARN
    assert after == before


@pytest.mark.parametrize(
    ("wanted", "attached"),
    [
        ("default", {"default"}),
        ("/api/*", {"/api/*"}),
        ("/api/*,default", {"/api/*", "default"}),
        ("all", {"/api/*", "/img/*", "default"}),
    ],
)
def test_behaviors_are_chosen_by_pattern(
    infra: Infra, cloudfront: FakeCloudFront, wanted: str, attached: set[str]
) -> None:
    assert infra("attach", "--distribution", "E1", "--behavior", wanted, "--yes")[0] == 0
    assert {path for path, arn in cloudfront.attached("E1").items() if arn} == attached


def test_attaching_twice_changes_nothing_and_asks_nothing(
    infra: Infra, aws: FakeAws, answers: Callable[..., list[str]]
) -> None:
    infra("attach", "--distribution", "E1", "--yes")
    asked = answers()
    status, said = infra("attach", "--distribution", "E1")
    assert (status, asked) == (0, [])
    assert "Nothing to change: E1 has the log config already." in said
    assert len(aws.called("UpdateDistribution")) == 1


def test_a_no_changes_nothing(
    infra: Infra, aws: FakeAws, answers: Callable[..., list[str]]
) -> None:
    answers("n")
    status, said = infra("attach", "--distribution", "E1")
    assert status == 1
    assert "Nothing was changed." in said
    assert not aws.called("UpdateDistribution")


def test_without_a_terminal_the_way_to_answer_is_said(
    infra: Infra, answers: Callable[..., list[str]]
) -> None:
    answers()
    status, said = infra("attach", "--distribution", "E1")
    assert status == 1
    assert "Nobody is here to answer; add --yes" in said


def test_several_distributions_are_attached_one_after_another(
    infra: Infra, cloudfront: FakeCloudFront
) -> None:
    cloudfront.add("E2", {"default": None}, [])
    status, said = infra("attach", "--distribution", "E1,E2", "--yes")
    assert status == 0
    assert cloudfront.attached("E2") == {"default": ARN}
    assert "Distribution E2 (no aliases)" in said


class TestAnotherConfig:
    """A behavior has one log config at most."""

    def test_it_is_not_replaced_unasked(
        self, infra: Infra, cloudfront: FakeCloudFront, aws: FakeAws
    ) -> None:
        cloudfront.change("E1", "/img/*", OTHER_ARN)
        status, said = infra("attach", "--distribution", "E1", "--yes")
        assert status == 1
        assert "/img/* has somebody-elses" in said
        assert "REPLACE=1" in said
        assert not aws.called("UpdateDistribution")

    def test_replace_puts_ours_in_its_place(self, infra: Infra, cloudfront: FakeCloudFront) -> None:
        cloudfront.change("E1", "/img/*", OTHER_ARN)
        status, said = infra("attach", "--distribution", "E1", "--yes", "--replace")
        assert status == 0
        assert "/img/*   somebody-elses -> cloudfront-grafana-us-east-1" in said
        assert cloudfront.attached("E1")["/img/*"] == ARN

    def test_it_does_not_matter_on_a_behavior_that_is_left_alone(
        self, infra: Infra, cloudfront: FakeCloudFront
    ) -> None:
        cloudfront.change("E1", "/img/*", OTHER_ARN)
        assert infra("attach", "--distribution", "E1", "--behavior", "default", "--yes")[0] == 0
        assert cloudfront.attached("E1")["/img/*"] == OTHER_ARN


class TestSomebodyElse:
    """CloudFront refuses a change to a version that is no longer the latest."""

    def test_their_change_is_kept_and_ours_made_on_top(
        self, infra: Infra, cloudfront: FakeCloudFront, answers: Callable[..., list[str]]
    ) -> None:
        cloudfront.interruptions = [lambda: cloudfront.touch("E1")]
        asked = answers("y")
        assert infra("attach", "--distribution", "E1")[0] == 0
        assert len(asked) == 1
        assert cloudfront.configs["E1"]["Comment"] == "touched "
        assert cloudfront.attached("E1")["default"] == ARN

    def test_a_config_that_they_attached_meanwhile_is_not_overwritten(
        self, infra: Infra, cloudfront: FakeCloudFront
    ) -> None:
        cloudfront.interruptions = [lambda: cloudfront.change("E1", "default", OTHER_ARN)]
        status, said = infra("attach", "--distribution", "E1", "--yes")
        assert status == 1
        assert "default has somebody-elses" in said
        assert cloudfront.attached("E1")["default"] == OTHER_ARN

    def test_with_replace_the_new_change_is_shown_and_asked_for_anew(
        self, infra: Infra, cloudfront: FakeCloudFront, answers: Callable[..., list[str]]
    ) -> None:
        cloudfront.interruptions = [lambda: cloudfront.change("E1", "default", OTHER_ARN)]
        asked = answers("y", "n")
        status, _ = infra("attach", "--distribution", "E1", "--replace")
        assert (status, len(asked)) == (1, 2)
        assert cloudfront.attached("E1")["default"] == OTHER_ARN

    def test_twice_in_a_row_is_given_up(self, infra: Infra, cloudfront: FakeCloudFront) -> None:
        cloudfront.interruptions = [lambda: cloudfront.touch("E1")] * 2
        status, said = infra("attach", "--distribution", "E1", "--yes")
        assert status == 1
        assert "Somebody else keeps changing distribution E1" in said


class TestDetach:
    """Only this stack's log config is taken off."""

    def test_detach_undoes_attach(self, infra: Infra, cloudfront: FakeCloudFront) -> None:
        before = cloudfront.get_config({"Id": "E1"})["DistributionConfig"]
        infra("attach", "--distribution", "E1", "--yes")
        status, said = infra("detach", "--distribution", "E1", "--yes")
        assert status == 0
        assert "default  cloudfront-grafana-us-east-1 -> -" in said
        assert cloudfront.get_config({"Id": "E1"})["DistributionConfig"] == before

    def test_others_configs_stay(self, infra: Infra, cloudfront: FakeCloudFront) -> None:
        cloudfront.change("E1", "/img/*", OTHER_ARN)
        cloudfront.change("E1", "default", ARN)
        status, said = infra("detach", "--distribution", "E1", "--yes")
        assert status == 0
        assert "/img/*   somebody-elses  (as is)" in said
        assert cloudfront.attached("E1") == {"/api/*": None, "/img/*": OTHER_ARN, "default": None}

    def test_detaching_what_is_not_attached_changes_nothing(
        self, infra: Infra, aws: FakeAws
    ) -> None:
        status, said = infra("detach", "--distribution", "E1", "--yes")
        assert status == 0
        assert "Nothing to change: E1 does not have this stack's log config." in said
        assert not aws.called("UpdateDistribution")


class TestRefusals:
    """What cannot work is said in one sentence, before anything is changed."""

    def test_an_unknown_distribution(self, infra: Infra) -> None:
        status, said = infra("attach", "--distribution", "E404", "--yes")
        assert status == 1
        assert "This account has no distribution 'E404'" in said

    def test_an_unknown_behavior_names_those_there_are(self, infra: Infra) -> None:
        status, said = infra("attach", "--distribution", "E1", "--behavior", "/apl/*", "--yes")
        assert status == 1
        assert "no cache behavior '/apl/*'; it has /api/*, /img/*, default" in said

    @pytest.mark.parametrize("nothing", ["", " , "])
    def test_no_distribution(self, infra: Infra, nothing: str) -> None:
        status, said = infra("attach", "--distribution", nothing, "--yes")
        assert status == 1
        assert "No distribution is named" in said

    def test_no_behavior(self, infra: Infra) -> None:
        status, said = infra("attach", "--distribution", "E1", "--behavior", ",", "--yes")
        assert status == 1
        assert "No cache behavior is named" in said

    def test_a_log_config_of_another_account(self, infra: Infra, aws: FakeAws) -> None:
        aws.on("cloudfront", UpdateDistribution=AwsError("NoSuchRealtimeLogConfig", "Not there."))
        status, said = infra("attach", "--distribution", "E1", "--yes")
        assert status == 1
        assert "have to be in one account" in said

    def test_a_missing_permission_is_named(self, infra: Infra, aws: FakeAws) -> None:
        denied = "User: arn:aws:iam::1:user/x is not authorized to perform: "
        denied += "cloudfront:UpdateDistribution on resource: E1"
        aws.on("cloudfront", UpdateDistribution=AwsError("AccessDenied", denied))
        status, said = infra("attach", "--distribution", "E1", "--yes")
        assert status == 1
        assert "AWS does not allow cloudfront:UpdateDistribution" in said
        assert "docs/permissions.md" in said

    def test_a_stack_that_is_not_there(self, infra: Infra) -> None:
        status, said = infra("attach", "--stack", "nope", "--distribution", "E1", "--yes")
        assert status == 1
        assert "There is no stack 'nope' in us-east-1" in said

    def test_a_stack_of_another_project(
        self, infra: Infra, cloudformation: FakeCloudFormation
    ) -> None:
        cloudformation.add("other", {"Url": "https://example.com"})
        status, said = infra("attach", "--stack", "other", "--distribution", "E1", "--yes")
        assert status == 1
        assert "has no output Region: it is another project's" in said

    def test_a_stack_that_is_still_being_made(
        self, infra: Infra, cloudformation: FakeCloudFormation
    ) -> None:
        cloudformation.add("new", {}, status="CREATE_IN_PROGRESS")
        status, said = infra("attach", "--stack", "new", "--distribution", "E1", "--yes")
        assert status == 1
        assert "is not finished yet (CREATE_IN_PROGRESS)" in said


class TestWaiting:
    """Waiting for the edges shows progress and ends."""

    def test_it_polls_until_deployed(
        self,
        infra: Infra,
        cloudfront: FakeCloudFront,
        _no_pause: None,  # noqa: PT019
    ) -> None:
        cloudfront.statuses["E1"] = ["InProgress", "InProgress"]
        status, said = infra("attach", "--distribution", "E1", "--yes")
        assert status == 0
        assert said.count("Waiting for E1 to reach every edge") == 1
        assert cloudfront.statuses["E1"] == []

    def test_no_wait_does_not(self, infra: Infra, aws: FakeAws) -> None:
        assert infra("attach", "--distribution", "E1", "--yes", "--no-wait")[0] == 0
        assert not aws.called("GetDistribution")

    def test_patience_ends(self, cloudfront: FakeCloudFront, aws: FakeAws) -> None:
        cloudfront.statuses["E1"] = ["InProgress"] * 4
        ticks = iter([0.0, 10.0, 20.0, 60.0])
        with pytest.raises(Problem, match="still InProgress after 1 minutes"):
            distribution.wait(
                boto3.client("cloudfront"),
                "E1",
                Waiting(),
                patience=60,
                clock=lambda: next(ticks),
                sleep=lambda _: None,
            )


def test_moto_takes_the_same_updates(
    infra: Infra, moto: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other emulator of CloudFront, which keeps every field of a distribution."""
    monkeypatch.delenv("AWS_ENDPOINT_URL_CLOUDFRONT")
    client = boto3.client("cloudfront")
    behavior = {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "allow-all",
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
    }
    origin = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    name = client.create_distribution(
        DistributionConfig={
            "CallerReference": "x",
            "Comment": "",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [{"Id": "o", "DomainName": "o.example.com", "CustomOriginConfig": origin}],
            },
            "DefaultCacheBehavior": behavior,
            "CacheBehaviors": {"Quantity": 1, "Items": [behavior | {"PathPattern": "/api/*"}]},
        }
    )["Distribution"]["Id"]

    def attached() -> list[str]:
        config = client.get_distribution_config(Id=name)["DistributionConfig"]
        return [item.get("RealtimeLogConfigArn") for _, item in distribution.behaviors(config)]

    assert infra("attach", "--distribution", name, "--yes")[0] == 0
    assert attached() == [ARN, ARN]
    assert infra("detach", "--distribution", name, "--yes")[0] == 0
    assert not any(attached())
