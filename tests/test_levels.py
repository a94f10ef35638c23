"""Everything at once at another level, and agents by the clock of one date (D14 and D15)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_scenarios import MAIL, PHONE

from simulator.demand.expected import expected_contacts
from simulator.scenario import Reader, Scenario, ScenarioError, load_scenario, read_source, read_upload

SHOP = Path(__file__).parent / "data" / "shop.toml"
CHRISTMAS = Path(__file__).parents[1] / "scenarios" / "christmas.toml"


def _load(text: str, **overrides: object) -> Scenario:
    return Reader(read_upload("day.toml", text.encode())).scenario(
        overrides={path.replace("__", "."): value for path, value in overrides.items()}
    )


@pytest.mark.parametrize("path", [SHOP, CHRISTMAS], ids=["file and profiles", "orders and pushes"])
def test_volume_multiplies_what_every_source_brings(path: Path) -> None:
    reader = Reader(read_source(path))
    usual = expected_contacts(reader.scenario())
    more = expected_contacts(reader.scenario(overrides={"overall.volume": "+20 %"}))
    assert usual.sum() > 1000
    np.testing.assert_allclose(more, 1.2 * usual, rtol=1e-12)
    none = expected_contacts(reader.scenario(overrides={"overall.volume": "-100 %"}))
    assert not none.any()


def test_volume_leaves_what_waits_at_the_start() -> None:
    scenario = _load(PHONE + MAIL, overall__volume="+100 %")
    assert scenario.channels[1].backlog == 5


def test_volume_stands_on_top_of_a_band_and_of_named_days() -> None:
    """A push that says a number of contacts is told by the band too, so the three multiply for it as for others."""
    reader = Reader(read_source(CHRISTMAS))
    band = {"uncertainty.forecast_cv": "10 %", "uncertainty.band": "pessimistic"}
    usual = expected_contacts(reader.scenario(overrides=band))
    more = expected_contacts(reader.scenario(overrides={**band, "overall.volume": "-25 %"}))
    np.testing.assert_allclose(more, 0.75 * usual, rtol=1e-12)


def test_handling_time_multiplies_the_mean_of_all_contacts_and_leaves_the_rest() -> None:
    usual, longer = load_scenario(SHOP), load_scenario(SHOP, overrides={"overall.handling_time": "+10 %"})
    for channel, slower in zip(usual.channels, longer.channels, strict=True):
        for kind, slow in zip(channel.types, slower.types, strict=True):
            assert slow.handling_time.mean == pytest.approx(1.1 * kind.handling_time.mean, rel=1e-15)
            assert (slow.handling_time.family, slow.handling_time.cv) == (
                kind.handling_time.family,
                kind.handling_time.cv,
            )
            assert slow.patience == kind.patience
        assert slower.bot == channel.bot


def _agents(extra_in: dict[str, int], text: str = PHONE, **overrides: object) -> list[int]:
    return list(_load(text, groups__team__extra_in=extra_in, **overrides).groups[0].staffing)


def test_agents_come_and_go_in_windows_of_one_date() -> None:
    """Intervals of 30 min on two days, 4 agents from 9:00 to 11:30; two more from 9:30 to 10:30 of the second."""
    usual, changed = _agents({}), _agents({"2026-06-02 09:30-10:30": 2})
    assert usual[48 + 18 : 48 + 23] == [4] * 5
    assert changed[:48] == usual[:48]
    assert changed[48 + 18 : 48 + 23] == [4, 6, 6, 4, 4]


def test_windows_that_overlap_add_up_and_nobody_is_ever_less_than_nobody() -> None:
    changed = _agents({"2026-06-01 09:00-10:00": -3, "2026-06-01 09:30-10:30": -3, "2026-06-01 10:00-11:00": 1})
    assert changed[18:23] == [1, 0, 2, 5, 4]


def test_who_is_added_to_a_window_comes_even_where_nobody_else_is() -> None:
    assert _agents({"2026-06-01 11:00-12:30": 1})[21:26] == [4, 5, 1, 1, 0]


def test_windows_come_after_agents_of_the_whole_horizon() -> None:
    """Four less two, then one more; and four less nine is nobody, then one."""
    assert _agents({"2026-06-01 09:00-09:30": 1}, groups__team__extra_agents=-2)[18:20] == [3, 2]
    assert _agents({"2026-06-01 09:00-09:30": 1}, groups__team__extra_agents=-9)[18:20] == [1, 0]


@pytest.mark.parametrize(
    ("day", "window", "intervals", "first"),
    [
        ("2026-10-25", "03:00-04:00", 4, 6),  # the clock shows this hour twice
        ("2026-10-25", "02:00-05:00", 8, 4),
        ("2026-03-29", "03:00-04:00", 0, 0),  # and leaves this one out
        ("2026-03-29", "02:00-05:00", 4, 4),
    ],
)
def test_a_window_is_of_the_clock_where_the_clock_is_moved(day: str, window: str, intervals: int, first: int) -> None:
    text = PHONE.replace("2026-06-01", day).replace('"30 min"', '"30 min"\ntimezone = "Europe/Helsinki"')
    agents = np.array(_agents({f"{day} {window}": 7}, text))
    assert (agents == 7).sum() == intervals
    if intervals:
        assert int(np.flatnonzero(agents == 7)[0]) == first


def test_a_window_outside_the_horizon_is_refused_but_not_after_the_horizon_was_moved() -> None:
    with pytest.raises(
        ScenarioError, match=r"2026-06-03 09:00-10:00.*\n.*outside the horizon, 2026-06-01 to 2026-06-02"
    ):
        _agents({"2026-06-03 09:00-10:00": 1})
    moved = _agents({"2026-06-03 09:00-10:00": 1}, horizon__start="2026-06-08")
    assert set(moved) == {0, 4}


@pytest.mark.parametrize(
    ("key", "number", "says"),
    [
        ("2026-06-01", 1, '"2026-06-01" is not a window of a date: write both, as in "2026-11-27 10:00-14:00"'),
        ("2026-06-01 10:00", 1, "is not a window of a date"),
        ("mon 10:00-12:00", 1, "is not a window of a date"),
        ("2026-06-01 12:00-10:00", 1, "is not a window of a date"),
        ("2026-06-01 10:10-11:00", 1, '"2026-06-01 10:10-11:00" does not fit intervals of 30 min'),
        ("2026-06-01 10:00-11:00", 1.5, "whole number"),
        ("2026-06-01 10:00-11:00", 10**6, "100000"),
    ],
)
def test_what_is_no_window_is_refused_by_name(key: str, number: float, says: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        _load(PHONE, groups__team__extra_in={key: number})
    message = str(refused.value)
    assert says in message
    assert "groups.team.extra_in" in message


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("volume", "20 %", "is not an uplift: write the change with its sign"),
        ("volume", 1.2, "is not an uplift"),
        ("handling_time", "-100 %", "Some work is always left"),
        ("level", "+1 %", "Allowed here: volume, handling_time"),
    ],
)
def test_what_is_no_level_is_refused(field: str, value: object, says: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        _load(PHONE, **{f"overall__{field}": value})
    assert says in str(refused.value)
    assert f"overall.{field}" in str(refused.value)
