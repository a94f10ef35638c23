"""The figures of forecasts as HTML, for the page that has their charts too."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.charts.standalone import facts_list
from simulator.report.forecast.tables import days_table, facts, scores_table, title_words, told_words, warnings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.forecast import Forecast


def page_title(forecasts: Sequence[Forecast]) -> str:
    """What the page is called."""
    return ", ".join(map(title_words, forecasts))


def figures_html(forecasts: Sequence[Forecast]) -> str:
    """Facts and tables of each, in the language that is spoken."""
    return "\n".join(_figures(each, title=len(forecasts) > 1) for each in forecasts)


def _figures(forecast: Forecast, *, title: bool) -> str:
    head = f"<h2>{escape(title_words(forecast))}</h2>\n" if title else ""
    scores = scores_table(forecast)
    told = "\n".join(f"<p><strong>{escape(words)}</strong></p>" for words in warnings(forecast))
    return f"""<section class="figures">
{head}<p>{escape(told_words(forecast))}</p>
{facts_list(facts(forecast))}
{scores.html() if scores.rows else ""}
{told}
{days_table(forecast).html()}
</section>"""
