"""Loading a scenario: read, override, judge, build. Every refusal is a `ScenarioError` with all problems at once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from pydantic import ValidationError

from simulator.scenario.build import (
    build_calendar,
    build_curve,
    build_demand,
    build_scenario,
    build_staffing,
)
from simulator.scenario.channel_tables import ChannelTable
from simulator.scenario.checks import check_document, check_names, check_scenario, check_sources
from simulator.scenario.document import DEFAULT_TOPICS, Document, GroupTable, HorizonTable, StaffingFileTable
from simulator.scenario.errors import Problem, ScenarioError
from simulator.scenario.files import FilesKept, ScenarioFiles
from simulator.scenario.order_tables import OrdersTable
from simulator.scenario.overrides import apply_overrides, variant_overrides, variant_title
from simulator.scenario.paths import join_path, split_path
from simulator.scenario.source import Source, read_source, table_at, with_value
from simulator.scenario.table import Table, problems_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Scenario
    from simulator.scenario.source import RawTable

_AnyTable = TypeVar("_AnyTable", bound=Table)
_MOST_NAMES = 100
"""Unknown names to complain about; finding the nearest spelling takes time."""

_NO_OVERRIDES: Mapping[str, object] = {}


def load_scenario(
    path: Path | str, variant: str | None = None, overrides: Mapping[str, object] = _NO_OVERRIDES
) -> Scenario:
    """Load a scenario file.

    Parameters
    ----------
    path
        The TOML file; paths of CSV files in it start from its folder.
    variant
        One of the variants in the file; None for the base.
    overrides
        Dotted path -> value in the file's own units, applied after the variant; see `parse_override`.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file, its variants, the overrides and the CSV files.
    """
    return load_source(read_source(Path(path)), variant, overrides)


def load_source(
    source: Source, variant: str | None = None, overrides: Mapping[str, object] = _NO_OVERRIDES
) -> Scenario:
    """Load a scenario from what `read_source` has read, or from a raw table that a program has made.

    Raises
    ------
    ScenarioError
        As `load_scenario`.
    """
    return Reader(source).scenario(variant, overrides)


def load_variants(
    path: Path | str, names: Sequence[str] | None = None, overrides: Mapping[str, object] = _NO_OVERRIDES
) -> tuple[Scenario, dict[str, Scenario]]:
    """Load a scenario file, and by name its variants: those asked for, or all in the order of the file.

    Raises
    ------
    ScenarioError
        As `load_scenario`.
    """
    reader = Reader(read_source(Path(path)))
    base = reader.scenario(overrides=overrides)
    return base, {name: reader.scenario(name, overrides) for name in (base.variants if names is None else names)}


class Reader:
    """A scenario that is loaded many times with other overrides: judged once, its CSV files read once.

    Parameters
    ----------
    source
        What `read_source` or `read_upload` has read.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._base = _judge(source.raw)
        self._problems = [source.located(problem) for problem in (*self._base.problems, *check_sources(source.raw))]
        """Of the file with all its variants, each once."""
        self._known = set(map(_identity, self._base.problems))
        """What those say, so that overrides do not say it again."""
        self._kept = FilesKept()
        for name, table in table_at(source.raw, "variants").items():
            if isinstance(table, dict):
                changes = variant_overrides(source.raw, name)
                found = self._news(_judge_changed(self._base, changes))
                self._problems += [source.located(_seen_from_variant(problem, name, changes)) for problem in found]
                self._known.update(map(_identity, found))

    def scenario(self, variant: str | None = None, overrides: Mapping[str, object] = _NO_OVERRIDES) -> Scenario:
        """Load the scenario; parameters and errors are those of `load_scenario`."""
        source, judged, problems = self.source, self._base, [*self._problems]
        if variant is not None or overrides:
            try:
                changes = variant_overrides(source.raw, variant) if variant is not None else {}
            except ScenarioError as error:
                raise ScenarioError([*problems, *map(source.located, error.problems)]) from None
            judged = _judge_changed(self._base, {**changes, **overrides})
            problems += [_seen_from_overrides(problem, overrides, source) for problem in self._news(judged)]
        files = ScenarioFiles(source, self._kept)
        if problems or judged.document is None or judged.calendar is None:
            raise ScenarioError([*problems, *_file_problems(judged.raw, files)])
        try:
            scenario = build_scenario(judged.document, judged.calendar, files, source.path.stem)
        except ScenarioError as error:
            raise ScenarioError(map(source.located, error.problems)) from None
        if problems := [source.located(problem) for problem in check_scenario(scenario, judged.document)]:
            raise ScenarioError(problems)
        title = scenario.title if variant is None else f"{scenario.title}: {variant_title(source.raw, variant)}"
        return replace(scenario, title=title, content_hash=scenario_hash(judged.document, files.sha256))

    def _news(self, judged: _Judged) -> list[Problem]:
        return [problem for problem in judged.problems if _identity(problem) not in self._known]


