"""Reading a batch file: scenarios are loaded and axes tried, so that a night's work is refused before it begins."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from simulator.batch.axes import axis_of
from simulator.batch.batch import BASE, Batch, BatchScenario, Settings
from simulator.batch.outputs import Outputs
from simulator.experiment.precision import parse_precision
from simulator.scenario import Reader, ScenarioError, read_source
from simulator.scenario.batch_tables import batch_document
from simulator.scenario.errors import Problem, shown
from simulator.scenario.overrides import plain_value, variant_overrides
from simulator.scenario.paths import join_path, split_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from simulator.batch.axes import Axis, Point
    from simulator.scenario.batch_tables import BatchDocument
    from simulator.scenario.source import Source

_Made = TypeVar("_Made")

MOST_CASES = 1_000_000
TRIED = 20
"""Points of an axis that are tried on each scenario before the batch begins, spread evenly, both ends among them."""


def read_batch(path: Path | str) -> Batch:
    """Read a batch file and the scenario files that it names.

    Every field that an axis sets is tried with some of its values, one axis at a time, on each scenario and variant.
    What only a combination brings about is recorded with its case when that is played.

    Parameters
    ----------
    path
        The TOML file; other files are seen from its folder.

    Raises
    ------
    ScenarioError
        With all that is wrong with the batch file, or else with the scenarios and what is set in them.
    """
    return batch_of(read_source(Path(path)))


def batch_of(source: Source) -> Batch:
    """Make a batch of a file's table, as a script may make one; errors are those of `read_batch`."""
    document = batch_document(source)
    path = Path(source.path)
    folder = path.parent
    problems: list[Problem] = []
    axes = _gathered(problems, source, [partial(axis_of, *each, folder) for each in document.sweep.items()])
    outputs = _gathered(problems, source, [lambda: Outputs.of(document.outputs)])
    overrides = _gathered(problems, source, [lambda: _overrides(document.set)])
    files = _gathered(problems, source, [lambda: _files(document.scenarios, folder)])
    if problems:
        raise ScenarioError(problems)
    constant = overrides[0]
    if problem := _set_twice(axes, constant):
        raise ScenarioError([source.located(problem)])
    settings = Settings(**{name: getattr(document.run, name) for name in Settings.__slots__})
    scenarios = []
    for label, file in files[0].items():
        try:
            scenarios.append(_scenario(label, file, document, constant, axes, settings))
        except ScenarioError as error:
            problems += map(source.located, error.problems)
    if problems:
        raise ScenarioError(problems)
    batch = Batch(document.title or path.stem, tuple(scenarios), tuple(axes), constant, settings, outputs[0])
    if len(batch) > MOST_CASES:
        msg = f"These are {len(batch):,} cases; at most {MOST_CASES:,} are allowed."
        raise ScenarioError([source.located(Problem(msg, ("sweep",)))])
    return batch


def _gathered(problems: list[Problem], source: Source, makers: Iterable[Callable[[], _Made]]) -> list[_Made]:
    """What could be made; what is wrong with the rest is added to the problems."""
    found = []
    for make in makers:
        try:
            found.append(make())
        except ScenarioError as error:
            problems += map(source.located, error.problems)
    return found


def _overrides(said: Mapping[str, object]) -> dict[str, object]:
    """The overrides of all cases, by paths in one spelling."""
    found = {}
    for path, value in said.items():
        try:
            found[join_path(split_path(path))] = plain_value(value)
        except ValueError as error:
            raise ScenarioError([Problem(str(error), ("set", path))]) from None
    return found


def _set_twice(axes: Sequence[Axis], constant: Mapping[str, object]) -> Problem | None:
    """A field that two axes set, or an axis and `set`: only one of the two values would be played."""
    known: dict[tuple[str, ...], str] = {split_path(path): f"set for all cases ({path})" for path in constant}
    for axis in axes:
        here = [split_path(path) for path in axis.paths]
        for place, path in enumerate(here):
            others = {**known, **{other: f"set by this axis ({join_path(other)})" for other in here[:place]}}
            for other, who in others.items():
                shared = min(len(path), len(other))
                # `set` may give a table of which an axis sets a field.
                if path[:shared] == other[:shared] and (len(path) <= len(other) or join_path(other) not in constant):
                    return Problem(f"{join_path(path)} is already {who}; set each field once.", ("sweep", axis.name))
        known |= {path: f'set by the axis "{axis.name}" ({join_path(path)})' for path in here}
    return None


def _files(patterns: Sequence[str], folder: Path) -> dict[str, Path]:
    """Label -> file, in the order of the patterns and by name within each; a file counts once."""
    found: dict[str, Path] = {}
    for pattern in patterns:
        if any(sign in pattern for sign in "*?["):
            try:
                names = sorted(path.relative_to(folder).as_posix() for path in folder.glob(pattern) if path.is_file())
            except (ValueError, NotImplementedError) as error:
                raise ScenarioError(
                    [Problem(f"This is no pattern of files: {error}.", ("scenarios",), pattern)]
                ) from None
            if not names:
                msg = f"No file in {folder} is called like this; patterns are seen from the batch file's folder."
                raise ScenarioError([Problem(msg, ("scenarios",), pattern)])
        else:
            names = [Path(pattern).as_posix()]
        found |= {name: folder / name for name in names if name not in found}
    return found


def _scenario(
    label: str,
    file: Path,
    document: BatchDocument,
    constant: Mapping[str, object],
    axes: Sequence[Axis],
    settings: Settings,
) -> BatchScenario:
    """A scenario file with its variants, once the batch's overrides have been tried on it."""
    source = read_source(file)
    reader = Reader(source)
    base = reader.scenario()
    names = [BASE, *base.variants] if document.variants == "all" else list(document.variants)
    changes = {name: {} if name == BASE else variant_overrides(source.raw, name) for name in names}
    for name in names:
        variant = None if name == BASE else name
        scenario = reader.scenario(variant, constant)
        if settings.until is not None:
            try:
                parse_precision(settings.until, scenario)
            except ValueError as error:
                raise ScenarioError([Problem(f"{label}: {error}", ("run", "until"), settings.until)]) from None
        for axis in axes:
            for point in (axis.points[place] for place in evenly(len(axis.points), TRIED)):
                try:
                    reader.scenario(variant, {**constant, **point})
                except ScenarioError as error:
                    raise _seen_from_axis(error, axis, point, label) from None
    return BatchScenario(label, file, base.content_hash, changes)


def evenly(count: int, most: int) -> list[int]:
    """At most so many of the places 0, 1, ..., spread evenly, both ends among them."""
    return list(range(count)) if count <= most else sorted({round(k * (count - 1) / (most - 1)) for k in range(most)})


def _seen_from_axis(error: ScenarioError, axis: Axis, point: Point, label: str) -> ScenarioError:
    """What a scenario says to a point of an axis, as problems of the batch file."""
    said = ", ".join(f"{path} = {shown(value)}" for path, value in point.items())
    return ScenarioError(
        Problem(f"{said} in {label}: {join_path(problem.field)}: {problem.message}", ("sweep", axis.name))
        for problem in error.problems
    )
