"""The two things that a grid varies: agents of a group, or any field of the scenario."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from simulator.language import say
from simulator.scenario.errors import unknown
from simulator.scenario.paths import join_path, split_path
from simulator.scenario.units import parse_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulator.scenario.model import Scenario

    Load = Callable[[Mapping[str, object]], Scenario]
    """From overrides, dotted path -> value, to the scenario that has them."""

MOST_VALUES = 200
"""Of an axis."""
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Axis:
    """One field of the scenario, and the values that it takes, in rising order where they are numbers.

    Raises
    ------
    ValueError
        If there is no value, too many, or one twice.
    """

    name: str
    """What is varied, in files: "groups.inhouse.agents", or the path of the field."""
    path: str
    """The field that is overridden."""
    values: tuple[object, ...]
    """What it is set to, in the file's own units."""
    labels: tuple[str, ...]
    """[value] What stands at the axis."""
    today: float | None = None
    """Where the scenario itself stands, counted in steps of the axis from its first value; None if that cannot be
    told, or lies beyond its ends."""

    today_label: str = ""
    """What would stand there; empty if that is not known."""
    of: str = ""
    """Title of the group whose agents these are, or of the field."""
    agents: Literal["agents", "extra_agents"] | None = None
    """Whether it is agents of a group, on duty at most or more and fewer than now; None: any other field."""

    @property
    def title(self) -> str:
        """On screens, in the spoken language."""
        return self.of if self.agents is None else say(f"grid.axis.{self.agents}", group=self.of)

    def __post_init__(self) -> None:
        """Refuse what is no axis."""
        if not 1 <= len(self.values) <= MOST_VALUES:
            msg = f"{self.name} takes {len(self.values)} values; from 1 to {MOST_VALUES} are allowed."
            raise ValueError(msg)
        twice = next((label for label in self.labels if self.labels.count(label) > 1), None)
        if twice is not None:
            msg = f"{self.name} takes the value {twice} twice."
            raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.values)


def agents_axis(load: Load, group: str, numbers: Sequence[int], *, extra: bool = False) -> Axis:
    """Agents of a group, with the shape of its staffing kept: as many more or fewer whenever somebody is on duty.

    Parameters
    ----------
    load
        Where the group's present staffing is looked up.
    group
        Its name in the file.
    numbers
        The most agents that the group has on duty at once; or, if `extra`, agents more or fewer than it has now.

    Raises
    ------
    ValueError
        If there is no such group, or a number cannot be had.
    """
    now = load({})
    names = [each.name for each in now.groups]
    if group not in names:
        raise ValueError(unknown("group", group, names))
    path = join_path(("groups", group, "extra_agents"))
    place = names.index(group)
    planned = load({path: 0}).groups[place]
    without, present = max(planned.staffing, default=0), max(now.groups[place].staffing, default=0)
    if without == 0:
        msg = f"Group {group} has nobody on duty at any time, so that there is nobody to add to."
        raise ValueError(msg)
    base = present if extra else 0
    numbers = sorted(numbers)
    if numbers and base + numbers[0] < 0:
        msg = f"{numbers[0]} agents of {group}: it has {present} on duty at most, and cannot have fewer than none."
        raise ValueError(msg)
    return Axis(
        name=join_path(("groups", group, "extra agents" if extra else "agents")),
        path=path,
        values=tuple(base + number - without for number in numbers),
        labels=tuple(f"{number:+d}" if extra and number else str(number) for number in numbers),
        today=_steps_to(0.0 if extra else float(present), [float(number) for number in numbers]),
        today_label="0" if extra else str(present),
        of=planned.title,
        agents="extra_agents" if extra else "agents",
    )


def field_axis(path: str, values: Sequence[object], *, title: str = "", today: object = None) -> Axis:
    """A field of the scenario, by its dotted path.

    Parameters
    ----------
    values
        In the file's own units: 0.3, "30 %", "5 min".
    title
        What the field is called on screens; by default its path.
    today
        The value that it has now, in the file's own units; None if that is not known.

    Raises
    ------
    ValueError
        If the path is none, or the values are no axis.
    """
    join_path(split_path(path))
    numbers = [number_of(value) for value in values]
    known = [number for number in numbers if number is not None]
    if len(known) == len(values):
        order = sorted(range(len(values)), key=known.__getitem__)
        values = [values[place] for place in order]
    present = number_of(today)
    all_plain = not any(isinstance(value, str) for value in values)
    return Axis(
        name=path,
        path=path,
        values=tuple(values),
        labels=tuple(map(_label, values)),
        today=_steps_to(present, sorted(known)) if len(known) == len(values) else None,
        today_label=_label(present if all_plain and present is not None else today) if _is_one(today) else "",
        of=title or path,
    )


