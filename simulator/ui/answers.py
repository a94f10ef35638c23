"""Asks the desk and keeps the reader told: what is stale, what is rough, what has been computed and from what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from simulator.experiment import CONFIDENCE
from simulator.jit import is_compiled
from simulator.language import percent, say
from simulator.scenario import ScenarioError
from simulator.ui.desk import FIRST_LOOK
from simulator.ui.limits import TooMuchError
from simulator.ui.refusal import show_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.delta_generator import DeltaGenerator

    from simulator.experiment import Experiment
    from simulator.scenario import Scenario
    from simulator.ui.situation import Situation

State = Literal["stale", "rough", "whole"]
RESULTS = "results"
"""Key of the container whose content is dimmed while it is of earlier settings."""
_DIMMED = f"<style>.st-key-{RESULTS} {{ opacity: .4; transition: opacity .15s .1s; }}</style>"


def answers(situation: Situation, strip: DeltaGenerator) -> Iterator[tuple[Experiment, Experiment | None]]:
    """The scenario as it stands and its base, on the same customers: a rough answer first, the whole one last.

    Parameters
    ----------
    strip
        A place for one line: what is going on, and in the end what the figures are of. While nothing has come yet,
        what the page still shows of earlier settings is dimmed. What is refused is told here, too.

    Yields
    ------
    tuple
        The experiment, and the base cut to as many replications; None as the base where nothing is changed.
    """
    wanted = situation.replications
    try:
        scenario = situation.scenario
        working = say("answers.computing", done=0, wanted=wanted) if is_compiled() else say("answers.compiling")
        tell(strip, working, scenario, "stale")
        base = None
        for base in situation.desk.answers(situation.base, wanted):
            if base.replications < wanted:
                told = say("answers.computing_base", done=base.replications, wanted=wanted)
                tell(strip, told, scenario, "stale")
            if not situation.view.overrides and looked_at(base, wanted):
                tell(strip, *made_from(base, wanted))
                yield base, None
        if situation.view.overrides and base is not None:
            for experiment in situation.desk.answers(scenario, wanted):
                tell(strip, *made_from(experiment, wanted))
                if looked_at(experiment, wanted):
                    yield experiment, base.first(experiment.replications)
    except ScenarioError as error:
        with strip.container():
            show_refusal(error)
    except TooMuchError as error:
        strip.error(say("answers.too_much", contacts=round(error.contacts), most=error.most))


def looked_at(experiment: Experiment, wanted: int) -> bool:
    """Whether to work out figures: of the first look and of the last; those between would only hold these up."""
    return experiment.replications in (FIRST_LOOK, wanted) or experiment.replications < FIRST_LOOK


def tell(strip: DeltaGenerator, text: str, scenario: Scenario, state: State) -> None:
    """Fill the strip; its attributes tell a program that reads the page of what scenario the figures below it are."""
    strip.html(
        f'<div class="ruuhka-strip" role="status" style="font-size:.85rem;opacity:.8" data-state="{state}"'
        f' data-content="{_content(scenario)}">{text}</div>{_DIMMED if state == "stale" else ""}'
    )


def _content(scenario: Scenario) -> str:
    return scenario.content_hash[:8]


def made_from(experiment: Experiment, wanted: int) -> tuple[str, Scenario, State]:
    """What the figures are of."""
    scenario = experiment.scenario
    if experiment.replications < wanted:
        return "◔ " + say("answers.rough", done=experiment.replications, wanted=wanted), scenario, "rough"
    text = "● " + say(
        "answers.whole",
        count=experiment.replications,
        seed=str(experiment.seed),
        engine=experiment.engine,
        confidence=percent(CONFIDENCE),
        content=_content(scenario),
    )
    return text, scenario, "whole"
