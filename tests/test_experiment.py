from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE, loaded

from simulator.demand import Demand
from simulator.engine import EngineName
from simulator.experiment import Comparison, Experiment, Precision, replications, run
from simulator.experiment.estimate import mean_estimate
from simulator.experiment.worst import worst_intervals
from simulator.measures import Axis, Duration, Summary
from simulator.measures.tallies import ContactTally
from simulator.scenario import Scenario

BY_CHANNEL: tuple[Axis, ...] = ("channel",)


def fabricated(experiment: Experiment, tallies: list[dict[ContactTally, dict[int, float]]]) -> Experiment:
    """The experiment with the phone's tallies of each replication set by hand: tally -> interval -> count."""
    rows = {tally: row for row, tally in enumerate(ContactTally)}
    summaries = []
    for summary, of_replication in zip(experiment.summaries, tallies, strict=True):
        cells = np.zeros_like(summary.by_interval)
        for tally, counts in of_replication.items():
            for interval, count in counts.items():
                cells[rows[tally], 0, interval] = count
        summaries.append(replace(summary, by_interval=cells))
    return replace(experiment, summaries=tuple(summaries))


def offered(*of_interval: tuple[int, float, float]) -> dict[ContactTally, dict[int, float]]:
    """Tallies from (interval, offered, answered within T)."""
    return {
        ContactTally.OFFERED: {interval: count for interval, count, _ in of_interval},
        ContactTally.ANSWERED_WITHIN: {interval: count for interval, _, count in of_interval},
    }


def same(first: Summary, second: Summary) -> bool:
    return (
        first.by_interval.tobytes() == second.by_interval.tobytes()
        and first.by_day.tobytes() == second.by_day.tobytes()
        and first.agents.tobytes() == second.agents.tobytes()
        and first.waits.quantile.tobytes() == second.waits.quantile.tobytes()
        and first.backlog.work.tobytes() == second.backlog.work.tobytes()
    )


# ---- Replications ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("engine", "pool"), [("compiled", "ThreadPoolExecutor"), ("reference", "ProcessPoolExecutor")])
def test_the_number_of_workers_changes_no_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: EngineName, pool: str
) -> None:
    scenario = loaded(tmp_path, PHONE + MAIL)
    alone = run(scenario, replications=5, engine=engine)
    started = Mock(wraps=getattr(replications, pool))
    monkeypatch.setattr(replications, "WORTH_PROCESSES", 0.0)
    monkeypatch.setattr(replications, pool, started)
    together = run(scenario, replications=5, workers=2, engine=engine)
    assert started.call_args.args[0] == 2
    assert all(same(first, second) for first, second in zip(alone.summaries, together.summaries, strict=True))


def test_more_replications_go_on_where_fewer_end(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    few, more = run(scenario, replications=2), run(scenario, replications=4)
    assert all(same(first, second) for first, second in zip(few.summaries, more.summaries[:2], strict=True))
    assert not same(more.summaries[0], more.summaries[1])


def test_another_seed_is_another_future(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    assert not same(run(scenario, replications=1).summaries[0], run(scenario, replications=1, seed=2).summaries[0])


def test_progress_is_told_after_each_replication(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    run(loaded(tmp_path), replications=3, on_progress=lambda done, wanted: told.append((done, wanted)))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"workers": 0}])
def test_numbers_out_of_range_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        run(loaded(tmp_path), **wrong)  # type: ignore[arg-type]  # keywords by name


# ---- Precision -------------------------------------------------------------------------------------------------------


def test_a_run_stops_as_soon_as_the_half_width_is_reached(tmp_path: Path) -> None:
    wanted = Precision("service_level_offered", 0, 0.07)
    experiment = run(loaded(tmp_path), precision=wanted)
    assert experiment.precision_reached is True
    assert float(experiment.estimate(wanted.measure, BY_CHANNEL).half_width[0]) <= 0.07
    assert experiment.replications > 3
    before = replace(experiment, summaries=experiment.summaries[:-10])
    assert not wanted.reached(before)


