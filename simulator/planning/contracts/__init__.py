"""What a contract comes to: the ledger of what happened, and the invoice that follows from both.

::

    contract = load_contract("scenarios/contracts/hourly-block.toml", scenario)
    print(invoice(contract, ledger))  # one future, in decimals, rounded as the contract says
    settle(contract, ledger).total  # every future of the ledger at once, in floats, by the same rules
"""

from __future__ import annotations
