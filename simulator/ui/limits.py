"""How much one session may ask for."""

from __future__ import annotations


class TooMuchError(Exception):
    """A question asks for more work than one session may have."""

    def __init__(self, contacts: float, most: int) -> None:
        super().__init__(f"{contacts:,.0f} contacts are asked for; at most {most:,} are allowed.")
        self.contacts = contacts
        self.most = most
