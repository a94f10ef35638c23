"""Tables of a back-test, made once and shown on the terminal and on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.history.backtest import BAND, CUTS, FIGURES
from simulator.language import NOTHING, duration, number, percent, say
from simulator.report.shown_table import ShownTable
from simulator.words import confidence_words, probability_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.experiment import Estimate
    from simulator.history.backtest import Agreement, BackTest, Cut, Figure, Reliability


def agreement_table(test: BackTest) -> ShownTable:
    """How well what was simulated agrees with what happened in order and in size, by cut and figure."""
    return ShownTable(
        say("backtest.table.agreement"),
        (
            say("backtest.table.cut"),
            say("backtest.table.figure"),
            say("backtest.table.count"),
            say("backtest.table.correlation"),
            say("backtest.table.ratio"),
            say("backtest.table.ratio_count"),
        ),
        2,
        tuple((*words, *_agreement(found)) for words, _, found in _rows(test)),
        say("backtest.table.agreement_note", interval=confidence_words()),
    )


def distance_table(test: BackTest) -> ShownTable:
    """How far off it is, and what the bands hold, by cut and figure."""
    return ShownTable(
        say("backtest.table.far"),
        (
            say("backtest.table.cut"),
            say("backtest.table.figure"),
            say("backtest.table.difference"),
            say("backtest.table.distance"),
            say("backtest.table.held_by_luck"),
            say("backtest.table.held"),
        ),
        2,
        tuple((*words, *_distance(figure, found)) for words, figure, found in _rows(test)),
        say("backtest.table.far_note", band=percent(BAND, None), interval=confidence_words()),
    )


def chances_table(test: BackTest) -> ShownTable:
    """Whether chances of meeting the target were what they said, by cut."""
    return ShownTable(
        say("backtest.table.chances"),
        (
            say("backtest.table.cut"),
            say("backtest.table.kind"),
            say("backtest.table.count"),
            say("backtest.table.predicted"),
            say("backtest.table.met"),
            say("backtest.table.brier"),
            say("backtest.table.brier_of_share"),
            say("backtest.table.skill"),
        ),
        2,
        tuple(
            (say(f"backtest.cut.{cut}"), kind, *_reliability(found))
            for cut in CUTS
            for kind, found in _chances(test, cut)
        ),
        say("backtest.table.chances_note"),
    )


def figure_words(test: BackTest) -> str:
    """What each figure is a ratio of."""
    within = duration(test.target.within)
    formulas = {
        "mean_wait": say("backtest.formula.mean_wait"),
        "asa": say("backtest.formula.asa"),
        "unanswered": say("backtest.formula.unanswered"),
        "service_level": say("backtest.formula.service_level", time=within),
    }
    return "; ".join(f"{say(f'backtest.figure.{name}')} = {formula}" for name, formula in formulas.items())


def interval_text(estimate: Estimate, decimals: int) -> str:
    """A bare number with its interval in hundredths: 0.957 [0.91–0.98]; without it if it has no end to one side."""
    value = float(estimate.value)
    if np.isnan(value):
        return NOTHING
    text = number(value, decimals)
    low, high = float(estimate.low), float(estimate.high)
    if not (np.isfinite(low) and np.isfinite(high)):
        return text
    return f"{text} [{number(low, 2)}–{number(high, 2)}]"


def _rows(test: BackTest) -> Iterator[tuple[tuple[str, str], Figure, Agreement]]:
    for cut in CUTS:
        for name, figure in FIGURES.items():
            words = say(f"backtest.cut.{cut}"), say(f"backtest.figure.{name}")
            yield words, figure, test.agreement(cut, name)


def _agreement(found: Agreement) -> Iterator[str]:
    yield number(found.cells)
    yield interval_text(found.rank_correlation, 3)
    yield NOTHING if found.ratio is None else interval_text(found.ratio, 2)
    yield NOTHING if found.ratio is None else number(found.ratio.replications)


def _distance(figure: Figure, found: Agreement) -> Iterator[str]:
    for each, signed in ((found.difference, True), (found.distance, False)):
        scale, unit = (1.0, "s") if figure.unit == "seconds" else (100.0, "points")
        value = float(each.value) * scale
        text = NOTHING if np.isnan(value) else number(value, 1, signed=signed)
        yield text if text == NOTHING else say(f"forms.unit.{unit}", number=text)
    yield probability_text(found.held_by_luck)
    yield NOTHING if found.held is None else probability_text(found.held)


def _chances(test: BackTest, cut: Cut) -> Iterator[tuple[str, Reliability]]:
    yield say("backtest.chance_luck"), test.reliability(cut, luck_alone=True)
    if test.error(cut, "service_level") is not None:
        yield say("backtest.chance_error"), test.reliability(cut)


def _reliability(found: Reliability) -> Iterator[str]:
    yield number(found.cells)
    for share in (found.predicted, found.met):
        yield NOTHING if np.isnan(share) else percent(share)
    for score in (found.brier, found.brier_of_share, found.skill):
        yield NOTHING if np.isnan(score) else number(score, 3)
