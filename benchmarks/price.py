"""How long prices take: 1,000 futures of a four-week peak, then every contract again. `python benchmarks/price.py`.

The peak is the week of `black-friday.toml` with the three weeks after it. Futures are played once for all contracts,
and each contract is then settled anew on the ledger that they filled. Asked for: at most 60 s on 2 cores to play, and
half a second for a contract. The steps of one future are timed apart, in one thread. Times on the wall are those of a
machine with nothing else to do; on a shared one CPU time is what can be compared.

`--page` times instead what the page of contracts works out when a slider moves one of them: both sides, the rate to
quote and where it breaks even with the others, on futures at all levels of demand.
"""

from __future__ import annotations

import argparse
import resource
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from machine import machine

from simulator.engine import simulate
from simulator.experiment.replications import usable_processors
from simulator.measures import ONLY_SUMS
from simulator.measures.made import made
from simulator.measures.summary import summarise_made
from simulator.planning.pricing.futures import FUTURES, play_futures
from simulator.planning.pricing.pricing import play
from simulator.planning.pricing.quote import RISK, TARGET_MARGIN, scaled
from simulator.planning.pricing.rows import rows_of
from simulator.planning.pricing.supplier_tally import FuturePlay
from simulator.planning.pricing.whose import groups_of, supplier_of
from simulator.planning.staffing.whole_agents import WEEK
from simulator.scenario import load_scenario
from simulator.scenario.contract_file import load_contract
from simulator.ui.prices import OnSale, Prices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.planning.pricing.futures import Futures
    from simulator.scenario import Scenario
    from simulator.scenario.contract import Contract

Result = TypeVar("Result")

SCENARIOS = Path(__file__).parent.parent / "scenarios"
STEPS = 20
"""Futures whose steps are timed apart."""
AGAIN = 5
"""Times each contract is settled; the median counts."""


def main() -> None:
    """Play, settle, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--futures", type=int, default=FUTURES)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--workers", type=int, default=usable_processors())
    parser.add_argument("--page", action="store_true", help="time the page's moves")
    asked = parser.parse_args()
    scenario = load_scenario(SCENARIOS / "black-friday.toml", overrides={"horizon.days": asked.days})
    contracts = [load_contract(path, scenario) for path in sorted((SCENARIOS / "contracts").glob("*.toml"))]
    play_futures(scenario, contracts, futures=1)  # compiles, or loads what was compiled

    print(machine())
    print(f"\n{asked.futures:,} futures of {asked.days} days, {len(contracts)} contracts, {asked.workers} workers\n")
    if asked.page:
        page(scenario, contracts, asked.futures, asked.workers)
        return
    futures = played(scenario, contracts, asked.futures, asked.workers)
    print("\none future, step by step, median CPU time in one thread")
    for step, seconds in steps(scenario, contracts).items():
        print(f"  {step:44}{1000 * seconds:9.1f} ms")
    print("\nanother price on the same futures, median      wall       CPU")
    for contract in contracts:
        wall, processor = settled(contract, futures)
        print(f"  {contract.title:44}{1000 * wall:6.0f} ms {1000 * processor:6.0f} ms")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nmost memory of the process                    {most:9,.0f} MB")


def played(scenario: Scenario, contracts: Sequence[Contract], futures: int, workers: int) -> Futures:
    """Play them all, and say how long it took."""
    wall, processor = time.perf_counter(), time.process_time()
    found = play_futures(scenario, contracts, futures=futures, workers=workers)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"played and counted                            {wall:9.1f} s on the wall")
    print(
        f"                                              {processor:9.1f} s of CPU, {processor / wall:.2f} cores in use"
    )
    return found


def steps(scenario: Scenario, contracts: Sequence[Contract]) -> dict[str, float]:
    """CPU seconds of each step of a future."""
    rows = rows_of(scenario, groups_of(scenario, supplier_of(scenario, None)), contracts)
    future_play = FuturePlay(scenario, scenario.seed, "compiled", rows, WEEK)
    play = future_play.play
    taken: dict[str, list[float]] = {}

    def timed(step: str, work: Callable[[], Result]) -> Result:
        began = time.process_time()
        result = work()
        taken.setdefault(step, []).append(time.process_time() - began)
        return result

    for number in range(STEPS):
        contacts, diverted = timed("who comes", partial(play.demand.draw_diverted, play.seed, number))
        staffing = timed("who is there", partial(play.presence.draw, play.seed, number))
        records, agents = timed("what happens", partial(simulate, play.centre, contacts, staffing))
        ordered = timed("in order of arrival", partial(made, contacts, records))
        timed("sums of the measures", partial(summarise_made, play.yardstick, ordered, agents, diverted, ONLY_SUMS))
        timed("all of it", partial(future_play.replication, number))
    medians = {step: median(seconds) for step, seconds in taken.items()}
    whole = medians.pop("all of it")
    return medians | {"the ledger, targets and costs": whole - sum(medians.values()), "all of it": whole}


def page(scenario: Scenario, contracts: Sequence[Contract], futures: int, workers: int) -> None:
    """Play what the page plays, then move the rates of each contract in turn, and say how long the answer takes."""
    began = time.perf_counter()
    prices = Prices(play(scenario, contracts, futures=futures, workers=workers, mixes=False))
    print(f"played at all levels                          {time.perf_counter() - began:9.1f} s on the wall")
    on_sale = [OnSale(contract, contract.name) for contract in contracts]
    _answer(prices, on_sale)  # the first look, before anything is moved
    print("\nwhen the rates of one are moved, median        wall       CPU")
    for place, contract in enumerate(contracts):
        wall, processor = [], []
        for again in range(AGAIN):
            factor = 1.01 + again / 100
            moved = [*on_sale]
            moved[place] = OnSale(scaled(contract, factor), (contract.name, factor))
            began, began_to_work = time.perf_counter(), time.process_time()
            _answer(prices, moved)
            wall.append(time.perf_counter() - began)
            processor.append(time.process_time() - began_to_work)
        print(f"  {contract.title:44}{1000 * median(wall):6.0f} ms {1000 * median(processor):6.0f} ms")


def _answer(prices: Prices, on_sale: Sequence[OnSale]) -> None:
    for each in on_sale:
        prices.supplier_view(each)
        prices.quote(each, TARGET_MARGIN, RISK)
    prices.buyer_view(on_sale)
    prices.break_evens(on_sale)


def settled(contract: Contract, futures: Futures) -> tuple[float, float]:
    """Seconds on the wall, and of CPU, to settle a contract on all futures."""
    wall, processor = [], []
    for _ in range(AGAIN):
        began, began_to_work = time.perf_counter(), time.process_time()
        _ = futures.settle(contract).total
        wall.append(time.perf_counter() - began)
        processor.append(time.process_time() - began_to_work)
    return median(wall), median(processor)


if __name__ == "__main__":
    main()
