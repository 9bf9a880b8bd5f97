import pytest

from processor.catalog import DEFAULT_FIELDS
from processor.config import Config, ConfigError


def test_nothing_set_means_the_documented_defaults():
    config = Config.from_env({})
    assert (config.settings.database, config.settings.table) == ("cloudfront", "realtime_logs")
    assert config.fields == DEFAULT_FIELDS
    assert (config.settings.layout, config.viewer_ip) == ("multi", "keep")
    assert config.queue_url is None


def test_fields_are_taken_in_cloudfronts_order_however_they_are_written():
    config = Config.from_env({"LOG_FIELDS": "sc-bytes, c-country,timestamp"})
    assert [field.name for field in config.fields] == ["timestamp", "sc-bytes", "c-country"]


@pytest.mark.parametrize("variable", ["LOG_FIELDS", "DROP_FIELDS"])
def test_an_unknown_field_is_refused_with_the_nearest_known_name(variable):
    with pytest.raises(ConfigError, match=f"{variable}.*'sc-byte'; did you mean 'sc-bytes'"):
        Config.from_env({variable: "timestamp,sc-byte"})


@pytest.mark.parametrize(
    ("variable", "value", "nearest"),
    [("RECORD_LAYOUT", "mutli", "multi"), ("VIEWER_IP", "Mask", "mask")],
)
def test_an_unknown_choice_is_refused_with_the_nearest_known_one(variable, value, nearest):
    with pytest.raises(ConfigError, match=f"{variable} is '{value}'.*did you mean '{nearest}'"):
        Config.from_env({variable: value})


@pytest.mark.parametrize(
    ("env", "missing"),
    [
        ({"LOG_FIELDS": "sc-bytes"}, "timestamp"),
        ({"LOG_FIELDS": "timestamp,c-country", "RECORD_LAYOUT": "classic"}, "sc-bytes"),
        ({"DROP_FIELDS": "timestamp"}, "timestamp"),
    ],
)
def test_fields_that_cannot_make_a_record_are_refused(env, missing):
    with pytest.raises(ConfigError, match=missing):
        Config.from_env(env)


def test_a_dropped_field_is_read_but_not_stored():
    config = Config.from_env(
        {"LOG_FIELDS": "timestamp,c-ip,cs-cookie,sc-bytes", "DROP_FIELDS": "cs-cookie"}
    )
    assert len(config.fields) == 4
    assert [field.name for field in config.stored] == ["timestamp", "c-ip", "sc-bytes"]


def test_dropping_viewer_addresses_drops_the_forwarded_ones_too():
    names = {field.name for field in Config.from_env({"VIEWER_IP": "drop"}).stored}
    assert "c-ip" not in names
    assert "x-forwarded-for" not in names
    assert "s-ip" in names  # CloudFront's own


def test_classic_cannot_drop_what_tells_requests_apart():
    env = {"RECORD_LAYOUT": "classic", "DROP_FIELDS": "x-edge-request-id"}
    with pytest.raises(ConfigError, match="tells two alike requests apart"):
        Config.from_env(env)
    assert Config.from_env(env | {"RECORD_LAYOUT": "multi"}).drop == {"x-edge-request-id"}
