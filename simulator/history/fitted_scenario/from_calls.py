"""Everything that was fitted to a log of calls, as the fields of a scenario."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.history.fitted_scenario.demand_fields import (
    busyness_fields,
    demand_fields,
    holidays_words,
    weekly_hours,
)
from simulator.history.fitted_scenario.first_attempts import of_first_attempts
from simulator.history.fitted_scenario.frame import head_fields, horizon_fields, target_field
from simulator.history.fitted_scenario.names import field_names
from simulator.history.fitted_scenario.scope import left_out_words
from simulator.history.fitted_scenario.sourced import SourcedField
from simulator.history.fitted_scenario.staffing import group_tables, queues_of
from simulator.history.fitted_scenario.words import interval_words, rounded, share_words, source_words, time_words
from simulator.scenario.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.history.estimators import Fitted
    from simulator.history.estimators.families import FamilyFit
    from simulator.history.estimators.redial import ReturnFit
    from simulator.history.fitted_scenario.calls import CallsFit
    from simulator.history.fitted_scenario.level import Level


def calls_fields(fit: CallsFit, availability: float, level: Level | None = None) -> list[SourcedField]:
    """The scenario that a log of calls says.

    Parameters
    ----------
    fit
        What was found.
    availability
        Share of their time on duty that agents have for calls.
    level
        How the scenario plays with it; None if it was not played.

    Raises
    ------
    ValueError
        If nobody is there for most of any interval of the week.
    """
    cast = _cast(fit, availability)
    return [*_head(fit), *_topics(cast), *_channel(cast), *_groups(cast, availability, level)]


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who plays: groups with anybody on duty, and the queues that they serve."""

    fit: CallsFit
    staffing: dict[int, dict[str, int]]
    """Group -> weekly hours -> agents."""
    names: dict[int, str]
    """Queue -> name of its topic; queues without calls or without agents are left out."""


def _cast(fit: CallsFit, availability: float) -> _Cast:
    staffing = group_tables(fit.teams, availability, fit.answered)
    serves = queues_of(fit.teams, staffing)
    queues = [q for q in range(len(fit.queues)) if fit.volume[q] and serves[q]]
    titles = [_topic_title(fit.queues[q]) for q in queues]
    names = field_names(titles, "queue")
    return _Cast(fit, staffing, {q: names[title] for q, title in zip(queues, titles, strict=True)})


def _head(fit: CallsFit) -> Iterator[SourcedField]:
    seen = fit.observed
    told = (
        f"Made of a log of calls. In that time customers waited {time_words(seen.mean_wait)} on average, nobody "
        f"answered {share_words(seen.unanswered)}, and {share_words(seen.in_time)} were answered within "
        f"{format_duration(seen.within)}."
    )
    if left_out := left_out_words(fit.left_out):
        told += f" {left_out}."
    yield from head_fields(f"{seen.contacts:,} calls", seen.first_day, seen.last_day, told)
    yield from horizon_fields(fit.wishes, fit.timezone, seen.last_day)


def _topic_title(queue: str) -> str:
    return f"Queue {queue}" if queue.isdigit() else queue or "Queue"


def _topics(cast: _Cast) -> Iterator[SourcedField]:
    titles = {name: _topic_title(cast.fit.queues[q]) for q, name in cast.names.items()}
    yield SourcedField(("topics",), titles, "queues of the log")


def _channel(cast: _Cast) -> Iterator[SourcedField]:
    fit, names = cast.fit, cast.names
    wishes = fit.wishes
    table = ("channels", wishes.channel)
    (volume,) = fit.demand.volumes
    closed = volume.holiday_factor is not None and volume.holiday_factor.value == 0
    slots = fit.counts.clock // fit.counts.step
    open_ = fit.hours[:, slots]
    hours = weekly_hours(volume.time_of_day.clock, open_, fit.counts.step, holidays_closed=closed)
    yield SourcedField((*table, "kind"), "live")
    told = "first and last calls of the weekdays while anybody is on duty, but for strays" + holidays_words(volume)
    yield SourcedField((*table, "hours"), hours, told)
    handling, patience = fit.handling, fit.patience
    chosen = handling.all_queues.chosen
    told = source_words(f"answered calls, {chosen.family}, KS distance {chosen.distance:.3f}", chosen.mean, "time")
    told += f"; cv {interval_words(chosen.cv, 'number')}{_load_words(fit)}"
    yield SourcedField((*table, "handling_time"), time_table(chosen), told, interval_words(chosen.mean, "time"))
    chosen = patience.all_queues.chosen
    told = source_words(f"waits, {chosen.family}, {patience.all_queues.gave_up:,} gave up", chosen.mean, "time")
    yield SourcedField((*table, "patience"), time_table(chosen), told, interval_words(chosen.mean, "time"))
    yield target_field(table, wishes)
    if _some_go_first(cast):
        told = "who answers takes these topics although older calls of others stand waiting: they have priority 1"
        yield SourcedField((*table, "priority"), 2, told)
    yield SourcedField((*table, "mix"), _mix(fit, names), f"calls by queue, {fit.observed.contacts:,}")
    if own := _own_times(cast):
        told = (
            "as for the channel, by queue; small queues have what was fitted to all of them together, or the channel's"
        )
        yield SourcedField((*table, "topics"), own, told)
    for name, found in (("redial", fit.redial), ("repeat", fit.repeat)):
        if found is not None:
            yield _again((*table, name), name, found)
    firsts = of_first_attempts(volume, fit.first_attempts[:, slots])
    yield from demand_fields(
        (*table, "demand"),
        firsts,
        open_,
        fit.counts.step,
        again=1 - firsts.per_week.value / volume.per_week.value,
        part=sum(fit.volume[q] for q in names) / sum(fit.volume),
        without=left_out_words(fit.left_out),
    )
    yield from busyness_fields((*table, "busyness"), volume)
    day_to_day = fit.demand.day_to_day
    if volume.day_cv.value > 0 and day_to_day.low > 0:
        told = source_words("day factors of days in a row", day_to_day, "number")
        value = min(rounded(day_to_day.value, 3), 1.0)
        yield SourcedField(("busyness", "day_to_day"), value, told, interval_words(day_to_day, "number"))


