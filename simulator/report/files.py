"""Results as files: tidy tables in Parquet and CSV, and a manifest that says what made them.

Their columns are described in `docs/results.md`.
"""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from simulator import __version__
from simulator.experiment import CONFIDENCE
from simulator.language import speaking
from simulator.measures import MEASURES, PERCENTS, Duration, Subject, formulas
from simulator.report.causes import causes_frame
from simulator.report.folder import MANIFEST, TOOL
from simulator.scenario.cells import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.engine import EngineName
    from simulator.experiment import Estimate, Experiment, Levers
    from simulator.measures import Axis, Measure
    from simulator.scenario import Scenario

PACKAGES = ("numpy", "scipy", "numba", "simpy", "pandas", "pyarrow")
BY_INTERVAL = ("arrived", "offered", "answered", "abandoned", "asa", "mean_wait", "abandonment_ratio", "offered_load")
"""Measures kept interval by interval, beside those of the targets."""
AGENTS_BY_INTERVAL = ("agents", "busy_agents", "occupancy", "overtime_hours", "cost")
FUTURES = (0.1, 0.5, 0.9)
"""Quantiles over the replications given beside each estimate by interval."""


def tables(experiment: Experiment) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and content of each table; in all of them `value` is the estimate and `low`..`high` its interval."""
    scenario = experiment.scenario
    channels = [channel.name for channel in scenario.channels]
    topics = [topic.name for topic in scenario.topics]
    groups = [group.name for group in scenario.groups]
    days = [day.isoformat() for day in scenario.calendar.date_of_day]
    starts = [scenario.calendar.local_datetime(start).isoformat() for start in scenario.calendar.edges[:-1].tolist()]
    of_channels, of_agents, of_centre = (
        [measure for measure in MEASURES.values() if measure.about == about] for about in get_args(Subject)
    )
    targets = {result.measure.name for result in experiment.targets}
    by_interval = [MEASURES[name] for name in (*BY_INTERVAL, *sorted(targets))]
    yield "channels", along(experiment, of_channels, channel=channels)
    yield "topics", along(experiment, of_channels, channel=channels, topic=topics)
    if len(scenario.customer_classes) > 1:
        classes = [each.name for each in scenario.customer_classes]
        yield "customer_classes", along(experiment, of_channels, channel=channels, customer_class=classes)
    yield "days", along(experiment, of_channels, channel=channels, day=days)
    by_arrival = along(experiment, by_interval, futures=True, channel=channels, interval=starts)
    gave_up = table_of(experiment.abandonments(), {"channel": channels, "interval": starts}, "gave_up", "count")
    yield "intervals", judged([by_arrival, gave_up])
    boundaries = [scenario.calendar.local_datetime(edge).isoformat() for edge in scenario.calendar.edges.tolist()]
    named = zip(experiment.backlog(), (("items", "count"), ("work", "hours"), ("oldest", "seconds")), strict=True)
    at = {"channel": channels, "at": boundaries}
    yield "backlog", judged([table_of(estimate, at, f"backlog_{name}", unit) for estimate, (name, unit) in named])
    yield "groups", along(experiment, of_agents, group=groups)
    agents = [MEASURES[name] for name in AGENTS_BY_INTERVAL]
    yield "group_intervals", along(experiment, agents, futures=True, group=groups, interval=starts)
    yield "centre", centre_table(experiment, of_centre, days)
    yield "waits", waits_table(experiment, channels, days)
    yield "targets", targets_table(experiment, days, starts)
    if scenario.diversions:
        names = [f"{each.kind} {each.name}" for each in scenario.diversions]
        axes = {"diversion": names, "channel": channels}
        counts = experiment.diverted().items()
        yield "diversions", judged([table_of(estimate, axes, name, "count") for name, estimate in counts])
    yield "causes", causes_frame(scenario)
    yield "replications", replications_table(experiment, of_channels, of_centre, channels)


def along(experiment: Experiment, measures: list[Measure], *, futures: bool = False, **axes: list[str]) -> pd.DataFrame:
    """Measures along axes, one row each; rows with nobody to judge are left out."""
    by: tuple[Axis, ...] = tuple(axes)  # type: ignore[arg-type]  # the keywords are axes
    frames = []
    for measure in measures:
        frame = table_of(experiment.estimate(measure, by), axes, measure.name, measure.unit)
        if futures:
            bands = experiment.band(measure, by, FUTURES)
            for share, quantile in zip(FUTURES, bands, strict=True):
                frame[f"p{100 * share:.0f}"] = quantile.ravel()
        frames.append(frame)
    return judged(frames)


def table_of(estimate: Estimate, axes: Mapping[str, list[str]], measure: str, unit: str) -> pd.DataFrame:
    """An estimate along axes, one row each."""
    keys = {name: np.take(values, place) for (name, values), place in _places(axes, estimate.value)}
    return pd.DataFrame(keys | {"measure": measure, "unit": unit} | numbers(estimate))


def judged(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all frames in which there was somebody to judge."""
    whole = pd.concat(frames, ignore_index=True)
    return whole[whole["value"].notna()].reset_index(drop=True)


