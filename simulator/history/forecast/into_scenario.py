"""A forecast as the demand of a scenario: dated volumes, and how wrong they may be.

The error of a day ahead has two parts. What is wrong for a whole week is the scenario's forecast error, which all days
of a future have in common; what differs from day to day is the channel's busyness, and the chance of single contacts,
which the simulation adds by itself. The errors of the rolling origin tell them apart, as an analysis of variance does:
days of one week and one origin form a group.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from simulator.history.forecast.errors import ForecastError
from simulator.language import say
from simulator.scenario.errors import listed
from simulator.scenario.paths import join_path
from simulator.scenario.units import DAY, format_clock, format_duration, format_share
from simulator.scenario.volumes import LocalClock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from simulator.history.forecast.forecasting import Forecast

    Floats = NDArray[np.float64]

_WEEK = 7
_EVEN = 0.5
"""Share of the variance that a week has in common, where no errors tell."""


def dated_volumes(forecast: Forecast, timezone: str) -> bytes:
    """A volume file (columns `time`, `contacts`) with the mean of every slot ahead, 0 on closed days."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["time", "contacts"])
    clock = LocalClock(timezone)
    for day, means in zip(forecast.date, forecast.slot.mean.tolist(), strict=True):
        ordinal = day.toordinal()
        shown = [
            (clock.seconds(ordinal, time, showing), time, mean)
            for time, mean in zip(forecast.clock.tolist(), means, strict=True)
            for showing in range(clock.times_shown(ordinal, time))
        ]
        writer.writerows([f"{day} {format_clock(time)}", f"{mean:.6g}"] for _, time, mean in sorted(shown))
    return text.getvalue().encode()


def forecast_overrides(forecast: Forecast, channel: str, file: str) -> dict[str, object]:
    """The overrides that give a scenario the forecast as the demand of a channel.

    Parameters
    ----------
    forecast
        The forecast; its days become the scenario's horizon.
    channel
        The scenario's name of the channel.
    file
        Path that the overrides give to the volume file.

    Returns
    -------
    Dotted path -> value: the horizon, the channel's demand and busyness, and the forecast error with its lead.

    Raises
    ------
    ForecastError
        If no day ahead is open.

    Notes
    -----
    A busy spell is taken to last as long as a slot, since what slots have in common is counted with their day.
    """
    if not forecast.is_open.any():
        first, last = forecast.date[0].isoformat(), forecast.date[-1].isoformat()
        raise ForecastError(say("refusals.forecast_closed", first=first, last=last))
    common, own = error_parts(forecast)
    ahead = np.flatnonzero(forecast.is_open) + 1.0
    variance = common * forecast.sd[forecast.is_open] ** 2
    grows = float(variance @ ahead / (ahead @ ahead))
    stays = float(variance.mean())
    square_root = ((variance - grows * ahead) ** 2).sum() <= ((variance - stays) ** 2).sum()
    a_week_ahead = grows * _WEEK if square_root else stays
    return {
        "horizon.start": forecast.date[0],
        "horizon.days": len(forecast.date),
        join_path(("channels", channel, "demand")): {"file": file, "use": "dated"},
        join_path(("channels", channel, "busyness", "day_cv")): _cv(max(own - variance_within_days(forecast), 0.0)),
        join_path(("channels", channel, "busyness", "interval_cv")): format_share(round(interval_cv(forecast), 4)),
        join_path(("channels", channel, "busyness", "interval_memory")): format_duration(forecast.step),
        "uncertainty.forecast_cv": _cv(a_week_ahead),
        "uncertainty.forecast_lead": format_duration(DAY),
        "uncertainty.growth": "square root" if square_root else "none",
    }


def forecast_sources(forecast: Forecast, channel: str, history: Sequence[str]) -> dict[str, str]:
    """Where the values of `forecast_overrides` come from: dotted path -> words for `[sources]`.

    `history` names what the forecast was made from.
    """
    made, files = forecast.known[-1].isoformat(), listed(history)
    of_what = f"forecast {forecast.name}, made with what was known at the end of {made}, from {files}"
    errors = f"errors of earlier forecasts; {of_what}"
    return {
        "horizon": f"the days of the {of_what}",
        join_path(("channels", channel, "demand")): of_what,
        **{
            join_path(("channels", channel, "busyness", field)): errors
            for field in ("day_cv", "interval_cv", "interval_memory")
        },
        "uncertainty.forecast_cv": errors,
    }


def error_parts(forecast: Forecast) -> tuple[float, float]:
    """Share of a day's error variance that its week has in common, and the variance that days have of their own.

    The latter is that of logarithms of counts, with the chance of single contacts in it.
    """
    groups: dict[tuple[int, int], list[float]] = defaultdict(list)
    for miss in forecast.rolled.misses:
        groups[miss.known_on - miss.lead, miss.lead // _WEEK].append(miss.error)
    several = [np.array(errors) for errors in groups.values() if len(errors) > 1]
    first_week = float(np.mean(forecast.sd[:_WEEK] ** 2))
    freedom = sum(len(errors) - 1 for errors in several)
    if not freedom:
        return _EVEN, _EVEN * first_week
    own = float(sum(((errors - errors.mean()) ** 2).sum() for errors in several)) / freedom
    whole = float(np.mean(np.concatenate(several) ** 2))
    return max(1 - own / whole, 0.0), own


def variance_within_days(forecast: Forecast) -> float:
    """What chance and the busyness of slots add to the relative variance of a day's contacts, on average over days.

    Slots vary by their dispersion times their mean, each by itself; a day's variance is their sum.
    """
    mean = forecast.slot.mean[forecast.is_open]
    return float(np.mean((mean @ forecast.dispersion) / mean.sum(axis=1) ** 2))


def interval_cv(forecast: Forecast) -> float:
    """Coefficient of variation of slots, beyond chance, around their shares of the day.

    That of all slots together: the variance beyond the mean, summed, over the sum of squared means.
    """
    mean = forecast.slot.mean[forecast.is_open]
    squared = float((mean**2).sum())
    return float(np.sqrt(((forecast.dispersion - 1) * mean).sum() / squared)) if squared else 0.0


def _cv(variance: float) -> str:
    """Of a lognormal factor whose logarithm has this variance."""
    return format_share(round(float(np.sqrt(np.expm1(variance))), 4))
