"""The notification policies: not touched where rules name receivers, merged with care before."""

import json
import stat
from typing import Any

import pytest

from provisioning.push.errors import PushError
from tests.support.push import Push, Start

THEIRS: dict[str, Any] = {
    "receiver": "grafana-default-email",
    "group_by": ["alertname"],
    "group_wait": "45s",
    "routes": [
        {"receiver": "grafana-default-email", "object_matchers": [["team", "=", "x"]]},
        {
            "receiver": "grafana-default-email",
            "object_matchers": [["cloudfront_grafana", "=", "green/x"]],
        },
    ],
}
VALUE = "cloudfront/cloudfront-oncall-"


@pytest.fixture
def old(start: Start) -> Push:
    """A 10.4 whose rules cannot name their receiver, with policies of its own."""
    push = start("10.4.3", simple_routing=False)
    push.fake.alerting.tree = json.loads(json.dumps(THEIRS))
    return push


def test_where_rules_name_their_receivers_the_tree_is_never_written(push: Push) -> None:
    if push.fake.major == 10:
        push.fake.alerting.routing = True
    push.apply()
    push.destroy()
    writes = [path for _, path in push.fake.writes() if path.endswith("/policies")]
    assert writes == []


def test_our_routes_come_first_and_the_rest_stays_as_it_was(old: Push) -> None:
    old.apply()
    tree = old.fake.alerting.tree
    ours, *others = tree["routes"]
    assert others == THEIRS["routes"]
    assert {k: v for k, v in tree.items() if k != "routes"} == {
        k: v for k, v in THEIRS.items() if k != "routes"
    }
    assert ours["receiver"] == "cloudfront-oncall"
    assert ours["group_by"] == ["grafana_folder", "alertname"]
    assert ours["repeat_interval"] == "4h"
    [[label, operator, value]] = ours["object_matchers"]
    assert (label, operator) == ("cloudfront_grafana", "=")
    assert value.startswith(VALUE)
    for rule in old.fake.alerting.rules.values():
        assert rule["labels"]["cloudfront_grafana"] == value
        assert rule["notification_settings"] is None
    assert not old.plan().steps


def test_the_tree_stays_editable_by_hand_when_it_was(old: Push) -> None:
    old.apply()
    assert old.fake.alerting.tree_provenance == ""


def test_the_tree_stays_the_apis_when_it_was(old: Push) -> None:
    old.fake.alerting.tree_provenance = "api"
    old.apply()
    assert old.fake.alerting.tree_provenance == "api"


def test_a_copy_that_only_the_owner_reads_is_written_first(old: Push) -> None:
    old.apply()
    [backup] = old.backups.glob("*.json")
    assert json.loads(backup.read_text()) == THEIRS
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600


def test_destroy_takes_our_routes_out_again(old: Push) -> None:
    before = old.fake.snapshot()
    old.apply()
    old.destroy()
    assert old.fake.snapshot() == before


def test_a_tree_from_files_is_refused_with_what_to_add_to_them(old: Push) -> None:
    old.fake.alerting.tree_provenance = "file"
    [blocked] = old.plan().blocked
    assert "add to its file:\nroutes:\n- receiver: cloudfront-oncall\n" in blocked.why
    with pytest.raises(PushError, match="Nothing was changed"):
        old.apply()
    assert old.fake.writes() == []


def test_routes_of_ours_that_somebody_changed_are_put_right(old: Push) -> None:
    old.apply()
    good = json.dumps(old.fake.alerting.tree)
    old.fake.alerting.tree["routes"][0]["group_wait"] = "9h"
    old.fake.alerting.tree["routes"].reverse()
    old.apply()
    tree = old.fake.alerting.tree
    assert tree["routes"][0] == json.loads(good)["routes"][0]
    assert sorted(map(str, tree["routes"][1:])) == sorted(map(str, THEIRS["routes"]))


def test_a_duration_that_grafana_spells_otherwise_is_no_change(old: Push) -> None:
    from tests.support import push_samples

    built = push_samples.built()
    rules = built["alerting/rules.yaml"].replace("repeat_interval: 4h", "repeat_interval: 5400s")
    desired = old.desired({**built, "alerting/rules.yaml": rules})
    old.apply(desired)
    assert old.fake.alerting.tree["routes"][0]["repeat_interval"] == "1h30m"
    assert not old.plan(desired).steps


def test_after_the_upgrade_to_11_our_routes_go_and_the_rules_name_their_receivers(
    old: Push,
) -> None:
    old.apply()
    old.fake.version, old.fake.major, old.fake.alerting.routing = "11.6.0", 11, True
    old.apply()
    assert old.fake.alerting.tree == THEIRS
    rule = old.fake.alerting.rules["cloudfront-errors"]
    assert rule["notification_settings"]["receiver"] == "cloudfront-oncall"
    assert "cloudfront_grafana" not in rule["labels"]
    assert not old.plan().steps


def test_what_others_add_while_we_write_is_noticed(old: Push) -> None:
    real = old.fake.alerting._put_tree

    def overtaken(**arguments: Any) -> Any:
        answer = real(**arguments)
        old.fake.alerting.tree["group_by"] = ["somebody", "else"]
        return answer

    old.fake.alerting._put_tree = overtaken  # type: ignore[method-assign]
    with pytest.raises(PushError, match="changed by somebody else just now"):
        old.apply()