def test_a_run_that_cannot_reach_the_half_width_says_so(tmp_path: Path) -> None:
    experiment = run(loaded(tmp_path), precision=Precision("asa", 0, 1e-9), most_replications=7)
    assert experiment.precision_reached is False
    assert experiment.replications == 7


def test_a_run_without_a_wanted_precision_says_nothing_of_it(tmp_path: Path) -> None:
    assert run(loaded(tmp_path), replications=1).precision_reached is None


# ---- Targets ---------------------------------------------------------------------------------------------------------


def test_targets_by_hand(tmp_path: Path) -> None:
    """The promise is 80 % a day. Days are intervals 0-47 and 48-95.

    Replication 0: 9 of 10 on day 0 and 8 of 10 on day 1, both met. Replication 1: 7 of 10, missed, and 16 of 20, met.
    Replication 2: nobody on day 0, and 1 of 10 on day 1, missed.
    """
    experiment = fabricated(
        run(loaded(tmp_path), replications=3),
        [offered((18, 4, 4), (20, 6, 5), (66, 10, 8)), offered((18, 10, 7), (66, 20, 16)), offered((66, 10, 1))],
    )
    (target,) = experiment.targets
    assert float(target.attained.value) == pytest.approx((9 + 8 + 7 + 16 + 1) / 60)
    assert float(target.met.value) == pytest.approx((1 + 0.5 + 0) / 3)
    np.testing.assert_allclose(target.met_by_period.value, [1 / 2, 2 / 3])
    assert float(target.all_met.value) == pytest.approx(1 / 3)


def test_what_is_attained_counts_the_starting_backlog_and_is_the_measure_of_the_horizon(tmp_path: Path) -> None:
    """Forty messages that nobody answers, all due within the horizon, and hardly any new ones."""
    changes: dict[str, Any] = {
        "channels__mail__backlog": {"contacts": 40, "oldest": "10 h"},
        "channels__mail__target__within": "1 h",
        "channels__mail__demand__per_week": 7,
        "groups__team__staffing": {},
    }
    experiment = run(loaded(tmp_path, PHONE + MAIL, **changes), replications=2)
    target = experiment.targets[1]
    _, fell_due = experiment.sums(target.measure, BY_CHANNEL)
    assert (fell_due[:, 1] >= 40).all()
    assert float(target.attained.value) == float(experiment.estimate(target.measure, BY_CHANNEL).value[1])
    assert float(target.attained.value) == 0


def test_a_target_of_the_horizon_counts_it_as_one_period(tmp_path: Path) -> None:
    experiment = fabricated(
        run(loaded(tmp_path, channels__phone__target__per="horizon"), replications=2),
        [offered((18, 10, 7), (66, 20, 17)), offered((18, 10, 7), (66, 20, 16))],
    )
    (target,) = experiment.targets
    assert target.met_by_period.value == pytest.approx([0.5])
    assert float(target.all_met.value) == 0.5


def test_a_channel_that_nobody_uses_neither_meets_nor_misses(tmp_path: Path) -> None:
    (target,) = run(loaded(tmp_path, channels__phone__demand__per_week=0), replications=2).targets
    for estimate in (target.attained, target.met, target.all_met):
        assert np.isnan(estimate.value)


# ---- Comparison ------------------------------------------------------------------------------------------------------


def pair(folder: Path, other: Scenario) -> Comparison:
    return Comparison(run(loaded(folder), replications=4), run(other, replications=4))


def test_a_variant_that_changes_nothing_differs_by_exactly_nothing(tmp_path: Path) -> None:
    comparison = pair(tmp_path, loaded(tmp_path, variant="same"))
    for difference in (
        comparison.difference("asa", BY_CHANNEL),
        comparison.difference("cost"),
        comparison.difference("offered", ("channel", "interval")),
        comparison.target_met(),
        comparison.wait_quantiles(Duration.WAIT)[0],
    ):
        assert np.all(difference.value == 0)
        assert np.all(difference.half_width == 0)


