"""Plays the contacts of one replication through the centre. The rules are in `docs/model.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from simulator.engine.centre import NO_LIMIT, NO_SKILL, Centre
from simulator.engine.setup import centre_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts, Ledger

EngineName = Literal["reference", "compiled"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)
DEFAULT_ENGINE: EngineName = "compiled"

__all__ = ["DEFAULT_ENGINE", "ENGINES", "NO_LIMIT", "NO_SKILL", "Centre", "EngineName", "centre_of", "simulate"]


def simulate(
    centre: Centre, contacts: Contacts, staffing: NDArray[np.int64], engine: EngineName = DEFAULT_ENGINE
) -> tuple[ContactRecords, Ledger]:
    """Play one replication.

    Parameters
    ----------
    centre
        The rules' parameters.
    contacts
        What arrives, with all its luck.
    staffing
        [group, interval] agents on duty.
    engine
        Which engine plays. All give the same tables, bit by bit.

    Raises
    ------
    ValueError
        If the engine is unknown, or if a table is not one that can be played; the message names the column or field.
    """
    if engine not in ENGINES:
        msg = f"There is no engine {engine!r}; there is {' and '.join(ENGINES)}."
        raise ValueError(msg)
    # Numba and SimPy are loaded only where they play.
    if engine == "compiled":
        from simulator.engine.run_compiled import ground_of, play_on

        ground = ground_of(centre, staffing)
        _check_contacts(centre, contacts)
        return play_on(ground, centre, contacts, staffing)

    from simulator.engine.reference import ReferenceEngine

    centre.check()
    centre.check_staffing(staffing)
    _check_contacts(centre, contacts)
    return ReferenceEngine(centre, contacts, staffing).play()


def _check_contacts(centre: Centre, contacts: Contacts) -> None:
    """Refuse contacts that could not come to this centre."""
    channels, topics, _, _ = centre.shape
    contacts.check(channels=channels, topics=topics, customer_classes=centre.customer_classes)
    firsts = len(contacts) - len(contacts.follow_ups)
    if firsts:
        last = contacts.arrival[firsts - 1]
        if last >= centre.horizon:
            msg = f"Contacts.arrival[{firsts - 1}] is {last}; it must be before the horizon's end, {centre.horizon}."
            raise ValueError(msg)
        early = np.flatnonzero(centre.live[contacts.channel[: np.searchsorted(contacts.arrival, 0.0)]])
        if len(early):
            first = int(early[0])
            msg = f"Contacts.arrival[{first}] is {contacts.arrival[first]}; only deferred contacts may be negative."
            raise ValueError(msg)
