"""What the centre is: the frozen, plain description that everything to the right reads and nobody changes.

Times are seconds, shares and factors plain numbers; the human units of the file are gone by now. Channels, topics and
groups are referred to by their index in `Scenario.channels`, `Scenario.topics` and `Scenario.groups`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulator.scenario.customers import Returns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from numpy.typing import NDArray

    from simulator.scenario.agents import Learning, OnCall, ReadyAnswers
    from simulator.scenario.calendar import Calendar
    from simulator.scenario.customers import Callback, Outage, Silent, Told
    from simulator.scenario.hours import WeeklyHours
    from simulator.scenario.orders import Orders
    from simulator.scenario.suppliers import Supplier

DistributionFamily = Literal["exponential", "gamma", "lognormal", "constant", "quantiles"]
ChannelKind = Literal["live", "deferred"]
Closing = Literal["drain", "cut"]
Employer = Literal["in-house", "outsourced", "temporary"]
TargetPeriod = Literal["interval", "day", "horizon"]
ForecastBand = Literal["drawn", "expected", "pessimistic", "optimistic"]
ForecastGrowth = Literal["square root", "none"]
ServiceLevelDefinition = Literal[
    "offered", "offered less abandoned within", "answered", "abandoned within as met", "short abandons as met"
]


@dataclass(frozen=True, slots=True)
class Distribution:
    """A positive random time."""

    family: DistributionFamily
    mean: float
    """Seconds; inf allowed for a patience that never ends."""
    cv: float
    """Standard deviation divided by mean: 1 for exponential, 0 for constant."""
    quantiles: tuple[tuple[float, float], ...] = ()
    """Of the family of that name: (share over, time), both rising; the mean says in what unit the times are."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Why customers make contact."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class CustomerClass:
    """Customers whom the centre treats alike, whatever they make contact about: VIPs, a language."""

    name: str
    title: str
    share: tuple[float, ...] = ()
    """[channel] Share of the enquiries that begin there; nothing is said of ordinary customers, who are the rest."""
    priority_step: int = 0
    """Added to the priority of the contact's channel and topic."""
    handling_factor: float = 1.0
    """Multiplies the handling time."""
    patience_factor: float = 1.0
    """Multiplies the patience."""


ORDINARY = CustomerClass("ordinary", "Ordinary customers")
"""Whoever is in no class that the scenario names; number 0 of all classes."""


@dataclass(frozen=True, slots=True)
class ContactType:
    """One topic on one channel: how such a contact behaves."""

    topic: int
    share: float
    """Share of the channel's contacts, where the demand does not say it topic by topic."""
    handling_time: Distribution
    """Work for an agent of speed 1 who holds nothing else."""
    patience: Distribution | None
    """None: waits for ever (all deferred channels)."""
    priority: int
    """The lowest number is served first."""
    bot_share: float
    """Share of contacts that meet the bot, those who refuse it left out."""
    containment: float
    """Share of those that the bot finishes."""
    escalated_handling: float = 1.0
    """Multiplies the handling time of those that it hands over."""
    escalated_patience: float = 1.0
    """Multiplies their patience."""
    returns: Returns = field(default_factory=Returns)
    """What may follow."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The automatic first stage of a channel."""

    time: Distribution
    hours: WeeklyHours
    """When it answers."""
    capacity: int | None = None
    """Contacts that it can hold at once; None: any number."""


@dataclass(frozen=True, slots=True)
class Target:
    """The promise a channel is judged by: `share` of contacts `within` a time, judged per `period`."""

    share: float
    within: float
    """Seconds: until an agent answers (live), or until the contact is finished (deferred)."""
    definition: ServiceLevelDefinition
    """What is counted against what; for deferred channels always finished in time over all that fell due."""
    period: TargetPeriod
    open_time: bool
    """Deferred only: whether `within` counts the channel's open hours instead of every hour."""


@dataclass(frozen=True, slots=True)
class StepProfile:
    """A rate's shape through one day: `weight[k]` holds from `clock[k]` seconds after midnight to the next step."""

    clock: tuple[float, ...]
    weight: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ProfileDemand:
    """Volume x weekday x time of day x holiday."""

    per_week: float
    """Expected contacts in a week without holidays, named days or campaigns."""
    weekday_share: tuple[float, ...]
    """[7] Share of the week's contacts by day, Monday first; sums to 1."""
    time_of_day: tuple[StepProfile, ...]
    """[7] Shape within each weekday; only its proportions count."""
    holiday_factor: float
    """Multiplies the volume of a public holiday."""


