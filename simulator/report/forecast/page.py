"""The figures of forecasts as HTML, for the page that has their charts too."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.report.forecast.tables import days_table, facts, scores_table, title_words, told_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.history.forecast import Forecast
    from simulator.report.backtest.tables import ShownTable


def page_title(forecasts: Sequence[Forecast]) -> str:
    """What the page is called."""
    return ", ".join(map(title_words, forecasts))


def figures_html(forecasts: Sequence[Forecast]) -> str:
    """Facts and tables of each, in the language that is spoken."""
    return "\n".join(_figures(each, title=len(forecasts) > 1) for each in forecasts)


def _figures(forecast: Forecast, *, title: bool) -> str:
    head = f"<h2>{escape(title_words(forecast))}</h2>\n" if title else ""
    items = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>" for name, fact in facts(forecast).items())
    scores = scores_table(forecast)
    return f"""<section class="figures">
{head}<p>{escape(told_words(forecast))}</p>
<dl>
{items}
</dl>
{_table(scores) if scores.rows else ""}
{_table(days_table(forecast))}
</section>"""


def _table(table: ShownTable) -> str:
    kinds = ['class="words"' if place < table.texts else "" for place in range(len(table.columns))]
    head = "".join(
        f'<th scope="col" {kind}>{escape(name)}</th>' for kind, name in zip(kinds, table.columns, strict=True)
    )
    rows = "\n".join(
        "<tr>" + "".join(f"<td {kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in table.rows
    )
    return (
        f'<div class="table"><table>\n<caption>{escape(table.title)}</caption>\n<thead><tr>{head}</tr></thead>\n'
        f'<tbody>\n{rows}\n</tbody>\n</table></div>\n<p class="faint">{escape(table.note)}</p>'
    )
