"""Every other engine plays every day as the reference does, to the bit; so does its source as plain Python.

RUUHKA_DAYS=20 plays twenty times as many days from seeds and from Hypothesis. The run ends with how many were compared.
Then the test of the test: whatever is planted into tables or rules is found, and the report says where to look.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from functools import cache, partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import conftest
import numpy as np
import plain_kernels
import pytest
from case_files import CASES, read_case
from days import (
    STRETCHED,
    TIMES,
    Day,
    alone,
    random_day,
    seeded_tiny_day,
    smallest_day,
    stretched_day,
    tiny_days,
)
from equality import first_difference
from hypothesis import HealthCheck, given, settings
from parting import parting, report
from planted import PLANTED, Broken
from test_rules import planted
from test_shipped_scenarios import FOLDER, SHIPPED

import simulator.engine
from simulator.contacts import ContactRecords, Ledger, Outcome
from simulator.demand import Demand
from simulator.engine import ENGINES, centre_of, run_compiled
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from equality import Played

    from simulator.engine import EngineName

    Play = Callable[[Day], Played]


def plainly(day: Day, engine: EngineName) -> Played:
    """Play with the engine's source as plain Python."""
    return plain_kernels.simulate(day.centre, day.contacts, day.staffing, engine)


def in_the_general_way(day: Day) -> Played:
    """Play with the compiled engine's general loop, where it would take the shorter way of one queue, too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_compiled, "stands_alone", lambda *_: False)
        return day.play("compiled")


OTHERS = [engine for engine in ENGINES if engine != "reference"]
WAYS: dict[str, Play] = {
    **{engine: partial(Day.play, engine=engine) for engine in OTHERS},
    **{f"{engine} as plain Python": partial(plainly, engine=engine) for engine in OTHERS},
    "compiled in the general way": in_the_general_way,
}
"""Everything that is held against the reference."""


@pytest.fixture
def compared(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """Days and contacts, for the summary that `conftest.py` prints at the end of the run."""
    counts: Counter[str] = Counter()
    yield counts
    source = request.node.originalname.removeprefix("test_the_engines_agree_on_").replace("_", " ")
    request.node.user_properties.append(("compared", [", ".join(WAYS), source, counts["days"], counts["contacts"]]))


def compare(day: Day, which: str, counts: Counter[str], *, shrink: bool = True) -> None:
    """Every other way of playing gives the reference's tables."""
    expected = day.play("reference")
    for way, play in WAYS.items():
        try:
            differs = first_difference(expected, play(day)) is not None
        except Exception as error:
            error.add_note(f"{way} stumbles on {which}.")
            raise
        if differs:
            raise AssertionError(f"{way} differs from the reference on {which}.\n{page(day, play, shrink=shrink)}")
    counts["days"] += 1
    counts["contacts"] += len(day.contacts)


def page(day: Day, play: Play, *, shrink: bool = True) -> str:
    """What there is to see of a difference, on the smallest part of the day that shows it."""

    def differs(part: Day) -> bool:
        return first_difference(part.play("reference"), play(part)) is not None

    part = smallest_day(day, differs) if shrink else day
    of_all = f"{len(part.contacts)} of its {len(day.contacts)} contacts show it."
    return f"{of_all}\n{report(part, part.play('reference'), play(part))}\n{part}"


# -- The days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_engines_agree_on_a_day_worked_by_hand(path: Path, compared: Counter[str]) -> None:
    compare(read_case(path).day, path.name, compared, shrink=False)


