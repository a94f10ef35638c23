"""Invoices: worked by hand clause by clause, the same in floats and decimals, and what must hold for all of them."""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

import pytest
from invoice_cases import FOLDER, PATHS, InvoiceCase, WorkedLine, read_case

from simulator.planning.contracts.invoice import Invoice, InvoiceLine, invoice
from simulator.planning.contracts.settlement import settle
from simulator.scenario.contract import PER
from simulator.scenario.contract_tables import ContractDocument

if TYPE_CHECKING:
    from collections.abc import Iterator


def as_worked(number: Decimal | None, worked: str | None) -> str | None:
    """A number with as many decimals as it was worked out to by hand."""
    if number is None or worked is None:
        return None
    places = Decimal(1).scaleb(Decimal(worked).as_tuple().exponent)  # type: ignore[arg-type]  # finite, an int
    rounded = number.quantize(places, ROUND_HALF_EVEN)
    # What was written with fewer decimals than it has is no rounding but a slip.
    exactly = abs(number - rounded) <= Decimal("5e-7") and (places <= Decimal("1e-6") or number == rounded)
    return worked if exactly and rounded == Decimal(worked) else f"{number}"


def lines_as_worked(made: Invoice, case: InvoiceCase) -> list[WorkedLine]:
    def one(line: InvoiceLine, worked: WorkedLine) -> WorkedLine:
        per = next((per for unit, per in PER.items() if unit == line.unit), line.unit) if worked.per else None
        return WorkedLine(
            line.month,
            line.clause,
            as_worked(line.units, worked.units),
            per,
            as_worked(line.rate, worked.rate),
            as_worked(line.amount, worked.amount) or "",
        )

    nothing = WorkedLine("", "", "1", "", "1", "1")
    workings = [*case.lines, *[nothing] * len(made.lines)]
    return [one(line, worked) for line, worked in zip(made.lines, workings, strict=False)]


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_an_invoice_is_as_worked_by_hand(path: Any) -> None:
    case = read_case(path)
    made = invoice(case.contract, case.ledger)
    assert lines_as_worked(made, case) == list(case.lines)
    assert dict(made.totals) == case.totals
    if case.attained is not None:
        attained = [f"{each.month} {each.met.normalize():f} of {each.counted.normalize():f}" for each in made.attained]
        assert attained == list(case.attained)


@pytest.mark.parametrize("path", PATHS, ids=[path.stem for path in PATHS])
def test_the_floats_of_many_futures_are_the_decimals_of_the_invoice(path: Any) -> None:
    case = read_case(path)
    exact, floats = invoice(case.contract, case.ledger), settle(case.contract, case.ledger)
    unrounded = sum((line.amount for line in exact.lines), Decimal(0))
    assert floats.total[0] == pytest.approx(float(unrounded), abs=1e-6)


def fields_of(node: Any, schema: Any, place: str = "") -> Iterator[str]:
    """Every field of a contract, as `lines.*.base.units`."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    for name, inner in node.get("properties", {}).items():
        here = f"{place}.{name}".removeprefix(".")
        yield here
        yield from fields_of(inner, schema, here)
    for form in node.get("anyOf", ()):
        yield from fields_of(form, schema, place)
    if isinstance(node.get("items"), dict):
        yield from fields_of(node["items"], schema, f"{place}.*")
    for named in (node.get("additionalProperties"), *node.get("patternProperties", {}).values()):
        if isinstance(named, dict):
            yield from fields_of(named, schema, f"{place}.*")


def paths_of(raw: Any) -> Iterator[tuple[str, ...]]:
    inside = raw.items() if isinstance(raw, dict) else enumerate(raw) if isinstance(raw, list) else ()
    for name, inner in inside:
        yield (str(name),)
        yield from ((str(name), *path) for path in paths_of(inner))


def test_every_clause_has_a_worked_invoice() -> None:
    schema = ContractDocument.model_json_schema()
    fields = {field for field in fields_of(schema, schema) if field.rpartition(".")[2] not in ("title", "sources")}
    assert len(fields) > 50
    used = {path for file in PATHS for path in paths_of(tomllib.loads(file.read_text(encoding="utf-8"))["contract"])}

    def is_used(field: str) -> bool:
        steps = field.split(".")
        return any(
            len(path) == len(steps) and all(step in ("*", name) for step, name in zip(steps, path, strict=True))
            for path in used
        )

    assert not [field for field in sorted(fields) if not is_used(field)]


def test_every_working_is_written_beside_the_numbers() -> None:
    for path in FOLDER.glob("*.toml"):
        assert path.read_text(encoding="utf-8").startswith("# "), path