@dataclass(frozen=True, slots=True)
class HistoryDemand:
    """Counts of a volume file. `topic` -1 in `topics` means the file does not tell topics apart."""

    use: Literal["dated", "typical week"]
    """Whether the file's dates are the horizon's own, or are averaged by weekday and time of day."""
    step: float
    """Seconds from one row's start to the next within a day."""
    date: tuple[date, ...]
    """[day] The days that the file covers, in order."""
    clock: NDArray[np.float64]
    """[slot] Local clock seconds after midnight of each row of a day."""
    topics: tuple[int, ...]
    """[column] Topic of each count column."""
    count: NDArray[np.float64]
    """[day, slot, column] Contacts counted."""
    scale: float
    """Multiplies every count."""
    source: str
    """The file's name, for messages and reports."""


@dataclass(frozen=True, slots=True)
class Busyness:
    """Random factors of mean 1 on a channel's volume, gamma distributed."""

    day_cv: float | None
    """Coefficient of variation from day to day; None: as the volume file shows it."""
    interval_cv: float | None
    """Coefficient of variation from interval to interval; None: as the volume file shows it."""
    interval_memory: float | None = 0.0
    """Seconds: the interval factor's scores on one date, t apart, have correlation exp(-t / memory). 0: independent;
    None: as the volume file shows it."""


@dataclass(frozen=True, slots=True)
class Channel:
    """A way in, and the rules on it."""

    name: str
    title: str
    kind: ChannelKind
    hours: WeeklyHours
    """Live: when the agents' queue takes contacts. Deferred: the hours that `Target.open_time` counts."""
    closing: Closing
    slots: int
    """Contacts of this channel that one agent may hold at once, unless a skill says otherwise."""
    slot_speed: tuple[float, ...]
    """Speed of each contact when the agent holds 1, 2, ... of them."""
    interruptible: bool
    bot: Bot | None
    target: Target
    short_abandon: float
    """Seconds: giving up sooner counts as short (a misdial)."""
    types: tuple[ContactType, ...]
    """One for each topic that this channel takes."""
    demand: ProfileDemand | HistoryDemand | None
    busyness: Busyness
    backlog: int
    """Deferred contacts already waiting when the horizon starts."""
    backlog_age: float
    """Seconds: age of the oldest of them; the others are spread evenly up to the start."""
    told: Told | None = None
    """What customers make of the wait that they are told; None: they are not told."""
    callback: Callback | None = None
    silent: Silent | None = None


@dataclass(frozen=True, slots=True)
class VolumeFactor:
    """A named day or the window of a campaign: multiplies the volume of some channels and topics, or of all orders."""

    name: str
    start: float
    """Seconds from the start of the horizon; may be negative."""
    end: float
    """Of the full strength."""
    factor: float
    """Of the volume, at full strength."""
    channels: tuple[int, ...]
    topics: tuple[int, ...]
    title: str = ""
    ramp: float = 0.0
    """Seconds from the start in which the strength rises to 1 in a straight line."""
    half_life: float = 0.0
    """Seconds after the end in which the strength falls to half; 0: it is over then."""
    on_orders: bool = False
    """Whether orders are multiplied instead of contacts; channels and topics are those of `handling` then."""
    handling: float = 1.0
    """Multiplies the handling time of contacts that arrive, at full strength."""
    not_open: bool = False
    """Whether it stands for a channel that is not open yet: no cause of contacts, and not told as one."""

    @property
    def over(self) -> float:
        """The instant from which on it has no effect: ten half-lives after the end."""
        return self.end + 10.0 * self.half_life


@dataclass(frozen=True, slots=True)
class Push:
    """Contacts or orders that a message brings from one instant on, ever fewer."""

    name: str
    """The campaign's."""
    title: str
    at: float
    """Seconds from the start of the horizon."""
    amount: float
    """Expected contacts or orders in all; or, if `of_day`, their share of what the day brings before campaigns."""
    of_day: bool
    half_life: float
    channels: tuple[int, ...]
    topics: tuple[int, ...]
    on_orders: bool


