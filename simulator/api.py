"""What scripts and notebooks begin with: load a scenario, simulate it, sweep over its fields.

::

    from simulator import load, simulate, sweep

    scenario = load("scenarios/phone-team.toml")
    print(simulate(scenario).figure("mean_wait", "phone"))
    cases = sweep(scenario, {"groups.team.extra_agents": range(-2, 3)})
    cases.query("select team_extra_agents, phone_mean_wait from wide").to_pandas()

These are doors: `simulator.scenario`, `simulator.experiment` and `simulator.batch` are behind them.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from glob import escape
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from simulator.batch import BASE, InProcess, Processes, run_batch
from simulator.batch.file import batch_of
from simulator.batch.outputs import ALL, BY_INTERVAL, INTERVALS, Outputs
from simulator.batch.results import RENAMED, Results
from simulator.batch.tables import experiment_table
from simulator.engine import DEFAULT_ENGINE, EngineName
from simulator.experiment import Experiment, run, usable_processors
from simulator.experiment.experiment import MOST_REPLICATIONS
from simulator.experiment.precision import parse_precision
from simulator.scenario import Problem, Scenario, ScenarioError, Source, load_scenario
from simulator.scenario.errors import unknown
from simulator.scenario.overrides import plain_value
from simulator.scenario.paths import split_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from simulator.batch import Executor, Progress

_NO_OVERRIDES: Mapping[str, object] = {}
_THE_USUAL: Mapping[str, Sequence[str]] = {}
_HORIZON = ("measure", "unit", "channel", "agent_group", "value", "low", "high")
_AXIS_OF_A_FILE = {"pairs", "sample"}
"""Ways of an axis that name fields of their own."""


class _Origin(NamedTuple):
    """Where a scenario came from."""

    path: Path
    variant: str | None
    overrides: Mapping[str, object]


_origins: dict[int, _Origin] = {}
"""Of the scenarios that `load` made and somebody still has, by identity: one that was changed by hand is another."""


def load(path: str | Path, variant: str | None = None, overrides: Mapping[str, object] = _NO_OVERRIDES) -> Scenario:
    """Read a scenario file.

    Parameters
    ----------
    path
        The TOML file.
    variant
        Name of a variant in the file; by default the file as it is.
    overrides
        Dotted path -> value, in the file's own units, as after `--set`: `{"groups.team.extra_agents": 2}`.

    Raises
    ------
    ScenarioError
        With everything that is wrong: file, field, value, and what is allowed.
    """
    file = Path(path)
    scenario = load_scenario(file, variant, overrides)
    _origins[id(scenario)] = _Origin(file.absolute(), variant, dict(overrides))
    weakref.finalize(scenario, _origins.pop, id(scenario))
    return scenario


class Figure(NamedTuple):
    """An estimate with the ends of its 95 % confidence interval, infinite where one replication cannot tell."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Simulation:
    """A scenario, played: figures of the horizon and of each interval, all with their uncertainty."""

    experiment: Experiment
    """What `simulator.experiment` makes; charts and reports take it."""

    @property
    def replications(self) -> int:
        """How many futures were played."""
        return self.experiment.replications

    @property
    def precision_reached(self) -> bool | None:
        """Whether the half-width that was asked for was reached; None if none was."""
        return self.experiment.precision_reached

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Of the whole horizon: measure, unit, channel, agent_group, value, low, high."""
        return self._frame(Outputs(ALL, ())).loc[:, list(_HORIZON)]

    def intervals(self, *measures: str) -> pd.DataFrame:
        """Interval by interval: the same with `interval_start`, in the centre's time zone.

        Parameters
        ----------
        measures
            Their names; by default a few.

        Raises
        ------
        ValueError
            If one is not kept by interval.
        """
        import pandas as pd

        for name in measures:
            if name not in BY_INTERVAL:
                raise ValueError(unknown("measure", name, BY_INTERVAL, where=" of intervals"))
        frame = self._frame(Outputs((), measures or INTERVALS))
        starts = pd.to_datetime(frame["interval_start"], utc=True)
        return frame.assign(interval_start=starts.dt.tz_convert(self.experiment.scenario.calendar.timezone))

    def figure(self, measure: str, about: str | None = None) -> Figure:
        """One figure of the horizon.

        Parameters
        ----------
        measure
            Its name, as in `figures`.
        about
            The channel or group; for a measure of the centre none.

        Raises
        ------
        ValueError
            If there is no such figure.
        """
        rows = self.figures[self.figures["measure"] == measure]
        if rows.empty:
            raise ValueError(unknown("measure", measure, [*dict.fromkeys(self.figures["measure"])]))
        names = rows["channel"].fillna(rows["agent_group"])
        found = rows[names.isna() if about is None else names == about]
        if found.empty:
            known = [name for name in names if isinstance(name, str)]
            raise ValueError(unknown("channel or group", str(about), known, where=f" with {measure}"))
        value, low, high = found[["value", "low", "high"]].to_numpy(dtype=float)[0]
        return Figure(float(value), float(low), float(high))

    def png(self) -> bytes:
        """The waits and the staffing as a picture."""
        from simulator.charts import picture, png

        return png(picture(self.experiment))

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        return self.png()

    def __str__(self) -> str:
        """What `ruuhka simulate` prints."""
        from rich.console import Console

        from simulator.report.simulated import simulated

        text = StringIO()
        Console(file=text, width=120, markup=False, emoji=False, highlight=False).print(simulated(self.experiment))
        return text.getvalue()

    def __repr__(self) -> str:
        return f"<Simulation of {self.experiment.scenario.title!r}, {self.replications} replications>"

    def _frame(self, outputs: Outputs) -> pd.DataFrame:
        table, _ = experiment_table(self.experiment, outputs, 1)
        frame: pd.DataFrame = table.drop(["case"]).to_pandas()
        return frame.rename(columns=RENAMED)


def simulate(
    scenario: Scenario | str | Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    until: str | None = None,
    max_replications: int = MOST_REPLICATIONS,
    engine: EngineName = DEFAULT_ENGINE,
    workers: int | None = None,
) -> Simulation:
    """Play a scenario.

    Parameters
    ----------
    scenario
        What `load` made, or a file.
    replications, seed
        By default as the scenario says.
    until
        Go on until a half-width is reached, as in "phone=1 %" or "phone.asa=2 s"; `max_replications` at most.
    engine
        "compiled", or "reference" (SimPy).
    workers
        Replications side by side; the result does not depend on it. By default one a processor; one for the reference
        engine, which plays in processes, and those read the script, too.

    Raises
    ------
    ScenarioError
        If a file is refused.
    ValueError
        If a number is out of range, or `until` is no half-width.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    if workers is None:
        workers = usable_processors() if engine == DEFAULT_ENGINE else 1
    try:
        precision = None if until is None else parse_precision(until, scenario)
    except ValueError as error:
        msg = f"until: {error}"
        raise ValueError(msg) from None
    return Simulation(
        run(
            scenario,
            replications=replications,
            seed=seed,
            engine=engine,
            workers=workers,
            precision=precision,
            most_replications=max_replications,
        )
    )