def spread(places: Sequence[float], low: float, high: float, count: int) -> list[float]:
    """So many of these rising places from `low` to `high`, the ends among them and the others evenly between.

    Fewer where there are not as many.
    """
    within = [place for place in places if low <= place <= high]
    steps = min(count, len(within)) - 1
    return [within[round(k * (len(within) - 1) / steps)] for k in range(steps + 1)] if steps > 0 else within[:1]


def agents_about(most: int) -> tuple[range, range]:
    """Numbers of agents to choose an axis from, around those on duty at most: all that may be, and the usual ones."""
    reach = max(round(0.35 * most), 3)
    far, near = (range(max(most - times * reach, 0), most + times * reach + 1) for times in (3, 1))
    return far, near


def number_of(value: object) -> float | None:
    """A value of a scenario as a plain number, for the order on an axis: a share, a time in seconds, an amount."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return None
    try:
        return parse_duration(value)
    except ValueError:
        pass
    found = _NUMBER.fullmatch(value.strip())
    if found is None:
        return None
    return float(found[1]) / (100.0 if found[2].startswith("%") else 1.0)


def parse_values(text: str) -> list[object]:
    """Read "0.2:0.7:0.1" (first, last, step), "20 %:70 %:10 %", or a list, "0.2, 0.35, 0.7".

    Raises
    ------
    ValueError
        If `text` is of no such form; the message says what would be.
    """
    allowed = "write FIRST:LAST:STEP, as in 0.2:0.7:0.1 or 20 %:70 %:10 %, or a list, as in 0.2,0.35,0.7."
    parts = [part.strip() for part in text.split(":")]
    if len(parts) == 1:
        listed = [part.strip() for part in text.split(",")]
        if not all(listed):
            msg = f'"{text}" has an empty value: {allowed}'
            raise ValueError(msg)
        return [_plain_value(part) for part in listed]
    numbers = [_NUMBER.fullmatch(part) for part in parts]
    if len(parts) != 3 or None in numbers:
        msg = f'"{text}" is not a range: {allowed}'
        raise ValueError(msg)
    (first, last, step), units = (
        [Decimal(found[1]) for found in numbers if found],
        {found[2] for found in numbers if found and found[2]},
    )
    if len(units) > 1:
        msg = f'"{text}" mixes {" and ".join(sorted(units))}: {allowed}'
        raise ValueError(msg)
    if step <= 0 or last < first:
        msg = f'"{text}" goes nowhere: the step must be above 0 and the last value not below the first.'
        raise ValueError(msg)
    count = int((last - first) / step) + 1
    if count > MOST_VALUES:
        msg = f'"{text}" has {count:,} values; at most {MOST_VALUES} are allowed.'
        raise ValueError(msg)
    unit = next(iter(units), "")
    values = [first + k * step for k in range(count)]
    if unit:
        return [f"{value:f} {unit}" for value in values]
    return [int(value) if value == value.to_integral_value() else float(value) for value in values]


def _is_one(value: object) -> bool:
    """Whether a value is there, and is neither a table nor a list."""
    return value is not None and not isinstance(value, dict | list)


def _label(value: object) -> str:
    """A value as the file would have it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain_value(text: str) -> object:
    """A number if it is one, otherwise the text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _steps_to(number: float | None, ascending: Sequence[float]) -> float | None:
    """Where a number lies among others, in steps from the first of them; None if beyond them or unknown."""
    if number is None or not ascending or not ascending[0] <= number <= ascending[-1]:
        return None
    above = next(place for place, each in enumerate(ascending) if each >= number)
    if above == 0:
        return 0.0
    before, after = ascending[above - 1], ascending[above]
    return above - 1 + (number - before) / (after - before)
