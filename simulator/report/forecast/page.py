"""Forecasts as one HTML page of tables and charts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.charts.forecast import ahead_chart, tried_chart
from simulator.charts.standalone import facts_list, standalone
from simulator.language import say
from simulator.report.forecast.tables import band_words, days_table, facts, scores_table, title_words, told_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.charts.vega import Chart
    from simulator.history.forecast import Forecast
    from simulator.report.backtest.tables import ShownTable


def forecasts_page(forecasts: Sequence[Forecast]) -> str:
    """The page in the language that is spoken; it opens without a network and prints on paper."""
    opening = "\n".join(map(_figures, forecasts))
    charts = [section for forecast in forecasts for section in _charts(forecast)]
    return standalone(", ".join(map(title_words, forecasts)), opening, charts)


def _figures(forecast: Forecast) -> str:
    return f"""<section class="figures">
<h2>{escape(title_words(forecast))}</h2>
<p>{escape(told_words(forecast))}</p>
{facts_list(facts(forecast))}
{_table(scores_table(forecast))}
{_table(days_table(forecast))}
</section>"""


def _charts(forecast: Forecast) -> list[tuple[str, str, Chart]]:
    told = say("forecast.chart.days_told", band=band_words(forecast))
    name = forecast.name
    return [
        (f"{name}: {say('forecast.chart.days')}", told, ahead_chart(forecast)),
        (f"{name}: {say('forecast.chart.past')}", say("forecast.chart.past_told"), tried_chart(forecast)),
    ]


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
