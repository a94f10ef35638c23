"""Every rule of `docs/model.md` on days worked by hand, and every engine held to them bit for bit."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from case_files import CASES, Case, read_case
from centres import make_contacts
from equality import first_difference
from laws import check_hands, check_laws, check_on_call
from oracle import Oracle

from simulator.contacts import ContactRecords, Ledger, Outcome
from simulator.engine import ENGINES, EngineName

ROOT = Path(__file__).resolve().parent.parent
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
RULES = re.findall(r"^\*\*(R\d+) ", MODEL, flags=re.MULTILINE)

each_case = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


def case_named(name: str) -> Case:
    return read_case(next(path for path in CASES if path.stem == name))


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> EngineName:
    """Every engine there is."""
    name: EngineName = request.param
    return name


@each_case
def test_the_engine_plays_the_day_as_worked_by_hand(path: Path, engine: EngineName) -> None:
    case = read_case(path)
    difference = first_difference((case.records, case.ledger), case.day.play(engine))
    assert difference is None, f"{path.name}, rules {', '.join(case.rules)}\n{difference}"


@each_case
def test_the_second_reading_of_the_rules_agrees_with_the_day_worked_by_hand(path: Path) -> None:
    case = read_case(path)
    found = Oracle(case.day.centre, case.day.contacts, case.day.staffing).play()
    assert first_difference((case.records, case.ledger), found) is None


@each_case
def test_the_day_worked_by_hand_keeps_the_laws(path: Path) -> None:
    case = read_case(path)
    assert path.stem.startswith(f"{case.rules[0]}-")
    check_laws(case.day, case.records, case.ledger)


@pytest.mark.parametrize(
    ("column", "contact", "value"),
    [
        ("outcome", 1, Outcome.ABANDONED),
        ("outcome", 5, Outcome.OPEN),
        ("entered", 2, 4.0),
        ("started", 2, 4.0),
        ("started", 2, 12.0),
        ("ended", 1, 11.0),
        ("ended", 4, 14.0),
        ("ended", 5, 13.0),
        ("handled", 0, 14.0),
        ("group", 2, -1),
    ],
)
def test_a_law_is_broken_by_a_wrong_record(column: str, contact: int, value: float) -> None:
    case = case_named("R20-cut-and-drain")
    getattr(case.records, column)[contact] = value
    with pytest.raises(AssertionError):
        check_laws(case.day, case.records, case.ledger)


@pytest.mark.parametrize(
    ("name", "contact", "wrong"),
    [
        # A follow-up comes too late by next to nothing, twice the delay later, or without a cause; or does not come.
        ("R22-redial", 3, {"arrived": np.nextafter(3, 4), "entered": np.nextafter(3, 4)}),
        ("R22-redial", 7, {"arrived": 9, "ended": 9, "entered": 9, "outcome": Outcome.ABANDONED}),
        ("R22-redial", 5, {"arrived": np.nan, "ended": np.nan, "outcome": Outcome.NOT_MADE}),
        ("R22-redial", 6, {"due": 90}),
        # What is to come was not made, or the other way round; a chaser is never to come.
        ("R22-redial", 6, {"outcome": Outcome.NOT_MADE}),
        ("R22-redial", 7, {"outcome": Outcome.TO_COME}),
        ("R26-chaser", 4, {"outcome": Outcome.TO_COME}),
        ("R22-waits-for-the-opening", 4, {"arrived": 20, "entered": 20}),
        ("R22-bounce-and-quality", 5, {"arrived": 13, "ended": 13, "outcome": Outcome.CLOSED}),
        ("R7-due-of-a-follow-up", 3, {"due": 25}),
        # The bot takes one too many, or leaves one alone.
        ("R5-the-bot-is-full", 1, {"entered": np.nan, "started": np.nan, "ended": 6, "outcome": Outcome.CONTAINED}),
        ("R5-the-bot-is-full", 4, {"entered": 7}),
        # Who balks has heard nothing bad, or who hears it stays; the same with callbacks.
        ("R23-told-waits", 4, {"ended": 12, "outcome": Outcome.BALKED}),
        ("R23-told-waits", 2, {"ended": np.nan, "outcome": Outcome.OPEN}),
        ("R23-told-waits", 4, {"ended": 15}),
        ("R24-callback", 2, {"outcome": Outcome.BALKED}),
        ("R24-callback", 3, {"outcome": Outcome.CALLBACK}),
        # Gone after being taken, without being silent, or too early.
        ("R25-gone-without-a-sign", 1, {"ended": 11}),
        ("R25-gone-without-a-sign", 2, {"ended": 6, "outcome": Outcome.GONE}),
        ("R25-cut-taken-or-left", 7, {"outcome": Outcome.ABANDONED}),
        ("R25-gone-without-a-sign", 3, {"handled": 3}),
        # Late, though there was an answer; or not late, though there was none.
        ("R26-chaser", 4, {"arrived": 10, "ended": 10, "outcome": Outcome.CLOSED}),
        ("R26-chaser-of-the-backlog", 3, {"arrived": -1, "entered": -1}),
    ],
)
def test_a_law_of_what_follows_is_broken_by_a_wrong_record(name: str, contact: int, wrong: dict[str, float]) -> None:
    case = case_named(name)
    for column, value in wrong.items():
        getattr(case.records, column)[contact] = value
    with pytest.raises(AssertionError):
        check_laws(case.day, case.records, case.ledger)


@pytest.mark.parametrize(
    ("name", "interval", "staffed"),
    [
        *(("R28-called", 1, 10), ("R28-called", 2, 0), ("R28-called", 3, 10), ("R28-called", 4, 10)),
        *(("R28-called-by-a-long-wait", 1, 0), ("R28-who-is-counted", 3, 10)),
    ],
)
def test_a_law_is_broken_by_a_group_on_call_that_comes_or_goes_for_no_reason(
    name: str, interval: int, staffed: float
) -> None:
    case = case_named(name)
    case.ledger.staffed[1, interval] = staffed
    with pytest.raises(AssertionError):
        check_on_call(case.day, case.records, case.ledger)


@pytest.mark.parametrize("column", [column.name for column in fields(Ledger)])
def test_a_law_is_broken_by_a_second_too_much_in_the_ledger(column: str) -> None:
    case = case_named("R20-cut-and-drain")
    getattr(case.ledger, column)[0, 1] += 1
    with pytest.raises(AssertionError):
        check_laws(case.day, case.records, case.ledger)


def test_a_law_is_broken_by_an_agent_who_lets_a_contact_wait() -> None:
    case = case_named("R20-cut-and-drain")
    case.records.started[3], case.records.ended[3] = 18, 20  # idle from 17 on
    with pytest.raises(AssertionError, match=r"contact 3 waits at 17\.0 beside an idle agent"):
        check_laws(case.day, case.records, case.ledger)


def test_a_law_is_broken_by_more_contacts_in_hand_than_slots() -> None:
    case = case_named("R10-lowest-level")
    case.records.group[1], case.records.agent[1] = 1, 0
    with pytest.raises(AssertionError):
        check_hands(case.day, case.records)


def test_the_rules_are_numbered_without_a_gap_and_each_has_a_day_of_its_own_name() -> None:
    assert [f"R{number}" for number in range(1, len(RULES) + 1)] == RULES
    assert {path.stem.split("-")[0] for path in CASES} == set(RULES)


def test_every_rule_is_cited_where_an_engine_acts(engine: EngineName) -> None:
    source = (ROOT / "simulator" / "engine" / f"{engine}.py").read_text(encoding="utf-8")
    assert set(re.findall(r"\bR\d+\b", source)) == set(RULES)


Table = TypeVar("Table", ContactRecords, Ledger)


def planted(table: Table, column: str, cell: tuple[int, ...]) -> Table:
    """A copy of the table with the smallest possible change in one cell."""
    values = getattr(table, column).copy()
    before = values[cell]
    if values.dtype == np.int64:
        values[cell] = before + 1
    else:
        values[cell] = np.nextafter(before, np.inf) if np.isfinite(before) else 0.0
    return replace(table, **{column: values})


@pytest.mark.parametrize("column", [column.name for column in fields(ContactRecords)])
def test_a_difference_planted_in_the_records_is_found_and_its_row_named(column: str) -> None:
    case = case_named("R20-cut-and-drain")
    expected = (case.records, case.ledger)
    for contact in range(len(case.records)):
        records = planted(planted(case.records, column, (5,)), column, (contact,))
        difference = first_difference(expected, (records, case.ledger))
        assert difference is not None
        assert difference.startswith(f"contact {contact}, {column}:\n")


@pytest.mark.parametrize("column", [column.name for column in fields(Ledger)])
def test_a_difference_planted_in_the_ledger_is_found_and_its_cell_named(column: str) -> None:
    case = case_named("R18-close-then-staff-then-match")
    ledger = planted(case.ledger, column, (1, 0))
    difference = first_difference((case.records, case.ledger), (case.records, ledger))
    assert difference is not None
    assert difference.startswith(f"group 1, interval 0, {column}:\n")


def test_equal_tables_do_not_differ_and_a_sign_or_a_type_does() -> None:
    records, ledger = ContactRecords.blank(make_contacts([0, 0])), Ledger.blank(1, 2)
    assert (
        first_difference((records, ledger), (ContactRecords.blank(make_contacts([0, 0])), Ledger.blank(1, 2))) is None
    )
    minus = replace(records, handled=-records.handled)
    assert first_difference((records, ledger), (minus, ledger)) is not None
    short = replace(records, agent=records.agent.astype(np.int32))
    assert (
        first_difference((records, ledger), (short, ledger)) == "ContactRecords.agent is int32(2,); expected int64(2,)"
    )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("# R1, R17: work", "# Work"),
        ("staffing = [1, 0]", "staff = [1, 0]"),
        ("contact,arrival", "contact,arrivals"),
        ("1,5,phone", "2,5,phone"),
        ("0,0,phone,10,0,0,10,10,served,team,0", "0,0,phone,10,0,0,10,10,served,team"),
        ("0,0,phone,10,0,0,10,10,served,team,0", "0,0,phone,10,0,0,10,10,answered,team,0"),
        ("team,1,0,3,3,3", ""),
    ],
)
def test_a_case_that_does_not_keep_to_the_form_is_refused(right: str, wrong: str, tmp_path: Path) -> None:
    text = next(path for path in CASES if path.stem == "R1-work-ends-before-boundary").read_text(encoding="utf-8")
    assert right in text
    path = tmp_path / "wrong.csv"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises((AssertionError, KeyError, ValueError)):
        read_case(path)
