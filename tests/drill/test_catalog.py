"""The labelled days are those that were asked for, and each does something at every site."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from drill import run
from drill.catalog import CALM, INCIDENTS, SIZES, WEEKS, Calm, Incident
from drill.site import DAY, SITES, arrivals, draw, plan

# The days before the small site's incidents, as they were when lines were chosen on them.
PINNED = "ce309fca6efb89eb"


def test_there_are_calm_months_and_incidents_in_three_sizes() -> None:
    assert WEEKS == 4
    assert {(site.rps, site.sampling) for site in SITES} == {
        (0.2, 100), (20, 100), (20, 5), (200, 100), (200, 5)
    }  # fmt: skip
    assert len(CALM) == 10
    assert len(INCIDENTS) == 12
    assert all(tuple(each.sizes) == SIZES for each in INCIDENTS)


def test_every_incident_names_its_post_mortem() -> None:
    addresses = [each.after for each in INCIDENTS]
    assert all(address.startswith("http") for address in addresses)
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("incident", INCIDENTS, ids=lambda each: each.name)
def test_an_incident_changes_the_traffic(incident: Incident) -> None:
    whole = plan(SITES[1])
    calm = draw(SITES[1], 0, 60, (), "", whole).astype(int)
    for size in incident.sizes.values():
        effects = size.effects(10, 10 + size.minutes)
        other = draw(SITES[1], 0, 60, effects, "", whole).astype(int)
        late = arrivals(60, effects) - np.arange(60)
        assert np.abs(other - calm)[:, 10:].sum() > 10 or late.any()
        assert np.array_equal(other[:, :10], calm[:, :10])


@pytest.mark.parametrize("shape", CALM, ids=lambda each: each.name)
def test_a_calm_month_can_be_drawn(shape: Calm) -> None:
    site = shape.site(SITES[1])
    effects = shape.effects(site)
    assert site != SITES[1] or effects or shape is CALM[0]
    assert all(0 <= each.start < each.end < WEEKS * 7 * DAY for each in effects)
    for effect in effects[:2]:
        length = effect.end - effect.start
        moved = replace(effect, start=0, end=length)
        draw(site, 0, 30, [moved], "", plan(site))


@pytest.mark.slow
def test_a_seed_draws_other_days_and_the_usual_ones_stay() -> None:
    """The usual counts are pinned: tables and thresholds are of these days."""
    name = f"{SITES[0].name} before"
    assert run.named(name, run.USUAL) == name
    drawn = {seed: run.Base.of(SITES[0], seed) for seed in (run.USUAL, 1, 2)}
    usual = drawn[run.USUAL]
    assert hashlib.sha256(usual.counts.tobytes()).hexdigest()[:16] == PINNED
    assert np.array_equal(run.Base.of(SITES[0], 1).counts, drawn[1].counts)
    assert not np.array_equal(drawn[1].counts, usual.counts)
    assert not np.array_equal(drawn[1].counts, drawn[2].counts)
    incident = INCIDENTS[0]
    begins = {base.tape(incident, incident.sizes["small"])[1] for base in drawn.values()}
    assert len(begins) > 1
    shape = CALM[0]
    months = [run.calm_tape(SITES[0], shape, 1, seed).requests.counts for seed in (run.USUAL, 1)]
    assert not np.array_equal(*months)


def test_tasks_of_a_seed_say_so() -> None:
    assert {task.seed for task in run.tasks()} == {run.USUAL}
    assert {task.seed for task in run.tasks(3)} == {3}
    assert len(run.tasks(3)) == len(run.tasks())
