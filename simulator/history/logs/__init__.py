"""Single events as systems log them: calls, tickets of messages, orders; each table documented column by column."""

from __future__ import annotations

from simulator.history.logs.calls import Calls
from simulator.history.logs.orders import Orders
from simulator.history.logs.tickets import Tickets

__all__ = ["Calls", "Orders", "Tickets"]
