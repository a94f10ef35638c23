"""Four figures of a channel are those of the measures; a change is paired, and noise is called so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE, loaded

from simulator.experiment import Comparison, grow, overview, run
from simulator.measures import PERCENTS, Duration

if TYPE_CHECKING:
    from pathlib import Path

SECOND_TEAM = """
[groups.second]
[groups.second.staffing]
"mon-fri 09:00-11:30" = 2
[groups.second.skills.mail]
"""


@pytest.fixture(scope="module")
def text() -> str:
    return PHONE + MAIL + SECOND_TEAM


def test_the_figures_are_those_of_the_measures(tmp_path: Path, text: str) -> None:
    experiment = run(loaded(tmp_path, text), replications=6)
    phone, mail = overview(experiment)
    waits, times = experiment.wait_quantiles(Duration.WAIT), experiment.wait_quantiles(Duration.TIME_TO_FINISH)
    for figures, quantiles in ((phone, waits), (mail, times)):
        for figure, percent in ((figures.typical, 50), (figures.nine_in_ten, 90)):
            assert figure.value == quantiles[figures.channel, PERCENTS.index(percent)]
            assert figure.change is None
            assert not figure.changed
        assert figures.attained.value.value == experiment.targets[figures.channel].attained.value
        assert figures.met.value == experiment.targets[figures.channel].met
        assert figures.used
    assert phone.lost.value == experiment.estimate("lost_share", ("channel",))[0]
    assert mail.lost.value == experiment.estimate("open", ("channel",))[1]


def test_occupancy_is_of_all_who_may_serve_the_channel(tmp_path: Path, text: str) -> None:
    experiment = run(loaded(tmp_path, text), replications=6)
    phone, mail = overview(experiment)
    busy, there = (part.sum(axis=0) for part in experiment.sums("occupancy", ("group",)))
    assert phone.occupancy.value.value == pytest.approx(busy[0] / there[0])
    assert mail.occupancy.value.value == pytest.approx(busy.sum() / there.sum())
    assert phone.occupancy.value.value != pytest.approx(mail.occupancy.value.value)


def test_changes_are_those_of_the_paired_comparison(tmp_path: Path, text: str) -> None:
    base = run(loaded(tmp_path, text), replications=20)
    more = run(loaded(tmp_path, text, groups__team__extra_agents=3), replications=20)
    comparison = Comparison(base, more)
    phone, mail = overview(more, base)
    lost, met = comparison.difference("lost_share", ("channel",))[0], comparison.target_met()[0]
    assert phone.lost.change == lost
    assert phone.met.change == met
    assert mail.typical.change == comparison.wait_quantiles(Duration.TIME_TO_FINISH)[1, PERCENTS.index(50)]
    assert phone.lost.changed
    assert phone.lost.better
    assert phone.attained.better
    assert phone.occupancy.changed
    assert not phone.occupancy.better  # neither more nor less of it is good by itself
    fewer = overview(base, more)[0]
    assert fewer.lost.changed
    assert not fewer.lost.better


def test_the_same_scenario_has_no_change(tmp_path: Path, text: str) -> None:
    base = run(loaded(tmp_path, text), replications=4)
    for figures in overview(run(loaded(tmp_path, text, "same"), replications=4), base):
        for figure in (figures.typical, figures.nine_in_ten, figures.attained, figures.lost, figures.occupancy):
            assert figure.change is not None
            assert figure.change.value == 0
            assert not figure.changed


def test_a_channel_on_which_nobody_comes_is_not_used(tmp_path: Path) -> None:
    figures = overview(run(loaded(tmp_path, PHONE, channels__phone__demand__per_week=0), replications=2))
    assert not figures[0].used
    base = run(loaded(tmp_path), replications=2)
    assert overview(run(loaded(tmp_path, PHONE, channels__phone__demand__per_week=0), replications=2), base)[0].used


def test_an_experiment_grows_and_each_look_is_a_plain_run(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    looks = list(grow(scenario, [1, 4, 6], workers=2))
    for look in looks:
        alone = run(scenario, replications=look.replications)
        np.testing.assert_array_equal(look.sums("mean_wait")[0], alone.sums("mean_wait")[0])
        again = looks[-1].first(look.replications)
        np.testing.assert_array_equal(look.sums("mean_wait")[0], again.sums("mean_wait")[0])
    with pytest.raises(ValueError, match="more each time"):
        list(grow(scenario, [3, 3]))
    with pytest.raises(ValueError, match="workers is 0"):
        next(grow(scenario, [3], workers=0))
