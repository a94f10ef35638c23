"""What the columns of reports are called, in English, Finnish, Swedish and German, by the usual telephone systems."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

Role = Literal[
    "ignored",
    "date",
    "time",
    "moment",
    "channel",
    "topic",
    "offered",
    "answered",
    "abandoned",
    "handling_time",
    "talk_time",
    "asa",
    "service_level",
]
"""What a column holds. moment: date and time in one; handling_time: the mean (AHT); talk_time: its mean without the
work after the contact."""

_PHRASES: dict[Role, str] = {
    "date": "date, day, pvm, päivä, päivämäärä, päiväys, datum, dag",
    "time": (
        "time, interval, time interval, start time, time of day, half hour, quarter hour, hour, period, from, start, "
        "klo, kello, aika, kellonaika, aikaväli, alkuaika, alku, tunti, ajanjakso, jakso, "
        "tid, klockslag, intervall, starttid, uhrzeit, zeit, zeitraum, zeitintervall"
    ),
    "moment": (
        "datetime, date time, timestamp, interval start, start interval, start of interval, aikaleima, ajankohta, "
        "ajanhetki, tidpunkt, zeitpunkt, zeitstempel"
    ),
    "channel": (
        "channel, media, media type, kanava, mediatyyppi, viestintäkanava, queue, queue name, skill, skill group, "
        "split, vdn, service, jono, palvelujono, jonon nimi, palvelu, palvelunumero, "
        "kö, könamn, kanal, tjänst, warteschlange, rufgruppe"
    ),
    "topic": (
        "topic, call type, contact type, contact reason, reason, category, subject, aihe, yhteydenottosyy, syy, "
        "kategoria, luokka"
    ),
    "offered": (
        "offered, calls offered, contacts offered, interactions offered, offer, incoming, inbound, arrived, arrivals, "
        "received, presented, entered, volume, total calls, total contacts, demand, forecast, "
        "calls queued, contacts queued, interactions queued, "
        "tarjotut, tarjottu, tarjotut puhelut, tarjotut kontaktit, saapuneet, saapuneita, tulleet, sisään tulleet, "
        "sisääntulleet, volyymi, kysyntä, ennuste, "
        "inkomna, inkomna samtal, inkommande samtal, erbjudna, erbjudna samtal, "
        "angeboten, angebotene, angebotene anrufe, eingehend, eingehende, eingehende anrufe"
    ),
    "answered": (
        "answer, answered, calls answered, handled, calls handled, accepted, acd calls, "
        "vastatut, vastattu, vastatut puhelut, käsitellyt, käsitelty, hoidetut, besvarade, besvarade samtal, "
        "angenommen, angenommene, angenommene anrufe, beantwortet, beantwortete, beantwortete anrufe"
    ),
    "abandoned": (
        "abandoned, calls abandoned, abandon, abandons, aban calls, unanswered, not answered, lost, missed, "
        "luopuneet, luovuttaneet, hylätyt, menetetyt, vastaamattomat, keskeytyneet, jonosta poistuneet, "
        "tappade, tappade samtal, obesvarade, obesvarade samtal, övergivna, "
        "verloren, verlorene, verlorene anrufe, abgebrochen, abgebrochene, nicht angenommen, nicht angenommene"
    ),
    "handling_time": (
        "aht, handle time, handling time, average handle time, average handling time, avg handle time, "
        "avg handling time, mean handling time, avg handle, average handle, agent time mean, "
        "käsittelyaika, keskimääräinen käsittelyaika, keskim käsittelyaika, ka käsittelyaika, hoitoaika, "
        "hanteringstid, medelhanteringstid, bearbeitungszeit"
    ),
    "talk_time": (
        "att, talk time, talk duration, average talk time, avg talk time, avg talk, average talk, acd time, "
        "agent interaction time, call time mean, puheaika, keskusteluaika, keskimääräinen puheaika, keskim puheaika, "
        "samtalstid, medelsamtalstid, gesprächszeit, gesprächsdauer"
    ),
    "asa": (
        "asa, speed of answer, average speed of answer, avg speed of answer, avg speed answer, speed ans, "
        "answer speed, answer time, queue answer time, time to answer, "
        "vastausaika, keskimääräinen vastausaika, keskim vastausaika, "
        "svarstid, medelsvarstid, annahmezeit, antwortzeit"
    ),
    "service_level": "service level, sl, sla, tsf, palvelutaso, servicenivå, servicelevel",
    # Known, and not asked for: said here so that they are not taken for something else.
    "ignored": (
        "answer rate, abandonment, answered within, "
        "abandoned within, answered in sl, answered wait total, abandoned wait total, wait total, total handle time, "
        "total talk time, "
        "handle time total, talk time total, time to abandon, avg aban time, wait, wait time, waiting time, hold time, "
        "ring time, acw, acw time, wrap up, wrap up time, after call work, after contact work, flow in, flow out, "
        "end, end time, interval end, week, weekday, day of week, day index, month, year, id, index, agents, staff, "
        "service level target, sla target, transferred, short abandoned, "
        "vastausprosentti, vastausaste, luopumisprosentti, luopumisaste, odotusaika, keskimääräinen odotusaika, "
        "vastatut palvelutasossa, viikko, viikonpäivä, kuukausi, vuosi, loppu, loppuaika, agentit, asiakaspalvelijat, "
        "jonotusaika, jälkityö, jälkityöaika, tavoite, target, siirretyt, "
        "väntetid, medelväntetid, svarsfrekvens, wartezeit, nachbearbeitungszeit, annahmequote, abbruchquote, ende"
    ),
}

_VAGUE = (
    "calls, call, contacts, contact, interactions, count, number, quantity, qty, total, puhelut, puhelu, puheluita, "
    "yhteydenotot, kontaktit, kpl, määrä, lukumäärä, puhelumäärä, samtal, anrufe, antal, anzahl"
)
"""Words that mean the contacts offered where nothing better is there."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOISE = _words(
    "avg average mean median sum of the in per no nr num sec secs s seconds second min mins minutes h hours hh mm ss "
    "hhmmss all keskim keskimääräinen keskimäärin ka yht sek sekuntia tuntia keston kesto "
    "genomsnittlig medel durchschn durchschnittlich durchschnittliche"
)
_SHARES = _words(
    "% percent percentage pct rate ratio share osuus prosentti prosenttia aste andel procent prozent anteil quote"
)
"""Words of shares of the contacts, which are no numbers of them."""
_EXTREMES = _words("max maximum longest suurin pisin enintään längsta längste")
"""Words of what is neither a number of contacts nor a mean."""
_TOTALS = _words("total totals sum grand subtotal yhteensä yht summa kaikki average avg keskiarvo")
_UNITS: dict[float, frozenset[str]] = {
    0.001: _words("ms msec millis milliseconds millisekuntia millisekunder millisekunden"),
    1.0: _words("ss sec secs second seconds sek sekuntia sekunteina sekunder sekunden"),
    60.0: _words("min mins minute minutes minuuttia minuutit minuutteina minuter minuten"),
    3600.0: _words("h hr hrs hour hours tuntia tunnit tunteina timmar stunden"),
}
"""Seconds in a unit -> the words for it. A form such as h:mm:ss names the smallest unit too, so that one counts."""
_UNITS_OR_ELSE = _words("min h hr hour hours second")
_BRACKETS = re.compile(r"[(\[]([^)\]]*)")