def test_more_agents_meet_the_same_customers(tmp_path: Path) -> None:
    base, more = loaded(tmp_path), loaded(tmp_path, variant="more")
    for replication in range(3):
        first, second = (Demand(side).draw(1, replication) for side in (base, more))
        assert len(first) > 50
        for column in first.columns():
            assert getattr(first, column).tobytes() == getattr(second, column).tobytes()
    comparison = pair(tmp_path, more)
    assert np.all(comparison.difference("arrived", ("channel", "interval")).value == 0)
    assert float(comparison.difference("staffed_hours").value) == pytest.approx(5)
    assert float(comparison.difference("abandonment_ratio").high) < 0


def test_a_pair_is_far_narrower_than_its_sides(tmp_path: Path) -> None:
    comparison = pair(tmp_path, loaded(tmp_path, variant="more"))
    paired = comparison.difference("abandonment_ratio").half_width
    assert paired < 0.6 * comparison.base.estimate("abandonment_ratio").half_width


def test_what_is_no_pair_is_refused(tmp_path: Path) -> None:
    base = run(loaded(tmp_path), replications=2)
    with pytest.raises(ValueError, match="same seed"):
        Comparison(base, run(loaded(tmp_path), replications=2, seed=2))
    with pytest.raises(ValueError, match="same replications"):
        Comparison(base, run(loaded(tmp_path), replications=3))
    with pytest.raises(ValueError, match="same channels"):
        Comparison(base, run(loaded(tmp_path, PHONE + MAIL), replications=2))
    for path, value, what in (("start", "2026-06-08", "days"), ("interval", "15 min", "interval")):
        other = run(loaded(tmp_path, **{f"horizon__{path}": value}), replications=2)
        with pytest.raises(ValueError, match=f"same {what}"):
            Comparison(base, other)


# ---- Worst intervals -------------------------------------------------------------------------------------------------


def test_worst_intervals_by_hand(tmp_path: Path) -> None:
    """Let down: interval 18: 6 and 2, so 4; interval 19: 5 and 5, so 5; interval 66: 1 and 0; interval 20: nobody."""
    tallies = [offered((18, 10, 4), (19, 5, 0), (20, 9, 9), (66, 4, 3)), offered((18, 4, 2), (19, 7, 2))]
    for of_replication, waits in zip(tallies, ([100, 30], [50, 20]), strict=True):
        of_replication[ContactTally.WAIT] = dict(zip((18, 19), waits, strict=True))
        of_replication[ContactTally.ANSWERED] = {18: 10, 19: 10}
        of_replication[ContactTally.WORK] = {18: 3600}
    experiment = fabricated(run(loaded(tmp_path), replications=2), tallies)
    worst = worst_intervals(experiment, 10)
    assert [(place.interval, float(place.let_down.value)) for place in worst] == [(19, 5), (18, 4), (66, 0.5)]
    first, second = worst[0], worst[1]
    assert float(first.let_down.half_width) == 0
    assert float(second.let_down.half_width) == pytest.approx(float(mean_estimate(np.array([6.0, 2.0])).half_width))
    assert float(second.judged.value) == 7
    assert float(second.mean_wait.value) == pytest.approx(150 / 20)
    # Between the futures' mean waits of 10 and 5 seconds.
    assert (second.low, second.high) == pytest.approx((5.5, 9.5))
    assert second.agents.value == 4
    assert float(second.load.value) == pytest.approx(3600 / 1800)
    assert [place.interval for place in worst_intervals(experiment, 1)] == [19]


def test_an_interval_is_judged_as_the_target_judges(tmp_path: Path) -> None:
    tallies = [offered((18, 10, 4))]
    tallies[0][ContactTally.ANSWERED] = {18: 5}
    scenario = loaded(tmp_path, channels__phone__target__definition="answered")
    (worst,) = worst_intervals(fabricated(run(scenario, replications=1), tallies), 3)
    assert (float(worst.judged.value), float(worst.let_down.value)) == (5, 1)


def test_messages_are_not_among_the_worst_intervals(tmp_path: Path) -> None:
    experiment = run(loaded(tmp_path, PHONE + MAIL, groups__team__staffing={}), replications=2)
    assert {place.channel for place in worst_intervals(experiment, 500)} == {0}
