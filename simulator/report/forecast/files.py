"""Forecasts as files: days, intervals and what earlier ones came to as CSV, the page, the JSON document, a manifest."""

from __future__ import annotations

import platform
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator import __version__
from simulator.report.files import PACKAGES, csv_bytes, manifest_text
from simulator.report.folder import MANIFEST, TOOL
from simulator.report.forecast.document import forecasts_document
from simulator.report.json_output import printed
from simulator.scenario.units import format_clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from simulator.history.forecast import Forecast


def write_forecasts(forecasts: Sequence[Forecast], folder: Path, page: str, sources: Sequence[str]) -> None:
    """Write all of it; the manifest last: a folder that has one is whole.

    Parameters
    ----------
    forecasts
        One at least.
    folder
        Where to; other files that are there already belong to the result, too.
    page
        The HTML.
    sources
        Names of what was read.
    """
    (folder / "forecast.html").write_text(page, encoding="utf-8")
    (folder / "forecast.json").write_text(printed(forecasts_document(forecasts)) + "\n", encoding="utf-8")
    tables = {"days": days_frame, "intervals": intervals_frame, "tried": tried_frame}
    for name, frame_of in tables.items():
        frame = pd.concat([frame_of(each) for each in forecasts], ignore_index=True)
        (folder / f"{name}.csv").write_bytes(csv_bytes(frame))
    content: dict[str, object] = {
        "tool": TOOL,
        "version": __version__,
        "sources": list(sources),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in (*PACKAGES, "statsmodels")},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    files = sorted(path.name for path in folder.iterdir())
    (folder / MANIFEST).write_text(manifest_text(content, files), encoding="utf-8")


def days_frame(forecast: Forecast) -> pd.DataFrame:
    """A row for each day ahead."""
    band = forecast.day
    return pd.DataFrame(
        {
            "forecast": forecast.name,
            "date": [day.isoformat() for day in forecast.date],
            "open": forecast.is_open.astype(np.int64),
            "contacts": band.mean,
            "middle": band.middle,
            "low": band.low,
            "high": band.high,
        }
    )


def intervals_frame(forecast: Forecast) -> pd.DataFrame:
    """A row for each interval ahead of an open day."""
    band, open_ = forecast.slot, np.flatnonzero(forecast.is_open)
    times = [format_clock(time) for time in forecast.clock.tolist()]
    return pd.DataFrame(
        {
            "forecast": forecast.name,
            "time": [f"{forecast.date[k]} {time}" for k in open_.tolist() for time in times],
            "contacts": band.mean[open_].ravel(),
            "low": band.low[open_].ravel(),
            "high": band.high[open_].ravel(),
        }
    )


def tried_frame(forecast: Forecast) -> pd.DataFrame:
    """A row for each day that was forecast from an earlier one, and came."""
    tried = [each for each in forecast.rolled.checked if each.level == "day"]
    figures = {name: [float(getattr(each, name)[0]) for each in tried] for name in ("middle", "low", "high", "naive")}
    return pd.DataFrame(
        {
            "forecast": forecast.name,
            "made": [date.fromordinal(each.origin).isoformat() for each in tried],
            "date": [date.fromordinal(each.ordinal).isoformat() for each in tried],
            "came": [float(each.came[0]) for each in tried],
            **figures,
        }
    )
