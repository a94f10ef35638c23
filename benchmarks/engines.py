"""How fast the engines play, against SimPy, other packages and C on the same customers.

`python benchmarks/engines.py [W1S W1L W2 W3] [--rounds 5] [--markdown]`

A player's time counts only after its answer has been checked. Who can give records must give those of the reference
engine, bit by bit; the counts of the others must be those that the recursion in `recursion.py` or the reference has for
the same customers. Each round has customers of its own. Times are CPU seconds; ratios are taken within a round, and
medians over the rounds.
"""

from __future__ import annotations

import argparse
import math

from answers import ACCEPTABLE_WAIT
from machine import machine
from players import C_LOOP, REFERENCE, TEXTBOOK, players
from rounds import Row, measure
from workloads import WORKLOADS, Workload


def find(rows: list[Row], name: str) -> Row | None:
    """The row of a player."""
    return next((row for row in rows if row.player.name == name), None)


def figure(number: float) -> str:
    """Three digits that count; nothing where there is no number."""
    if math.isnan(number):
        return ""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def print_table(workload: Workload, rows: list[Row]) -> None:
    """All that was measured on one workload."""
    print(f"\n{workload.name}: {workload.title}")
    if workload.exact is not None:
        level, gave_up = workload.exact.service_level(ACCEPTABLE_WAIT), workload.exact.abandonment_ratio
        print(f"Erlang A: {level:.1%} answered within {ACCEPTABLE_WAIT:g} s, {gave_up:.2%} gave up")
    print(f"{'':18} {'contacts/s':>12} {'x SimPy':>8} {'of C':>8} {'played':>8} {'in time':>8} {'gave up':>8}  notes")
    for row in rows:
        notes = [workload_note] if (workload_note := row.player.notes.get(workload.name)) else []
        if row.player.compiles:
            notes.append(f"first play {row.first:.1f} s")
        print(
            f"{row.player.name:18} {row.rate:12,.0f} {figure(row.times(find(rows, TEXTBOOK))):>8} "
            f"{figure(row.times(find(rows, C_LOOP))):>8} {row.contacts:8,} "
            f"{row.service_level:8.2%} {row.abandonment:8.2%}  {'; '.join(notes)}"
        )


def markdown(tables: dict[str, list[Row]]) -> str:
    """The table of README.md: thousands of contacts a second, and how many times textbook SimPy that is."""
    names = list(dict.fromkeys(row.player.name for rows in tables.values() for row in rows))
    lines = [
        "| thousand contacts/s (× SimPy) | " + " | ".join(f"{name}: {WORKLOADS[name].title}" for name in tables) + " |",
        "|---|" + "---:|" * len(tables),
    ]
    for name in names:
        own = [(find(rows, name), find(rows, TEXTBOOK)) for rows in tables.values()]
        cells = [f"{figure(row.rate / 1000.0)} ({figure(row.times(textbook))})" if row else "" for row, textbook in own]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Contacts per second of engines and peers, on the same customers.")
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"of {', '.join(WORKLOADS)}; by default all")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each with customers of its own")
    parser.add_argument("--only", nargs="+", metavar="PLAYER", help="players besides textbook SimPy and the reference")
    parser.add_argument("--markdown", action="store_true", help="print the table of README.md besides")
    wanted = parser.parse_args()
    unknown = set(wanted.workloads) - set(WORKLOADS)
    if unknown or wanted.rounds < 1:
        parser.error(f"no workload {', '.join(sorted(unknown))}" if unknown else "at least one round")
    print(machine())
    print(
        f"CPU time, medians of {wanted.rounds} rounds; of C: share of its event loop; played: contacts in a round; "
        f"in time: answered within {ACCEPTABLE_WAIT:g} s"
    )
    everybody = players()
    if wanted.only is not None:
        everybody = [player for player in everybody if player.name in {TEXTBOOK, REFERENCE, *wanted.only}]
    tables = {}
    for name in wanted.workloads or WORKLOADS:
        tables[name] = measure(WORKLOADS[name], everybody, wanted.rounds)
        print_table(WORKLOADS[name], tables[name])
    if wanted.markdown:
        print(f"\n{markdown(tables)}")


if __name__ == "__main__":
    main()
