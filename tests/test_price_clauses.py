"""A contract in plain words: every figure of its file is said, as the file means it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path

import pytest

from simulator.report.pricing.clauses import decimal_text, money_text, price_words, service_formulas
from simulator.scenario import load_scenario
from simulator.scenario.contract import Base
from simulator.scenario.contract_file import load_contract
from simulator.scenario.hours import WeeklyHours

ROOT = Path(__file__).resolve().parent.parent
CONTRACTS = sorted((ROOT / "scenarios" / "contracts").glob("*.toml"))


def said(file: Path, **overrides: object) -> dict[str, str]:
    """Clauses of a shipped contract; overrides have `__` for each dot."""
    changes = {path.replace("__", "."): value for path, value in overrides.items()}
    contract = load_contract(file, load_scenario(ROOT / "scenarios" / "black-friday.toml"), changes)
    words = dict(price_words(contract)) | {f"service {title}": text for title, text in service_formulas(contract)}
    return {title: text.replace("\N{NO-BREAK SPACE}", " ") for title, text in words.items()}


@pytest.mark.parametrize("file", CONTRACTS, ids=lambda file: file.stem)
def test_every_figure_of_a_contract_is_said(file: Path) -> None:
    """As it is or as a percentage; relief above 15 % of a forecast is said as 115 % of it."""
    text = " ".join(said(file).values())
    contract = load_contract(file, load_scenario(ROOT / "scenarios" / "black-friday.toml"))
    found = list(figures(contract))
    assert len(found) > 2
    for figure in found:
        forms = (money_text(figure), *(f"{decimal_text(100 * each)} %" for each in (figure, 1 + figure)))
        assert any(form.replace("\N{NO-BREAK SPACE}", " ") in text for form in forms), figure


def figures(of: object) -> Iterator[Decimal]:
    """Every number of a contract but nothing and how its total is rounded; of a block the rate, not the price."""
    if isinstance(of, Decimal):
        yield from [of] if of else []
    elif isinstance(of, Base):
        yield from (of.units, of.rate)
    elif isinstance(of, Mapping):
        yield from chain.from_iterable(map(figures, of.values()))
    elif isinstance(of, tuple):
        yield from chain.from_iterable(map(figures, of))
    elif is_dataclass(of) and not isinstance(of, WeeklyHours):
        yield from chain.from_iterable(
            figures(getattr(of, each.name)) for each in fields(of) if each.name != "round_to"
        )


def test_a_block_is_said_with_its_units_and_the_rate_of_one() -> None:
    words = said(ROOT / "scenarios" / "contracts" / "hourly-block.toml")
    assert words["Logged hours"].startswith(
        "700 h a month in a block, used or not, at 25.50 EUR/h; beyond it 27 EUR/h; above 900 h a month 31 EUR/h"
    )
    assert words["service None"] == "no service level moves the price"


def test_a_service_level_is_said_with_its_formula_and_its_bands() -> None:
    words = said(ROOT / "scenarios" / "contracts" / "per-resolved-contact.toml")
    assert words["service Phone within 20 s, month"] == (
        "phone by the month: offered less abandoned within, answered within T / (offered - abandoned within T), "
        "T = 20 s. below 50 %: malus 3 % of the charges of the month; from 80 %: bonus 600 EUR for each month"
    )
    assert words["service Caps"] == (
        "all bonuses of a month at most 5 % of its charges; all maluses of a month at most 12 % of its charges"
    )


def test_what_happens_to_the_service_level_beyond_the_lock_is_said_only_where_there_is_one() -> None:
    judged, not_judged = (
        said(ROOT / "scenarios" / "contracts" / f"{name}.toml")["Forecast lock"]
        for name in ("per-contact", "per-minute")
    )
    assert "periods with volume beyond it are not judged" in judged
    assert "judged" not in not_judged


@pytest.mark.parametrize(
    ("amount", "text"), [("5", "5"), ("25.5", "25.50"), ("0.6213", "0.6213"), ("0.62134", "0.6213"), ("-3.1", "-3.10")]
)
def test_money_has_two_decimals_or_as_many_more_as_it_needs(amount: str, text: str) -> None:
    assert money_text(Decimal(amount)).replace("\N{MINUS SIGN}", "-") == text