def sweep(
    scenario: Scenario | str | Path,
    axes: Mapping[str, Iterable[object] | Mapping[str, object]],
    *,
    out: str | Path | None = None,
    variants: Sequence[str] | Literal["all"] | None = None,
    replications: int | None = None,
    seed: int | None = None,
    until: str | None = None,
    max_replications: int = MOST_REPLICATIONS,
    engine: EngineName = DEFAULT_ENGINE,
    outputs: Mapping[str, Sequence[str] | Literal["all"]] = _THE_USUAL,
    processes: int = 1,
    retry: bool = False,
    on_done: Callable[[Progress], None] = lambda _: None,
) -> Results:
    """Play a scenario with all combinations of what axes set, as `ruuhka batch` does.

    Parameters
    ----------
    scenario
        What `load` made, with its variant and overrides, or a file. Each case is read from the file again.
    axes
        Dotted path -> its values: `{"groups.team.extra_agents": range(-2, 3)}`. Or a table as in `[sweep.NAME]` of a
        batch file, such as `{"log_range": {"first": "1 min", "last": "8 min", "points": 4}}`; that of a sample, or of
        rows of a file, has any name as its key.
    out
        A folder for the results: the same sweep again goes on where it was stopped. Without it they are kept in a
        temporary folder as long as the results are.
    variants
        Variants of the file to combine with the axes, "base" being the file as it is; by default that of `scenario`.
    replications, seed, until, max_replications, engine
        As in `[run]` of a batch file.
    outputs
        What is kept, as in `[outputs]`: `{"measures": "all", "intervals": ["arrived"]}`.
    processes
        Cases side by side; above 1 a script does this below `if __name__ == "__main__":`, as the processes read it,
        too. Results do not depend on it.
    retry
        Play those again that failed.
    on_done
        Called before the first case and after each.

    Returns
    -------
    Results
        With tables `cases`, `wide` and `results`; a column is called as its path ends, "team_extra_agents". Cases
        that failed are among them, with their `error`.

    Raises
    ------
    ScenarioError
        If the file or an axis is refused; what only a combination brings about is recorded with its case.
    ValueError
        If the scenario is none that `load` made.
    StoreError
        If the folder cannot be used.
    """
    origin = _origin(scenario)
    wanted = variants if variants is not None else [origin.variant or BASE]
    how = {"replications": replications, "seed": seed, "until": until, "max_replications": max_replications}
    table: dict[str, object] = {
        "title": f"Sweep of {origin.path.stem}",
        "scenarios": [escape(origin.path.name)],
        "variants": wanted if isinstance(wanted, str) else list(wanted),
        "set": dict(origin.overrides),
        "sweep": _sweep_tables(axes),
        "run": {name: value for name, value in how.items() if value is not None} | {"engine": engine},
        "outputs": {name: said if isinstance(said, str) else list(said) for name, said in outputs.items()},
    }
    here = origin.path.with_name("sweep")  # no file; others are seen from its folder
    try:
        batch = batch_of(Source(here, table, {}))
    except ScenarioError as error:
        raise ScenarioError(_without(str(here), problem) for problem in error.problems) from None
    with ExitStack() as undone:
        folder = Path(out) if out is not None else Path(tempfile.mkdtemp(prefix="ruuhka-"))
        if out is None:
            undone.callback(shutil.rmtree, folder, ignore_errors=True)
        with ExitStack() as stack:
            executor: Executor = stack.enter_context(Processes(processes)) if processes > 1 else InProcess()
            run_batch(batch, folder, executor, retry=retry, on_done=on_done)
        results = Results.of(folder)
        undone.pop_all()
    if out is None:
        weakref.finalize(results, shutil.rmtree, folder, ignore_errors=True)
    return results


