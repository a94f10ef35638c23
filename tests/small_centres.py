"""Centres so small that every staffing can be tried, to hold the search for the cheapest one against.

All days of such a centre are alike, and where all channels are live nothing is left of one for the next. So many days
of one long play are as many replications of one day, which is a hundred times cheaper than to play them one by one.
Where messages may be left over, days are played one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.measures import Yardstick
from simulator.planning.staffing.bounds import Bounds
from simulator.planning.staffing.evaluator import Evaluator, Played
from simulator.planning.staffing.goal import Goal
from simulator.planning.staffing.pay import Pay
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from simulator.scenario import Scenario

    Ints = NDArray[np.int64]

DAYS = 150
"""In a long play."""
BY_FAR = 0.06
"""Of the share within a target, or of P(target met)."""
FAR_TOO_MANY = 1.0
"""Contacts left at the end beyond those that may be."""


@dataclass(frozen=True, slots=True)
class SmallCentre:
    """One of them."""

    name: str
    text: str
    """The scenario of one day."""
    period: Literal["interval", "day"]
    most: tuple[int, ...]
    """[group] Agents that are tried at most."""
    probability: float | None = None

    @property
    def leaves_work(self) -> bool:
        """Whether a day may leave some for the next."""
        return 'kind = "deferred"' in self.text

    def scenario(self, folder: Path, days: int = 1) -> Scenario:
        """Of so many days."""
        path = folder / f"{self.name}-{days}.toml"
        path.write_text(self.text.replace("days = 1", f"days = {days}"), encoding="utf-8")
        return load_scenario(path)

    def goal(self, scenario: Scenario) -> Goal:
        """Its targets."""
        return Goal.of(scenario, period=self.period, probability=self.probability)

    def bounds(self, scenario: Scenario) -> Bounds:
        """What is tried."""
        most = {group.name: most for group, most in zip(scenario.groups, self.most, strict=True)}
        return Bounds.of(scenario, self.goal(scenario), most)


class Truth:
    """What many days say of any staffing of a day."""

    def __init__(self, centre: SmallCentre, folder: Path, seed: int, plays: int) -> None:
        self.day = centre.scenario(folder)
        self.goal, self.bounds, self.pay = centre.goal(self.day), centre.bounds(self.day), Pay.of(self.day)
        self.yardstick = Yardstick.of(self.day)
        self.days = 1 if centre.leaves_work else DAYS
        self.evaluator = Evaluator(
            centre.scenario(folder, self.days), replications=plays * (DAYS // self.days), seed=seed
        )

    def play(self, staffing: Ints) -> Played:
        """The days as replications of one."""
        played = self.evaluator.evaluate(np.tile(staffing, (1, self.days)))
        if self.days == 1:
            return played

        def by_day(table: NDArray[np.float64]) -> NDArray[np.float64]:
            plays, rows, intervals = table.shape
            days = table.reshape(plays, rows, DAYS, intervals // DAYS)
            return days.transpose(0, 2, 1, 3).reshape(plays * DAYS, rows, intervals // DAYS)

        none = np.zeros((len(played.met) * DAYS, played.met.shape[1]))
        return replace(
            played,
            yardstick=self.yardstick,
            staffing=staffing,
            **{
                name: by_day(getattr(played, name)) for name in ("met", "judged", "busy", "staffed", "overtime", "left")
            },
            **dict.fromkeys(("backlog_met", "backlog_judged", "backlog_left", "may_be_left"), none),
        )

    def cheapest(self, other: Truth) -> Played:
        """The cheapest staffing of all that keep the goal, on these days and on the other ones: not by luck.

        A staffing that has no more agents anywhere than one that misses the goal by far misses it too, and is not
        played. By far: an agent fewer may help a little, for who leaves first is who is idle. Nor is one played whose
        planned agents alone cost more than the best so far with its overtime.
        """
        cells = np.argwhere(self.bounds.most > self.bounds.least)
        levels = [range(self.bounds.least[g, i], self.bounds.most[g, i] + 1) for g, i in cells]
        price = np.array([self.pay.agent[g, i] for g, i in cells])
        every = np.array(list(product(*levels)))
        every = every[np.argsort(every @ price, kind="stable")]
        open_ = np.ones(len(every), dtype=np.bool_)
        best: Played | None = None
        best_cost = np.inf
        for number in self._order(every, price):
            agents = every[number]
            if not open_[number] or agents @ price >= best_cost:
                continue
            staffing = self.bounds.least.copy()
            staffing[tuple(cells.T)] = agents
            played = self.play(staffing)
            if not self.goal.is_kept(played):
                short = self.goal.level[:, None] - self.goal.attained(played)
                left = self.goal.left(played) > self.goal.may_be_left(played) + FAR_TOO_MANY
                if np.nanmax(short) > BY_FAR or left.any():
                    open_ &= ~(every <= agents).all(axis=1)
            elif self.pay.cost(played) < best_cost and other.goal.is_kept(other.play(staffing)):
                best, best_cost = played, self.pay.cost(played)
        assert best is not None
        return best

    @staticmethod
    def _order(every: Ints, price: NDArray[np.float64]) -> Ints:
        """First a few that are dear, to have a bound soon; then by halves of what is left."""
        cost = every @ price
        return np.argsort(np.abs(cost - 0.5 * cost.max()), kind="stable")


def _text(*, hours: str, interval: str, channels: str, groups: str, title: str = "Small centre") -> str:
    return f"""
