"""Reading a contract, a TOML file of its own, alone or against the scenario whose load it is held against."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from simulator.scenario.checks import check_sources
from simulator.scenario.contract import (
    Band,
    Base,
    Billing,
    Burst,
    Contract,
    ContractLine,
    Engagement,
    Fees,
    ForecastLock,
    ServiceClause,
    ShareOrMoney,
    Term,
    TimeRate,
)
from simulator.scenario.contract_line_tables import PeakTable
from simulator.scenario.contract_tables import ContractDocument
from simulator.scenario.errors import Problem, ScenarioError, unknown
from simulator.scenario.fields import title_of
from simulator.scenario.overrides import apply_overrides
from simulator.scenario.source import read_source
from simulator.scenario.table import problems_of
from simulator.scenario.units import Money, exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from simulator.scenario.contract_line_tables import LineTable, TimeRateTable
    from simulator.scenario.contract_service_tables import ServiceLevelTable
    from simulator.scenario.contract_tables import BillingTable, ForecastLockTable
    from simulator.scenario.model import Scenario
    from simulator.scenario.source import Source

_CENT = Decimal("0.01")
_NONE: Mapping[str, object] = {}


def load_contract(
    path: Path | str, scenario: Scenario | None = None, overrides: Mapping[str, object] = _NONE
) -> Contract:
    """Load a contract.

    Parameters
    ----------
    path
        The TOML file.
    scenario
        Whose groups, channels and customers it is about; None: names are taken as they are.
    overrides
        Single fields set by dotted path, in the file's own units: `{"lines.hours.rate": "28 EUR/h"}`.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the file, also against the scenario, each with its clause.
    """
    return contract_from(read_source(Path(path)), scenario, overrides)


def contract_from(
    source: Source, scenario: Scenario | None = None, overrides: Mapping[str, object] = _NONE
) -> Contract:
    """Load a contract from what `read_source` or `read_upload` has read, or from a raw table that a program has made.

    Raises
    ------
    ScenarioError
        As `load_contract`.
    """
    raw = apply_overrides(source.raw, overrides)
    try:
        document = ContractDocument.model_validate(raw)
    except ValidationError as error:
        raise ScenarioError(map(source.located, problems_of(error))) from None
    found = [*check_sources(raw), *(_against(document, scenario) if scenario is not None else ())]
    if found:
        raise ScenarioError(map(source.located, found))
    name = source.path.stem
    return Contract(
        name=name,
        title=document.title or title_of(name),
        currency=document.currency,
        risk=document.risk.strip(),
        lines=tuple(_line(each, table) for each, table in document.lines.items()),
        billing=_billing(document.billing),
        engagement=Engagement(document.engagement.minimum or Term(), document.engagement.notice or Term()),
        fees=Fees(
            *(
                _amount(money) or Decimal(0)
                for money in (document.fees.set_up, document.fees.training, document.fees.ramp)
            )
        ),
        forecast_lock=_lock(document.forecast_lock) if document.forecast_lock is not None else None,
        service_levels=tuple(_service(each, table) for each, table in document.service_levels.items()),
        bonus_cap=_fee(document.caps.bonus) if document.caps.bonus is not None else None,
        malus_cap=_fee(document.caps.malus) if document.caps.malus is not None else None,
        sources=document.sources,
    )


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else exact(money.amount)


def _fee(value: Decimal | Money) -> ShareOrMoney:
    return ShareOrMoney(money=exact(value.amount)) if isinstance(value, Money) else ShareOrMoney(share=value)


def _line(name: str, table: LineTable) -> ContractLine:
    return ContractLine(
        name=name,
        title=table.title or title_of(name),
        unit=table.unit,
        groups=tuple(table.groups or ()),
        channels=tuple(table.channels or ()),
        base=Base(exact(table.base.units), table.base.block_price) if table.base is not None else None,
        rate=_amount(table.rate),
        burst=tuple(Burst(each, exact(tier.above), exact(tier.rate.amount)) for each, tier in table.tiers),
        times=tuple(_time_rate(each, rate) for each, rate in table.times.items()),
        peaks=tuple(_time_rate(each, rate) for each, rate in table.peaks.items()),
        languages={each: _fee(change) for each, change in table.languages.items()},
    )


def _time_rate(name: str, table: TimeRateTable | PeakTable) -> TimeRate:
    first, last = (table.first, table.last) if isinstance(table, PeakTable) else (None, None)
    return TimeRate(name, table.title or title_of(name), _fee(table.rate), table.hours, first, last)


def _billing(table: BillingTable) -> Billing:
    return Billing(
        minimum=_amount(table.minimum),
        maximum=_amount(table.maximum),
        part_months=table.part_months,
        round_to=_amount(table.round_to) or _CENT,
        rounding=table.rounding,
    )


def _lock(table: ForecastLockTable) -> ForecastLock:
    return ForecastLock(
        weeks=table.weeks,
        per=table.per,
        relief_above=exact(table.relief_above),
        beyond=table.beyond,
        service_level=table.service_level,
        billed_at_least=None if table.billed_at_least is None else exact(table.billed_at_least),
    )


def _service(name: str, table: ServiceLevelTable) -> ServiceClause:
    return ServiceClause(
        name=name,
        title=table.title or title_of(name),
        channels=tuple(table.channels),
        definition=table.definition,
        within=table.within,
        per=table.per,
        bands=tuple(
            Band(
                name=each,
                at_least=None if band.at_least is None else exact(band.at_least),
                below=None if band.below is None else exact(band.below),
                kind="bonus" if band.malus is None else "malus",
                fee=_fee(band.fee),
            )
            for each, band in table.ordered
        ),
    )


def _against(document: ContractDocument, scenario: Scenario) -> Iterator[Problem]:
    """What does not go together with the scenario: its currency, names, and hours that do not fall on its intervals."""
    if document.currency != scenario.currency:
        message = f"The scenario is in {scenario.currency}; nothing is converted."
        yield Problem(message, ("currency",), document.currency)
    groups = [group.name for group in scenario.groups]
    channels = [channel.name for channel in scenario.channels]
    languages = [each.name for each in scenario.customer_classes[1:]]
    for name, line in document.lines.items():
        here: tuple[str, ...] = ("lines", name)
        yield from _unknown("group", line.groups or (), groups, (*here, "groups"))
        yield from _unknown("channel", line.channels or (), channels, (*here, "channels"))
        for language in line.languages:
            if language not in languages:
                message = unknown("class of customers", language, languages, where=" in the scenario")
                yield Problem(message, (*here, "languages", language))
        for section, rates in (("times", line.times), ("peaks", line.peaks)):
            for each, rate in rates.items():
                if rate.hours is not None:
                    try:
                        scenario.calendar.open_mask(rate.hours)
                    except ValueError as error:
                        yield Problem(str(error), (*here, section, each, "hours"), str(rate.hours))
    for name, level in document.service_levels.items():
        here = ("service_levels", name)
        yield from _unknown("channel", level.channels, channels, (*here, "channels"))
        for channel in scenario.channels:
            wanted = "deferred" if level.definition == "within due" else "live"
            if channel.name in level.channels and channel.kind != wanted:
                message = (
                    f"This is a service level of {wanted} channels; {channel.name} is {channel.kind}. Allowed for it: "
                    + ("within due." if channel.kind == "deferred" else "the five of live channels.")
                )
                yield Problem(message, (*here, "definition"), level.definition)


def _unknown(kind: str, names: Sequence[str], known: Sequence[str], path: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            yield Problem(unknown(kind, name, known, where=" in the scenario"), path, name)