def scenario_hash(document: Document, files: Mapping[tuple[str, ...], str]) -> str:
    """SHA-256 of what a scenario says: the same for the same figures, however they are written and wherever files lie.

    Parameters
    ----------
    document
        The scenario with all overrides applied, what is left out with its defaults. Its variants do not count. The
        order of names does, since ties between groups go by it; the order of fields does not.
    files
        For each field that names a CSV file the file's SHA-256, which counts instead of its name.
    """
    content = {name: _plain(value) for name, value in document if name != "variants"}
    for field, sha256 in files.items():
        content = with_value(content, field, sha256)
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


def _plain(value: object) -> object:
    """A value of the document for JSON, the same for equal values."""
    if isinstance(value, Table):
        return {name: _plain(inner) for name, inner in value}
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if type(value) in (list, tuple):
        return [_plain(inner) for inner in cast("Iterable[object]", value)]
    return value if value is None or isinstance(value, str | int | float) else str(value)


class _Judged(NamedTuple):
    """A raw table, what has become of it, and what is wrong with it."""

    raw: RawTable
    document: Document | None
    calendar: Calendar | None
    problems: list[Problem]


def _judge(raw: RawTable, base: _Judged | None = None) -> _Judged:
    """Check everything but the CSV files; `base` is what became of the file without overrides."""
    problems = list(islice(check_names(raw), _MOST_NAMES))
    try:
        document = Document.model_validate(raw)
    except ValidationError as error:
        return _Judged(raw, None, None, [*problems_of(error), *problems])
    same_horizon = base is None or raw.get("horizon") == base.raw.get("horizon")
    try:
        calendar = base.calendar if base and base.calendar and same_horizon else build_calendar(document.horizon)
    except ScenarioError as error:
        return _Judged(raw, document, None, [*error.problems, *problems])
    problems += check_document(document, calendar, dates_within=same_horizon)
    return _Judged(raw, document, calendar, problems)


def _judge_changed(base: _Judged, changes: Mapping[str, object]) -> _Judged:
    try:
        return _judge(apply_overrides(base.raw, changes), base)
    except ScenarioError as error:
        return _Judged(base.raw, None, None, list(error.problems))


def _identity(problem: Problem) -> tuple[tuple[str, ...], str]:
    return problem.field, problem.message


def _seen_from_variant(problem: Problem, name: str, changes: Mapping[str, object]) -> Problem:
    """A problem that a variant brings, as one of the variant's own field."""
    path = _change_behind(problem, changes)
    if path is None:
        return Problem(f"With this variant, {join_path(problem.field)}: {problem.message}", ("variants", name))
    itself = path in (problem.field[0], join_path(problem.field))
    where = "" if itself else f"{join_path(problem.field)}: "
    return Problem(f"{where}{problem.message}", ("variants", name, path), changes[path])


def _seen_from_overrides(problem: Problem, overrides: Mapping[str, object], source: Source) -> Problem:
    """A problem that overrides bring; where they set the field, no line of the file is to blame."""
    path = _change_behind(problem, overrides)
    if path is None:
        return source.located(problem)
    return replace(problem, message=f"{problem.message} (The value comes from an override.)", file=str(source.path))


def _change_behind(problem: Problem, changes: Mapping[str, object]) -> str | None:
    """The override that is no path, or that set the field of a problem, a table around it, or a field in it."""
    for path in changes:
        try:
            steps = split_path(path)
        except ValueError:
            steps = (path,)
        shared = min(len(steps), len(problem.field))
        if problem.field == (path,) or (shared and steps[:shared] == problem.field[:shared]):
            return path
    return None


def _file_problems(raw: RawTable, files: ScenarioFiles) -> list[Problem]:
    """What is wrong with the CSV files of those tables that are right by themselves."""
    horizon = _valid(HorizonTable, raw.get("horizon"))
    if horizon is None:
        return []
    try:
        calendar = build_calendar(horizon)
    except ScenarioError:
        return []
    topics = list(table_at(raw, "topics")) or list(DEFAULT_TOPICS)
    hours = {}
    for name, table in table_at(raw, "channels").items():
        channel = _valid(ChannelTable, table)
        if channel is not None:
            hours[name] = channel.hours
            build_demand(name, channel, topics, calendar, files)
    orders = _valid(OrdersTable, raw.get("orders"))
    if orders is not None:
        build_curve(orders, calendar, files)
    for name, table in table_at(raw, "groups").items():
        group = _valid(GroupTable, table)
        if group is not None and isinstance(group.staffing, StaffingFileTable):
            build_staffing(name, group, hours, calendar, files)
    return files.problems


def _valid(model: type[_AnyTable], table: object) -> _AnyTable | None:
    try:
        return model.model_validate(table)
    except ValidationError:
        return None
