"""The report of a back-test as one HTML page of tables and charts."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.charts.backtest import days_chart, parity_chart, profile_chart, queues_chart, reliability_chart
from simulator.charts.backtest.beside import MOST_QUEUES
from simulator.charts.standalone import facts_list, standalone
from simulator.history.backtest import BAND
from simulator.language import percent, say
from simulator.report.backtest.facts import facts, title_words, told_words
from simulator.report.backtest.tables import agreement_table, chances_table, distance_table, figure_words
from simulator.words import confidence_words

if TYPE_CHECKING:
    from simulator.history.backtest import BackTest


def backtest_page(test: BackTest) -> str:
    """The page in the language that is spoken; it opens without a network and prints on paper."""
    interval, band = confidence_words(), percent(BAND, None)
    opening = f"""<p>{escape(told_words(test))}</p>
{facts_list(facts(test))}
<section class="figures">
{agreement_table(test).html()}
{distance_table(test).html()}
{chances_table(test).html()}
<h2>{escape(say("backtest.bands.title"))}</h2>
<p>{escape(say("backtest.bands.told", band=band))}</p>
<p class="faint formulas">{escape(figure_words(test))}</p>
</section>"""
    charts = [
        (say("backtest.chart.days"), say("backtest.chart.days_told", band=band), days_chart(test)),
        (say("backtest.chart.parity"), say("backtest.chart.parity_told"), parity_chart(test)),
        (say("backtest.chart.profile"), say("backtest.chart.profile_told", band=band), profile_chart(test)),
        (
            say("backtest.chart.queues"),
            say("backtest.chart.queues_told", most=MOST_QUEUES, band=band),
            queues_chart(test),
        ),
        (
            say("backtest.chart.reliability"),
            say("backtest.chart.reliability_told", interval=interval),
            reliability_chart(test),
        ),
    ]
    return standalone(title_words(test), opening, charts)
