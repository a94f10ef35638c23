"""Bars of levers in HTML, one a row."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.charts.look import BLUE, VERMILION
from simulator.language import say
from simulator.report.levers import rank_words
from simulator.words import estimate_text

if TYPE_CHECKING:
    from simulator.charts.lever_bars import LeverBar
    from simulator.experiment import Criterion

STYLE = f"""
<style>
.ruuhka-lever {{ display: grid; grid-template-columns: 2.6rem minmax(0, 1.25fr) minmax(0, 1fr) 10.5rem; gap: 0 .9rem;
  align-items: center; padding: .3rem 0; font-size: .88rem; line-height: 1.3; font-variant-numeric: tabular-nums; }}
.ruuhka-lever .rank {{ opacity: .75; text-align: right; white-space: nowrap; }}
.ruuhka-lever .track {{ position: relative; height: 1.15rem; }}
.ruuhka-lever .track span {{ position: absolute; display: block; }}
.ruuhka-lever .zero {{ top: -.5rem; bottom: -.5rem; width: 1px; background: currentColor; opacity: .35; }}
.ruuhka-lever .bar {{ top: .12rem; bottom: .12rem; min-width: 1px; }}
.ruuhka-lever .better {{ background: {BLUE}; }} .ruuhka-lever .worse {{ background: {VERMILION}; }}
.ruuhka-lever .noise, .ruuhka-lever .same {{ background: #9a9a9a; }}
.ruuhka-lever .interval {{ top: 50%; height: 2px; margin-top: -1px; background: currentColor; }}
.ruuhka-lever .figure b {{ font-weight: 600; }} .ruuhka-lever .figure small {{ display: block; opacity: .75; }}
@media (max-width: 760px) {{
  .ruuhka-lever {{ grid-template-columns: 2.2rem minmax(0, 1fr) minmax(0, 1fr); padding: .45rem 0 .1rem; }}
  .ruuhka-lever .title {{ grid-column: 2 / -1; }} .ruuhka-lever .track {{ grid-column: 2; }}
}}
</style>
"""
_SIGNS = {"better": "✓", "worse": "✗", "noise": "≈", "same": "="}


def lever_row(bar: LeverBar, criterion: Criterion, currency: str) -> str:
    """One what-if: rank, title, bar with its interval, and the difference in figures."""
    left, right = sorted((bar.zero, bar.value))
    parts = (
        f'<span class="rank">{escape("" if bar.ranks is None else rank_words(bar.ranks))}</span>',
        f'<span class="title">{escape(bar.what_if.title)}</span>',
        '<span class="track">'
        f'<span class="zero" style="left:{bar.zero:.2%}"></span>'
        f'<span class="bar {bar.judged}" style="left:{left:.2%};width:{right - left:.2%}"></span>'
        f'<span class="interval" style="left:{bar.low:.2%};width:{bar.high - bar.low:.2%}"></span></span>',
        f'<span class="figure"><b>{escape(estimate_text(bar.difference, criterion.unit, currency, signed=True))}</b>'
        f"<small>{_SIGNS[bar.judged]} {escape(say(f'levers.judged.{bar.judged}'))}</small></span>",
    )
    return f'<div class="ruuhka-lever" data-lever="{escape(bar.what_if.name)}">{"".join(parts)}</div>'