@dataclass(frozen=True, slots=True)
class Diversion:
    """Contacts that do not come as they would have: an announcement ahead, or a new channel that takes them over."""

    kind: Literal["announcement", "opening"]
    name: str
    title: str
    start: float
    """Seconds from the start of the horizon: contacts of [start, end) are concerned."""
    end: float
    """inf: for good."""
    topics: tuple[int, ...]
    share: tuple[float, ...]
    """[channel] Share of its contacts that respond."""
    avoided: float
    """Of those who respond, the share that stays away; the rest of what is said here comes all the same."""
    later: float
    """The share that comes later."""
    to: tuple[float, ...]
    """[channel] The share that comes on another channel instead."""
    delay: Distribution | tuple[float, float]
    """How much later; or the stretch of time, from and to, over which those who come later are spread evenly."""
    cost: float
    """Once, in the scenario's currency."""


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """How wrong the forecast may be: one factor of mean 1, lognormal, on all channels and days of a replication."""

    forecast_cv: float = 0.0
    """Coefficient of variation of a day a week ahead."""
    lead: float = 604_800.0
    """Seconds from the making of the forecast to the start of the horizon."""
    growth: ForecastGrowth = "square root"
    """How the coefficient of variation grows with the days ahead."""
    band: ForecastBand = "drawn"
    """Whether each replication draws its own error, there is none, or all have the same quantile of it."""
    quantile: float = 0.9
    """Of the error in the pessimistic band, which is the busy one; the optimistic one has 1 less this."""


@dataclass(frozen=True, slots=True)
class Skill:
    """Contacts that a group may serve."""

    channel: int
    topics: tuple[int, ...]
    level: int
    """Preference level: a contact goes to the lowest level that has a free agent."""
    overflow_after: float
    """Seconds a contact waits before this group may take it."""
    speed: float
    slots: int
    customer_classes: tuple[int, ...] = (0,)
    """Whose contacts."""


