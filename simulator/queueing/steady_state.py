"""What every queue here can tell, whatever the formulas behind it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, overload

import numpy as np

from simulator.queueing.arguments import check_inner_share, check_not_negative, check_positive, check_whole
from simulator.queueing.formulas import SERVICE_LEVEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.scenario.model import ServiceLevelDefinition

    Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SteadyState(ABC):
    """One queue in the long run: Poisson arrivals, alike agents, exponential handling times, first come first served.

    The wait W of a contact ends with an agent's answer or with giving up. Its virtual wait V is the wait it would
    have, were its own patience endless. Shares and means are over all offered contacts unless said otherwise, and
    nan where there is nobody to take them over.
    """

    formulas: ClassVar[Mapping[str, str]]
    """Measure -> the formula behind it, as text; those of the service level are in `SERVICE_LEVEL`."""

    servers: int
    """Agents on duty."""
    arrival_rate: float
    """Contacts per second."""
    mean_handling_time: float
    """Seconds."""

    def __post_init__(self) -> None:
        """Refuse what describes no queue."""
        check_whole("servers", self.servers, least=0)
        check_not_negative("arrival_rate", self.arrival_rate, "contacts per second")
        check_positive("mean_handling_time", self.mean_handling_time, "seconds")

    @property
    def load(self) -> float:
        """Offered load in erlangs: the agents that would be busy if nobody gave up."""
        return self.arrival_rate * self.mean_handling_time

    @property
    @abstractmethod
    def probability_of_wait(self) -> float:
        """Share of contacts that find all agents busy."""

    @property
    @abstractmethod
    def abandonment_ratio(self) -> float:
        """Abandoned over offered."""

    @property
    @abstractmethod
    def mean_wait(self) -> float:
        """Mean wait of all offered contacts, in seconds."""

    @property
    @abstractmethod
    def asa(self) -> float:
        """Average speed of answer: mean wait of the answered contacts, in seconds."""

    @property
    @abstractmethod
    def mean_wait_of_abandoned(self) -> float:
        """Mean wait of the contacts that gave up, in seconds."""

    @abstractmethod
    def _virtual_wait_survival(self, wait: float) -> float:
        """P(V > wait)."""

    @abstractmethod
    def _patience_survival(self, wait: float) -> float:
        """P(patience > wait)."""

    @abstractmethod
    def _answered_within(self, wait: float) -> float:
        """P(V <= wait, answered)."""

    @property
    def occupancy(self) -> float:
        """Share of the agents' time spent on contacts."""
        return self.load * (1 - self.abandonment_ratio) / self.servers if self.servers else math.nan

    @property
    def mean_queue_length(self) -> float:
        """Mean number of contacts waiting."""
        return self.arrival_rate * self.mean_wait

    @overload
    def virtual_wait_survival(self, wait: float) -> float: ...
    @overload
    def virtual_wait_survival(self, wait: Floats) -> Floats: ...
    def virtual_wait_survival(self, wait: float | Floats) -> float | Floats:
        """P(V > wait), for a wait in seconds or an array of them."""
        if isinstance(wait, np.ndarray):
            return np.array([self.virtual_wait_survival(float(t)) for t in wait.flat]).reshape(wait.shape)
        check_not_negative("wait", wait, "seconds")
        return self._virtual_wait_survival(wait)

    @overload
    def wait_survival(self, wait: float) -> float: ...
    @overload
    def wait_survival(self, wait: Floats) -> Floats: ...
    def wait_survival(self, wait: float | Floats) -> float | Floats:
        """P(W > wait), for a wait in seconds or an array of them."""
        if isinstance(wait, np.ndarray):
            return np.array([self.wait_survival(float(t)) for t in wait.flat]).reshape(wait.shape)
        return self.virtual_wait_survival(wait) * self._patience_survival(wait)

    def wait_quantile(self, share: float) -> float:
        """Least t, in seconds, such that `share` of all offered contacts wait no longer than t."""
        check_inner_share("share", share)
        longer = 1 - share
        if self.wait_survival(0.0) <= longer:
            return 0.0
        low, high = 0.0, self.mean_handling_time
        while self.wait_survival(high) > longer:
            low, high = high, 2 * high
        # Bisection, because the survival function may jump where many lose patience at once.
        while low < (middle := (low + high) / 2) < high:
            low, high = (middle, high) if self.wait_survival(middle) > longer else (low, middle)
        return high

    def answered_within(self, acceptable_wait: float) -> float:
        """Answered within `acceptable_wait` seconds, over offered."""
        check_not_negative("acceptable_wait", acceptable_wait, "seconds")
        return max(0.0, self._answered_within(acceptable_wait))

    def abandoned_within(self, wait: float) -> float:
        """Abandoned within `wait` seconds, over offered."""
        return max(0.0, 1 - self.wait_survival(wait) - self.answered_within(wait))

    def service_level(
        self,
        acceptable_wait: float,
        definition: ServiceLevelDefinition = "offered",
        *,
        short_abandon: float | None = None,
    ) -> float:
        """Service level within `acceptable_wait` seconds, by one of the five definitions in `SERVICE_LEVEL`.

        Parameters
        ----------
        short_abandon
            For "short abandons as met" only: giving up within so many seconds counts as met. Not longer than
            the acceptable wait.
        """
        if definition not in SERVICE_LEVEL:
            msg = f"definition is {definition!r}; it must be one of: {', '.join(SERVICE_LEVEL)}."
            raise ValueError(msg)
        answered = self.answered_within(acceptable_wait)
        match definition:
            case "offered":
                return answered
            case "offered less abandoned within":
                base = 1 - self.abandoned_within(acceptable_wait)
            case "answered":
                base = 1 - self.abandonment_ratio
            case "abandoned within as met":
                return 1 - self.wait_survival(acceptable_wait)
            case "short abandons as met":
                if short_abandon is None or not 0 <= short_abandon <= acceptable_wait:
                    msg = (
                        f"short_abandon is {short_abandon!r}; the service level with short abandons as met needs "
                        f"it, from 0 to the acceptable wait of {acceptable_wait:g} seconds."
                    )
                    raise ValueError(msg)
                return answered + self.abandoned_within(short_abandon)
        return answered / base if base > 0 else math.nan
