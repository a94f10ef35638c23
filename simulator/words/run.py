"""What was run and how its figures are made, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from simulator.language import percent, say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.measures import Measure


def replications_words(count: int) -> str:
    """20 replications."""
    return say("words.replications", count=count)


class Run(Protocol):
    """What was played: an experiment, or a grid of them."""

    @property
    def replications(self) -> int: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102
    @property
    def engine(self) -> str: ...  # noqa: D102


def run_words(run: Run) -> str:
    """20 replications, seed 1, engine reference."""
    runs = replications_words(run.replications)
    return say("words.run", replications=runs, seed=str(run.seed), engine=run.engine)


def confidence_words(confidence: float | None = None) -> str:
    """95 % confidence interval; that of estimates, unless said otherwise."""
    from simulator.experiment import CONFIDENCE  # slow, and not all who need words need experiments

    return say("words.confidence", confidence=percent(CONFIDENCE if confidence is None else confidence, None))


def formula_words(measures: Iterable[Measure]) -> str:
    """The formula behind each measure."""
    formulas = "; ".join(f"{measure.title} = {measure.formula}" for measure in measures)
    return say("words.formulas", formulas=formulas)
