"""One page that shows how well a scenario fits the history that it was made of."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.charts.goodness.pictures import fit_pictures
from simulator.charts.goodness.told import fit_facts, service_rows
from simulator.charts.standalone import facts_list, standalone
from simulator.history.fitted_scenario import CallsFit
from simulator.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simulator.history.fitted_scenario import FittedScenario, Level, SourcedField


def fit_page(fit: FittedScenario) -> str:
    """The page, complete in one HTML file: what was fitted, with pictures of it, and where each value comes from."""
    service = _service(fit.found, fit.level) if isinstance(fit.found, CallsFit) else ""
    opening = f"<p>{escape(say('fit.page.told'))}</p>\n{facts_list(fit_facts(fit))}\n{service}"
    return standalone(say("fit.page.title"), opening, fit_pictures(fit), _sources(fit.fields))


def _service(fit: CallsFit, level: Level | None) -> str:
    """What happened, and what the scenario does."""
    head = ["", say("fit.page.observed"), *([say("fit.page.simulated")] if level else [])]
    body = "\n".join(
        f"<tr><th>{escape(row.name)}</th>{''.join(f'<td>{escape(each)}</td>' for each in row.values)}</tr>"
        for row in service_rows(fit, level)
    )
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    return _table(say("fit.page.service"), titles, body)


def _sources(fields: Iterable[SourcedField]) -> str:
    """Every value with its source."""
    rows = "\n".join(
        f'<tr><th>{escape(".".join(field.path))}</th><td class="words">{escape(field.comment)}</td>'
        f'<td class="words" style="white-space: normal">{escape(field.source)}</td></tr>'
        for field in fields
        if field.source
    )
    titles = "".join(
        f'<th class="words">{escape(title)}</th>'
        for title in (say("fit.page.field"), say("fit.page.interval"), say("fit.page.source"))
    )
    return _table(say("fit.page.sources"), titles, rows)


def _table(caption: str, titles: str, rows: str) -> str:
    head = f"<caption>{escape(caption)}</caption>\n<thead><tr>{titles}</tr></thead>"
    return f'<div class="table"><table>{head}\n<tbody>{rows}</tbody></table></div>\n'
