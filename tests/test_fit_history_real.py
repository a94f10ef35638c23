"""Logs of real centres become scenarios in which customers wait about as they did, and as many are lost."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from simulator.experiment import run
from simulator.history.estimators.survival import kaplan_meier
from simulator.history.fitted_scenario import CallsFit, Wishes, fit_history, left_out_words, scenario_of
from simulator.history.fitted_scenario.curves import longer_share
from simulator.history.fitted_scenario.scope import at_closed_door, in_hours
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history

if TYPE_CHECKING:
    from simulator.experiment import Experiment
    from simulator.history.fitted_scenario import FittedScenario
    from simulator.history.logs import Calls

MAPPINGS = Path(__file__).resolve().parent.parent / "scenarios" / "mappings"

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


def found_in(fit: FittedScenario) -> CallsFit:
    assert isinstance(fit.found, CallsFit)
    return fit.found


def test_a_month_of_a_contact_centre_is_played_near_to_what_it_was(data_folder: Path) -> None:
    mapping = MAPPINGS / "vanad-calls.toml"
    files = sorted((data_folder / "vanad_2014").glob("vanad_calls_*.csv.gz"))[:1]
    history = read_history(files, read_mapping(mapping), mapping.read_text(encoding="utf-8"))
    fit = fit_history(history, Wishes())
    assert fit.level is not None
    seen, level = found_in(fit).observed, fit.level
    assert level.reached
    assert level.mean_wait == pytest.approx(seen.mean_wait, rel=0.2)
    assert level.unanswered == pytest.approx(seen.unanswered, rel=0.25)
    assert level.in_time == pytest.approx(seen.in_time, abs=0.05)
    assert found_in(fit).handling.all_queues.chosen.mean.value == pytest.approx(250.0, rel=0.02)
    assert str(scenario_of(fit.fields).channels[0].hours).startswith("mon-fri 08:00-20:00")
    assert history.calls is not None
    assert found_in(fit).left_out.total < 0.001 * len(history.calls)


# ---- The bank --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bank(data_folder: Path) -> Calls:
    (file,) = data_folder.glob("anonymous_bank_*.csv.gz")
    calls = read_history([file], read_mapping(MAPPINGS / "anonymous-bank.toml")).calls
    assert calls is not None
    return calls


@pytest.fixture(scope="module")
def fitted_bank(data_folder: Path) -> FittedScenario:
    (file,) = data_folder.glob("anonymous_bank_*.csv.gz")
    mapping = MAPPINGS / "anonymous-bank.toml"
    return fit_history(read_history([file], read_mapping(mapping), mapping.read_text(encoding="utf-8")), Wishes())


@pytest.fixture(scope="module")
def played_bank(fitted_bank: FittedScenario) -> Experiment:
    return run(scenario_of(fitted_bank.fields))


@pytest.fixture(scope="module")
def had(bank: Calls, fitted_bank: FittedScenario) -> Calls:
    """The calls that the scenario can have."""
    there = bank.where(~at_closed_door(bank))
    return there.where(in_hours(there, found_in(fitted_bank).hours))


def lost_half_width(calls: Calls) -> float:
    """Half of a 95 % interval of the share lost, by how much days of one weekday differ in it.

    In another month the same team would lose another share: its days are a sample. Linearised residuals of a ratio, by
    weekday (Cochran, Sampling Techniques, 1977, sections 2.11 and 6.13).
    """
    days, day = np.unique(calls.day, return_inverse=True)
    came, lost = np.bincount(day).astype(np.float64), np.bincount(day, ~calls.served)
    left = lost - lost.sum() / came.sum() * came
    variance, freedom = 0.0, 0
    for weekday in range(7):
        own = left[(days - 1) % 7 == weekday]
        variance += len(own) / (len(own) - 1) * float(((own - own.mean()) ** 2).sum())
        freedom += len(own) - 1
    half: float = float(stats.t.ppf(0.975, freedom)) * math.sqrt(variance) / float(came.sum())
    return half


def test_the_bank_played_loses_as_many_as_it_lost(
    bank: Calls, had: Calls, fitted_bank: FittedScenario, played_bank: Experiment
) -> None:
    """17.9 % of all calls were lost: some at a closed door, and of the others as many as the scenario loses."""
    found, level = found_in(fitted_bank), fitted_bank.level
    assert level is not None
    assert level.reached
    left = found.left_out
    assert found.observed.contacts == len(had) == len(bank) - left.total
    assert found.observed.unanswered == pytest.approx((~had.served).mean())
    lost = played_bank.estimate("abandonment_ratio", ("channel",))[0]
    assert np.isfinite(lost.half_width)
    apart = (lost_half_width(had) ** 2 + float(lost.half_width) ** 2) ** 0.5
    assert apart < 0.025  # less would be found of a share a sixth off
    assert float(lost.value) == pytest.approx(found.observed.unanswered, abs=apart)
    # With those who came to a closed door, all of whom were lost, it is the share of the log.
    of_all = (float(lost.value) * len(had) + left.total) / len(bank)
    assert (~bank.served).mean() == pytest.approx(0.179, abs=0.001)
    assert of_all == pytest.approx((~bank.served).mean(), abs=apart)
    assert f"{left.nobody_there:,} while nobody was there" in left_out_words(left)


def test_the_bank_played_has_as_many_calls_at_every_hour(had: Calls, played_bank: Experiment) -> None:
    """Also those who come again, for its scenario makes them by itself."""
    came = np.bincount(had.clock // 3600, minlength=24)
    arrived = np.asarray(played_bank.estimate("arrived", ("channel", "interval")).value)[0]
    by_hour = arrived.reshape(-1, 24, 2).sum(axis=(0, 2))
    assert by_hour.sum() == pytest.approx(came.sum(), rel=0.04)
    busy = came > 500
    assert by_hour[busy] == pytest.approx(came[busy], rel=0.1)


def test_the_banks_topics_wait_and_are_lost_in_their_order(
    had: Calls, fitted_bank: FittedScenario, played_bank: Experiment
) -> None:
    """New customers, who are the least patient and come last, wait longest and are lost most; as at the bank."""
    found, scenario = found_in(fitted_bank), scenario_of(fitted_bank.fields)
    topic = {each.title: number for number, each in enumerate(scenario.topics)}
    lost, wait = (
        np.asarray(played_bank.estimate(measure, ("channel", "topic")).value)[0]
        for measure in ("abandonment_ratio", "mean_wait")
    )
    large = ("NW", "PS", "NE")
    for title in large:
        rows = had.queue == had.queues.index(title)
        assert wait[topic[title]] == pytest.approx(had.waited[rows].mean(), rel=0.25), title
        assert lost[topic[title]] == pytest.approx((~had.served[rows]).mean(), rel=0.25), title
    assert lost[topic["NW"]] > lost[topic["PS"]] > lost[topic["NE"]]
    # The fitted curves, which are what the scenario draws, keep to what was observed of each, and so to its order.
    curves = {}
    moments = np.array([1.0, 10.0, 30.0, 60.0, 120.0, 180.0])
    for title in large:
        rows = had.queue == had.queues.index(title)
        chosen = found.patience.of_queue[had.queues.index(title)].chosen
        waited, gave_up = had.waited[rows], ~had.served[rows]
        told = gave_up | (waited > 0)
        observed = kaplan_meier(waited[told], gave_up[told])
        left = observed.share[np.searchsorted(observed.seconds, moments, side="right") - 1]
        curves[title] = longer_share(chosen, moments)
        assert curves[title] == pytest.approx(left, abs=0.04), title
    late = moments >= 30.0
    assert (curves["NW"] < curves["PS"])[late].all()
    assert (curves["PS"] < curves["NE"])[late].all()