def _places(
    axes: Mapping[str, list[str]], values: NDArray[np.float64]
) -> Iterator[tuple[tuple[str, list[str]], NDArray[np.int64]]]:
    """Each axis with the index of every value along it."""
    for axis, index in zip(axes.items(), np.indices(values.shape), strict=True):
        yield axis, index.ravel()


def numbers(estimate: Estimate) -> dict[str, NDArray[np.float64]]:
    """The columns of an estimate; the interval of a single replication is not known, and so missing."""
    low, high = (np.where(np.isfinite(bound), bound, np.nan) for bound in (estimate.low, estimate.high))
    return {"value": estimate.value.ravel(), "low": low.ravel(), "high": high.ravel()}


def waits_table(experiment: Experiment, channels: list[str], days: list[str]) -> pd.DataFrame:
    """Quantiles of wait in seconds, and the virtual service level (no percent): of the horizon and of each day."""
    percents = [str(percent) for percent in PERCENTS]
    of_horizon, of_days = {"channel": channels}, {"channel": channels, "day": days}
    virtual = "virtual_service_level"
    frames = [
        table_of(experiment.virtual_service_level(), of_horizon, virtual, "share"),
        table_of(experiment.virtual_service_level_by_day(), of_days, virtual, "share"),
    ]
    for duration in Duration:
        for estimate, axes in (
            (experiment.wait_quantiles(duration), of_horizon),
            (experiment.wait_quantiles_by_day(duration), of_days),
        ):
            frames.append(table_of(estimate, axes | {"percent": percents}, duration.name.lower(), "seconds"))
    columns = ["channel", "day", "measure", "percent", "unit", "value", "low", "high"]
    whole = judged(frames)[columns].fillna({"day": "horizon"})
    return whole.assign(percent=pd.to_numeric(whole["percent"]))


def centre_table(experiment: Experiment, measures: list[Measure], days: list[str]) -> pd.DataFrame:
    """Measures of the centre as a whole: of the horizon and of each day."""
    frames = [along(experiment, measures), along(experiment, measures, day=days)]
    columns = ["day", "measure", "unit", "value", "low", "high"]
    return judged(frames)[columns].fillna({"day": "horizon"})


def targets_table(experiment: Experiment, days: list[str], starts: list[str]) -> pd.DataFrame:
    """P(target met) by channel and period."""
    names = {"day": days, "interval": starts, "horizon": ["horizon"]}
    frames = []
    for result in experiment.targets:
        frame = pd.DataFrame({"period": names[result.target.period]} | numbers(result.met_by_period))
        frame.insert(0, "channel", experiment.scenario.channels[result.channel].name)
        frame.insert(1, "measure", result.measure.name)
        frames.append(frame)
    return judged(frames)


def replications_table(
    experiment: Experiment, of_channels: list[Measure], of_centre: list[Measure], channels: list[str]
) -> pd.DataFrame:
    """Numerator and denominator of each measure in each replication, for statistics of one's own."""
    frames = []
    for measure in (*of_channels, *of_centre):
        of_centre_alone = measure.about == "centre"
        top, bottom = experiment.sums(measure, () if of_centre_alone else ("channel",))
        r = np.repeat(np.arange(len(top)), top[0].size)
        names = [None] * len(top) if of_centre_alone else np.tile(channels, len(top))
        keys = {"replication": r, "channel": names, "measure": measure.name}
        frames.append(pd.DataFrame(keys | {"numerator": top.ravel(), "denominator": bottom.ravel()}))
    return pd.concat(frames, ignore_index=True)


