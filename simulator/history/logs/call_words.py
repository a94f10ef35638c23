"""What the columns of call logs are called, in four languages and by the usual telephone systems."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from simulator.history.logs.mapping import CallRole

CALL_WORDS: Mapping[CallRole, str] = {
    "date": "date, day, call date, start date, pvm, päivä, päivämäärä, datum",
    "entered": "vru entry, ivr entry, vru start, ivr start, entered, call entered, initiation timestamp",
    "arrival": (
        "arrival, arrived, arrival time, arrived at, date received, received, received at, time received, offered, "
        "offered at, queue start, q start, queue entry, queued, queued at, enqueued, enqueue time, "
        "enqueue timestamp, vru exit, ivr exit, "
        "vru end, ivr end, call start, call date, call time, call datetime, start, start time, initiated, "
        "initiated at, created, timestamp, datetime, date time, saapui, saapunut, saapumisaika, jonoon, jonoon tulo, "
        "alku, alkuaika, alkoi, alkanut, "
        "ankomst, ankomsttid, inkom, samtalsstart, start tid, starttid, "
        "anrufbeginn, beginn, eingang, eingegangen, ankunft, startzeit"
    ),
    "answered": (
        "answered, answer, answer time, answered at, time answered, connected, connected at, connect time, "
        "connected to agent, connected to agent timestamp, pickup, "
        "pickup time, picked up, service start, ser start, talk start, agent start, vastattu, vastausaika, "
        "vastaushetki, besvarad, besvarat, svarad, svarstid, angenommen, angenommen um, beantwortet, gesprächsbeginn"
    ),
    "consulted": "consult, consulted, consulted at, consultation, consult start, neuvottelu",
    "handed_over": "transfer, transferred, transferred at, transfer time, handover, handed over, siirto, siirretty",
    "released": (
        "released, released at, release, service end, service exit, ser exit, ser end, agent end, agent free, "
        "wrap end, wrap up end, acw end, after contact work end, after contact work end timestamp, "
        "vapautui, vapautumisaika"
    ),
    "gave_up": (
        "abandoned, abandoned at, abandon time, queue exit, q exit, queue end, q end, gave up, luopui, luopumisaika, "
        "övergiven, tappad, aufgelegt"
    ),
    "ended": (
        "hangup, hang up, hung up, hangup time, ended, ended at, end, end time, end date, call end, disconnected, "
        "disconnect timestamp, "
        "disconnected at, disconnect time, completed, completed at, loppu, loppuaika, loppui, päättyi, päättynyt, "
        "päättymisaika, slut, sluttid, avslutad, avslutat, ende, beendet, endzeit, anrufende, gesprächsende"
    ),
    "waited": (
        "wait, waited, wait time, waiting time, wait seconds, queue time, q time, time in queue, queue seconds, "
        "queue duration, total queue, queue wait time, wait duration, ringing, "
        "speed of answer, odotus, odotusaika, jonotus, jonotusaika, "
        "väntetid, kötid, wartezeit, wartedauer"
    ),
    "worked": (
        "handle time, handling time, handle duration, handle seconds, agent time, service time, ser time, "
        "service duration, total handle, talk, talking, total talk, in call, "
        "talk time, talk duration, talk seconds, conversation time, hold, hold time, "
        "hold duration, call duration, call length, puheaika, pitoaika, käsittelyaika, puhelun kesto, puhelun pituus, "
        "keskustelun kesto, "
        "samtalstid, samtalslängd, hanteringstid, gesprächsdauer, gesprächszeit, bearbeitungszeit, bearbeitungsdauer"
    ),
    "wrap_up": (
        "wrap, wrap up, wrapup, wrap time, wrap up time, acw, acw time, total acw, after call work, "
        "after call work time, after contact work, jälkityö, jälkityöaika, "
        "efterarbete, efterarbetstid, nachbearbeitung, nachbearbeitungszeit, nacharbeit"
    ),
    "queue": (
        "queue, queue name, queue id, skill, skill group, split, vdn, call type, contact type, type, service, topic, "
        "service line, jono, jonon nimi, palvelujono, palvelu, "
        "kö, könamn, tjänst, warteschlange, rufgruppe"
    ),
    "agent": (
        "agent, agent number, agent id, agent name, agent login, server, operator, handled by, answered by, employee, "
        "user, users, user name, "
        "agentti, asiakaspalvelija, edustaja, vastaaja, "
        "handläggare, medarbetare, mitarbeiter, bearbeiter"
    ),
    "customer": (
        "customer, customer id, customer number, caller, caller id, caller number, ani, phone number, from number, "
        "from, customer phone number, "
        "asiakas, asiakasnumero, soittaja, soittajan numero, puhelinnumero, "
        "kund, kundnummer, telefonnummer, kunde, kundennummer, anrufer, rufnummer"
    ),
    "contact": (
        "call id, contact id, interaction id, session id, conversation id, call number, puhelun tunnus, samtals id, "
        "anruf id"
    ),
    "outcome": (
        "outcome, result, disposition, call status, status, call result, answered, tulos, lopputulos, tila, utfall, "
        "resultat, ergebnis"
    ),
}

ANSWERED = frozenset(
    {"answered", "answer", "agent", "handled", "served", "completed", "connected", "yes", "y", "true", "1", "vastattu"}
    | {"besvarad", "besvarat", "angenommen", "beantwortet"}
)
"""Words for an outcome, for logs that tell neither moments nor agents."""
NO_CONTACT = frozenset({"phantom", "test"})
"""Outcomes of what was no contact."""
WHOLE = frozenset(
    {"handle", "handling", "agent", "service", "ser", "käsittelyaika"}
    | {"hanteringstid", "bearbeitungszeit", "bearbeitungsdauer"}
)
"""Words of lengths that hold all of an agent's time, and not a part of it such as the talk."""


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[tuple[str, ...], CallRole], ...]:
    """Every phrase, split into words, and its role; the longest first."""

    def each() -> Iterator[tuple[tuple[str, ...], CallRole]]:
        for role, text in CALL_WORDS.items():
            for phrase in text.split(", "):
                yield tuple(phrase.split()), role

    return tuple(sorted(each(), key=lambda found: -len(found[0])))