# The fixture counts the days of all examples together.
of_hypothesis = settings(
    max_examples=150 * TIMES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@of_hypothesis
@given(day=tiny_days())
def test_the_engines_agree_on_tiny_days(day: Day, compared: Counter[str]) -> None:
    compare(day, "a tiny day", compared, shrink=False)


@pytest.mark.parametrize("block", range(4))
def test_the_engines_agree_on_seeded_tiny_days(block: int, compared: Counter[str]) -> None:
    for seed in block_of(250, block):
        compare(seeded_tiny_day(seed), f"seeded_tiny_day({seed})", compared)


@pytest.mark.parametrize("block", range(5))
def test_the_engines_agree_on_random_days(block: int, compared: Counter[str]) -> None:
    for seed in block_of(60, block):
        compare(random_day(seed), f"random_day({seed})", compared)


@pytest.mark.parametrize("block", range(3))
def test_the_engines_agree_on_random_days_stretched_in_one_direction(block: int, compared: Counter[str]) -> None:
    for seed in block_of(2 * len(STRETCHED), block):
        compare(stretched_day(seed), f"stretched_day({seed})", compared)


@pytest.mark.parametrize("block", range(4))
def test_the_engines_agree_on_tiny_days_of_one_queue(block: int, compared: Counter[str]) -> None:
    for seed in block_of(250, block):
        compare(alone(seeded_tiny_day(seed), seed), f"alone(seeded_tiny_day({seed}), {seed})", compared)


@pytest.mark.parametrize("block", range(3))
def test_the_engines_agree_on_random_days_of_one_queue(block: int, compared: Counter[str]) -> None:
    for seed in block_of(60, block):
        compare(alone(random_day(seed), seed), f"alone(random_day({seed}), {seed})", compared)


@pytest.mark.parametrize("block", range(2))
def test_the_engines_agree_on_stretched_days_of_one_queue(block: int, compared: Counter[str]) -> None:
    for seed in block_of(len(STRETCHED), block):
        compare(alone(stretched_day(seed), seed), f"alone(stretched_day({seed}), {seed})", compared)


def block_of(count: int, block: int) -> range:
    """The seeds of one of several tests that share them."""
    return range(block * count * TIMES, (block + 1) * count * TIMES)


def shipped_days(name: str, bank_file: Path) -> Iterator[tuple[str, Day]]:
    """A replication of the scenario as shipped, and one of the first day of each variant."""
    path = FOLDER / f"{name}.toml"
    # The bank's days are as large as other cases' weeks, and its file is not part of the project.
    always = {"channels.phone.demand.file": str(bank_file), "horizon.days": 1} if name == "us-bank" else {}
    base = load_scenario(path, overrides=always)
    variants = [(load_scenario(path, each, {"horizon.days": 1, **always}), each) for each in base.variants]
    for scenario, variant in [(base, "as shipped"), *variants]:
        contacts = Demand(scenario).draw(seed=11, replication=0)
        yield f"{name}, {variant}", Day(centre_of(scenario), contacts, scenario.staffing)


@pytest.fixture(scope="session")
def bank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calls of ten weekdays in steps of five minutes, in the form of the bank's file."""
    start = np.datetime64("2003-06-02T07:00")
    lines = ["datetime,calls"]
    for day in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11):
        for step in range(14 * 12 + 1):
            instant = start + np.timedelta64(day, "D") + np.timedelta64(5 * step, "m")
            lines.append(f"{str(instant).replace('T', ' ')}:00,{10 + (7 * step + 3 * day) % 13}")
    path = tmp_path_factory.mktemp("bank") / "calls.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", SHIPPED)
def test_the_engines_agree_on_shipped_scenarios(name: str, bank_file: Path, compared: Counter[str]) -> None:
    for which, day in shipped_days(name, bank_file):
        compare(day, which, compared)


@pytest.mark.parametrize("engine", OTHERS)
def test_days_played_side_by_side_in_threads_are_played_as_each_alone(engine: EngineName) -> None:
    days = [random_day(seed) for seed in range(20)] + [stretched_day(seed) for seed in range(len(STRETCHED))]
    days += [alone(random_day(seed), seed) for seed in range(20)]
    one_by_one = [day.play(engine) for day in days]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(3):
            together = threads.map(partial(Day.play, engine=engine), days)
            assert not any(first_difference(*pair) for pair in zip(one_by_one, together, strict=True))


# -- The plain form ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", OTHERS)
def test_the_plain_form_is_the_same_source_without_machine_code(engine: EngineName) -> None:
    before = dict(sys.modules)
    seeded_tiny_day(0).play(engine)
    plainly(seeded_tiny_day(0), engine)
    name = f"simulator.engine.{engine}"
    compiled = sys.modules[name]
    with plain_kernels.plain_modules() as modules:
        plain = modules[name]
        assert plain.__file__ == compiled.__file__
        of_numba = [type(value).__name__ for module in modules.values() for value in vars(module).values()]
    assert "CPUDispatcher" in {type(value).__name__ for value in vars(compiled).values()}
    assert "CPUDispatcher" not in of_numba
    assert sys.modules["simulator.engine"] is before["simulator.engine"] is simulator.engine


def test_the_plain_form_refuses_cells_beside_the_array() -> None:
    array = np.arange(3.0)
    cells = plain_kernels.Cells(array)
    cells[2] = 5.0
    assert (array[2], cells[2]) == (5.0, 5.0)
    for place in (-1, 3):
        with pytest.raises(IndexError):
            cells[place]
        with pytest.raises(IndexError):
            cells[place] = 0.0


# -- The test of the test ---------------------------------------------------------------------------------------------


def story(records: ContactRecords, until: float) -> ContactRecords:
    """What the records tell of everything before an instant."""
    known = {name: getattr(records, name) < until for name in ("arrived", "entered", "started", "ended")}
    handled = known["ended"] & (records.outcome != Outcome.GONE)  # who is gone may still be in hand
    return replace(
        records,
        **{name: np.where(holds, getattr(records, name), np.nan) for name, holds in known.items()},
        due=np.where(known["arrived"], records.due, np.inf),
        handled=np.where(handled, records.handled, 0.0),
        outcome=np.where(known["ended"], records.outcome, Outcome.OPEN),
        group=np.where(known["started"], records.group, -1),
        agent=np.where(known["started"], records.agent, -1),
    )


@cache
def drawn(source: Callable[[int], Day], seed: int) -> tuple[Day, Played]:
    """A day and how the reference plays it, kept for the next planted engine."""
    day = source(seed)
    return day, day.play("reference")


