"""Reading what a half-width is asked for: "phone=0.5 %" or "phone.asa=1 s"."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulator.experiment.experiment import Precision
from simulator.measures import MEASURES, target_measure
from simulator.scenario.errors import unknown
from simulator.scenario.units import parse_duration, parse_share

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario


def parse_precision(text: str, scenario: Scenario) -> Precision:
    """Read CHANNEL=HALF-WIDTH, for the measure of the channel's target, or CHANNEL.MEASURE=HALF-WIDTH.

    Raises
    ------
    ValueError
        Naming the part at fault and what is allowed.
    """
    what, equals, width = text.partition("=")
    name, _, measure_name = what.strip().partition(".")
    names = [channel.name for channel in scenario.channels]
    if not equals:
        msg = f'write CHANNEL=HALF-WIDTH, as in "{names[0]}=1 %".'
        raise ValueError(msg)
    if name not in names:
        raise ValueError(unknown("channel", name, names))
    place = names.index(name)
    channel = scenario.channels[place]
    judged = [each for each in MEASURES.values() if each.about == "contacts" and each.channels in (None, channel.kind)]
    known = {measure.name: measure for measure in judged}
    measure = known.get(measure_name) if measure_name else target_measure(channel.target, live=channel.kind == "live")
    if measure is None:
        raise ValueError(unknown("measure", measure_name, list(known), where=f" of {channel.kind} channels"))
    half_width = {"share": parse_share, "seconds": parse_duration}.get(measure.unit, float)(width.strip())
    if not 0 < half_width < math.inf:
        msg = "the half-width must be above 0 and finite."
        raise ValueError(msg)
    return Precision(measure.name, place, half_width)
