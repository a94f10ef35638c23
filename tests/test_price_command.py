"""`ruuhka price`: what it prints, writes and refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import refused, ruuhka
from openpyxl import load_workbook
from small_prices import PARTNER, price_files
from small_scenarios import PHONE

if TYPE_CHECKING:
    pass

PAGE = Path(__file__).resolve().parent.parent / "docs" / "pricing.md"
WORDS = ("price", "service_levels")
QUICK = ("--futures", "12", "--no-mix", "--levels", "0.5,1,1.5")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return price_files(tmp_path_factory.mktemp("price"))


@pytest.fixture(scope="module")
def written(files: tuple[Path, Path, Path]) -> Path:
    out = files[0].parent / "out"
    result = ruuhka("price", *files, *QUICK, "--out", out)
    assert result.exit_code == 0, result.output
    return out


def test_price_prints_both_sides_break_evens_and_the_quote(files: tuple[Path, Path, Path]) -> None:
    output = " ".join(ruuhka("price", *files, *QUICK).stdout.split())
    for text in (
        "12, seed 1; the same for every contract",
        "To quote: By the call (calls), rates times",
        "Supplier: margin at the rates of the files",
        "worst tenth",
        "Rate to quote for a margin of 15 % at a risk of 10 %",
        "Buyer: what the shop pays, cheapest first",
        "Break-even demand of contracts",
        "Regret: had the other contract been signed",
        "answered within T / offered, T = 20 s",
        "below 80 %: malus 10 % of the charges of the day",
    ):
        assert text in output


def test_mixes_are_shown_unless_nobody_asks_for_them(files: tuple[Path, Path, Path]) -> None:
    output = ruuhka("price", *files, "--futures", "4", "--levels", "1,1.5").stdout
    for text in ("Mix of agents that meets the targets with 80 %", "Worth of a week's", "Supplier: agents to hold"):
        assert text in output
    document = json.loads(ruuhka("price", *files, "--futures", "4", "--levels", "1,1.5", "--json").stdout)
    assert {each["contract"] for each in document["mix"]["priced"]} == {"hourly", "calls"}
    assert document["mix"]["held"]["contract"] == "calls"


def test_the_invoice_of_each_future_follows_from_the_kept_hours(written: Path) -> None:
    hours = {
        row["future"]: float(row["logged_hours"]) for row in _rows(written / "groups.csv") if row["group"] == "partner"
    }
    invoices = [row for row in _rows(written / "invoices.csv") if row["contract"] == "hourly" and row["level"] == "1.0"]
    assert len(invoices) == 12
    for row in invoices:
        assert float(row["invoice"]) == pytest.approx(max(24 * hours[row["future"]], 40.0))


def test_json_has_what_the_files_have(written: Path) -> None:
    document = json.loads((written / "price.json").read_text(encoding="utf-8"))
    invoices = [float(row["invoice"]) for row in _rows(written / "invoices.csv") if row["level"] == "1.0"]
    means = [document["buyer"]["contracts"][name]["invoice"]["mean"]["value"] for name in ("hourly", "calls")]
    assert means == [pytest.approx(sum(part) / 12) for part in (invoices[:12], invoices[12:])]
    assert document["recommended"] == "calls"
    assert set(document["supplier"]["quotes"]) == {"hourly", "calls"}
    manifest = json.loads((written / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["contracts"] == {"hourly": "hourly.toml", "calls": "calls.toml"}
    assert set(manifest["files"]) == {path.name for path in written.iterdir()} - {"manifest.json"}


def test_every_key_of_the_json_is_described(files: tuple[Path, Path, Path]) -> None:
    document = json.loads(ruuhka("price", *files, "--futures", "4", "--levels", "1,1.5", "--json").stdout)
    described = set(re.findall(r"`([a-z_0-9.]+)", PAGE.read_text(encoding="utf-8")))
    named = {"hourly", "calls", "phone", "team", "partner"}
    of_words = {key for contract in document["contracts"].values() for words in WORDS for key in contract[words]}
    parts = set(document["supplier"]["cost"]["parts"])
    assert keys(document) - {each.split(".")[0] for each in described} - named - of_words - parts == set()


def keys(of: object) -> set[str]:
    """All keys of a document."""
    if isinstance(of, list):
        return set().union(*map(keys, of))
    return set(of).union(*map(keys, of.values())) if isinstance(of, dict) else set()


def test_the_quote_sheet_says_price_and_formula_and_nothing_of_margin_and_cost(written: Path) -> None:
    page = (written / "quote.html").read_text(encoding="utf-8")
    document = json.loads((written / "price.json").read_text(encoding="utf-8"))
    words = document["supplier"]["quotes"]["calls"]["price"]["Calls"]
    text = re.sub("<[^>]*>", " ", page.split("<body")[1])
    assert words.replace("\N{NO-BREAK SPACE}", " ") in text.replace("\N{NO-BREAK SPACE}", " ")
    for said in ("Service formula", "Demand band", "Sensitivity to demand", "150 %", "an invented team"):
        assert said in text
    for secret in ("margin", "wage", "P(loss)", "suppliers."):
        assert secret not in text


def test_what_a_file_says_is_text_on_the_sheet_and_not_markup(written: Path) -> None:
    page = (written / "quote.html").read_text(encoding="utf-8")
    assert "<b>partner</b>" not in page
    assert "&lt;b&gt;partner&lt;/b&gt;" in page


def test_the_workbooks_open_and_only_one_is_for_the_supplier(written: Path) -> None:
    quote, price = (load_workbook(written / name).sheetnames for name in ("quote.xlsx", "price.xlsx"))
    assert quote == ["About", "Contracts", "Price", "Sensitivity", "Demand band", "Assumptions"]
    assert {"Supplier margin", "Rate to quote", "Buyer pays", "Break-even", "Regret"} <= set(price)
    rows = list(load_workbook(written / "price.xlsx")["Buyer pays"].values)
    assert {row[0] for row in rows[1:]} == {"hourly", "calls"}


def test_without_a_suppliers_table_no_rate_is_quoted_and_the_sheet_compares(tmp_path: Path) -> None:
    files = price_files(tmp_path, PHONE + PARTNER)
    result = ruuhka("price", *files, *QUICK, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "No rate is quoted: the scenario does not say what the supplier's people cost it." in result.stdout
    assert "Supplier: margin" not in result.stdout
    page = (tmp_path / "out" / "quote.html").read_text(encoding="utf-8")
    assert "Contracts compared" in page
    assert "By the &lt;hour&gt;" in page
    assert json.loads((tmp_path / "out" / "price.json").read_text(encoding="utf-8"))["supplier"] is None


def test_a_changed_contract_is_priced_as_changed(files: tuple[Path, Path, Path]) -> None:
    plain, changed = (
        json.loads(ruuhka("price", *files, *QUICK, *more, "--json").stdout)["buyer"]["contracts"]["calls"]["invoice"]
        for more in ((), ("--contract-set", "calls:lines.calls.rate=10 EUR/contact"))
    )
    assert changed["mean"]["value"] == pytest.approx(2 * plain["mean"]["value"])


def test_a_bad_contract_is_refused_with_file_and_clause(files: tuple[Path, Path, Path]) -> None:
    change = "calls:service_levels.phone.bands.poor.below=180 %"
    message = refused("price", *files, *QUICK, "--contract-set", change)
    assert "calls.toml" in message
    assert "service_levels.phone.bands.poor.below" in message


def test_a_contract_about_a_group_of_somebody_else_is_refused_with_file_and_clause(
    files: tuple[Path, Path, Path],
) -> None:
    """The group is in the scenario, but none of the supplier's, so that only the ledger can tell."""
    message = refused("price", *files, *QUICK, "--contract-set", 'hourly:lines.hours.groups=["team"]')
    assert "hourly.toml  lines.hours.groups" in message


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--contract-set", "lines.hours.rate=3"), "write NAME:path=value, as in hourly:lines.hours.rate=28 EUR/h."),
        (("--contract-set", "horly:lines.hours.rate=3"), 'Did you mean "hourly"?'),
        (("--contract-set", "hourly:=3"), "--contract-set"),
        (("--levels", "0.7,x"), "--levels"),
        (("--levels", "0.7,1.3"), "1 (the forecast) is among them"),
        (("--levels", "1"), "two or more"),
        (("--risk", "0"), "The risk is 0"),
        (("--margin", "lots"), "--margin"),
        (("--probability", "2"), "--probability"),
        (("--supplier", "nobody"), "no supplier nobody; it has partner"),
        (("--engine", "steam"), "--engine steam"),
    ],
)
def test_a_bad_option_is_refused(files: tuple[Path, Path, Path], options: tuple[str, str], told: str) -> None:
    assert told in refused("price", *files, "--futures", "4", "--no-mix", *options)


def test_two_contracts_of_one_name_are_refused(files: tuple[Path, Path, Path]) -> None:
    assert "already" in refused("price", *files, files[1], *QUICK)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
