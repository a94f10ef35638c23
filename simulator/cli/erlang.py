"""`ruuhka erlang`: a calculator from agents to service and back, with the formula named."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from simulator.cli.console import output
from simulator.cli.failures import DONE, BadInputError
from simulator.queueing import ErlangA, ErlangC, SteadyState, required_agents
from simulator.report.json_output import number, printed
from simulator.report.tables import new_table
from simulator.scenario.units import parse_duration, parse_share
from simulator.words import time_text, value_text

if TYPE_CHECKING:
    from collections.abc import Callable

NEIGHBOURS = 2
"""Rows shown on either side of the asked number of agents."""
MOST_LOAD = 100_000
"""Erlangs up to which the calculator answers at once."""
SHOWN = {"probability_of_wait": "waits", "asa": "ASA", "abandonment_ratio": "abandoned", "occupancy": "occupancy"}
"""Measures beside the service level, and the headings of their columns."""
SIGNS = (
    "λ arrival rate, μ = 1 / mean handling time, θ = 1 / mean patience, n agents, a = λ/μ offered load, ρ = a/n, "
    "W wait until answered or given up, V virtual wait (of somebody who never gives up), T acceptable wait, "
    "G(t) share of customers whose patience lasts longer than t."
)


def erlang_command(
    calls_per_hour: float,
    aht: str,
    agents: int | None,
    target: str | None,
    within: str,
    patience: str | None,
    *,
    as_json: bool,
) -> int:
    """Work out one queue; returns the exit code.

    Raises
    ------
    BadInputError
        Naming the option at fault and what is allowed.
    """
    mean_handling_time = read("--aht", aht)
    acceptable_wait = parsed("--within", parse_duration, within)
    mean_patience = math.inf if patience is None else read("--patience", patience)
    if (agents is None) == (target is None):
        msg = "Give either --agents, to work out the service, or --target, to work out the agents."
        raise BadInputError(msg)
    rate = calls_per_hour / 3600.0
    if not 0 < rate * mean_handling_time <= MOST_LOAD:
        msg = (
            f"--calls-per-hour {calls_per_hour:g} of {aht} each: the load must be above 0 and at most "
            f"{MOST_LOAD:,} erlangs."
        )
        raise BadInputError(msg)
    if target is not None:
        share = parsed("--target", parse_share, target)
        if not 0 < share < 1:
            msg = f"--target {target}: it must be above 0 % and below 100 %."
            raise BadInputError(msg)
        agents = required_agents(
            rate, mean_handling_time, mean_patience, service_level=share, acceptable_wait=acceptable_wait
        )
    assert agents is not None
    stable = math.floor(rate * mean_handling_time) + 1
    if mean_patience == math.inf and agents < stable:
        msg = (
            f"--agents {agents}: nobody gives up, so the queue would grow for ever; give at least {stable} agents, or "
            "--patience."
        )
        raise BadInputError(msg)
    asked = queue(agents, rate, mean_handling_time, mean_patience)
    if as_json:
        print(printed(as_document(asked, acceptable_wait)))
        return DONE

    name = "Erlang C (M/M/n, nobody gives up)" if patience is None else "Erlang A (M/M/n+M, exponential patience)"
    console = output()
    console.print(Text(name, style="bold"))
    console.print(f"Offered load {value_text(asked.load, 'erlang', 2)} erlangs = calls per second × handling time.")
    if target is not None:
        console.print(Text.assemble(f"Least agents for {target} within {within}: ", (str(agents), "bold")))
    level = f"within {within}"
    table = new_table("", "agents", level, *SHOWN.values(), texts=0)
    least = stable if mean_patience == math.inf else 0
    for count in range(max(agents - NEIGHBOURS, least), agents + NEIGHBOURS + 1):
        row = queue(count, rate, mean_handling_time, mean_patience)
        table.add_row(
            f"> {count}" if count == agents else str(count),
            value_text(row.service_level(acceptable_wait), "share", 1),
            value_text(row.probability_of_wait, "share", 1),
            time_text(row.asa, 1),
            value_text(row.abandonment_ratio, "share", 1),
            value_text(row.occupancy, "share", 1),
        )
    console.print(table)
    formulas = [f"{title} = {asked.formulas[name]}" for name, title in SHOWN.items()]
    within_formula = f"{level}, of offered = {asked.formulas['answered_within']}"
    console.print(Text("\n".join(["", within_formula, *formulas, SIGNS]), style="dim"))
    return DONE


def queue(agents: int, rate: float, mean_handling_time: float, mean_patience: float) -> SteadyState:
    """The queue by the formula that fits its patience."""
    if mean_patience == math.inf:
        return ErlangC(servers=agents, arrival_rate=rate, mean_handling_time=mean_handling_time)
    return ErlangA(
        servers=agents, arrival_rate=rate, mean_handling_time=mean_handling_time, mean_patience=mean_patience
    )


def read(option: str, text: str) -> float:
    """A time above 0 from an option, in seconds.

    Raises
    ------
    BadInputError
        Naming the option.
    """
    seconds = parsed(option, parse_duration, text)
    if not 0 < seconds < math.inf:
        msg = f"{option} {text}: it must be above 0."
        raise BadInputError(msg)
    return seconds


def parsed(option: str, parse: Callable[[str], float], text: str) -> float:
    """A quantity from an option.

    Raises
    ------
    BadInputError
        Naming the option.
    """
    try:
        return parse(text)
    except ValueError as error:
        msg = f"{option}: {error}"
        raise BadInputError(msg) from None


def as_document(asked: SteadyState, acceptable_wait: float) -> dict[str, object]:
    """The answer as JSON: times in seconds, shares from 0 to 1."""
    return {
        "formula": "Erlang C" if isinstance(asked, ErlangC) else "Erlang A",
        "agents": asked.servers,
        "offered_load": asked.load,
        "acceptable_wait": acceptable_wait,
        "service_level": number(asked.service_level(acceptable_wait)),
        **{name: number(getattr(asked, name)) for name in SHOWN},
        "formulas": {name: asked.formulas[name] for name in ("answered_within", *SHOWN)},
    }
