"""From options to an experiment, the same for every command that simulates."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from simulator.cli.console import progress
from simulator.cli.failures import BadInputError
from simulator.engine import ENGINES, EngineName
from simulator.experiment import Experiment, Precision, run, usable_processors
from simulator.measures import MEASURES, target_measure
from simulator.scenario.units import parse_duration, parse_share

if TYPE_CHECKING:
    from simulator.cli.options import Run
    from simulator.scenario import Scenario


def play(scenario: Scenario, how: Run, *, silent: bool = False, title: str = "Simulating") -> Experiment:
    """Play a scenario as the options say.

    Raises
    ------
    BadInputError
        If an option is out of range; the message says what is allowed.
    """
    if how.engine not in ENGINES:
        msg = f"--engine {how.engine}: there is {', '.join(ENGINES)}."
        raise BadInputError(msg)
    for name, value in (
        ("--replications", how.replications),
        ("--workers", how.workers),
        ("--max-replications", how.max_replications),
    ):
        if value is not None and value < 1:
            msg = f"{name} {value}: it must be at least 1."
            raise BadInputError(msg)
    with progress(title, silent=silent) as report:
        return run(
            scenario,
            replications=how.replications,
            seed=how.seed,
            engine=cast("EngineName", how.engine),
            workers=how.workers or usable_processors(),
            precision=None if how.until is None else parse_precision(how.until, scenario),
            most_replications=how.max_replications,
            on_progress=report,
        )


def parse_precision(text: str, scenario: Scenario) -> Precision:
    """Read "phone=0.5 %" or "phone.asa=1 s".

    Raises
    ------
    BadInputError
        Naming the part at fault and what is allowed.
    """
    what, equals, width = text.partition("=")
    channel, _, name = what.strip().partition(".")
    channels = {each.name: index for index, each in enumerate(scenario.channels)}
    if not equals or channel not in channels:
        msg = f'--until "{text}": write CHANNEL=HALF-WIDTH, as in "phone=0.5 %"; channels are {", ".join(channels)}.'
        raise BadInputError(msg)
    live = scenario.channels[channels[channel]].kind == "live"

    measure = name or target_measure(scenario.channels[channels[channel]].target, live=live).name
    known = [each.name for each in MEASURES.values() if not each.of_agents]
    if measure not in known:
        msg = f'--until "{text}": there is no measure {name}; there are {", ".join(known)}.'
        raise BadInputError(msg)
    unit = MEASURES[measure].unit
    try:
        half_width = {"share": parse_share, "seconds": parse_duration}.get(unit, float)(width.strip())
    except ValueError as error:
        msg = f'--until "{text}": {error}'
        raise BadInputError(msg) from None
    if not half_width > 0:
        msg = f'--until "{text}": the half-width must be above 0.'
        raise BadInputError(msg)
    return Precision(measure, channels[channel], half_width)


def change_words(variant: str | None, overrides: dict[str, object]) -> str:
    """What differs from the file, in words; nothing if nothing does."""
    parts = [f"variant {variant}"] if variant is not None else []
    parts += [f"{path} = {value}" for path, value in overrides.items()]
    return "with " + ", ".join(parts) if parts else ""