title = "{title}"
[horizon]
start = 2026-05-01
days = 1
interval = "{interval}"
[simulation]
replications = 100
seed = 1
{channels.replace("HOURS", hours)}
{groups.replace("HOURS", hours)}
"""


def _channel(
    name: str,
    per_day: float,
    shape: str,
    *,
    time: str,
    within: str,
    share: int,
    patience: str = "3 min",
    more: str = "",
) -> str:
    return f"""
[channels.{name}]
kind = "live"
hours = "mon-sun HOURS"
handling_time = {{ mean = "{time}", distribution = "exponential" }}
patience = {{ mean = "{patience}" }}
target = {{ answered = "{share} %", within = "{within}" }}
{more}
[channels.{name}.demand]
per_week = {7 * per_day}
weekdays = {{ mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }}
time_of_day = {{ {shape} }}
"""


def _mail(*, per_day: float, hours: str, within: str) -> str:
    begin, end = hours.split("-")
    return f"""
[channels.mail]
kind = "deferred"
hours = "mon-sun {hours}"
interruptible = true
handling_time = {{ mean = "5 min", distribution = "exponential" }}
target = {{ answered = "90 %", within = "{within}" }}
[channels.mail.demand]
per_week = {7 * per_day}
weekdays = {{ mon = 1, tue = 1, wed = 1, thu = 1, fri = 1, sat = 1, sun = 1 }}
time_of_day = {{ "{begin}" = 1, "{int(end[:2]) - 1:02}:00" = 0 }}
"""


def _group(name: str, cost: float, skills: str) -> str:
    return f"""
