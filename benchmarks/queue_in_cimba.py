"""One queue in cimba, a process a customer, compiled by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cimba as cb
import numpy as np
from answers import ACCEPTABLE_WAIT, Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from workloads import Day

SUCCESS = 0
GIVES_UP = 1


class Centre(cb.Model):
    """The queue, its customers and its shifts."""

    gap: cb.Input[float]
    work: cb.Input[float]
    patience: cb.Input[float]
    capacity: cb.Input[float]
    interval: float
    agents: cb.Resource
    in_time: cb.Output[float] = 0.0
    abandoned: cb.Output[float] = 0.0

    @cb.process
    def arrivals(self) -> None:
        """One customer after the other."""
        while self.gap.remaining() > 0:
            cb.hold(self.gap.next())
            cb.spawn(Customer, centre=self, work=self.work.next(), patience=self.patience.next())

    @cb.process
    def staff(self) -> None:
        """One interval after the other."""
        while self.capacity.remaining() > 0:
            self.agents.set_capacity(int(self.capacity.next()))
            cb.hold(self.interval)


class Customer(cb.Model):
    """Waits for an agent, or gives up."""

    centre: cb.Ref[Centre]
    work: float
    patience: float

    @cb.process
    def live(self) -> None:
        """A customer's life."""
        arrival = cb.now()
        me = cb.this_process()
        me.timer_set(self.patience, GIVES_UP)
        if self.centre.agents.acquire() == SUCCESS:
            me.timers_clear()
            if cb.now() - arrival <= ACCEPTABLE_WAIT:
                self.centre.in_time += 1.0
            cb.hold(self.work)
            self.centre.agents.release()
        else:
            self.centre.abandoned += 1.0


def prepare(day: Day) -> Callable[[], Answer]:
    """Get a day ready; what is returned plays it."""
    contacts = day.contacts
    model = Centre()
    model.gap = cb.inputs.trace(np.diff(contacts.arrival, prepend=0.0))
    model.work = cb.inputs.trace(contacts.work)
    model.patience = cb.inputs.trace(contacts.patience)
    model.capacity = cb.inputs.trace(day.staffing[0].astype(np.float64))
    model.interval = float(day.centre.edges[1])
    model.agents = cb.Resource(capacity=int(day.staffing[0, 0]))
    experiment = cb.Experiment(model, window=cb.Window(duration=day.centre.horizon))

    def play() -> Answer:
        results = experiment.run(workers=1, on_failure="raise")
        outputs = results[model]
        return Answer(len(contacts), int(outputs.in_time[0, 0]), int(outputs.abandoned[0, 0]))

    return play
