"""What `ruuhka check` prints: the plain story of a scenario, its expected load, and what to look at twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Group as Lines
from rich.text import Text

from simulator.demand import BusynessModel, expected_contacts
from simulator.demand.load import offered_work
from simulator.demand.orders import order_days
from simulator.experiment.formula import FormulaFigures, formula_figures
from simulator.language import NOTHING
from simulator.report.causes import causes_table
from simulator.report.customers import customer_sentences
from simulator.report.moved import diversion_sentence, uncertainty_sentences
from simulator.report.sparkline import sparkline
from simulator.report.tables import new_table
from simulator.scenario.customer_checks import ways_to_channels_that_open
from simulator.scenario.paths import join_path
from simulator.scenario.units import format_duration, format_share
from simulator.words import day_words, grid_words, target_words, time_text, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from rich.console import RenderableType
    from rich.table import Table

    from simulator.scenario.agents import Learning, OnCall, ReadyAnswers
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.model import Channel, Group, Push, Scenario, Skill, VolumeFactor
    from simulator.scenario.orders import Orders

    Floats = NDArray[np.float64]


SHOWN_WEEKS = 6
"""Of a learning curve."""
_NOTATION = {"Erlang A": "M/M/n+M", "Erlang C": "M/M/n"}
MOST_DAYS = 7
"""Columns of a table by day."""


def story(scenario: Scenario, *, intervals: bool = False) -> RenderableType:
    """The whole report of one scenario."""
    expected, load = expected_contacts(scenario), offered_work(scenario)
    head = Text.assemble((scenario.title, "bold"), f"\n{grid_words(scenario.calendar)}")
    parts: list[RenderableType] = [head]
    for sentence in sentences(scenario, expected):
        parts += [Text(), Text(sentence)]
    parts += [Text(), days_table(scenario, expected, load), Text(), load_table(scenario, load)]
    causes = causes_table(scenario)
    if causes is not None:
        parts += [Text(), causes]
    if intervals:
        parts += [Text(), intervals_table(scenario, expected, load)]
    parts += [Text(), formula_text(scenario)]
    doubts = list(warnings(scenario, expected, load))
    if doubts:
        parts += [Text(), Text.assemble(("Look twice at\n", "bold"), "\n".join(f"- {doubt}" for doubt in doubts))]
    return Lines(*parts)


def sentences(scenario: Scenario, expected: Floats) -> Iterator[str]:
    """Who comes, who serves whom, what is promised."""
    if scenario.description.strip():
        yield " ".join(scenario.description.split())
    for c, channel in enumerate(scenario.channels):
        yield channel_sentences(scenario, channel, expected[c].sum(axis=1))
    yield from customer_sentences(scenario)
    if scenario.orders is not None:
        yield order_sentences(scenario, scenario.orders)
    for group in scenario.groups:
        yield group_sentences(scenario, group)
    for answers in scenario.ready_answers:
        yield ready_answers_sentence(scenario, answers)
    for factor in scenario.volume_factors:
        if not factor.not_open:
            yield factor_sentence(scenario, factor)
    for diversion in scenario.diversions:
        yield diversion_sentence(scenario, diversion)
    for push in scenario.pushes:
        yield push_sentence(scenario, push)
    busyness = BusynessModel.of(scenario).correlation()
    if len(scenario.channels) > 1 and scenario.correlation > 0:
        between = busyness[np.triu_indices_from(busyness, 1)]
        known = between[~np.isnan(between)]
        if known.size:
            low, high = f"{known.min():.2f}", f"{known.max():.2f}"
            span = low if low == high else f"{low} to {high}"
            yield f"Busy days come together: the day factors of two channels are correlated by {span}."
    if uncertain := uncertainty_sentences(scenario):
        yield uncertain
    yield from cost_sentences(scenario)
    for can_be_done, title in ((True, "Variants"), (False, "Variants that may happen")):
        names = [
            f"{name} ({each['title']})" if "title" in each else name
            for name, each in scenario.variants.items()
            if each.get("lever", True) == can_be_done
        ]
        if names:
            yield f"{title}: {'; '.join(names)}."


def channel_sentences(scenario: Scenario, channel: Channel, contacts: Floats) -> str:
    """One channel with its expected contacts [topic]."""
    weight = {each.topic: float(contacts[each.topic]) if contacts.any() else each.share for each in channel.types}
    share = sum(weight.values()) or 1.0
    of_classes = scenario.over_classes(lambda each: each.handling_factor)[scenario.channel(channel.name)]
    work = sum(weight[each.topic] * each.handling_time.mean for each in channel.types) / share * float(of_classes)
    text = f"{channel.title} ({channel.kind}): {value_text(float(contacts.sum()), 'count')} contacts are expected"
    if channel.backlog:
        text += f", on top of {channel.backlog} that wait at the start, the oldest for {time_text(channel.backlog_age)}"
    text += f". One is {time_text(work)} of work on average"
    patience = [(weight[each.topic], each.patience.mean) for each in channel.types if each.patience is not None]
    if channel.kind == "live":
        told = sum(part for part, _ in patience) or 1.0
        classes = scenario.over_classes(lambda each: each.patience_factor)[scenario.channel(channel.name)]
        waits = sum(part * mean for part, mean in patience if part) / told * float(classes)
        text += f"; customers wait {time_text(waits)} on average before they give up" if patience else ""
        text += f". Open {channel.hours}; at closing the queue is {'cut' if channel.closing == 'cut' else 'drained'}."
    else:
        text += f". Open time is {channel.hours}." if channel.target.open_time else "."
    if channel.bot is not None:
        met = sum(weight[each.topic] * each.bot_share for each in channel.types) / share
        contained = sum(weight[each.topic] * each.bot_share * each.containment for each in channel.types) / share
        text += f" The bot meets {format_percent(met)} of them and contains {format_percent(contained)} of all."
    if channel.slots > 1:
        speeds = ", ".join(format_share(speed) for speed in channel.slot_speed)
        text += f" An agent may hold {channel.slots} at once, each then going at {speeds} of full speed."
    if channel.interruptible:
        text += " Its work is put aside when a live contact finds nobody free."
    served = [
        f"{group.title} (level {skill.level}"
        + (f", after {format_duration(skill.overflow_after)}" if skill.overflow_after else "")
        + (f", {_whose(scenario, skill)} only" if len(skill.customer_classes) < len(scenario.customer_classes) else "")
        + ")"
        for group in scenario.groups
        for skill in group.skills
        if scenario.channels[skill.channel] is channel
    ]
    return f"{text} Promise: {target_words(channel)}. Served by {', '.join(served)}."


def _whose(scenario: Scenario, skill: Skill) -> str:
    """The classes of customers that a skill is for."""
    return ", ".join(scenario.customer_classes[number].title for number in skill.customer_classes)


def open_time_warnings(calendar: Calendar, channel: Channel) -> Iterator[str]:
    """A promise in open time takes more days than its hours say."""
    days = np.asarray(calendar.day_of_interval)[calendar.open_mask(channel.hours)]
    if channel.target.open_time and days.size:
        length = float(np.bincount(days).max()) * calendar.interval
        if channel.target.within > length:
            yield (
                f"{channel.title}: {format_duration(channel.target.within)} of open time are "
                f"{channel.target.within / length:.1f} of its longest open days of {format_duration(length)}."
            )


def factor_sentence(scenario: Scenario, factor: VolumeFactor) -> str:
    """A named day or a campaign."""
    start, end = (scenario.calendar.local_datetime(seconds) for seconds in (factor.start, factor.end))
    channels = ", ".join(scenario.channels[c].title for c in factor.channels)
    shape = f", rising over {format_duration(factor.ramp)}" if factor.ramp else ""
    shape += f", then halving every {format_duration(factor.half_life)}" if factor.half_life else ""
    concerned = "all channels" if len(factor.channels) == len(scenario.channels) else channels
    if len(factor.topics) < len(scenario.topics):
        concerned += f" ({', '.join(scenario.topics[t].title for t in factor.topics)})"
    text = f"{factor.name}: {start:%a} {start.day} {start:%b %H:%M} to {end:%a} {end.day} {end:%b %H:%M}{shape}, "
    text += f"{'orders' if factor.on_orders else 'volume'} x {factor.factor:g}"
    if not factor.on_orders:
        text += f" on {concerned}"
    if factor.handling != 1.0:
        text += f", handling time x {factor.handling:g}" + (f" on {concerned}" if factor.on_orders else "")
    return text + "."


def push_sentence(scenario: Scenario, push: Push) -> str:
    """A newsletter or the like."""
    at = scenario.calendar.local_datetime(push.at)
    what = "orders" if push.on_orders else "contacts"
    size = f"{format_percent(push.amount)} of the day's {what}" if push.of_day else f"{push.amount:g} {what}"
    return (
        f"{push.name}: {at:%a} {at.day} {at:%b %H:%M}, {size} more, half of those still to come every "
        f"{format_duration(push.half_life)}."
    )


def order_sentences(scenario: Scenario, orders: Orders) -> str:
    """How many orders come, and what they bring."""
    calendar = scenario.calendar
    days = order_days(scenario, orders)
    of_horizon = days.orders[:, -days.first : -days.first + calendar.days].sum()
    brought = []
    for row in orders.contacts:
        when = f"{row.mean_days:.1f} d {'before' if row.before else 'after'}" if row.mean_days else "on the day of"
        channels = ", ".join(f"{scenario.channels[c].title} {format_percent(share)}" for c, share in row.channels)
        brought.append(f"{scenario.topics[row.topic].title} {row.per_order:g} per order, {when} it ({channels})")
    first = days.calendar.date_of_day[0]
    return (
        f"Orders: {value_text(float(of_horizon), 'count')} are expected; those from {first} on matter. They bring: "
        f"{'; '.join(brought)}."
    )


def group_sentences(scenario: Scenario, group: Group) -> str:
    """One group."""
    staffing = np.array(group.staffing)
    on_duty = staffing[staffing > 0]
    hours = staffing.sum() * scenario.calendar.interval / 3600.0
    least, most = (int(on_duty.min()), int(on_duty.max())) if on_duty.size else (0, 0)
    size = f"{most} agents on duty" if least == most else f"{least} to {most} agents on duty"
    paid = hours / (1 - group.shrinkage)
    cost = value_text(paid * group.cost_per_hour, "currency", 0, scenario.currency)
    text = f"{group.title} ({group.employer}): {size}, {value_text(hours, 'hours')} h in all, paid "
    text += f"{value_text(paid, 'hours')} h with {format_share(group.shrinkage)} shrinkage, {cost}."
    if group.reserve:
        text += f" Kept idle for live contacts: {group.reserve}."
    if group.absence:
        text += f" An agent is absent on {format_share(group.absence)} of the days."
    if group.learning is not None:
        text += f" {learning_sentence(group.learning)}"
    if group.on_call is not None:
        text += f" {on_call_sentence(group.on_call)}"
    return text


def learning_sentence(learning: Learning) -> str:
    """How beginners get on."""
    curves = [
        f"{name} {', '.join(format_percent(share) for share in by_week[:SHOWN_WEEKS])}"
        for name, by_week in (("pace", learning.pace), ("quality", learning.quality))
        if by_week
    ]
    return f"Beginners, on the floor since {learning.start}: {' and '.join(curves)} in their first weeks."


def on_call_sentence(on_call: OnCall) -> str:
    """When an on-call group comes and goes."""
    reasons = [f"{on_call.waiting} contacts wait for it"] if on_call.waiting is not None else []
    if np.isfinite(on_call.wait):
        reasons.append(f"the expected wait is {format_duration(on_call.wait)}")
    stay = f", stays {format_duration(on_call.stay)} or longer," if on_call.stay else ""
    return (
        f"On call, hours and money as if it always came: it is called when {' or '.join(reasons)}, comes "
        f"{format_duration(on_call.lead)} later{stay} and goes when {on_call.released_at} or fewer wait."
    )


def ready_answers_sentence(scenario: Scenario, answers: ReadyAnswers) -> str:
    """What saves handling time, and whose."""
    groups = ", ".join(scenario.groups[g].title for g in answers.groups)
    text = f"{answers.title}: saves {format_share(answers.saving)} of the handling time on "
    text += f"{format_share(answers.reach)} of the contacts"
    if len(answers.channels) < len(scenario.channels):
        text += f" by {', '.join(scenario.channels[c].title for c in answers.channels)}"
    if len(answers.topics) < len(scenario.topics):
        text += f" ({', '.join(scenario.topics[t].title for t in answers.topics)})"
    return text + (f", {groups} only." if len(answers.groups) < len(scenario.groups) else ".")


def cost_sentences(scenario: Scenario) -> Iterator[str]:
    """What has a price beside the agents' hours, and what a lost order is worth."""
    costs = scenario.costs

    def money(amount: float) -> str:
        return f"{amount:g} {scenario.currency}"

    parts = [
        *([f"an hour of overtime {costs.overtime:g} times an hour"] if costs.overtime != 1 else []),
        *(f"a bot session in {scenario.channels[c].title} {money(each)}" for c, each in costs.bot_session.items()),
        *(
            f"a minute on the line of {scenario.channels[c].title} {money(each)}"
            for c, each in costs.line_minute.items()
        ),
        *(f"{name} {money(each)} once" for name, each in costs.fixed.items()),
    ]
    if parts:
        yield f"What costs: {', '.join(parts)}."
    if costs.order_share:
        shares: dict[tuple[int, float], list[str]] = {}
        for (c, topic), share in costs.order_share.items():
            shares.setdefault((topic, share), []).append(scenario.channels[c].title)
        every = len(scenario.channels)
        carried = (
            f"{format_share(share)} of {scenario.topics[topic].title}"
            + (f" ({', '.join(channels)})" if len(channels) < every else "")
            for (topic, share), channels in shares.items()
        )
        worth = money(costs.order_value)
        yield f"An order lost with its customer is worth {worth}; it is carried by {', '.join(carried)}."


