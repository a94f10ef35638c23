"""How a figure comes about, in HTML: value, formula, sums, interval, single futures, and Erlang's word on it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.experiment import CONFIDENCE
from simulator.experiment.formula import FormulaFigures, NoFormula
from simulator.experiment.workings import denominator_unit, numerator_unit
from simulator.language import number, percent, say
from simulator.ui.titles import channel_titles, group_titles
from simulator.words import estimate_text, probability_text, value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.experiment.workings import Asked, Place, SumUnit, Workings
    from simulator.scenario import Scenario

STYLE = """
<style>
.ruuhka-worked { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .6rem;
  padding: .8rem 1rem; margin: 0 0 .8rem; }
.ruuhka-worked h4 { font-size: 1rem; font-weight: 600; margin: 0; padding: 0; }
.ruuhka-worked .value { font-size: 1.9rem; font-weight: 600; line-height: 1.3; margin: 0 0 .5rem;
  font-variant-numeric: tabular-nums; }
.ruuhka-worked dl { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 0; margin: 0; padding: 0; }
.ruuhka-worked dt, .ruuhka-worked dd { margin: 0; padding: .35rem 0; font-size: .9rem; line-height: 1.45;
  border-top: 1px solid color-mix(in srgb, currentColor 10%, transparent); }
.ruuhka-worked dt { opacity: .75; font-weight: 400; padding-right: 1rem; }
.ruuhka-worked dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.ruuhka-worked dd small { display: block; font-size: .82rem; opacity: .75; }
.ruuhka-worked > p:last-child { margin-bottom: 0; }
.ruuhka-worked ul { margin: .2rem 0 0; padding-left: 1.2rem; } .ruuhka-worked li { font-size: .9rem; margin: 0; }
@media (max-width: 760px) {
  .ruuhka-worked dl { grid-template-columns: minmax(0, 1fr); }
  .ruuhka-worked dd { border-top: 0; padding-top: 0; } .ruuhka-worked dt { padding-bottom: 0; }
}
</style>
"""


def place_title(scenario: Scenario, place: Place) -> str:
    """What a figure is of."""
    if place.kind == "centre":
        return say("number.centre")
    if place.kind == "group":
        return say("number.group", group=list(group_titles(scenario).values())[place.index])
    return list(channel_titles(scenario).values())[place.index]


def figure_title(asked: Asked, *, unit: bool = False) -> str:
    """What a figure is called; with its unit where several have one name."""
    if asked.kind == "met":
        return say("number.met")
    if asked.measure is None:
        return say(f"number.quantile.{asked.duration.name.lower()}", percent=percent(asked.percent / 100))
    title = asked.measure.title
    return say("number.with_unit", title=title, unit=say(f"number.unit.{asked.unit}")) if unit else title


def worked(scenario: Scenario, place: Place, asked: Asked, found: Workings) -> str:
    """The figure and its workings."""
    currency = scenario.currency
    value = probability_text(found.value) if asked.kind == "met" else estimate_text(found.value, asked.unit, currency)
    rows = [(say("number.formula"), escape(_formula(asked)))]
    if found.numerator is not None:
        rows.append((say("number.numerator"), _sums(*_numerator(asked), found.total_above, found.mean_above, currency)))
    if found.denominator is not None:
        rows.append(
            (say("number.denominator"), _sums(*_denominator(asked), found.total_below, found.mean_below, currency))
        )
    ends = [value_text(float(end), asked.unit, 2, currency) for end in (found.value.low, found.value.high)]
    half = value_text(float(found.value.half_width), asked.unit, 2, currency)
    interval = say("number.interval", half=half, low=ends[0], high=ends[1], confidence=percent(CONFIDENCE))
    low, middle, high = (value_text(float(each), asked.unit, 1, currency) for each in found.futures)
    rows += [
        (say("number.replications"), escape(_replications(found))),
        (say("number.half_width"), escape(interval) + _small(say(f"number.made.{found.made.replace(' ', '_')}"))),
        (
            say("number.futures"),
            escape(say("number.spread", low=low, middle=middle, high=high)) + _small(say("number.spread_means")),
        ),
    ]
    heading = say("number.heading", place=place_title(scenario, place), figure=figure_title(asked))
    return (
        f'{STYLE}<section class="ruuhka-worked"><h4>{escape(heading)}</h4>'
        f'<p class="value">{escape(value)}</p>{_list(rows)}</section>'
    )


def beside_formula(
    scenario: Scenario, place: Place, asked: Asked, found: Workings, told: FormulaFigures | NoFormula
) -> str:
    """What Erlang A or C says, and why simulation says something else; or why it has no say."""
    title = scenario.channels[place.index].title
    if isinstance(told, NoFormula):
        return _box(
            say("number.erlang"), f"<p>{escape(say('number.no_formula', channel=title, reason=told.reason))}</p>"
        )
    target = scenario.channels[place.index].target
    known = told.by_measure(target)
    said = known.get(asked.measure.name) if asked.measure is not None else None
    if said is None:
        return _box(say("number.erlang"), f"<p>{escape(say('number.other_measures', name=told.name))}</p>")
    rows = [
        (say("number.simulated"), escape(estimate_text(found.value, asked.unit))),
        (
            say("number.by_formula", name=told.name),
            escape(value_text(said, asked.unit, 2 if asked.unit == "share" else 1)),
        ),
    ]
    reasons = "".join(f"<li>{escape(each)}</li>" for each in told.differences)
    return _box(say("number.erlang"), f"{_list(rows)}<p>{escape(say('number.why_they_differ'))}</p><ul>{reasons}</ul>")


def _formula(asked: Asked) -> str:
    if asked.kind == "met":
        return say("number.formula_of_met")
    if asked.measure is None:
        return say("number.formula_of_quantile", percent=percent(asked.percent / 100))
    return asked.measure.formula


def _numerator(asked: Asked) -> tuple[str, SumUnit]:
    if asked.measure is None:
        return say("number.periods_met"), "plain"
    return asked.measure.numerator_formula, numerator_unit(asked.measure)


def _denominator(asked: Asked) -> tuple[str, SumUnit]:
    if asked.measure is None:
        return say("number.periods_judged"), "plain"
    return asked.measure.denominator_formula, denominator_unit(asked.measure)


def _sums(what: str, unit: SumUnit, total: float, mean: float, currency: str) -> str:
    """What was summed: its mean over replications, and all of it."""
    texts = [
        say(f"number.sum.{unit}", number=number(value, decimals), currency=currency)
        for value, decimals in ((mean, 1), (total, 0))
    ]
    return _small(what) + escape(say("number.sums", mean=texts[0], total=texts[1]))


def _replications(found: Workings) -> str:
    count = found.value.replications
    if found.judged == count:
        return say("number.all_replications", count=count)
    return say("number.some_replications", count=count, judged=found.judged)


def _small(text: str) -> str:
    return f"<small>{escape(text)}</small>"


def _list(rows: Sequence[tuple[str, str]]) -> str:
    inner = "".join(f"<dt>{escape(title)}</dt><dd>{content}</dd>" for title, content in rows)
    return f"<dl>{inner}</dl>"


def _box(title: str, inner: str) -> str:
    return f'{STYLE}<section class="ruuhka-worked"><h4>{escape(title)}</h4>{inner}</section>'