def _origin(scenario: Scenario | str | Path) -> _Origin:
    """Where to read it again."""
    if not isinstance(scenario, Scenario):
        return _Origin(Path(scenario).absolute(), None, {})
    origin = _origins.get(id(scenario))
    if origin is None:
        msg = "A sweep reads its cases from a file: give what load(...) made, as it made it, or the path of the file."
        raise ValueError(msg)
    now = load_scenario(origin.path, origin.variant, origin.overrides)
    if now.content_hash != scenario.content_hash:
        msg = f"{origin.path}: it has changed since it was loaded; load it again."
        raise ValueError(msg)
    return origin


def _sweep_tables(axes: Mapping[str, Iterable[object] | Mapping[str, object]]) -> dict[str, object]:
    """The tables of `[sweep]`, each called by the last names of its path: two, or as many as tell it from others."""
    tables: dict[str, object] = {}
    for said, values in axes.items():
        if isinstance(values, Mapping):
            table = plain_value(values)
            assert isinstance(table, dict)
            if not _AXIS_OF_A_FILE & table.keys():
                table = {"path": said, **table}
        else:
            table = {"path": said, "values": [plain_value(value) for value in values]}
        tables[_short_name(said, [each for each in axes if each != said]) if "path" in table else said] = table
    return tables


def _short_name(path: str, others: Sequence[str]) -> str:
    try:
        parts, known = split_path(path), [split_path(each) for each in others]
    except ValueError:  # to be told of with the axis
        return path
    for count in range(2, len(parts)):
        if all(each[-count:] != parts[-count:] for each in known):
            return "_".join(parts[-count:])
    return path


def _without(file: str, problem: Problem) -> Problem:
    """A problem without the file, where that is none."""
    return replace(problem, file="") if problem.file == file else problem
