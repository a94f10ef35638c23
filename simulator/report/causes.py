"""Where the contacts come from: what would come anyway, and what each named day and campaign causes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.demand import contacts_by_cause
from simulator.language import NOTHING
from simulator.report.tables import new_table
from simulator.words import day_words, value_text

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from simulator.scenario.model import Scenario

COLUMNS = ("cause", "through", "channel", "topic", "day")


def causes_table(scenario: Scenario) -> Table | None:
    """Contacts by cause and topic; None if there is only one cause, nothing."""
    causes = contacts_by_cause(scenario)
    if len(causes.names) == 1:
        return None
    by_topic, by_day = causes.expected.sum(axis=(1, 3)), causes.expected.sum(axis=(1, 2))
    topics = np.flatnonzero(np.abs(by_topic).sum(axis=0) > 0).tolist()
    total = by_topic.sum()
    names = [scenario.topics[t].title or scenario.topics[t].name for t in topics]
    table = new_table("Where the contacts come from", "cause", "through", *names, "in all", "share", "most on", texts=2)
    for row, (title, through) in enumerate(zip(causes.titles, causes.through, strict=True)):
        most = day_words(scenario.calendar, int(np.argmax(by_day[row]))) if through else NOTHING
        table.add_row(
            title,
            through or NOTHING,
            *(value_text(float(by_topic[row, t]), "count") for t in topics),
            value_text(float(by_topic[row].sum()), "count"),
            value_text(float(by_topic[row].sum() / total) if total else np.nan, "share"),
            most,
        )
    table.add_row(
        "In all", "", *(value_text(float(by_topic[:, t].sum()), "count") for t in topics),
        value_text(float(total), "count"), "", day_words(scenario.calendar, int(np.argmax(by_day.sum(axis=0)))),
    )  # fmt: skip
    table.caption = (
        "Expected contacts. Campaigns that multiply each other share what they do together in proportion to the "
        "logarithms of their factors."
    )
    return table


def causes_document(scenario: Scenario) -> list[dict[str, object]]:
    """Each cause with its expected contacts by topic."""
    causes = contacts_by_cause(scenario)
    names = [topic.name for topic in scenario.topics]
    return [
        {"cause": name, "through": through or "none", "expected": dict(zip(names, by_topic, strict=True))}
        for name, through, by_topic in zip(
            causes.names, causes.through, causes.expected.sum(axis=(1, 3)).tolist(), strict=True
        )
    ]


def causes_frame(scenario: Scenario) -> pd.DataFrame:
    """A row for each cause, channel, topic and day with expected contacts."""
    import pandas as pd  # slow to import, and `ruuhka check` does without

    causes = contacts_by_cause(scenario)
    cause, channel, topic, day = np.nonzero(causes.expected)
    through = [each or "none" for each in causes.through]
    columns = (
        np.take(causes.names, cause),
        np.take(through, cause),
        np.take([each.name for each in scenario.channels], channel),
        np.take([each.name for each in scenario.topics], topic),
        np.take([each.isoformat() for each in scenario.calendar.date_of_day], day),
    )
    frame = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
    return frame.assign(expected=causes.expected[cause, channel, topic, day])
