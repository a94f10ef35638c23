"""What customers do beside making contact: sentences of `ruuhka check`, and tables of what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulator.language import NOTHING
from simulator.measures import MEASURES
from simulator.report.tables import new_table
from simulator.scenario.customers import Returns
from simulator.scenario.units import format_duration, format_share
from simulator.words import estimate_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table

    from simulator.experiment import Experiment
    from simulator.scenario.customers import Return
    from simulator.scenario.model import Channel, CustomerClass, Scenario

OF_ENQUIRIES = ("enquiries", "resolved_enquiries", "lost_enquiries", "open_enquiries", "enquiries_to_come")
ENQUIRIES_EXPLAINED = (
    "Enquiries count where the first contact came. Resolved: ended with a contact that was served or contained; lost "
    "for good: ended in vain; still open: in line or in hand at the end; still to come again: the next attempt comes "
    "after the end. These four add up to all."
)
BESIDE_WAITING = (
    *("redials", "repeat_share", "chasers", "balked_share", "silent_share", "silent_hours"),
    *("callbacks_booked", "callback_wait"),
)


def customer_sentences(scenario: Scenario) -> Iterator[str]:
    """Classes of customers, each channel whose customers do more than wait, and all attempts together."""
    for customer_class in scenario.customer_classes[1:]:
        yield _class_sentence(scenario, customer_class)
    told = []
    for channel in scenario.channels:
        parts = [*_coming_again(scenario, channel), *_waiting(channel)]
        if parts:
            told.append(f"{channel.title}: {'; '.join(parts)}.")
    yield from told
    if any(kind.returns != Returns() for channel in scenario.channels for kind in channel.types):
        yield (
            "The contacts expected above are first attempts; those who come again are on top, "
            f"up to {scenario.attempts} attempts an enquiry."
        )
    for outage in scenario.outages:
        start, end = (scenario.calendar.local_datetime(seconds) for seconds in (outage.start, outage.end))
        yield (
            f"{scenario.channels[outage.channel].title} is out of order from {start:%a} {start.day} {start:%b %H:%M} "
            f"to {end:%a} {end.day} {end:%b %H:%M}."
        )


def _class_sentence(scenario: Scenario, customer_class: CustomerClass) -> str:
    """How many are of the class, and what is different with them."""
    by_share: dict[float, list[str]] = {}
    for channel, share in zip(scenario.channels, customer_class.share, strict=True):
        by_share.setdefault(share, []).append(channel.title)
    (usual, channels), *others = by_share.items()
    shares = f"{format_share(usual)} of enquiries"
    if others:
        elsewhere = [f"{format_share(share)} by {', '.join(on)}" for share, on in others]
        shares = ", ".join([f"{shares} by {', '.join(channels)}", *elsewhere])
    rules = [f"priority {customer_class.priority_step:+d}"] if customer_class.priority_step else []
    for what, factor in (
        ("handling time", customer_class.handling_factor),
        ("patience", customer_class.patience_factor),
    ):
        rules += [f"{what} x {factor:g}"] if factor != 1 else []
    return f"{customer_class.title}: {shares}; {', '.join(rules) or 'treated like the others'}."


def _coming_again(scenario: Scenario, channel: Channel) -> Iterator[str]:
    """What the channel's largest topic does; others may differ."""
    kind = max(channel.types, key=lambda each: each.share)
    returns = kind.returns
    if returns.redial:
        yield f"of those in vain {_shares(returns.redial)} try again {_after(scenario, returns.redial)}"
    if returns.bounce:
        yield f"of those whom the bot contains {_shares(returns.bounce)} come back {_after(scenario, returns.bounce)}"
    if returns.repeat:
        yield f"of those served {_shares(returns.repeat)} need more {_after(scenario, returns.repeat)}"
    if returns.hand_on:
        yield f"{_shares(returns.hand_on)} of those served go on {_after(scenario, returns.hand_on)}"
    if returns.chaser:
        yield f"of late messages {_shares(returns.chaser)} are chased {_after(scenario, returns.chaser)}"


def _waiting(channel: Channel) -> Iterator[str]:
    if channel.told:
        yield "customers hear how long they will wait"
    if channel.callback:
        offer = channel.callback
        yield (
            f"a callback is offered from an expected wait of {format_duration(offer.offered_from)}, "
            f"and {format_share(offer.taken)} take it"
        )
    if channel.silent:
        yield f"{format_share(channel.silent.share)} of those who give up do so without a sign"


def _shares(way: Return) -> str:
    return ", then ".join(format_share(round(share, 4)) for share in way.share)


def _after(scenario: Scenario, way: Return) -> str:
    """When, and on which channels."""
    mean = format_duration(round(way.delay.mean))
    where = ", ".join(f"{format_share(share)} {scenario.channels[c].title}" for c, share in way.channels)
    return f"({mean} later on average: {where})" if way.delay.mean else f"(at once: {where})"


def measures_of_customers(experiment: Experiment) -> list[str]:
    """Those of these measures that say anything in this experiment."""
    return [name for name in BESIDE_WAITING if np.nansum(experiment.estimate(name, ("channel",)).value) > 0]


def enquiries_table(experiment: Experiment) -> Table | None:
    """What became of the enquiries, by the channel of the first contact; None if nobody comes again."""
    contacts, enquiries, to_come = (
        float(experiment.estimate(name).value) for name in ("arrived", "enquiries", "enquiries_to_come")
    )
    if contacts == enquiries and to_come == 0:
        return None
    table = new_table("Enquiries", "first contact", *(MEASURES[name].title.lower() for name in OF_ENQUIRIES))
    estimates = [experiment.estimate(name, ("channel",)) for name in OF_ENQUIRIES]
    for c, channel in enumerate(experiment.scenario.channels):
        table.add_row(channel.title, *(estimate_text(estimate[c], "count") for estimate in estimates))
    return table


def customers_table(experiment: Experiment) -> Table | None:
    """By channel what its customers do beside waiting; None if they do nothing else."""
    names = measures_of_customers(experiment)
    if not names:
        return None
    table = new_table("Customers who do not just wait", "channel", *(MEASURES[name].title.lower() for name in names))
    estimates = {name: experiment.estimate(name, ("channel",)) for name in names}
    for c, channel in enumerate(experiment.scenario.channels):
        cells = []
        for name, estimate in estimates.items():
            applies = MEASURES[name].channels in (None, channel.kind) and estimate[c].value > 0
            cells.append(estimate_text(estimate[c], MEASURES[name].unit) if applies else NOTHING)
        if any(cell != NOTHING for cell in cells):
            table.add_row(channel.title, *cells)
    return table
