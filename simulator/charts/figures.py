"""The figures of a result as tables of a page, with their half-widths and how each is counted."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.language import NOTHING, say
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.words import confidence_words, estimate_text, formula_words, probability_text, promise_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from simulator.experiment import Experiment
    from simulator.measures import Measure

_TYPICAL, _NINE_IN_TEN = PERCENTS.index(50), PERCENTS.index(90)
_CHANNEL_COLUMNS = (
    *("channel", "target", "contacts", "typical", "nine_in_ten", "attained", "met", "abandoned", "lost"),
)
_GROUP_COLUMNS = ("group", "hours", "occupancy", "utilisation", "cost")
_OF_WORDS = ("channel", "target", "group")
"""Columns that hold words; the others hold figures."""
_OF_CHANNELS = ("arrived", "abandonment_ratio", "lost_share")
_OF_GROUPS = ("staffed_hours", "occupancy", "utilisation", "cost")


def figures(experiment: Experiment) -> str:
    """The section with the figures of each channel and each group, as HTML."""
    tables = "\n".join(
        _table(title, columns, rows)
        for title, columns, rows in (
            (say("figures.channels"), _CHANNEL_COLUMNS, list(_channels(experiment))),
            (say("figures.groups"), _GROUP_COLUMNS, list(_groups(experiment))),
        )
    )
    return f"""<section class="figures">
<h2>{escape(say("figures.title"))}</h2>
<p class="faint">{escape(say("figures.told", interval=confidence_words()))}</p>
{tables}
<p class="faint formulas">{escape(formula_words(_counted(experiment)))}</p>
</section>"""


def _channels(experiment: Experiment) -> Iterator[list[str]]:
    """The cells of each channel: a wait is that for an agent, or for messages until they are finished."""
    waits = experiment.wait_quantiles(Duration.WAIT)
    finished = experiment.wait_quantiles(Duration.TIME_TO_FINISH)
    arrived, abandoned, lost = (experiment.estimate(name, ("channel",)) for name in _OF_CHANNELS)
    for c, channel in enumerate(experiment.scenario.channels):
        deferred = channel.kind == "deferred"
        quantiles = finished if deferred else waits
        target = experiment.targets[c]
        yield [
            channel.title,
            promise_words(channel.target),
            estimate_text(arrived[c], "count"),
            estimate_text(quantiles[c, _TYPICAL], "seconds"),
            estimate_text(quantiles[c, _NINE_IN_TEN], "seconds"),
            estimate_text(target.attained, "share"),
            probability_text(target.met),
            NOTHING if deferred else estimate_text(abandoned[c], "share"),
            NOTHING if deferred else estimate_text(lost[c], "share"),
        ]


def _groups(experiment: Experiment) -> Iterator[list[str]]:
    scenario = experiment.scenario
    estimates = [(MEASURES[name].unit, experiment.estimate(name, ("group",))) for name in _OF_GROUPS]
    for g, group in enumerate(scenario.groups):
        yield [group.title, *(estimate_text(estimate[g], unit, scenario.currency) for unit, estimate in estimates)]


def _counted(experiment: Experiment) -> list[Measure]:
    """The measures shown, each once."""
    of_targets = {result.measure.name: result.measure for result in experiment.targets}
    return list((of_targets | {name: MEASURES[name] for name in (*_OF_CHANNELS, *_OF_GROUPS)}).values())


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    places = ['class="words"' if name in _OF_WORDS else "" for name in columns]
    head = "".join(
        f'<th scope="col" {place}>{escape(say(f"figures.column.{name}"))}</th>'
        for name, place in zip(columns, places, strict=True)
    )
    body = "\n".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td {place}>{escape(cell)}</td>" for cell, place in zip(row[1:], places[1:], strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="table"><table>\n<caption>{escape(title)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table></div>"
    )
