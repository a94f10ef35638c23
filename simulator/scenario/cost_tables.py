"""The tables of the scenario file that say what the centre pays beside its agents' hours, and what it loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from simulator.scenario.fields import Amount, Factor, MinuteCost, Name, SessionCost, Share
from simulator.scenario.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.scenario.units import Money


class LostOrderTable(Table):
    """What is lost with a customer who goes away for good."""

    value: Amount = Field(description="What the shop loses with an order: its margin rather than its price.")
    share: dict[Name, Share] = Field(
        default={},
        description="Share of enquiries that carry an order, topic = share; none for topics left out. Default: none.",
        examples=[{"product": "25 %", "order": "40 %"}],
    )
    share_on: dict[Name, dict[Name, Share]] = Field(
        default={},
        description=(
            "Channels on which it is another share: channel = table of topics. The channel is that of the enquiry's "
            "first contact. Default: share on all channels."
        ),
    )


class CostsTable(Table):
    """What the centre pays beside its agents' hours, and what a lost order is worth."""

    overtime: Factor = Field(
        default=1, description="Multiplies a group's price of an hour in overtime.", examples=["+50 %"]
    )
    bot_session: dict[Name, SessionCost] = Field(
        default={}, description="Price of a contact that meets the bot, channel = price. Default: none."
    )
    line: dict[Name, MinuteCost] = Field(
        default={},
        description=(
            "Price of a minute in which a contact of a live channel waits for an agent or is in hand, channel = price: "
            "a line that is free for callers. Default: none."
        ),
    )
    fixed: dict[Name, Amount] = Field(
        default={},
        max_length=200,
        description="What is paid once for the horizon, name = amount: also the price of a variant. Default: none.",
        examples=[{"training": "2000 EUR"}],
    )
    lost_order: LostOrderTable | None = Field(
        default=None,
        description="What is lost with a customer who goes away for good. Default: nothing is known of it.",
    )

    def amounts(self) -> Iterator[tuple[tuple[str, ...], Money]]:
        """Every sum of money with its path from here."""
        for section, priced in (("bot_session", self.bot_session), ("line", self.line), ("fixed", self.fixed)):
            for name, money in priced.items():
                yield (section, name), money
        if self.lost_order is not None:
            yield ("lost_order", "value"), self.lost_order.value
