"""What every fitted scenario says in the same way: its horizon, and its promise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from simulator.history.fitted_scenario.sourced import SourcedField
from simulator.history.fitted_scenario.words import share_words
from simulator.scenario.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.history.fitted_scenario.calls import Wishes

_WEEKS = 4
"""Of the horizon."""


def horizon_fields(wishes: Wishes, timezone: str, last_day: date) -> Iterator[SourcedField]:
    """Four weeks from the Monday after the history's last day, and how much is played."""
    horizon: dict[str, object] = {
        "start": last_day + timedelta(days=7 - last_day.weekday()),
        "days": 7 * _WEEKS,
        "interval": format_duration(wishes.interval),
        "timezone": timezone,
        "holidays": wishes.holidays or "none",
    }
    yield SourcedField(
        ("horizon",), horizon, "the four weeks after the history; holidays as asked, or of the time zone"
    )
    yield SourcedField(("simulation", "replications"), 20)


def head_fields(what: str, first_day: date, last_day: date, told: str) -> Iterator[SourcedField]:
    """Title and description of a scenario: what it was fitted to, and what that does not know."""
    yield SourcedField(("title",), f"Fitted to {what} of {first_day} to {last_day}")
    yield SourcedField(("description",), f"{told} Read [sources]: what is an assumption is said to be one.")


def target_field(channel: tuple[str, ...], wishes: Wishes) -> SourcedField:
    """The promise of a channel."""
    promise = {"answered": share_words(wishes.answered), "within": format_duration(wishes.within)}
    return SourcedField((*channel, "target"), promise, "as asked for; 80 % within 20 s is an assumption")
