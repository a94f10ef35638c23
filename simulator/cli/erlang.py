"""`ruuhka erlang`: a calculator from agents to service and back, with the formula named."""

from __future__ import annotations

import json
import math

from rich.text import Text

from simulator.cli.console import output
from simulator.cli.failures import DONE, BadInputError
from simulator.queueing import ErlangA, ErlangC, SteadyState, required_agents
from simulator.queueing.formulas import SERVICE_LEVEL
from simulator.report.numbers import time_text, value_text
from simulator.report.tables import new_table
from simulator.scenario.units import parse_duration, parse_share

NEIGHBOURS = 2
"""Rows shown on either side of the asked number of agents."""


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
    acceptable_wait = read("--within", within)
    mean_patience = math.inf if patience is None else read("--patience", patience)
    if (agents is None) == (target is None):
        msg = "give --agents to work out the service, or --target to work out the agents."
        raise BadInputError(msg)
    try:
        rate = calls_per_hour / 3600.0
        share = None if target is None else parse_share(target)
        if agents is None:
            agents = required_agents(
                rate, mean_handling_time, mean_patience, service_level=share, acceptable_wait=acceptable_wait
            )
        asked = queue(agents, rate, mean_handling_time, mean_patience)
    except ValueError as error:
        raise BadInputError(str(error)) from None
    if as_json:
        print(json.dumps(as_document(asked, acceptable_wait), indent=2))
        return DONE

    name = "Erlang C (M/M/n, nobody gives up)" if patience is None else "Erlang A (M/M/n+M, exponential patience)"
    console = output()
    console.print(Text(name, style="bold"))
    console.print(f"Offered load {value_text(asked.load, 'erlang', 2)} erlangs = calls per second x handling time.")
    if target is not None:
        console.print(f"Least agents for {target} within {within}: [bold]{agents}[/bold]")
    level = f"within {within}"
    table = new_table("", "agents", level, "waits", "ASA", "abandoned", "occupancy", texts=0)
    for count in range(max(agents - NEIGHBOURS, 0), agents + NEIGHBOURS + 1):
        try:
            row = queue(count, rate, mean_handling_time, mean_patience)
        except ValueError:
            table.add_row(str(count), "the queue would grow for ever", *[""] * 4)
            continue
        table.add_row(
            f"> {count}" if count == agents else str(count),
            value_text(row.service_level(acceptable_wait), "share", 1),
            value_text(row.probability_of_wait, "share", 1),
            time_text(row.asa, 1),
            value_text(row.abandonment_ratio, "share", 1),
            value_text(row.occupancy, "share", 1),
        )
    console.print(table)
    shown = ("probability_of_wait", "asa", "abandonment_ratio", "occupancy")
    formulas = [f"service level = {SERVICE_LEVEL['offered']}", *(f"{key}: {asked.formulas[key]}" for key in shown)]
    console.print(Text("\n".join(formulas), style="dim"))
    return DONE


def queue(agents: int, rate: float, mean_handling_time: float, mean_patience: float) -> SteadyState:
    """The queue by the formula that fits its patience."""
    if mean_patience == math.inf:
        return ErlangC(servers=agents, arrival_rate=rate, mean_handling_time=mean_handling_time)
    return ErlangA(
        servers=agents, arrival_rate=rate, mean_handling_time=mean_handling_time, mean_patience=mean_patience
    )


def read(option: str, text: str) -> float:
    """A time from an option, in seconds.

    Raises
    ------
    BadInputError
        Naming the option.
    """
    try:
        return parse_duration(text)
    except ValueError as error:
        msg = f"{option}: {error}"
        raise BadInputError(msg) from None


def as_document(asked: SteadyState, acceptable_wait: float) -> dict[str, object]:
    """The answer as JSON: times in seconds, shares from 0 to 1."""
    return {
        "formula": type(asked).__name__,
        "agents": asked.servers,
        "offered_load": asked.load,
        "service_level": asked.service_level(acceptable_wait),
        "acceptable_wait": acceptable_wait,
        "probability_of_wait": asked.probability_of_wait,
        "asa": asked.asa,
        "abandonment_ratio": asked.abandonment_ratio,
        "occupancy": asked.occupancy,
    }
