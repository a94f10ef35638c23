"""The base block that a shop would best agree on: cheap units that are paid used or not, against dearer ones on demand.

With a block rate b and a rate r beyond it, the block B costs b B + r E(U - B)+ for units U of a month, and is the best
where P(U > B) = b / r: the newsvendor's quantile (Arrow, Harris and Marschak, Optimal inventory policy, Econometrica
19, 1951). What else a contract has, night rates, minimum billing, caps, months of which a part is billed, is counted by
settling it: the block is searched for, not calculated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from simulator.planning.pricing.risk import Outcomes
from simulator.scenario.contract import Base

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from simulator.experiment.estimate import Estimate
    from simulator.planning.pricing.futures import Futures
    from simulator.scenario.contract import Contract, ContractLine

    Floats = NDArray[np.float64]

_TRIED = 9
"""Blocks tried at once; then again between the neighbours of the best."""


@dataclass(frozen=True, eq=False)
class BestBlock:
    """The cheapest block of one line, all else as the contract has it."""

    line: str
    """Name of the line."""
    contract: Contract
    """With that block."""
    units: int
    """Of a whole month, paid used or not."""
    paid: Outcomes
    """Invoice with that block."""
    saves: Estimate
    """What the invoice is lower than with the block as it was written, paired."""
    at_threshold: bool
    """Whether a larger block might be cheaper still, which the first threshold of burst does not allow."""


def with_block(contract: Contract, line: str, units: Decimal | int) -> Contract:
    """The contract with another number of units in the base block of a line, at the same rate; 0: without a block."""

    def changed(each: ContractLine) -> ContractLine:
        if each.name != line or each.base is None:
            return each
        return replace(each, base=Base(Decimal(units), each.base.rate * units) if units else None)

    return replace(contract, lines=tuple(map(changed, contract.lines)))


def lines_with_block(contract: Contract) -> tuple[ContractLine, ...]:
    """The lines of a contract whose block may be changed: there is a rate for units beyond it."""
    return tuple(each for each in contract.lines if each.base is not None and each.rate is not None)


def best_block(
    contract: Contract, futures: Futures, line: str | None = None, *, whole_engagement: bool = False
) -> BestBlock:
    """The block, in whole units, with the least expected invoice; of several, the smallest. Nothing is simulated.

    Parameters
    ----------
    line
        Its name; None: the only line that has a block and a rate beyond it.
    whole_engagement
        As `Futures.settle`.

    Raises
    ------
    ValueError
        If there is no such line, or the contract cannot be settled.
    """
    among = lines_with_block(contract)
    asked = [each for each in among if line in (None, each.name)]
    if len(asked) != 1:
        names = ", ".join(each.name for each in among) or "none"
        msg = f"Lines of {contract.name} with a base block and a rate beyond it: {names}; one of them is needed."
        raise ValueError(msg)
    found = asked[0]
    known: dict[int, Floats] = {}

    def paid(units: int) -> Floats:
        if units not in known:
            changed = with_block(contract, found.name, units)
            known[units] = futures.settle(changed, whole_engagement=whole_engagement).total
        return known[units]

    # A block beyond the most that is used in any month is paid for nothing.
    most = math.ceil(_used(contract, found, futures).max(initial=0.0))
    threshold = math.floor(found.burst[0].above) if found.burst else most
    units = _least(lambda units: float(paid(units).mean()), min(most, threshold))
    written = futures.settle(contract, whole_engagement=whole_engagement).total
    return BestBlock(
        line=found.name,
        contract=with_block(contract, found.name, units),
        units=units,
        paid=Outcomes(paid(units)),
        saves=(Outcomes(written) - Outcomes(paid(units))).mean,
        at_threshold=units == threshold < most,
    )


def _used(contract: Contract, line: ContractLine, futures: Futures) -> Floats:
    """[future, month] Units of a line, brought up to those of a whole month where a part of it is billed."""
    plain = replace(line, base=None, burst=(), times=(), peaks=(), languages={})
    alone = replace(contract, lines=(plain,), service_levels=(), forecast_lock=None)
    settled = futures.settle(alone)
    units = next(each.units for each in settled.entries if each.clause == ("lines", line.name, "rate"))
    in_full = contract.billing.part_months == "in full"
    share = [1.0 if in_full else month.billed / month.days for month in settled.months]
    return np.asarray(units / np.array(share))


def _least(cost: Callable[[int], float], most: int) -> int:
    """The whole number from 0 to `most` with the least cost, of a cost that falls first and then rises."""
    low, high = 0, most
    while True:
        tried = sorted({round(low + k * (high - low) / (_TRIED - 1)) for k in range(_TRIED)})
        best = min(tried, key=lambda units: (cost(units), units))
        if high - low < _TRIED:
            return best
        place = tried.index(best)
        low, high = tried[max(place - 1, 0)], tried[min(place + 1, len(tried) - 1)]