def format_percent(share: float) -> str:
    """A share of a mixture, to the per cent."""
    return value_text(share, "share")


def days_table(scenario: Scenario, expected: Floats, load: Floats) -> Table:
    """Contacts by day, and the day's highest load."""
    calendar = scenario.calendar
    day = np.asarray(calendar.day_of_interval)
    days, title = list(range(calendar.days)), "Expected contacts by day"
    if len(days) > MOST_DAYS:
        busiest = np.argsort(-_by_day(expected.sum(axis=(0, 1)), day), kind="stable")
        days, title = busiest[:MOST_DAYS].tolist(), f"Expected contacts on the {MOST_DAYS} busiest days"
    table = new_table(title, "channel", *(day_words(calendar, d) for d in days), "in all")
    for c, channel in enumerate(scenario.channels):
        each = _by_day(expected[c].sum(axis=0), day)
        table.add_row(
            channel.title, *(value_text(float(each[d]), "count") for d in days), value_text(each.sum(), "count")
        )
    peak = [f"{load[:, day == d].sum(axis=0).max():.1f}" for d in days]
    table.add_row("peak load (erlangs)", *peak, f"{load.sum(axis=0).max():.1f}")
    return table


def _by_day(values: Floats, day: NDArray[np.int64]) -> Floats:
    return np.bincount(day, values).astype(np.float64)


