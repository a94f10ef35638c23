"""One queue in SimPy as its tutorials write it: a process a customer, `request() | timeout()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy
from answers import ACCEPTABLE_WAIT, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from workloads import Day

    Process = Generator[simpy.Event, object, None]

BEFORE_CUSTOMERS = -1


def prepare(day: Day) -> Callable[[], Answer]:
    """Get a day ready; what is returned plays it.

    The number of agents changes as in the recipes for machines that break down: whoever is missing is a request that
    goes before those of customers.
    """
    rows = [column.tolist() for column in (day.contacts.arrival, day.contacts.work, day.contacts.patience)]
    on_duty = day.staffing[0].tolist()
    most = max(on_duty)
    shifts = list(zip(day.centre.edges.tolist(), on_duty, strict=False))

    def play() -> Answer:
        env = simpy.Environment()
        in_time = abandoned = 0

        def customer(work: float, patience: float) -> Process:
            nonlocal in_time, abandoned
            arrival = env.now
            with agents.request() as request:
                yield request | env.timeout(patience)
                if request.triggered:
                    in_time += env.now - arrival <= ACCEPTABLE_WAIT
                    yield env.timeout(work)
                else:
                    abandoned += 1

        def arrivals() -> Process:
            for arrival, work, patience in zip(*rows, strict=True):
                yield env.timeout(arrival - env.now)
                env.process(customer(work, patience))

        def staff(agents: simpy.PriorityResource) -> Process:
            missing: list[simpy.resources.resource.PriorityRequest] = []
            for start, wanted in shifts:
                yield env.timeout(start - env.now)
                while len(missing) < most - wanted:
                    missing.append(agents.request(priority=BEFORE_CUSTOMERS))
                while len(missing) > most - wanted:
                    request = missing.pop()
                    if request.triggered:
                        agents.release(request)
                    else:
                        request.cancel()

        agents = simpy.Resource(env, most)
        if min(on_duty) < most:
            agents = simpy.PriorityResource(env, most)
            env.process(staff(agents))
        env.process(arrivals())
        env.run(until=day.centre.horizon)
        return Answer(len(rows[0]), in_time, abandoned)

    return play
