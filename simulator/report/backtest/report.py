"""What `ruuhka backtest` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.text import Text

from simulator.history.backtest import BAND
from simulator.language import percent, say, speaking
from simulator.report.backtest.facts import facts, title_words, told_words
from simulator.report.backtest.tables import agreement_table, chances_table, distance_table, figure_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from simulator.history.backtest import BackTest


@speaking("en")
def backtest_report(test: BackTest) -> RenderableType:
    """The whole report."""
    parts: list[RenderableType] = [Text(title_words(test), "bold"), Text(told_words(test))]
    parts.append(Text("\n".join(f"{name}: {fact}" for name, fact in facts(test).items())))
    for table in (agreement_table(test), distance_table(test), chances_table(test)):
        parts += table.on_terminal()
    parts += [Text(), Text(say("backtest.bands.told", band=percent(BAND, None))), Text(), Text(figure_words(test))]
    return Lines(*parts)