def spreadsheet_safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""

    def safe(value: object) -> object:
        return safe_text(value) if isinstance(value, str) else value

    text = frame.select_dtypes(exclude="number").columns
    return frame.assign(**{name: frame[name].map(safe) for name in text})


def levers_table(levers: Levers) -> pd.DataFrame:
    """Differences from the base by what-if and criterion, in the order of the file; ranks of levers only."""
    rows = []
    for what_if in levers.what_ifs:
        for by, criterion in levers.criteria.items():
            best, worst = levers.ranks(what_if, by) if what_if.can_be_done else (None, None)
            difference = levers.difference(what_if, by)
            rows.append(
                {
                    "what_if": what_if.name,
                    "lever": what_if.can_be_done,
                    "criterion": by,
                    "measure": criterion.name,
                    "unit": criterion.unit,
                    "base": float(levers.of_base(by).value),
                    **{name: float(part[0]) for name, part in numbers(difference).items()},
                    "best_rank": best,
                    "worst_rank": worst,
                }
            )
    return pd.DataFrame(rows).astype({"best_rank": "Int64", "worst_rank": "Int64"})


@speaking("en")
def manifest(experiment: Experiment, variant: str | None, overrides: Mapping[str, object]) -> dict[str, object]:
    """What made the result: enough to make it again."""
    run = run_manifest(
        experiment.scenario, experiment.seed, experiment.replications, experiment.engine, variant, overrides
    )
    return run | {
        "precision_reached": experiment.precision_reached,
        "formulas": formulas(),
    }


def run_manifest(
    scenario: Scenario,
    seed: int,
    replications: int,
    engine: EngineName,
    variant: str | None,
    overrides: Mapping[str, object],
) -> dict[str, object]:
    """What was run, on what."""
    return {
        "tool": TOOL,
        "version": __version__,
        "title": scenario.title,
        "scenario": scenario.name,
        "scenario_sha256": scenario.content_hash,
        "variant": variant,
        "overrides": {path: str(value) for path, value in overrides.items()},
        "seed": seed,
        "replications": replications,
        "engine": engine,
        "confidence": CONFIDENCE,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def write_tables(experiment: Experiment, folder: Path) -> None:
    """Every table, as Parquet and as CSV."""
    for name, frame in tables(experiment):
        _write_table(frame, folder, name)


def write_levers(levers: Levers, folder: Path) -> None:
    """The table of levers, as Parquet and as CSV."""
    _write_table(levers_table(levers), folder, "levers")


def _write_table(frame: pd.DataFrame, folder: Path, name: str) -> None:
    frame.to_parquet(folder / f"{name}.parquet", index=False)
    (folder / f"{name}.csv").write_bytes(csv_bytes(frame))


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """A table as CSV in UTF-8, safe for spreadsheets."""
    return spreadsheet_safe(frame).to_csv(index=False, lineterminator="\n").encode()


def write_manifest(experiment: Experiment, folder: Path, variant: str | None, overrides: Mapping[str, object]) -> None:
    """The manifest, last: a folder that has one is whole."""
    _write_manifest(manifest(experiment, variant, overrides), folder)


@speaking("en")
def write_levers_manifest(levers: Levers, folder: Path, overrides: Mapping[str, object]) -> None:
    """The manifest of a table of levers: that of its base, with what was held against it."""
    what_ifs = {"what_ifs": {each.name: each.title for each in levers.what_ifs}, "confidence": levers.confidence}
    formulas = {"formulas": {criterion.name: criterion.formula for criterion in levers.criteria.values()}}
    _write_manifest(manifest(levers.base, None, overrides) | what_ifs | formulas, folder)


def _write_manifest(content: dict[str, object], folder: Path) -> None:
    files = sorted(path.name for path in folder.iterdir())
    (folder / MANIFEST).write_text(manifest_text(content, files), encoding="utf-8")


def manifest_text(content: dict[str, object], files: list[str]) -> str:
    """A manifest as it is written, with the names of the files that it is of."""
    return json.dumps(content | {"files": files}, indent=2, ensure_ascii=False) + "\n"