def day_worked_by_hand(number: int) -> Day:
    """The day of the case of this number."""
    return read_case(CASES[number]).day


def days_of_a_default_run() -> Iterator[tuple[Day, Played]]:
    """What the tests above play without RUUHKA_DAYS, but for Hypothesis and the shipped scenarios."""
    for source, count in (
        *((random_day, 300), (seeded_tiny_day, 1000), (stretched_day, 6 * len(STRETCHED))),
        (day_worked_by_hand, len(CASES)),
    ):
        for seed in range(count):
            yield drawn(source, seed)


@pytest.mark.parametrize("broken", PLANTED, ids=lambda broken: f"{broken.rule}-{broken.name.replace(' ', '-')}")
def test_an_engine_that_breaks_a_rule_is_found_and_the_report_names_row_and_rule(broken: Broken) -> None:
    for day, expected in days_of_a_default_run():
        try:
            found = broken.play(day)
        except (AssertionError, StopIteration):
            continue  # the reference's own assertions would find this one too, but it is the tables that are compared
        if first_difference(expected, found) is not None:
            break
    else:
        pytest.fail("no day shows it")

    where = parting(day, expected, found)
    stories = [(story(records, where.instant), expected[1]) for records, _ in (expected, found)]
    assert first_difference(*stories) is None
    head, _ = report(day, expected, found).split("In the reference, last:")
    named = re.search(r"with contact (\d+)[.,]", head)
    if named:
        assert int(named[1]) in where.contacts
    else:
        assert first_difference((expected[0], expected[1]), (found[0], expected[1])) is None
        assert head.startswith(f"The ledgers part in interval {where.cell[1]},")

    part = page(day, broken.play)
    assert f"\n  {broken.rule} " in part.split("In the reference, last:")[0]


@pytest.mark.parametrize(
    ("column", "rule"),
    [
        ("entered", "R6"),
        ("started", "R8"),
        ("ended", "R15"),
        ("handled", "R15"),
        ("outcome", "R15"),
        ("group", "R10"),
        ("agent", "R10"),
    ],
)
def test_a_bit_planted_in_the_records_is_reported_with_its_row_and_rule(column: str, rule: str) -> None:
    day, expected = drawn(random_day, 5)
    served = np.flatnonzero(expected[0].outcome == Outcome.SERVED)
    assert len(served) > 20
    for contact in served[:10].tolist():
        found = planted(expected[0], column, (contact,)), expected[1]
        first, row, *_ = said = report(day, expected, found).splitlines()
        assert first.endswith(f", with contact {contact}.")
        assert row == f"contact {contact}, {column}:"
        assert any(line.startswith(f"  {rule} ") for line in said)


@pytest.mark.parametrize("column", [column.name for column in fields(Ledger)])
def test_a_bit_planted_in_the_ledger_is_reported_with_its_cell(column: str) -> None:
    day, expected = drawn(random_day, 5)
    groups, intervals = day.staffing.shape
    for group, interval in np.ndindex(groups, intervals):
        found = expected[0], planted(expected[1], column, (group, interval))
        first, cell, *_ = said = report(day, expected, found).splitlines()
        assert first.startswith(f"The ledgers part in interval {interval}, ")
        assert cell == f"group {group}, interval {interval}, {column}:"
        assert any(line.startswith("  R21 ") for line in said)


def test_a_difference_makes_a_test_of_this_file_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    (broken,) = (broken for broken in PLANTED if broken.name == "the first marked stays")
    monkeypatch.setitem(WAYS, "planted", broken.play)
    counts: Counter[str] = Counter()

    def compare_random_days() -> None:
        for seed in range(300):
            compare(random_day(seed), f"random_day({seed})", counts)

    with pytest.raises(AssertionError, match=r"^planted differs from the reference on random_day\(\d+\)\.") as failure:
        compare_random_days()
    assert counts["days"] > 0
    assert len(str(failure.value).split("\nDay:")[0].splitlines()) < 60


def test_the_run_says_how_many_days_all_its_processes_compared() -> None:
    def report(when: str, days: int) -> SimpleNamespace:
        return SimpleNamespace(when=when, user_properties=[("compared", ["ways", "tiny days", days, 10 * days])])

    lines: list[str] = []
    stats = {"passed": [report("call", 2)], "": [report("teardown", 2), report("teardown", 3)]}
    conftest.pytest_terminal_summary(cast("Any", SimpleNamespace(stats=stats, section=lines.append, line=lines.append)))
    assert lines == [
        "Days compared, reference with ways",
        "tiny days: 5 days, 50 contacts",
        "all together: 5 days, 50 contacts",
    ]


def test_the_smallest_day_still_fails_and_no_part_of_it_does() -> None:
    day = random_day(5)
    wanted = set(day.contacts.arrival[[3, 40, 41]].tolist())

    def fails(part: Day) -> bool:
        return wanted <= set(part.contacts.arrival.tolist())

    assert set(smallest_day(day, fails).contacts.arrival.tolist()) == wanted