class Known(NamedTuple):
    """What a header says."""

    role: Role
    words: str
    """The words that say so."""
    rest: str
    """The header's other words, but for those that say nothing: perhaps a channel."""
    vague: bool
    """Whether the words could mean much."""


def words_of(header: str) -> tuple[str, ...]:
    """The words of a header in small letters: "AvgHandleTime (sec)" has four."""
    spaced = re.sub(r"(?<=[a-zåäöü])(?=[A-ZÅÄÖÜ])", " ", header)
    return tuple(re.findall(r"[^\W_]+|%", spaced.casefold()))


@lru_cache(maxsize=4096)
def known(header: str) -> Known | None:
    """What a header says by the longest phrase in it; None if no phrase is."""
    words = words_of(header)
    best: tuple[int, bool, int, Role, tuple[str, ...]] | None = None
    for phrase, (role, vague) in _phrases().items():
        place = place_of(phrase, words)
        if place is None:
            continue
        found = (len(phrase), not vague, -place, role, phrase)
        if best is None or found[:3] > best[:3]:
            best = found
    if best is None:
        return None
    _, clear, place, role, phrase = best
    if (_SHARES & set(words) and role in ("offered", "answered", "abandoned")) or _EXTREMES & set(words):
        role = "ignored"
    rest = words[:-place] + words[len(phrase) - place :] if place else words[len(phrase) :]
    return Known(role, " ".join(phrase), " ".join(word for word in rest if not _says_nothing(word)), not clear)


def is_vague(header: str) -> bool:
    """Whether the words of a header could mean much, or none is known."""
    found = known(header)
    return found is None or found.vague


@lru_cache(maxsize=4096)
def is_total(text: str) -> bool:
    """Whether a row or column of this name adds up others."""
    words = words_of(text)
    return bool(words) and words[0] in _TOTALS


def unit_of(header: str) -> float:
    """Seconds in the unit in which a header says that plain numbers are: a second where it says nothing."""
    return _unit(header)[0]


def unit_word(header: str) -> str:
    """The word in a header that says the unit of `unit_of`; nothing where none does."""
    return _unit(header)[1]


def _unit(header: str) -> tuple[float, str]:
    words = words_of(header)
    # Min wait is the least one, and after hours is a time of day: such words are units at the end, or in brackets.
    sure = {*words[-1:], *(word for told in _BRACKETS.findall(header) for word in words_of(told))}
    units = (
        (unit, word)
        for unit, those in _UNITS.items()
        for word in words
        if word in those and (word in sure or word not in _UNITS_OR_ELSE)
    )
    return next(units, (1.0, ""))


def _says_nothing(word: str) -> bool:
    return word in _NOISE or word in _vague_words() or word.isdecimal()


def place_of(phrase: tuple[str, ...], words: tuple[str, ...]) -> int | None:
    """Where in the words of a header a phrase begins; None if it is not there."""
    size = len(phrase)
    return next((k for k in range(len(words) - size + 1) if words[k : k + size] == phrase), None)


@lru_cache(maxsize=1)
def _phrases() -> dict[tuple[str, ...], tuple[Role, bool]]:
    clear = {tuple(phrase.split()): (role, False) for role, text in _PHRASES.items() for phrase in text.split(", ")}
    vague: dict[tuple[str, ...], tuple[Role, bool]] = {(word,): ("offered", True) for word in _vague_words()}
    return vague | clear


@lru_cache(maxsize=1)
def _vague_words() -> frozenset[str]:
    return frozenset(_VAGUE.split(", "))