[groups.{name}]
cost = "{cost} EUR/h"
[groups.{name}.staffing]
"mon-sun HOURS" = 1
{"".join(f"[groups.{name}.skills.{skill}]{chr(10)}" for skill in skills.split())}
"""


_RISING = '"09:00" = 1, "10:00" = 2, "11:00" = 0'
_FALLING = '"09:00" = 3, "10:00" = 1, "11:00" = 0'
_THREE = '"09:00" = 1, "10:00" = 2, "11:00" = 1, "12:00" = 0'
_CHAT = "slots = 2\nslot_speed = [1.0, 0.8]"


def _phone_and_chat(one: str, other: str) -> str:
    return _channel("phone", 40, one, time="5 min", within="60 s", share=80) + _channel(
        "chat", 30, other, time="6 min", within="60 s", share=75, more=_CHAT
    )


_SPECIALISTS_AND_ALL = _group("callers", 24, "phone") + _group("both", 30, "phone chat")
_SPECIALISTS = _group("callers", 24, "phone") + _group("writers", 24, "chat")
_THREE_GROUPS = _SPECIALISTS + _group("both", 29, "phone chat")

MAIL_BESIDE = SmallCentre(
    "mail-beside",
    _text(
        hours="09:00-12:00",
        interval="1 h",
        channels=_channel("phone", 45, _THREE, time="5 min", within="60 s", share=80)
        + _mail(per_day=18, hours="09:00-12:00", within="2 h"),
        groups=_group("callers", 24, "phone") + _group("blended", 27, "phone mail"),
    ),
    "day",
    (3, 3),
)

SMALL_CENTRES = (
    SmallCentre(
        "rising",
        _text(
            hours="09:00-11:00", interval="1 h", channels=_phone_and_chat(_RISING, _RISING), groups=_SPECIALISTS_AND_ALL
        ),
        "interval",
        (5, 5),
    ),
    SmallCentre(
        "phone-and-mail",
        _text(
            hours="09:00-11:00",
            interval="1 h",
            channels=_channel("phone", 20, _RISING, time="5 min", within="60 s", share=75)
            + _mail(per_day=10, hours="09:00-11:00", within="1 h"),
            groups=_group("callers", 24, "phone") + _group("blended", 27, "phone mail"),
        ),
        "day",
        (2, 2),
    ),
    SmallCentre(
        "rising-day",
        _text(
            hours="09:00-11:00", interval="1 h", channels=_phone_and_chat(_RISING, _RISING), groups=_SPECIALISTS_AND_ALL
        ),
        "day",
        (5, 5),
    ),
    SmallCentre(
        "crossing",
        _text(
            hours="09:00-11:00",
            interval="1 h",
            channels=_phone_and_chat(_RISING, _FALLING),
            groups=_SPECIALISTS_AND_ALL,
        ),
        "interval",
        (5, 5),
    ),
    SmallCentre(
        "crossing-day",
        _text(
            hours="09:00-11:00",
            interval="1 h",
            channels=_phone_and_chat(_RISING, _FALLING),
            groups=_SPECIALISTS_AND_ALL,
        ),
        "day",
        (5, 5),
    ),
    SmallCentre(
        "three-groups",
        _text(hours="09:00-11:00", interval="1 h", channels=_phone_and_chat(_RISING, _FALLING), groups=_THREE_GROUPS),
        "interval",
        (4, 3, 3),
    ),
    SmallCentre(
        "three-groups-day",
        _text(hours="09:00-11:00", interval="1 h", channels=_phone_and_chat(_FALLING, _RISING), groups=_THREE_GROUPS),
        "day",
        (4, 3, 3),
    ),
    SmallCentre(
        "three-hours-day",
        _text(
            hours="09:00-12:00", interval="1 h", channels=_phone_and_chat(_THREE, _THREE), groups=_SPECIALISTS_AND_ALL
        ),
        "day",
        (3, 3),
    ),
    SmallCentre(
        "likely",
        _text(
            hours="09:00-11:00", interval="1 h", channels=_phone_and_chat(_RISING, _RISING), groups=_SPECIALISTS_AND_ALL
        ),
        "day",
        (6, 5),
        probability=0.75,
    ),
    SmallCentre(
        "four-intervals",
        _text(
            hours="09:00-11:00",
            interval="30 min",
            channels=_channel("phone", 30, _RISING, time="4 min", within="60 s", share=75)
            + _channel("chat", 12, _RISING, time="5 min", within="2 min", share=75),
            groups=_group("callers", 24, "phone") + _group("both", 27, "phone chat"),
        ),
        "day",
        (2, 2),
    ),
    SmallCentre(
        "three-channels",
        _text(
            hours="09:00-11:00",
            interval="1 h",
            channels=_phone_and_chat(_RISING, _FALLING)
            + _channel("video", 10, _FALLING, time="5 min", within="2 min", share=70),
            groups=_group("callers", 24, "phone") + _group("all", 30, "phone chat video"),
        ),
        "day",
        (5, 5),
    ),
    SmallCentre(
        "slow-helpers",
        _text(
            hours="09:00-11:00",
            interval="1 h",
            channels=_phone_and_chat(_RISING, _FALLING),
            groups=_group("callers", 24, "phone")
            + _group("both", 30, "phone chat").replace("skills.phone]", "skills.phone]\nspeed = 0.8\nlevel = 2"),
        ),
        "day",
        (5, 5),
    ),
)
