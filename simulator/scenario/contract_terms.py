"""The terms of a contract that are haggled over: rates, blocks, thresholds, malus, minimum. Each moves by a factor.

    terms = contract_terms(source.raw)
    contract_from(source, scenario, moved(source.raw, terms, {"rates": Decimal("1.05")}))

Whatever a term stands for, moving it multiplies some fields of the file, so that the file stays one that can be read,
checked and taken away.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from simulator.scenario.contract import PER
from simulator.scenario.fields import title_of
from simulator.scenario.overrides import apply_overrides
from simulator.scenario.paths import join_path, split_path
from simulator.scenario.source import table_at
from simulator.scenario.units import exact, format_money, format_share, parse_money, parse_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.scenario.source import RawTable

TermKind = Literal["rates", "block", "threshold", "malus", "malus_cap", "minimum", "relief"]

_AS_WRITTEN = Decimal(1)
_RATES = tuple(Decimal(percent) / 100 for percent in range(20, 251))
_MALUS = tuple(Decimal(percent) / 100 for percent in range(0, 201, 10))
_TWICE = 2
_UNITS = ("units", "above", "up_to")
"""Fields that are a number of billed units."""
_STEPS = 14
"""At least so many from nothing to what is written."""


@dataclass(frozen=True, slots=True)
class ContractTerm:
    """Something that can be moved in a contract."""

    kind: TermKind
    key: str
    """The path of its first field; of rates and malus, which are of many fields, the kind."""
    title: str
    """Of the line, or of the tier of burst, that it belongs to; empty where it is of the whole contract."""
    unit: str
    """`h`, `contact`, ... ; a currency; `share`; empty where it is a multiple of what is written."""
    written: Decimal
    """What stands in the file: 1 for a multiple."""
    places: tuple[Decimal, ...]
    """Where it can stand, rising; what is written is among them."""
    fields: tuple[str, ...]
    """Dotted paths of what moves with it, in proportion."""


def contract_terms(raw: RawTable) -> tuple[ContractTerm, ...]:
    """The terms of a contract that can be read, as its file has them, or with overrides applied."""
    return tuple(term for term in _terms(raw) if len(term.places) > 1)


def moved(raw: RawTable, terms: Sequence[ContractTerm], places: Mapping[str, Decimal]) -> dict[str, object]:
    """Dotted path -> value: the fields of a contract with terms moved.

    Parameters
    ----------
    raw
        As the file has it.
    terms
        Of the same.
    places
        Key of a term -> where it stands; those left out stand as they are written.
    """
    factors: dict[str, Decimal] = defaultdict(lambda: _AS_WRITTEN)
    for term in terms:
        place = places.get(term.key, term.written)
        if place != term.written:
            for field in term.fields:
                factors[field] *= place / term.written
    return {path: _times(path, _at(raw, path), factor) for path, factor in factors.items() if factor != _AS_WRITTEN}


def between(raw: RawTable, terms: Sequence[ContractTerm], places: Mapping[str, Decimal]) -> tuple[ContractTerm, ...]:
    """The same terms with only those places that the others leave them: a block ends where burst begins, or before."""
    now = {term.key: term for term in contract_terms(apply_overrides(raw, moved(raw, terms, places)))}
    return tuple(_left(term, now) for term in terms)


def _left(term: ContractTerm, now: Mapping[str, ContractTerm]) -> ContractTerm:
    if term.kind not in ("block", "threshold"):
        return term
    line = split_path(term.key)[1]
    edges = sorted(
        each.written
        for each in now.values()
        if each.kind in ("block", "threshold") and each.key != term.key and split_path(each.key)[1] == line
    )
    here = now[term.key].written
    low = max((edge for edge in edges if edge < here), default=Decimal(0))
    high = min((edge for edge in edges if edge > here), default=None)
    left = tuple(place for place in term.places if low < place and (high is None or place < high))
    return replace(term, places=left if here in left else tuple(sorted({*left, here})))


def _terms(raw: RawTable) -> Iterator[ContractTerm]:
    lines = table_at(raw, "lines")
    rates = [join_path(("lines", line, *path)) for line in lines for path in _rates(table_at(raw, "lines", line))]
    yield ContractTerm("rates", "rates", "", "", _AS_WRITTEN, _RATES, tuple(rates))
    for line in lines:
        yield from _of_line(line, table_at(raw, "lines", line))
    billing, lock = table_at(raw, "billing"), table_at(raw, "forecast_lock")
    if "minimum" in billing:
        yield _money("minimum", "billing.minimum", billing["minimum"])
    maluses = [
        join_path(("service_levels", level, "bands", band, "malus"))
        for level in table_at(raw, "service_levels")
        for band, table in table_at(raw, "service_levels", level, "bands").items()
        if "malus" in table_at(table)
    ]
    if maluses:
        yield ContractTerm("malus", "malus", "", "", _AS_WRITTEN, _MALUS, tuple(maluses))
    caps = table_at(raw, "caps")
    if "malus" in caps:
        path = "caps.malus"
        yield (
            _share("malus_cap", path, caps["malus"])
            if _is_share(caps["malus"])
            else _money("malus_cap", path, caps["malus"])
        )
    if "relief_above" in lock and parse_share(lock["relief_above"]):
        yield _share("relief", "forecast_lock.relief_above", lock["relief_above"])


def _rates(line: RawTable) -> Iterator[tuple[str, ...]]:
    """Every field of a line that is money by the unit; shares of the rate move with it by themselves."""
    if "rate" in line:
        yield ("rate",)
    yield from (("base", name) for name in ("rate", "price") if name in table_at(line, "base"))
    yield from (("burst", tier, "rate") for tier in table_at(line, "burst"))
    for section in ("times", "peaks"):
        for name, table in table_at(line, section).items():
            if not _is_share(table_at(table).get("rate")):
                yield section, name, "rate"
    yield from (("languages", name) for name, change in table_at(line, "languages").items() if not _is_share(change))


def _of_line(name: str, line: RawTable) -> Iterator[ContractTerm]:
    title = line.get("title", title_of(name))
    assert isinstance(title, str)
    unit = next(sign for billed, sign in PER.items() if billed == line["unit"])
    base, burst = table_at(line, "base"), table_at(line, "burst")
    tiers = sorted(burst, key=lambda tier: _number(table_at(burst, tier)["above"]))

    def term(kind: TermKind, told: str, written: Decimal, *inner: tuple[str, ...]) -> ContractTerm:
        fields = tuple(join_path(("lines", name, *path)) for path in inner)
        return ContractTerm(kind, fields[0], told, unit, written, _steps(written)[1:], fields)

    tied = tiers[:1] if "rate" not in line else []
    """A tier that begins where the block ends: there is no rate between them, and they move together."""
    if base:
        fields = [("base", "units"), *((("base", "price"),) if "price" in base else ())]
        fields += [("burst", tier, "above") for tier in tied]
        yield term("block", title, _number(base["units"]), *fields)
    for before, tier in zip([None, *tiers], tiers, strict=False):
        above = _number(table_at(burst, tier)["above"])
        if tier in tied or not above:
            continue
        fields = [("burst", tier, "above")]
        if before is not None and "up_to" in table_at(burst, before):
            fields.append(("burst", before, "up_to"))
        yield term("threshold", f"{title}, {title_of(tier).lower()}", above, *fields)


def _money(kind: TermKind, path: str, written: object) -> ContractTerm:
    money = parse_money(written)
    amount = exact(money.amount)
    return ContractTerm(kind, path, "", money.currency, amount, _steps(amount), (path,))


def _share(kind: TermKind, path: str, written: object) -> ContractTerm:
    share = exact(parse_share(written))
    most = tuple(place for place in _steps(share) if place <= 1)
    return ContractTerm(kind, path, "", "share", share, most, (path,))


def _steps(written: Decimal) -> tuple[Decimal, ...]:
    """Round numbers from nothing to twice what is written, and that itself."""
    if not written:
        return (written,)
    finest = written / _STEPS
    step = max(
        Decimal(digit).scaleb(finest.adjusted())
        for digit in (1, 2, 5)
        if Decimal(digit).scaleb(finest.adjusted()) <= finest
    )
    count = int(_TWICE * written / step)
    return tuple(sorted({step * k for k in range(count + 1)} | {written}))


def _at(raw: object, path: str) -> object:
    *tables, name = split_path(path)
    return table_at(raw, *tables)[name]


def _times(path: str, written: object, factor: Decimal) -> object:
    """A field of the file times a factor, written as fields are: a number of units, a share, money."""
    if split_path(path)[-1] in _UNITS:
        return float(_number(written) * factor)
    if _is_share(written):
        return format_share(float(min(exact(parse_share(written)) * factor, Decimal(1))))
    money = parse_money(written, allow_negative=True)
    return format_money(replace(money, amount=float(exact(money.amount) * factor)))


def _is_share(written: object) -> bool:
    """Whether it is a share, where it may be one or money."""
    return not isinstance(written, str) or written.strip().endswith("%")


def _number(written: object) -> Decimal:
    assert isinstance(written, int | float)
    return exact(written)
