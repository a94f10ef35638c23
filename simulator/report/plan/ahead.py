"""By when to begin to seek whom, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.language import day_and_year
from simulator.words import value_text

if TYPE_CHECKING:
    from datetime import date

    from simulator.planning.ahead import Ahead
    from simulator.scenario.model import Scenario

_NEARLY = 1e-6


def ahead_words(scenario: Scenario, ahead: tuple[Ahead, ...], today: date) -> list[str]:
    """Ahead of the rush, from Mon 6 Jul 2026: begin to seek 12 people by Mon 14 Sep 2026 from own hires; and so on."""
    if not ahead:
        return []
    lines = [f"Ahead of the rush, as seen on {day_and_year(today)}:"]
    for each in ahead:
        plan, title = each.plan, scenario.groups[each.group].title
        week = each.busiest
        there = value_text(float(plan.today[week]), "count", 1)
        lines.append(
            f"{title}: {plan.needed[week]:g} people are needed in the week of {day_and_year(each.date_of(week))}, "
            f"shrinkage included; of the {each.hiring.today} of today {there} will be there."
        )
        lines += [
            f"  Begin to seek {_people(number)} by {day_and_year(each.date_of(at))} from {source.title}, "
            f"on the floor from {day_and_year(each.floor(at, source))}."
            for at, source, number in each.begin
        ]
        useful = [(source, each.last_useful(source)) for source in each.hiring.sources]
        told = [f"{day_and_year(day)} for {source.title}" for source, day in useful if day is not None]
        if told:
            lines.append(f"  The last useful date is {', '.join(told)}.")
        if not each.begin:
            lines.append("  Nobody need be sought." if not _is_short(each) else "  No search would still be of use.")
        if _is_short(each):
            worst = int(plan.short.argmax())
            lines.append(
                f"  Whoever is sought, {value_text(float(plan.short[worst]), 'count', 1)} people are missing in the "
                f"week of {day_and_year(each.date_of(worst))}: it is too late for them, or more than may be sought."
            )
    return lines


def ahead_document(scenario: Scenario, ahead: tuple[Ahead, ...], today: date) -> dict[str, object]:
    """The people of each group, week by week, and the searches."""
    return {
        "today": today.isoformat(),
        "groups": {
            scenario.groups[each.group].name: {
                "weeks": [each.date_of(week).isoformat() for week in range(len(each.plan.needed))],
                "needed": each.plan.needed.tolist(),
                "of_today": each.plan.today.tolist(),
                "there": each.plan.there.tolist(),
                "short": each.plan.short.tolist(),
                "searches": [
                    {
                        "source": source.name,
                        "people": number,
                        "begin": each.date_of(week).isoformat(),
                        "on_the_floor": each.floor(week, source).isoformat(),
                    }
                    for week, source, number in each.begin
                ],
                "last_useful_date": {
                    source.name: None if (day := each.last_useful(source)) is None else day.isoformat()
                    for source in each.hiring.sources
                },
                "price": each.plan.cost,
            }
            for each in ahead
        },
    }


def _people(number: int) -> str:
    return f"{number} people" if number > 1 else "one person"


def _is_short(each: Ahead) -> bool:
    return bool((each.plan.short > _NEARLY).any())
