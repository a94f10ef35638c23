"""Variants beside their base, in HTML: a column each, the figures of every channel and of the centre as rows."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from operator import attrgetter
from typing import TYPE_CHECKING

from simulator.experiment import centre_figures, overview
from simulator.language import say
from simulator.ui.cards import COLOURS, change_lines
from simulator.words import estimate_text, probability_text, target_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.experiment import ChannelFigures, Criterion, Experiment, Figure

STYLE = """
<style>
.ruuhka-side { overflow-x: auto; border: 1px solid color-mix(in srgb, currentColor 18%, transparent);
  border-radius: .6rem; }
.ruuhka-side table { border-collapse: collapse; width: 100%; margin: 0; font-variant-numeric: tabular-nums; }
.ruuhka-side th, .ruuhka-side td { border: 0; padding: .35rem .7rem; text-align: left; vertical-align: top;
  font-size: .86rem; line-height: 1.35; min-width: 8.2rem; }
.ruuhka-side tr > :first-child { position: sticky; left: 0; background: var(--ruuhka-paper); min-width: 7.2rem;
  font-weight: 400; color: color-mix(in srgb, currentColor 78%, transparent); }
.ruuhka-side thead th { font-weight: 600; font-size: .9rem; }
.ruuhka-side thead th small { display: block; font-weight: 400; font-size: .8rem; }
.ruuhka-side tbody tr.of th { font-size: .95rem; font-weight: 600; padding-top: .8rem; color: inherit;
  border-top: 1px solid color-mix(in srgb, currentColor 16%, transparent); white-space: nowrap; }
.ruuhka-side tbody tr.of td { border-top: 1px solid color-mix(in srgb, currentColor 16%, transparent);
  padding-top: .85rem; font-size: .78rem; opacity: .75; }
.ruuhka-side dl { margin: 0; padding: 0; } .ruuhka-side dd { margin: 0; font-size: .8rem; line-height: 1.35; }
.ruuhka-side dd.value { font-size: .95rem; font-weight: 600; white-space: nowrap; }
.ruuhka-side dd.noise { opacity: .7; }
.ruuhka-side dd.better { color: var(--ruuhka-better); font-weight: 600; }
.ruuhka-side dd.worse { color: var(--ruuhka-worse); font-weight: 600; }
.ruuhka-side dd.changed { font-weight: 600; }
.ruuhka-side .waiting { opacity: .5; }
@media (max-width: 760px) {
  .ruuhka-side th, .ruuhka-side td { padding: .3rem .45rem; min-width: 6.4rem; }
  .ruuhka-side tr > :first-child { min-width: 5.2rem; overflow-wrap: break-word; }
}
</style>
"""
PAPER = {"light": "#ffffff", "dark": "#171614"}
"""The page's own paper, behind the first column, which stays while the others move under it."""


@dataclass(frozen=True)
class Side:
    """One variant, as far as it has been played."""

    letter: str
    title: str
    experiment: Experiment | None
    """None: nothing of it is there yet."""


def side_by_side(base: Experiment, sides: Sequence[Side], criteria: Sequence[Criterion], theme: str) -> str:
    """The table of the base and its variants."""
    better, worse = COLOURS.get(theme, COLOURS["light"])
    colours = f"--ruuhka-better:{better};--ruuhka-worse:{worse};--ruuhka-paper:{PAPER[theme]}"
    head = "".join(
        f'<th scope="col">{escape(title)}<small>{escape(told)}</small></th>'
        for title, told in (("", ""), (say("compare.base"), ""), *((side.letter, side.title) for side in sides))
    )
    pairs = [(side.experiment, None if side.experiment is None else _cut(base, side.experiment)) for side in sides]
    tables = [None if one is None else overview(one, other) for one, other in pairs]
    own = overview(base)
    rows = [
        f'<tr class="of"><th scope="rowgroup">{escape(say("compare.centre"))}</th>'
        f'<td colspan="{len(sides) + 1}"></td></tr>'
    ]
    currency = base.scenario.currency
    centre = [
        centre_figures(base, criteria),
        *(None if one is None else centre_figures(one, criteria, other) for one, other in pairs),
    ]
    for place, criterion in enumerate(criteria):
        figures = [None if column is None else column[place].figure for column in centre]
        rows.append(_row(criterion.title, figures, chance=criterion.is_chance, currency=currency))
    for c, channel in enumerate(base.scenario.channels):
        columns = [own[c], *(None if table is None else table[c] for table in tables)]
        if not any(column is not None and column.used for column in columns):
            continue
        blank = f'<td colspan="{len(columns)}">{escape(target_words(channel))}</td>'
        rows.append(f'<tr class="of"><th scope="rowgroup">{escape(channel.title)}</th>{blank}</tr>')
        kind = "live" if channel.kind == "live" else "deferred"
        rows += _channel_rows(kind, columns)
    return (
        f'{STYLE}<div class="ruuhka-side" style="{colours}" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cut(base: Experiment, other: Experiment) -> Experiment:
    """The base, after as many replications as the other has."""
    return base.first(other.replications)


def _channel_rows(kind: str, columns: Sequence[ChannelFigures | None]) -> list[str]:
    def row(title: str, of: Callable[[ChannelFigures], Figure], *, chance: bool = False) -> str:
        return _row(title, [None if each is None else of(each) for each in columns], chance=chance)

    return [
        row(say(f"cards.{kind}.typical"), attrgetter("typical")),
        row(say("compare.nine_in_ten"), attrgetter("nine_in_ten")),
        row(say(f"cards.{kind}.attained"), attrgetter("attained")),
        row(say("compare.met"), attrgetter("met"), chance=True),
        row(say(f"cards.{kind}.lost"), attrgetter("lost")),
        row(say("cards.occupancy"), attrgetter("occupancy")),
    ]


def _row(title: str, figures: Sequence[Figure | None], *, chance: bool = False, currency: str = "") -> str:
    cells = "".join(f"<td>{_cell(figure, chance=chance, currency=currency)}</td>" for figure in figures)
    return f'<tr><th scope="row">{escape(title)}</th>{cells}</tr>'


def _cell(figure: Figure | None, *, chance: bool, currency: str) -> str:
    if figure is None:
        return '<span class="waiting">…</span>'
    text = probability_text(figure.value) if chance else estimate_text(figure.value, figure.unit, currency)
    return f'<dl><dd class="value">{escape(text)}</dd>{"".join(change_lines(figure))}</dl>'
