"""What flexible capacity is worth, and what to charge for it: contracts settled on simulated futures.

::

    futures = play_futures(scenario, contracts, futures=1000, workers=2)  # simulated once, for all contracts
    futures.settle(contract).total  # [future] what the contract bills for the horizon
    futures.commitment(contract)  # [future] what the shop still owes for the rest of the engagement
"""

from __future__ import annotations
