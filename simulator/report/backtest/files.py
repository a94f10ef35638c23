"""A back-test as files: every cell as CSV, the page, the JSON document and a manifest."""

from __future__ import annotations

import platform
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator import __version__
from simulator.history.backtest import CUTS, FIGURES, HALF_HOUR
from simulator.history.backtest.figures import Sum
from simulator.report.backtest.document import backtest_document, run_document
from simulator.report.backtest.page import backtest_page
from simulator.report.files import PACKAGES, csv_bytes, manifest_text
from simulator.report.folder import MANIFEST, TOOL
from simulator.report.json_output import number, printed
from simulator.scenario.units import format_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from simulator.history.backtest import BackTest, Cut

NAMES: Mapping[Cut, str] = {"day": "days", "half_hour": "half_hours", "queue": "queues"}
"""What the files of each cut are called."""


def write_backtest(test: BackTest, folder: Path, sources: Sequence[str]) -> None:
    """Write all of it; the manifest last: a folder that has one is whole. `sources` names what was read."""
    (folder / "backtest.html").write_text(backtest_page(test), encoding="utf-8")
    (folder / "backtest.json").write_text(printed(backtest_document(test)) + "\n", encoding="utf-8")
    for name, frame in tables(test):
        (folder / f"{name}.csv").write_bytes(csv_bytes(frame))
    content = {
        "tool": TOOL,
        "version": __version__,
        "sources": list(sources),
        **run_document(test),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    files = sorted(path.name for path in folder.iterdir())
    (folder / MANIFEST).write_text(manifest_text(content, files), encoding="utf-8")


def tables(test: BackTest) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and content of each table."""
    for cut, name in NAMES.items():
        yield name, cells_table(test, cut)
        yield f"{name}_target", target_table(test, cut)
    yield "agreement", agreement_frame(test)
    yield "chances", chances_frame(test)


def cells_table(test: BackTest, cut: Cut) -> pd.DataFrame:
    """A row for each cell and figure that has a value."""
    frames = []
    for name, figure in FIGURES.items():
        luck, whole = test.outlook(cut, name, luck_alone=True), test.outlook(cut, name)
        known = test.error(cut, name) is not None
        frame = pd.DataFrame(
            _keys(test, cut)
            | {
                "figure": name,
                "unit": figure.unit,
                "offered": test.cells[cut].observed[:, Sum.OFFERED].astype(np.int64),
                "observed": luck.observed,
                "simulated": luck.simulated,
                "luck_low": luck.low,
                "luck_high": luck.high,
                "low": whole.low if known else np.nan,
                "high": whole.high if known else np.nan,
            }
        )
        frames.append(frame[luck.judged])
    return pd.concat(frames, ignore_index=True)


def target_table(test: BackTest, cut: Cut) -> pd.DataFrame:
    """A row for each cell in which somebody arrived: P(target met) as told beforehand, and whether it was met."""
    known = test.error(cut, "service_level") is not None
    whole = pd.DataFrame(
        _keys(test, cut)
        | {
            "p_met_of_luck": test.chance(cut, luck_alone=True),
            "p_met": test.chance(cut) if known else np.nan,
            "met": test.met(cut).astype(np.int64),
        }
    )
    return whole[test.cells[cut].arrived].reset_index(drop=True)


def agreement_frame(test: BackTest) -> pd.DataFrame:
    """A row for each cut, figure and way to compare, with the number of cells that are compared that way."""
    rows = []
    for cut in CUTS:
        for name in FIGURES:
            found = test.agreement(cut, name)
            for way in ("rank_correlation", "ratio", "difference", "distance", "held_by_luck", "held"):
                estimate = getattr(found, way)
                if estimate is not None:
                    ends = {end: number(getattr(estimate, end)) for end in ("value", "low", "high")}
                    row = {"cut": cut, "figure": name, "cells": estimate.replications, "compared_by": way}
                    rows.append({**row, **ends})
    return pd.DataFrame(rows)


def chances_frame(test: BackTest) -> pd.DataFrame:
    """A row for each cut, kind of chances and class of them."""
    rows = []
    for cut in CUTS:
        kinds = {"luck_alone": test.reliability(cut, luck_alone=True)}
        if test.error(cut, "service_level") is not None:
            kinds["with_error"] = test.reliability(cut)
        for kind, found in kinds.items():
            for each in found.bins:
                ends = {f"met_{end}": number(getattr(each.met, end)) for end in ("low", "high")}
                row = {"cut": cut, "chances": kind, "from": each.low, "to": each.high, "cells": each.cells}
                rows.append({**row, "predicted": each.predicted, "met": float(each.met.value), **ends})
    return pd.DataFrame(rows)


def _keys(test: BackTest, cut: Cut) -> dict[str, object]:
    """The columns that say which cell it is."""
    cells = test.cells[cut]
    keys: dict[str, object] = {"day": [date.fromordinal(day).isoformat() for day in cells.day.tolist()]}
    if cut == "half_hour":
        keys["start"] = [format_clock(place * HALF_HOUR) for place in cells.place.tolist()]
    if cut == "queue":
        keys["queue"] = [test.queues[place] for place in cells.place.tolist()]
    return keys