def load_table(scenario: Scenario, load: Floats) -> Table:
    """Load and staffing through the busiest day, hour by hour as bars."""
    calendar = scenario.calendar
    day = np.asarray(calendar.day_of_interval)
    busiest = int(np.argmax(_by_day(load.sum(axis=0), day)))
    here = np.flatnonzero(day == busiest)
    hour = np.asarray(calendar.clock_of_interval)[here] // 3600
    hours = sorted(set(hour.tolist()))
    table = new_table(
        f"{day_words(calendar, busiest)}, the day of most work, by hour", "", "0 to 24 h", "mean", "peak", texts=2
    )
    for c, channel in enumerate(scenario.channels):
        each = [float(load[c, here[hour == h]].mean()) for h in hours]
        table.add_row(f"load, {channel.title}", sparkline(each), f"{np.mean(each):.1f}", f"{load[c, here].max():.1f}")
    for g, group in enumerate(scenario.groups):
        staff = scenario.staffing[g, here]
        each = [float(staff[hour == h].mean()) for h in hours]
        table.add_row(f"agents, {group.title}", sparkline(each), f"{np.mean(each):.1f}", str(staff.max()))
    return table


def intervals_table(scenario: Scenario, expected: Floats, load: Floats) -> Table:
    """Every interval in which anybody comes or is on duty."""
    names = [channel.title for channel in scenario.channels]
    table = new_table(
        "Expected contacts / offered load (erlangs), and agents on duty",
        "interval",
        *names,
        *(group.title for group in scenario.groups),
    )
    contacts = expected.sum(axis=1)
    for i in np.flatnonzero((contacts.sum(axis=0) > 0) | (scenario.staffing.sum(axis=0) > 0)).tolist():
        cells = [f"{contacts[c, i]:.1f} / {load[c, i]:.1f}" if contacts[c, i] else NOTHING for c in range(len(names))]
        table.add_row(scenario.calendar.label(i), *cells, *(str(staff) for staff in scenario.staffing[:, i]))
    return table


