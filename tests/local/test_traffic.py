"""Generated traffic: believable, the same for the same seed, broken where an incident says so."""

import re
from collections import Counter
from functools import cache
from statistics import median
from urllib.parse import unquote

import pytest

from local.incidents import KINDS, Incident, default_incidents, parse
from local.sample_site import BEHAVIORS, COUNTRIES
from local.traffic import NAMES, ORIGINAL_FIELDS, Traffic, line
from processor.catalog import BY_NAME, DEFAULT_FIELDS, FIELDS, resolve

END = 1_790_000_000
START = END - 1800


def draw(seed=1, incidents=(), end=END, rps=2.0):
    """Return half an hour of requests before ``end``, at the same time of day."""
    traffic = Traffic(seed, incidents, midnight=end - 20 * 3600)
    return list(traffic.between(end - 1800, end, rps))


@cache
def undisturbed():
    return draw()


@pytest.fixture(scope="module")
def requests():
    return draw(rps=6)


def values(requests, name):
    return Counter(request[name] for request in requests)


def numbers(requests, name):
    return [float(request[name]) for request in requests if request[name] != "-"]


class TestLine:
    @pytest.mark.slow
    def test_it_carries_the_chosen_fields_in_delivery_order(self, requests):
        chosen = resolve(["sc-status", "timestamp", "c-country"])
        request = requests[0]
        assert line(request, chosen) == "\t".join(
            [request["timestamp"], request["sc-status"], request["c-country"] + "\n"]
        )

    @pytest.mark.parametrize("fields", [FIELDS, DEFAULT_FIELDS, ORIGINAL_FIELDS])
    def test_it_has_one_value_for_each_field_whatever_is_in_them(self, requests, fields):
        for request in requests:
            text = line(request, fields)
            assert text.endswith("\n")
            assert text.count("\t") == len(fields) - 1
            assert text.isascii()

    def test_the_original_solution_was_configured_with_forty_fields(self):
        assert len(ORIGINAL_FIELDS) == 40
        assert ORIGINAL_FIELDS[0].name == "timestamp"
        assert ORIGINAL_FIELDS[-1].name == "cs-headers-count"
        assert "s-ip" not in {field.name for field in ORIGINAL_FIELDS}


