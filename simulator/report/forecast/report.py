"""What `ruuhka forecast` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group as Lines
from rich.text import Text

from simulator.language import speaking
from simulator.report.forecast.tables import days_table, facts, scores_table, title_words, told_words, warnings

if TYPE_CHECKING:
    from rich.console import RenderableType

    from simulator.history.forecast import Forecast


@speaking("en")
def forecast_report(forecast: Forecast) -> RenderableType:
    """The whole report."""
    parts: list[RenderableType] = [Text(title_words(forecast), "bold"), Text(told_words(forecast))]
    parts.append(Text("\n".join(f"{name}: {fact}" for name, fact in facts(forecast).items())))
    scores = scores_table(forecast)
    if scores.rows:
        parts += scores.on_terminal()
    parts += [Text(words, "bold") for words in warnings(forecast)]
    parts += days_table(forecast).on_terminal()
    return Lines(*parts)
