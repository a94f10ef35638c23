"""M/M/n+G: customers give up, and their patience has any distribution."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from simulator.queueing.arguments import check_whole
from simulator.queueing.erlang import inverse_erlang_b
from simulator.queueing.formulas import GENERAL_PATIENCE_QUEUE
from simulator.queueing.patience import Patience, PatienceLike
from simulator.queueing.steady_state import SteadyState
from simulator.queueing.virtual_wait import Law, VirtualWait


@dataclass(frozen=True, kw_only=True)
class MMnG(SteadyState):
    """M/M/n+G, exact up to the quadrature of `virtual_wait` (about eleven digits).

    Baccelli and Hebuterne, On queues with impatient customers, Performance '81, 1981; Zeltyn and Mandelbaum, Call
    centers with impatient customers: many-server asymptotics of the M/M/n+G queue, Queueing Systems 51, 2005.

    Raises
    ------
    ValueError
        If the queue would grow for ever because too few customers ever give up, if `patience` is no survival
        function, or an argument is out of its range.
    """

    formulas: ClassVar[Mapping[str, str]] = GENERAL_PATIENCE_QUEUE

    patience: PatienceLike
    """A `Patience`, a distribution of `scipy.stats`, or a survival function that takes an array of seconds."""

    def __post_init__(self) -> None:
        """Refuse a queue that would grow for ever."""
        super().__post_init__()
        check_whole("servers", self.servers, least=1)
        self._virtual_wait  # noqa: B018  # solved now, so that a refusal comes now

    @cached_property
    def _patience(self) -> Patience:
        return Patience.of(self.patience)

    @cached_property
    def _virtual_wait(self) -> VirtualWait:
        return VirtualWait.solve(self.arrival_rate, self.servers / self.mean_handling_time, self._patience)

    @cached_property
    def _law(self) -> Law:
        return self._virtual_wait.law()

    @cached_property
    def probability_of_wait(self) -> float:
        """Share of contacts that find all agents busy."""
        busy, start = self._virtual_wait.mass()
        return (
            self.arrival_rate
            * busy
            / (start * inverse_erlang_b(self.servers - 1, self.load) + self.arrival_rate * busy)
        )

    @cached_property
    def abandonment_ratio(self) -> float:
        """Abandoned over offered."""
        return self.probability_of_wait * float(self._law.weight @ self._law.given_up)

    @property
    def mean_wait(self) -> float:
        """Mean wait of all offered contacts, in seconds."""
        return self._wait_of_answered + self._wait_of_abandoned

    @cached_property
    def _wait_of_answered(self) -> float:
        """E[W; answered]."""
        return self.probability_of_wait * float(self._law.weight @ (self._law.time * self._law.survival))

    @cached_property
    def _wait_of_abandoned(self) -> float:
        """E[W; abandoned]."""
        return self.probability_of_wait * float(self._law.weight @ self._law.lost_wait)

    @property
    def asa(self) -> float:
        """Average speed of answer: mean wait of the answered contacts, in seconds."""
        return self._wait_of_answered / (1 - self.abandonment_ratio)

    @property
    def mean_wait_of_abandoned(self) -> float:
        """Mean wait of the contacts that gave up, in seconds; nan if nobody does."""
        return self._wait_of_abandoned / self.abandonment_ratio if self.abandonment_ratio else math.nan

    def _virtual_wait_survival(self, wait: float) -> float:
        law = self._virtual_wait.law(cut=wait)
        return self.probability_of_wait * float(law.weight[law.time > wait].sum())

    def _patience_survival(self, wait: float) -> float:
        return float(self._patience.survival(np.array(wait)))

    def _answered_within(self, wait: float) -> float:
        law = self._virtual_wait.law(cut=wait)
        early = law.time <= wait
        return 1 - self.probability_of_wait * (1 - float(law.weight[early] @ law.survival[early]))