@dataclass(frozen=True, slots=True)
class Group:
    """Agents alike in skills, employer, speed and cost."""

    name: str
    title: str
    employer: Employer
    skills: tuple[Skill, ...]
    staffing: tuple[int, ...]
    """[interval] Agents planned to be on duty; of an on-call group, those who come if it is called."""
    reserve: int
    """Idle agents kept back for live work before deferred work is taken."""
    shrinkage: float
    """Share of paid time not available for contacts."""
    cost_per_hour: float
    """Price of a paid hour, in the scenario's currency."""
    absence: float = 0.0
    """Share of planned agent-days on which the agent is not there at all."""
    learning: Learning | None = None
    """None: all is learnt."""
    on_call: OnCall | None = None
    """None: comes as planned."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What the centre pays beside its agents' hours, and what a lost order is worth; in the scenario's currency.

    What is not named costs nothing.
    """

    overtime: float = 1.0
    """Price of an hour of overtime, over the group's price of an hour."""
    bot_session: Mapping[int, float] = field(default_factory=dict)
    """By channel: price of a contact that meets the bot."""
    line_minute: Mapping[int, float] = field(default_factory=dict)
    """By live channel: price of a minute in which a contact waits or is in hand."""
    fixed: Mapping[str, float] = field(default_factory=dict)
    """By name: what is paid once for the horizon."""
    order_value: float = 0.0
    """What is lost with an order."""
    order_share: Mapping[tuple[int, int], float] = field(default_factory=dict)
    """By channel and topic of the first contact: share of enquiries that carry an order."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Scenario:
    """One case, complete: everything that a run needs apart from the seed and the number of replications."""

    name: str
    title: str
    description: str
    calendar: Calendar
    currency: str
    topics: tuple[Topic, ...]
    channels: tuple[Channel, ...]
    groups: tuple[Group, ...]
    volume_factors: tuple[VolumeFactor, ...]
    correlation: float
    """Correlation of the day factors of any two channels that are equally variable."""
    customer_classes: tuple[CustomerClass, ...] = (ORDINARY,)
    """Ordinary customers first, then those whom the file names; every enquiry is of one of them."""
    ready_answers: tuple[ReadyAnswers, ...] = ()
    day_to_day: float = 0.0
    """Correlation of a channel's day factors from one day to the next."""
    uncertainty: Uncertainty = Uncertainty()
    diversions: tuple[Diversion, ...] = ()
    """In the order in which a contact meets them; it responds to one at most."""
    outages: tuple[Outage, ...] = ()
    after_opening: float = 3600.0
    """Seconds over which those spread who have found a channel closed and come after it opens."""
    attempts: int = 5
    """Attempts of one enquiry at most, calls back counted too."""
    orders: Orders | None = None
    pushes: tuple[Push, ...] = ()
    variants: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Named overrides: dotted path -> value, in the file's own units; `title` and `lever` are the variant's own."""
    costs: Costs = field(default_factory=Costs)
    suppliers: tuple[Supplier, ...] = ()
    """No group is of two of them."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where assumptions come from: dotted path -> text."""
    seed: int = 1
    replications: int = 20
    content_hash: str = ""
    """SHA-256 of what the file says, overrides applied and variants left out, and of the CSV files it names."""

    @property
    def staffing(self) -> NDArray[np.int64]:
        """[group, interval] Agents planned to be on duty."""
        return np.array([group.staffing for group in self.groups], dtype=np.int64).reshape(
            len(self.groups), self.calendar.intervals
        )

    @property
    def bot_on(self) -> NDArray[np.bool_]:
        """[channel, interval] Whether the channel has a bot and it answers."""
        never = np.zeros(self.calendar.intervals, dtype=np.bool_)
        rows = [never if each.bot is None else self.calendar.open_mask(each.bot.hours) for each in self.channels]
        return np.array(rows, dtype=np.bool_).reshape(len(rows), len(never)) & ~self.down

    @property
    def down(self) -> NDArray[np.bool_]:
        """[channel, interval] Whether an outage has the channel, or it opens after the interval (D10)."""
        down = np.zeros((len(self.channels), self.calendar.intervals), dtype=np.bool_)
        starts, ends = self.calendar.edges[:-1], self.calendar.edges[1:]
        for outage in self.outages:
            down[outage.channel] |= (starts >= outage.start) & (starts < outage.end)
        for channel, opens in self.opens.items():
            down[channel] |= ends <= opens
        return down

    @property
    def opens(self) -> dict[int, float]:
        """Channel -> instant at which it opens for the first time, of those that are not there from the start (D10)."""
        return {c: each.end for each in self.volume_factors if each.not_open and each.end > 0 for c in each.channels}

    @property
    def speed(self) -> NDArray[np.float64]:
        """[class, channel, topic, group] Work done per second by an agent who has learnt all; 1 without the skill."""
        speed = np.ones((len(self.customer_classes), len(self.channels), len(self.topics), len(self.groups)))
        for g, group in enumerate(self.groups):
            for skill in group.skills:
                speed[np.ix_(skill.customer_classes, [skill.channel], skill.topics, [g])] = skill.speed
        for answers in self.ready_answers:
            everybody = range(len(self.customer_classes))
            speed[np.ix_(everybody, answers.channels, answers.topics, answers.groups)] /= answers.work_left
        return speed

    def over_classes(self, factor: Callable[[CustomerClass], float]) -> NDArray[np.float64]:
        """[channel] The mean of a factor of the class over the enquiries that begin there; 1 for ordinary customers."""
        mean = np.ones(len(self.channels))
        for each in self.customer_classes[1:]:
            mean += np.array(each.share) * (factor(each) - 1.0)
        return mean

    @property
    def pace(self) -> NDArray[np.float64]:
        """[group, interval] Multiplies the speed of the group's agents: what they have learnt."""
        return self._learnt(lambda learning: learning.pace)

    @property
    def quality(self) -> NDArray[np.float64]:
        """[group, interval] Multiplies the share of contacts resolved at the first attempt."""
        return self._learnt(lambda learning: learning.quality)

    @property
    def least_quality(self) -> float:
        """The lowest quality that any agent of any group may have within the horizon."""
        return float(self.quality.min(initial=1.0))

    def _learnt(self, by_week: Callable[[Learning], tuple[float, ...]]) -> NDArray[np.float64]:
        learnt = np.ones((len(self.groups), self.calendar.intervals))
        for g, group in enumerate(self.groups):
            if group.learning is not None:
                learnt[g] = group.learning.by_interval(by_week(group.learning), self.calendar)
        return learnt

    def channel(self, name: str) -> int:
        """Index of the channel called `name`.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {channel.name: index for index, channel in enumerate(self.channels)}[name]

    def supplier(self, name: str) -> Supplier:
        """The supplier called `name`.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {supplier.name: supplier for supplier in self.suppliers}[name]
