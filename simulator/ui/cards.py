"""Four figures of each channel as a card, in HTML: value, uncertainty and change against the base."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.language import say
from simulator.words import estimate_text, probability_text, target_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.experiment import ChannelFigures, Figure
    from simulator.scenario import Scenario

STYLE = """
<style>
.ruuhka-cards { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .6rem; }
.ruuhka-card { display: grid; grid-template-columns: 10.5rem minmax(0, 1fr); gap: .2rem 1rem; padding: .55rem .9rem; }
.ruuhka-card + .ruuhka-card { border-top: 1px solid color-mix(in srgb, currentColor 12%, transparent); }
.ruuhka-card h3 { font-size: 1.02rem; font-weight: 600; margin: 0; padding: 0; line-height: 1.3; }
.ruuhka-card h3 small { display: block; font-weight: 400; font-size: .76rem; opacity: .75; line-height: 1.35; }
.ruuhka-card dl { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .35rem .8rem; }
.ruuhka-card dl { margin: 0; padding: 0; }
.ruuhka-card dl > div { min-width: 0; margin: 0; padding: 0; }
.ruuhka-card dt { font-size: .78rem; opacity: .75; font-weight: 400; }
.ruuhka-card dd { margin: 0; font-size: .8rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
.ruuhka-card dd.value { font-size: 1.12rem; font-weight: 600; line-height: 1.3; }
.ruuhka-card dd.noise { opacity: .7; }
.ruuhka-card dd.better { color: var(--ruuhka-better); font-weight: 600; }
.ruuhka-card dd.worse { color: var(--ruuhka-worse); font-weight: 600; }
.ruuhka-card dd.changed { font-weight: 600; }
@media (max-width: 760px) {
  .ruuhka-card { grid-template-columns: minmax(0, 1fr); }
  .ruuhka-card dl { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
</style>
"""
COLOURS = {"light": ("#00674A", "#A93F00"), "dark": ("#4FD1A5", "#FFA069")}
"""Better and worse; an arrow and a word say the same, for those who cannot tell the colours."""


def cards(scenario: Scenario, figures: Sequence[ChannelFigures], theme: str) -> str:
    """The cards of all channels."""
    better, worse = COLOURS.get(theme, COLOURS["light"])
    inner = "".join(_card(scenario, each) for each in figures if each.used)
    return f'{STYLE}<div class="ruuhka-cards" style="--ruuhka-better:{better};--ruuhka-worse:{worse}">{inner}</div>'


def _card(scenario: Scenario, figures: ChannelFigures) -> str:
    channel = scenario.channels[figures.channel]
    live = channel.kind == "live"
    words = "live" if live else "deferred"
    parts = (
        _figure(say(f"cards.{words}.typical"), figures.typical, also=(say("cards.nine_in_ten"), figures.nine_in_ten)),
        _figure(say(f"cards.{words}.attained"), figures.attained, met=figures.met),
        _figure(say(f"cards.{words}.lost"), figures.lost),
        _figure(say("cards.occupancy"), figures.occupancy),
    )
    return (
        f'<article class="ruuhka-card" data-channel="{escape(channel.name)}"><h3>{escape(channel.title)}'
        f"<small>{escape(target_words(channel))}</small></h3><dl>{''.join(parts)}</dl></article>"
    )


def _figure(label: str, figure: Figure, *, also: tuple[str, Figure] | None = None, met: Figure | None = None) -> str:
    lines = [f"<dt>{escape(label)}</dt>", f'<dd class="value">{escape(estimate_text(figure.value, figure.unit))}</dd>']
    lines += change_lines(figure)
    if also is not None:
        name, other = also
        lines.append(f"<dd>{escape(name)} {escape(estimate_text(other.value, other.unit))}</dd>")
        lines += change_lines(other)
    if met is not None:
        lines.append(f"<dd>{escape(say('cards.met'))} {escape(probability_text(met.value))}</dd>")
        lines += change_lines(met)
    return f"<div>{''.join(lines)}</div>"


def change_lines(figure: Figure) -> list[str]:
    """A line on the change, if there is a base: what it is, and whether it is more than noise."""
    if figure.change is None:
        return []
    text = estimate_text(figure.change, figure.unit, signed=True)
    if not figure.changed or not any(digit in text.partition("±")[0] for digit in "123456789"):
        return [f'<dd class="noise">≈ {escape(say("cards.noise"))} ({escape(text)})</dd>']
    arrow = "▲" if figure.change.value > 0 else "▼"
    if figure.more_is_better is None:
        return [f'<dd class="changed">{arrow} {escape(text)}</dd>']
    kind = "better" if figure.better else "worse"
    return [f'<dd class="{kind}">{arrow} {escape(text)} {escape(say(f"cards.{kind}"))}</dd>']
