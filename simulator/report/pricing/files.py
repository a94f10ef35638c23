"""What was kept of every future, as CSV, so that a contract can be priced or checked elsewhere; and the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from simulator.report.files import csv_bytes, manifest_text, run_manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from simulator.planning.pricing.pricing import Pricing


def write_figures(pricing: Pricing, folder: Path) -> None:
    """Each table of `figures` as CSV."""
    for name, frame in figures(pricing):
        (folder / f"{name}.csv").write_bytes(csv_bytes(frame))


def figures(pricing: Pricing) -> Iterator[tuple[str, pd.DataFrame]]:
    """A row for each future: by itself, by group, and by contract and level of demand."""
    futures, scenario = pricing.played.futures, pricing.played.scenario
    count = np.arange(len(futures))
    yield (
        "futures",
        pd.DataFrame(
            {
                "future": count,
                "volume": futures.volume,
                "contacts": futures.contacts,
                "resolved": futures.resolved,
                "lost_orders": futures.lost_orders,
                "lost_value": futures.lost_value,
                "shop_costs": futures.shop_costs,
                **({"supplier_cost": pricing.supplier.cost.total} if pricing.supplier is not None else {}),
            }
        ),
    )
    names = [group.name for group in scenario.groups]
    yield (
        "groups",
        pd.DataFrame(
            {
                "future": np.repeat(count, len(names)),
                "group": np.tile(names, len(futures)),
                "paid_hours": futures.paid_hours.ravel(),
                "logged_hours": futures.logged_hours.ravel(),
                "overtime_hours": futures.overtime_hours.ravel(),
                "busy_hours": futures.busy_hours.ravel(),
                "called_hours": futures.called_hours.ravel(),
            }
        ),
    )
    found = pricing.break_even
    yield (
        "invoices",
        pd.DataFrame(
            {
                "contract": np.repeat([each.name for each in found.contracts], len(found.levels) * len(futures)),
                "level": np.tile(np.repeat(found.levels, len(futures)), len(found.contracts)),
                "future": np.tile(count, len(found.contracts) * len(found.levels)),
                "invoice": found.paid.ravel(),
            }
        ),
    )


def write_price_manifest(
    pricing: Pricing,
    folder: Path,
    variant: str | None,
    overrides: Mapping[str, object],
    contracts: Mapping[str, str],
    changes: Sequence[str],
) -> None:
    """The manifest, last: a folder that has one is whole. `contracts` has the file of each, `changes` as written."""
    futures = pricing.played.futures
    content = run_manifest(futures.scenario, futures.seed, len(futures), pricing.played.engine, variant, overrides)
    files = sorted(path.name for path in folder.iterdir())
    whole = content | {"contracts": dict(contracts), "contract_changes": list(changes)}
    (folder / "manifest.json").write_text(manifest_text(whole, files), encoding="utf-8")