def formula_text(scenario: Scenario) -> Text:
    """What Erlang A or C says of each channel, or why neither says anything."""
    text = Text()
    text.append("By formula\n", style="bold")
    for figures in formula_figures(scenario):
        channel = scenario.channels[figures.channel]
        if not isinstance(figures, FormulaFigures):
            text.append(f"{channel.title}: no formula, because {figures.reason}.\n")
            continue
        queue = figures.at_busiest
        sentences = (
            f"{figures.name} ({_NOTATION[figures.name]}, interval by interval) gives "
            f"{value_text(figures.service_level, 'share', 1)} within {format_duration(channel.target.within)}, ASA "
            f"{time_text(figures.asa, 1)}, abandoned {value_text(figures.abandonment_ratio, 'share', 1)}.",
            f"Most load per agent: {scenario.calendar.label(figures.busiest)}, {queue.load:.1f} erlangs on "
            f"{queue.servers} agents.",
            f"Simulation may differ: {'; '.join(figures.differences)}.",
        )
        text.append(f"{channel.title}: {' '.join(sentences)}\n")
    text.rstrip()
    return text


def warnings(scenario: Scenario, expected: Floats, load: Floats) -> Iterator[str]:
    """What is allowed, but may not be meant."""
    calendar = scenario.calendar
    staffed = [
        scenario.staffing[[any(skill.channel == c for skill in group.skills) for group in scenario.groups]].sum(axis=0)
        for c in range(len(scenario.channels))
    ]
    for c, channel in enumerate(scenario.channels):
        if channel.kind == "deferred":
            yield from open_time_warnings(calendar, channel)
            continue
        is_open = calendar.open_mask(channel.hours)
        contacts = expected[c].sum(axis=0)
        closed = contacts[~is_open].sum()
        if closed > 0:
            share = value_text(closed / contacts.sum(), "share", 1)
            yield f"{channel.title}: {share} of its contacts are expected while it is closed; agents never see them."
        alone = is_open & (staffed[c] == 0) & (contacts > 0)
        if alone.any():
            first = calendar.label(int(np.flatnonzero(alone)[0]))
            yield f"{channel.title}: open with nobody on duty in {alone.sum()} intervals, first {first}."
        closing = np.flatnonzero(is_open[:-1] & ~is_open[1:]) + 1
        deserted = [i for i in closing.tolist() if staffed[c][i] == 0]
        if channel.closing == "drain" and deserted:
            yield (
                f"{channel.title}: drains its queue at closing, but nobody is on duty after it "
                f"({len(deserted)} times, first {calendar.label(deserted[0])}); who waits then gives up."
            )
    # With every slot full an agent does the work of more than one.
    fullest = [max((j + 1) * speed for j, speed in enumerate(channel.slot_speed)) for channel in scenario.channels]
    total = (load / np.array(fullest)[:, None]).sum(axis=0)
    staff = scenario.staffing.sum(axis=0)
    over = np.flatnonzero((total > staff + 1e-9) & (staff > 0))
    if over.size:
        worst = int(over[np.argmax(total[over] - staff[over])])
        yield (
            f"More work arrives than all agents on duty can do with every slot full in {over.size} intervals, most "
            f"{calendar.label(worst)}: work for {total[worst]:.1f} agents, {staff[worst]} on duty."
        )
    for field, c in ways_to_channels_that_open(scenario).items():
        title, opens = scenario.channels[c].title, scenario.calendar.local_datetime(scenario.opens[c])
        yield (
            f"{join_path(field)}: some would come to {title}, which opens {opens:%a} {opens.day} {opens:%b %H:%M}; "
            "before that they find it closed."
        )
    if not scenario.sources:
        yield "No value says where it comes from: a [sources] table would."