def _own_times(cast: _Cast) -> dict[str, object]:
    """Handling time, patience and priority of the topics on which they are not the channel's."""
    fit = cast.fit
    own: dict[str, object] = {}
    ranked = _some_go_first(cast)
    for q, name in cast.names.items():
        times: dict[str, object] = {"priority": 1} if ranked and fit.trained.goes_first[q] else {}
        if fit.handling.of_queue[q] is not fit.handling.all_queues:
            times["handling_time"] = time_table(fit.handling.of_queue[q].chosen)
        if fit.patience.of_queue[q] is not fit.patience.all_queues:
            times["patience"] = time_table(fit.patience.of_queue[q].chosen)
        if times:
            own[name] = times
    return own


def _some_go_first(cast: _Cast) -> bool:
    """Whether some of the topics go before the others."""
    first = [bool(cast.fit.trained.goes_first[q]) for q in cast.names]
    return any(first) and not all(first)


def _load_words(fit: CallsFit) -> str:
    if fit.load is None:
        return ""
    ratio = fit.load.ratio
    return f"; {rounded(ratio.value, 3):g} times as long while customers wait ({interval_words(ratio, 'number')})"


def _again(path: tuple[str, ...], name: str, found: ReturnFit) -> SourcedField:
    """Coming back in the words of `redial` or `repeat`; nothing if it cannot be told from chance."""
    said, share = ("share", found.share) if name == "redial" else ("resolved", _rest(found.share))
    interval = f"{said} {interval_words(share, 'share')}"
    if not found.known:
        told = f"{found.share.count:,} observations; {found.seen:,} made contact again on the same day, which "
        told += "chance alone explains" if not found.beyond_chance else "is no more often soon after than late"
        return SourcedField(path, None, f"{told}; {interval}", f"not told apart from chance; {interval}")
    told = source_words("customers who come again on the day, more than by chance", found.share, "share")
    told += f"; delay {interval_words(found.delay, 'time')}"
    return SourcedField(path, {said: share_words(share.value), "delay": time_words(found.delay.value)}, told, interval)


def _rest(share: Fitted) -> Fitted:
    """Of a share, all the others."""
    return replace(share, value=1 - share.value, low=1 - share.high, high=1 - share.low)


def time_table(family: FamilyFit) -> dict[str, object]:
    """A fitted family as the scenario writes it."""
    mean = time_words(family.mean.value)
    if family.points:
        points = {f"{100 * share:.5g} %": time_words(seconds) for share, seconds in family.points}
        return {"mean": mean, "distribution": "quantiles", "quantiles": points}
    table: dict[str, object] = {"mean": mean, "distribution": family.family}
    if family.family != "exponential":
        table["cv"] = rounded(family.cv.value)
    return table


def _missed_words(fit: CallsFit, level: Level) -> str:
    does, was = time_words(level.mean_wait), time_words(fit.observed.mean_wait)
    return f"not attained: customers of the scenario wait {does} on average, the team's waited {was}"


def _mix(fit: CallsFit, names: dict[int, str]) -> dict[str, str]:
    """Shares to a hundredth of a per cent that add up to 100 %: the largest takes what rounding leaves."""
    total = sum(fit.volume[q] for q in names)
    parts = {name: round(10_000 * fit.volume[q] / total) for q, name in names.items()}
    largest = max(parts, key=lambda name: parts[name])
    parts[largest] += 10_000 - sum(parts.values())
    return {name: f"{part / 100:g} %" for name, part in parts.items()}


def _groups(cast: _Cast, availability: float, level: Level | None) -> Iterator[SourcedField]:
    fit, names = cast.fit, cast.names
    missed = "" if level is None or level.reached else _missed_words(fit, level)
    for number, (g, staffing) in enumerate(cast.staffing.items(), 1):
        topics = [name for q, name in names.items() if fit.teams.skills[g, q]]
        table = ("groups", f"team-{number}")
        yield SourcedField((*table, "title"), f"Team {number} ({int(fit.teams.members[g])} of the log's agents)")
        if availability < 1 or missed:
            yield SourcedField((*table, "shrinkage"), share_words(max(1 - availability, 0.0)), missed, missed)
        yield SourcedField((*table, "staffing"), staffing)
        skill: dict[str, object] = {} if len(topics) == len(names) else {"topics": topics}
        yield SourcedField((*table, "skills", fit.wishes.channel), skill)
    told = (
        "agents gathered by the queues that they answered; mean number there by weekday and time, by who answered "
        f"what when, times the share of that time which they have for calls, {share_words(min(availability, 1.0))} "
        f"({'the rest is the shrinkage' if availability < 1 else 'no shrinkage is left'}): "
    )
    told += missed or "with it customers of the scenario wait as long as the team's did"
    yield SourcedField(("groups",), None, told)