class TestRequests:
    def test_each_has_all_71_fields_and_no_value_is_empty(self, requests):
        for request in requests:
            assert tuple(request) == NAMES
            assert all(request.values())

    def test_numbers_are_numbers_or_absent(self, requests):
        readers = {"BIGINT": int, "DOUBLE": float, "TIMESTAMP": float}
        for request in requests:
            for name, text in request.items():
                if text != "-" and BY_NAME[name].type in readers:
                    readers[BY_NAME[name].type](text)

    def test_no_two_have_the_same_id(self, requests):
        assert len(values(requests, "x-edge-request-id")) == len(requests)

    def test_times_rise_and_lie_within_what_was_asked_for(self, requests):
        times = [float(request["timestamp"]) for request in requests]
        assert times == sorted(times)
        assert times[0] >= START
        assert times[-1] < END

    def test_an_edge_serves_the_countries_around_it(self, requests):
        near = {country.code: set(country.edges) for country in COUNTRIES}
        for request in requests:
            assert request["x-edge-location"] in near[request["c-country"]]
            assert re.fullmatch(r"[A-Z]{3}\d+-[CP]\d+", request["x-edge-location"])

    def test_most_requests_are_for_few_things(self, requests):
        counts = [count for _, count in values(requests, "cs-uri-stem").most_common()]
        tenth = len(counts) // 10
        assert sum(counts[:tenth]) > sum(counts) / 2

    def test_sizes_are_heavy_tailed(self, requests):
        sizes = sorted(numbers(requests, "sc-bytes"))
        assert sum(sizes[-len(sizes) // 10 :]) > sum(sizes) / 2

    def test_a_path_may_have_little_traffic(self, requests):
        share = values(requests, "cache-behavior-path-pattern")["/checkout/*"] / len(requests)
        assert 0.005 < share < 0.04
        assert {b.pattern for b in BEHAVIORS} == set(
            values(requests, "cache-behavior-path-pattern")
        )

    def test_only_misses_know_of_an_origin(self, requests):
        origins = {behavior.pattern: behavior.origin for behavior in BEHAVIORS}
        for request in requests:
            missed = request["x-edge-result-type"] == "Miss"
            for name in ("origin-fbl", "origin-lbl"):
                assert (request[name] != "-") == missed
            failed = request["x-edge-detailed-result-type"].startswith("Origin") and (
                request["x-edge-result-type"] == "Error"
            )
            asked = origins[request["cache-behavior-path-pattern"]] if missed or failed else "-"
            assert request["r-host"] == asked

    def test_first_bytes_come_later_on_a_miss_than_on_a_hit(self, requests):
        def typical(result):
            return median(
                numbers(
                    [r for r in requests if r["x-edge-detailed-result-type"] == result],
                    "time-to-first-byte",
                )
            )

        assert typical("Hit") * 3 < typical("OriginShieldHit") < typical("Miss") * 1.5
        assert typical("Hit") * 3 < typical("RefreshHit") < typical("Miss")

    def test_the_last_byte_never_comes_before_the_first(self, requests):
        for request in requests:
            assert float(request["time-taken"]) >= float(request["time-to-first-byte"])

    def test_results_and_statuses_agree(self, requests):
        for request in requests:
            failed = int(request["sc-status"]) >= 400
            assert (request["x-edge-result-type"] == "Error") == failed
        assert {"200", "206", "301", "304", "404"} <= set(values(requests, "sc-status"))
        assert {"Hit", "Miss", "RefreshHit", "OriginShieldHit", "Redirect"} <= set(
            values(requests, "x-edge-detailed-result-type")
        )

    def test_all_is_well_without_an_incident(self, requests):
        errors = sum(int(request["sc-status"]) >= 500 for request in requests)
        assert 0 < errors / len(requests) < 0.002

    def test_only_https_has_a_cipher(self, requests):
        for request in requests:
            assert (request["cs-protocol"] == "https") == (request["ssl-cipher"] != "-")

    def test_addresses_are_of_their_version_and_belong_to_nobody(self, requests):
        for request in requests:
            if request["c-ip-version"] == "IPv6":
                assert request["c-ip"].startswith("2001:db8:")
            else:
                assert re.match(r"198\.1[89]\.", request["c-ip"])

    def test_text_is_percent_encoded_once_as_cloudfront_does(self, requests):
        for request in requests:
            agent = request["cs-user-agent"]
            assert not set(agent) & set(" <>\"#{}|\\^~[]`'")
            assert "%25" not in agent
            assert unquote(agent) != agent or " " not in unquote(agent)
            assert request["cs-headers"].endswith("%0A")

    def test_the_query_string_is_in_the_stem_too(self, requests):
        asked = [request for request in requests if request["cs-uri-query"] != "-"]
        assert asked
        for request in asked:
            assert request["cs-uri-stem"].endswith("?" + request["cs-uri-query"])

    def test_players_tell_of_themselves_on_video_alone(self, requests):
        for request in requests:
            video = request["cache-behavior-path-pattern"] == "/video/*"
            assert (request["cmcd-session-id"] != "-") == video
        assert values(requests, "cmcd-startup")["true"]
        assert values(requests, "cmcd-buffer-starvation")["true"]


class TestSeed:
    @pytest.mark.slow
    def test_the_same_seed_draws_the_same_requests(self):
        assert draw() == undisturbed()

    def test_another_seed_draws_others(self):
        assert draw(seed=5) != undisturbed()

    @pytest.mark.slow
    def test_only_differences_of_time_matter(self):
        """A demo prints the same numbers whenever it is run."""
        shift = 86_400 * 3 + 12_345

        def without_time(requests):
            return [{**request, "timestamp": ""} for request in requests]

        early = draw(incidents=default_incidents(END))
        late = draw(incidents=default_incidents(END + shift), end=END + shift)
        assert without_time(early) == without_time(late)

    def test_evenings_are_busier_than_mornings(self):
        def count(hour):
            country = Traffic(1, midnight=END - hour * 3600)
            return sum(1 for _ in country.between(END, END + 600, 5))

        assert count(20) > 1.2 * count(8)


BRAZIL = {"c-country": "BR"}


class TestIncident:
    def incident(self, kind, where=None, share=1.0):
        return Incident(kind, where or BRAZIL, END - 600, 10, share)

    def both(self, incident):
        """Return the requests without and with it, by id."""
        plain = {request["x-edge-request-id"]: request for request in undisturbed()}
        broken = {request["x-edge-request-id"]: request for request in draw(incidents=(incident,))}
        return plain, broken

    def struck(self, plain, incident):
        return {
            name
            for name, request in plain.items()
            if incident.hits(float(request["timestamp"]), request)
        }

    @pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("silence", "surge")])
    def test_whatever_it_does_not_touch_stays_the_same(self, kind):
        incident = self.incident(kind, share=0.5)
        plain, broken = self.both(incident)
        assert list(plain) == list(broken)
        changed = {name for name in plain if plain[name] != broken[name]}
        assert changed
        assert changed < self.struck(plain, incident)

    def test_5xx_turns_answers_into_errors_of_the_origin(self):
        incident = self.incident("5xx")
        plain, broken = self.both(incident)
        for name in self.struck(plain, incident):
            assert broken[name]["sc-status"] in ("502", "503")
            assert broken[name]["x-edge-result-type"] == "Error"
            assert broken[name]["x-edge-detailed-result-type"].startswith("Origin")

    def test_4xx_turns_answers_into_not_found(self):
        incident = self.incident("4xx")
        plain, broken = self.both(incident)
        assert {broken[name]["sc-status"] for name in self.struck(plain, incident)} == {"404"}

    def test_slow_delays_first_bytes_from_the_cache_as_well(self):
        incident = self.incident("slow", {"x-edge-location": "FRA56-P12"})
        plain, broken = self.both(incident)
        for name in self.struck(plain, incident):
            delay = float(broken[name]["time-to-first-byte"]) - float(
                plain[name]["time-to-first-byte"]
            )
            assert 1.9 < delay < 5.1
            assert broken[name]["origin-fbl"] == plain[name]["origin-fbl"]

    def test_slow_origin_delays_misses_alone_and_says_whose_fault_it_is(self):
        incident = self.incident("slow-origin")
        plain, broken = self.both(incident)
        for name in self.struck(plain, incident):
            if plain[name]["x-edge-result-type"] == "Miss":
                assert float(broken[name]["origin-fbl"]) > 2
            else:
                assert broken[name] == plain[name]

    def test_miss_empties_the_cache(self):
        incident = self.incident("miss")
        plain, broken = self.both(incident)
        results = {broken[name]["x-edge-result-type"] for name in self.struck(plain, incident)}
        assert "Miss" in results
        assert not results & {"Hit", "RefreshHit"}

    def test_silence_leaves_no_lines(self):
        incident = self.incident("silence")
        plain, broken = self.both(incident)
        assert set(plain) - set(broken) == self.struck(plain, incident)

    def test_surge_multiplies_requests(self):
        incident = self.incident("surge", share=2)
        plain, broken = self.both(incident)
        assert len(broken) - len(plain) == 2 * len(self.struck(plain, incident))
        assert broken.keys() > plain.keys()

    def test_share_is_the_part_that_goes_wrong(self):
        incident = self.incident("5xx", {"cs-host": "www.example.com"}, share=0.25)
        plain, broken = self.both(incident)
        struck = self.struck(plain, incident)
        changed = sum(plain[name] != broken[name] for name in struck)
        assert 0.2 < changed / len(struck) < 0.3

    def test_several_conditions_must_all_match(self):
        where = {"c-country": "BR", "cache-behavior-path-pattern": "/video/*"}
        incident = self.incident("5xx", where)
        plain, broken = self.both(incident)
        changed = [plain[name] for name in plain if plain[name] != broken[name]]
        assert changed
        assert all(where.items() <= request.items() for request in changed)

    def test_the_default_ones_are_an_erring_country_and_a_slow_edge(self):
        requests = draw(incidents=default_incidents(END))
        lately = [request for request in requests if float(request["timestamp"]) >= END - 600]
        brazil = [request for request in lately if request["c-country"] == "BR"]
        errors = sum(int(request["sc-status"]) >= 500 for request in brazil)
        assert errors / len(brazil) > 0.05
        slow = numbers(
            [r for r in lately if r["x-edge-location"] == "FRA56-P12"], "time-to-first-byte"
        )
        assert median(slow) > 1


