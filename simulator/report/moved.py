"""What may move contacts or volumes: announcements, new channels and a wrong forecast, in words and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.demand.forecast import forecast_cv
from simulator.language import NOTHING
from simulator.report.tables import new_table
from simulator.scenario.model import Distribution
from simulator.scenario.units import format_share
from simulator.words import estimate_text, time_text, value_text

if TYPE_CHECKING:
    from rich.table import Table

    from simulator.experiment import Experiment
    from simulator.scenario.model import Diversion, Scenario

COLUMNS = {
    "concerned": "concerned",
    "avoided": "stay away",
    "later": "come later",
    "beyond": "after the end",
    "left": "other channel",
    "joined": "from others",
}
"""What each field of `Diverted` is called on screens."""


def diverted_table(experiment: Experiment) -> Table | None:
    """Whom announcements and new channels moved, by channel; None where there are none."""
    scenario = experiment.scenario
    if not scenario.diversions:
        return None
    counts = experiment.diverted()
    table = new_table("Announcements and new channels", "what", "channel", *COLUMNS.values(), texts=2)
    for d, diversion in enumerate(scenario.diversions):
        title = diversion.title
        for c, channel in enumerate(scenario.channels):
            cells = [counts[name][d, c] for name in COLUMNS]
            if any(float(cell.value) for cell in cells):
                texts = (estimate_text(cell, "count") if float(cell.value) else NOTHING for cell in cells)
                table.add_row(title, channel.title, *texts)
                title = ""
        if title:
            table.add_row(title, NOTHING, *(NOTHING for _ in COLUMNS))
    table.caption = (
        "Contacts of a replication. Concerned: of its window, channels and topics, as they would have come. After the "
        "end: put off beyond the end of the horizon, and so in no other figure."
    )
    return table


def diversion_sentence(scenario: Scenario, diversion: Diversion) -> str:
    """One announcement or new channel."""
    start = scenario.calendar.local_datetime(diversion.start)
    when = f"from {start:%a} {start.day} {start:%b %H:%M}"
    if diversion.end < float("inf"):
        end = scenario.calendar.local_datetime(diversion.end)
        when += f" to {end:%a} {end.day} {end:%b %H:%M}"
    shares = ", ".join(
        f"{format_share(share)} of {scenario.channels[c].title}" for c, share in enumerate(diversion.share) if share
    )
    topics = ""
    if len(diversion.topics) < len(scenario.topics):
        topics = f" ({', '.join(scenario.topics[t].title for t in diversion.topics)})"
    if diversion.kind == "opening":
        text = f"New channel {diversion.title}, {when}: {f'takes over {shares}{topics}' if shares else 'nobody moves'}"
    else:
        does = [f"{format_share(diversion.avoided)} stay away"] if diversion.avoided else []
        does += [f"{format_share(diversion.later)} come {_later(scenario, diversion)}"] if diversion.later else []
        does += [
            f"{format_share(share)} use {scenario.channels[c].title}" for c, share in enumerate(diversion.to) if share
        ]
        text = f"{diversion.title}, {when}: {shares or 'nobody'}{topics} act on it"
        text += f"; of these {', '.join(does)}" if does and shares else ""
    if diversion.cost:
        text += f". It costs {value_text(diversion.cost, 'currency', 0, scenario.currency)}"
    return f"{text}."


def uncertainty_sentences(scenario: Scenario) -> str:
    """How wrong the forecast may be, and how days hang together; empty if neither is said."""
    parts = []
    if scenario.day_to_day:
        parts.append(
            f"A busy day makes the next one busy: their day factors are correlated by {scenario.day_to_day:.2f}."
        )
    told = scenario.uncertainty
    if told.forecast_cv:
        first, last = forecast_cv(told, scenario.calendar.days)[[0, -1]].tolist()
        span = _percent(first) if _percent(first) == _percent(last) else f"{_percent(first)} to {_percent(last)}"
        quantile = told.quantile if told.band == "pessimistic" else 1.0 - told.quantile
        bands = {
            "drawn": "each replication has an error of its own",
            "expected": "here it is taken to be right",
            "pessimistic": f"here all volumes are at its {_percent(quantile)} quantile",
            "optimistic": f"here all volumes are at its {_percent(quantile)} quantile",
        }
        parts.append(f"The forecast may be wrong by {span} (coefficient of variation); {bands[told.band]}.")
    return " ".join(parts)


def _later(scenario: Scenario, diversion: Diversion) -> str:
    if isinstance(diversion.delay, Distribution):
        return f"{time_text(diversion.delay.mean)} later on average"
    start, end = (scenario.calendar.local_datetime(moment) for moment in diversion.delay)
    return f"later, from {start:%a} {start.day} {start:%b %H:%M} to {end:%a} {end.day} {end:%b %H:%M}"


def _percent(share: float) -> str:
    return value_text(share, "share", 1 if round(100 * share, 1) % 1 else 0)
