"""A grid as files: one tidy table in Parquet and CSV, and a manifest. Their columns are in `docs/results.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.planning import GridRow, rows
from simulator.report.files import manifest_text, run_manifest, spreadsheet_safe
from simulator.report.folder import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.planning import Grid

PICTURE, TABLE = "surface.png", "table"


def grid_table(grid: Grid) -> pd.DataFrame:
    """A row for each point, channel and figure, with its difference from today; the axes are columns by their names."""
    frame = pd.DataFrame(list(rows(grid)), columns=list(GridRow._fields))
    bounds = ["low", "high", "difference_low", "difference_high"]
    frame[bounds] = frame[bounds].replace([np.inf, -np.inf], np.nan)
    return frame.rename(columns={"first": grid.axes[0].name, "second": grid.axes[1].name})


def grid_files(grid: Grid, variant: str | None, overrides: Mapping[str, object]) -> Iterator[tuple[str, bytes]]:
    """Name and content of the table, as Parquet and as CSV, and last of the manifest."""
    frame = grid_table(grid)
    yield f"{TABLE}.parquet", frame.to_parquet(index=False)
    yield f"{TABLE}.csv", spreadsheet_safe(frame).to_csv(index=False, lineterminator="\n").encode()
    content = run_manifest(grid.base, grid.seed, grid.replications, grid.engine, variant, overrides) | {
        "axes": [{"name": axis.name, "path": axis.path, "values": list(axis.values)} for axis in grid.axes],
        "formulas": {name: figure.formula for name, figure in grid.figures.items()},
    }
    yield MANIFEST, manifest_text(content, [PICTURE, f"{TABLE}.csv", f"{TABLE}.parquet"]).encode()
