"""`ruuhka grid`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.cli import options
from simulator.cli.console import output, progress
from simulator.cli.failures import DONE, BadInputError
from simulator.cli.play import announce_compiling, change_words, engine_of
from simulator.experiment import usable_processors
from simulator.planning import (
    Axis,
    Grid,
    GridFolder,
    GridFolderError,
    Promise,
    agents_axis,
    check_axes,
    field_axis,
    figures,
    identity,
    parse_values,
    play_grid,
)
from simulator.report.grid import grid_document, grid_report
from simulator.report.json_output import printed
from simulator.scenario import Reader, ScenarioError, apply_overrides, read_source
from simulator.scenario.knobs import knobs
from simulator.scenario.overrides import variant_overrides
from simulator.scenario.paths import join_path, split_leading_path
from simulator.words import apart_words, field_title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulator.cli.options import Run
    from simulator.planning.grids.axes import Load
    from simulator.scenario import Scenario
    from simulator.scenario.knobs import Knob


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, as written."""

    agents: Sequence[str] = ()
    vary: Sequence[str] = ()
    channels: Sequence[str] = ()
    measures: Sequence[str] = ()
    probability: str | None = None


def grid_command(
    file: Path,
    variant: str | None,
    overrides: dict[str, object],
    wanted: Wanted,
    how: Run,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
) -> int:
    """Play a grid and show it; returns the exit code.

    Raises
    ------
    BadInputError
        If the scenario, an option or the folder for results is refused.
    """
    try:
        reader = Reader(read_source(file))
        changes = variant_overrides(reader.source.raw, variant) if variant is not None else {}
        changes |= overrides

        def load(more: Mapping[str, object]) -> Scenario:
            return reader.scenario(variant, {**overrides, **more})

        base = load({})
        known = {knob.path: knob for knob in knobs(apply_overrides(reader.source.raw, changes))}
        axes = two_axes(load, known, wanted)
        promise = parse_promise(base, wanted)
        grid = play(load, base, axes, wanted, how, out, force=force, silent=as_json)
        change = change_words(variant, overrides)
        if out is not None:
            write(grid, promise, out, variant, overrides)
    except ScenarioError as error:
        raise BadInputError(str(error)) from None
    except GridFolderError as error:
        msg = f"--out {error}"
        raise BadInputError(msg) from None
    if as_json:
        print(printed(grid_document(grid, promise)))
    else:
        console = output()
        console.print(grid_report(grid, promise, wanted.measures, change))
        for stays in (apart_words(known[axis.path], known.values()) for axis in axes if axis.path in known):
            if stays:
                console.print(stays)
        if out is not None:
            console.print(f"Table, chart and manifest are in {out}.", soft_wrap=True)
    return DONE


def two_axes(load: Load, known: Mapping[str, Knob], wanted: Wanted) -> tuple[Axis, Axis]:
    """The axes that the options name, agents first; every value of them is one that the scenario takes.

    Raises
    ------
    BadInputError
        Naming the option at fault and what is allowed.
    ScenarioError
        If the scenario refuses a value.
    """
    axes = [parse_agents(load, text) for text in wanted.agents]
    axes += [parse_vary(text, known) for text in wanted.vary]
    if len(axes) != 2:
        msg = (
            f"A grid has two axes; these options name {len(axes)}. Give --agents GROUP=FIRST:LAST:STEP and "
            "--vary PATH=FIRST:LAST:STEP, or one of them twice."
        )
        raise BadInputError(msg)
    try:
        check_axes(load, (axes[0], axes[1]))
    except ScenarioError:
        raise
    except ValueError as error:
        raise BadInputError(str(error)) from None
    return axes[0], axes[1]