class TestParse:
    def test_people_name_countries_edges_hosts_and_behaviors(self):
        words = ["country=BR", "edge=GRU3-P5", "host=www.example.com", "behavior=/checkout/*"]
        assert parse([*words, "cs-method=GET"], now=7.0) == Incident(
            "5xx",
            {
                "c-country": "BR",
                "x-edge-location": "GRU3-P5",
                "cs-host": "www.example.com",
                "cache-behavior-path-pattern": "/checkout/*",
                "cs-method": "GET",
            },
            start=7.0,
            minutes=10,
            share=1,
        )

    def test_kind_minutes_and_share_can_be_said(self):
        incident = parse(["kind=slow", "minutes=0.5", "share=0.1"], now=0)
        assert (incident.kind, incident.minutes, incident.share) == ("slow", 0.5, 0.1)
        assert str(incident) == "slow for 10 % of everything"

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["BR"], "'BR' is not of the form key=value, such as country=BR"),
            (["contry=BR"], "did you mean 'c-country'?"),
            (["kind=slw"], "did you mean slow?"),
            (["minutes=soon"], "minutes must be a number, not 'soon'"),
            (["minutes=0"], "minutes must be above 0 and at most 1440"),
            (["share=2"], "share must be above 0 and at most 1 (100 for a surge)"),
            (["minutes=nan"], "minutes must be above 0"),
        ],
    )
    def test_what_cannot_be_understood_is_refused_in_a_sentence(self, words, sentence):
        with pytest.raises(ValueError, match=re.escape(sentence)):
            parse(words, now=0)
