"""`ruuhka forecast --json`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from simulator.report.json_output import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.forecast import Forecast, Score


def forecasts_document(forecasts: Sequence[Forecast]) -> dict[str, object]:
    """All of them."""
    return {"forecasts": [forecast_document(each) for each in forecasts]}


def forecast_document(forecast: Forecast) -> dict[str, object]:
    """One forecast, without its intervals, which are in a file of their own."""
    band = forecast.day
    return {
        "name": forecast.name,
        "made": forecast.known[-1].isoformat(),
        "known_days": len(forecast.known),
        "left_out": [day.isoformat() for day in forecast.in_part],
        "step": forecast.step,
        "confidence": forecast.confidence,
        "terms": [" ".join(filter(None, term)) for term in forecast.terms],
        "days": [
            {
                "date": day.isoformat(),
                "open": bool(forecast.is_open[k]),
                "contacts": number(band.mean[k]),
                "middle": number(band.middle[k]),
                "low": number(band.low[k]),
                "high": number(band.high[k]),
            }
            for k, day in enumerate(forecast.date)
        ],
        "scores": [score_document(score) for score in forecast.scores],
        "open_days": forecast.rolled.open_days,
        "not_judged": [
            {
                "made": date.fromordinal(each.origin).isoformat(),
                "date": date.fromordinal(each.ordinal).isoformat(),
                "reason": each.reason,
            }
            for each in forecast.rolled.not_judged
        ],
    }


def score_document(score: Score) -> dict[str, object]:
    """One score."""
    return {
        "level": score.level,
        "weeks_ahead": list(score.weeks),
        "origins": score.origins,
        "count": score.count,
        "scaled_error": number(score.error),
        "seasonal_naive": number(score.naive_error),
        "ratio": number(score.ratio),
        "coverage": number(score.coverage),
    }