def parse_agents(load: Load, text: str) -> Axis:
    """Read "inhouse=20:60:4", agents on duty at most, or "inhouse=-4:+8:2", agents more or fewer.

    Raises
    ------
    BadInputError
        Naming the part at fault and what is allowed.
    """
    group, equals, values = text.partition("=")
    try:
        if not equals:
            msg = "write GROUP=FIRST:LAST:STEP, as in inhouse=20:60:4."
            raise ValueError(msg)
        numbers = parse_values(values.strip())
        whole = [number for number in numbers if isinstance(number, int)]
        if len(whole) < len(numbers):
            msg = f'"{values}" are not all whole numbers of agents.'
            raise ValueError(msg)
        return agents_axis(load, group.strip(), whole, extra=values.strip().startswith(("+", "-")))
    except ScenarioError:
        raise
    except ValueError as error:
        msg = f'--agents "{text}": {error}'
        raise BadInputError(msg) from None


def parse_vary(text: str, known: Mapping[str, Knob]) -> Axis:
    """Read "channels.chat.bot.containment=0.2:0.7:0.1"; fields that are `known` have a title and a present value.

    Raises
    ------
    BadInputError
        Naming the part at fault and what is allowed.
    """
    try:
        segments, rest = split_leading_path(text)
        if not rest.startswith("="):
            msg = "write PATH=FIRST:LAST:STEP, as in channels.chat.bot.containment=0.2:0.7:0.1."
            raise ValueError(msg)
        path = join_path(segments)
        knob = known.get(path)
        title = "" if knob is None else field_title(knob)
        return field_axis(path, parse_values(rest[1:].strip()), title=title, today=knob.written if knob else None)
    except ValueError as error:
        msg = f'--vary "{text}": {error}'
        raise BadInputError(msg) from None


def parse_promise(base: Scenario, wanted: Wanted) -> Promise:
    """What the cheapest point is to keep.

    Raises
    ------
    BadInputError
        If there is no such channel, or the probability is none.
    """
    probability = options.share("--probability", wanted.probability)
    try:
        return Promise.of(base, wanted.channels, probability)
    except ValueError as error:
        option = "--channel" if wanted.probability is None else "--channel or --probability"
        msg = f"{option}: {error}"
        raise BadInputError(msg) from None


def play(
    load: Load,
    base: Scenario,
    axes: tuple[Axis, Axis],
    wanted: Wanted,
    how: Run,
    out: Path | None,
    *,
    force: bool,
    silent: bool,
) -> Grid:
    """Play every point that the folder does not have yet.

    Raises
    ------
    BadInputError
        If an option asks for what there is not.
    GridFolderError
        If the folder cannot be used.
    """
    engine = engine_of(how)
    replications = base.replications if how.replications is None else how.replications
    seed = base.seed if how.seed is None else how.seed
    try:
        kept = figures(wanted.measures)
    except ValueError as error:
        msg = f"--measure: {error}"
        raise BadInputError(msg) from None
    folder = None
    if out is not None:
        same = identity(base, axes, replications=replications, seed=seed, engine=engine, figures=kept)
        folder = GridFolder.opened(out, same, force=force)
    if not silent:
        announce_compiling(engine)
    with progress("Playing points", silent=silent) as report:
        for grid in play_grid(
            load,
            axes,
            replications=replications,
            seed=seed,
            engine=engine,
            workers=how.workers or usable_processors(),
            measures=wanted.measures,
            folder=folder,
        ):
            report(len(grid.points), grid.shape[0] * grid.shape[1])
    return grid


def write(grid: Grid, promise: Promise, out: Path, variant: str | None, overrides: Mapping[str, object]) -> None:
    """Write table, charts and manifest beside the points, each all or nothing.

    Raises
    ------
    GridFolderError
        If they cannot be written there.
    """
    from simulator.charts.picture import png
    from simulator.charts.surface import surface_figure
    from simulator.report.grid_files import PICTURE, grid_files

    folder = GridFolder(out)
    folder.write(PICTURE, png(surface_figure(grid, promise), 1.2))
    for name, content in grid_files(grid, variant, overrides):
        folder.write(name, content)
