"""Both languages say everything, with the same values in it, and write numbers and dates as their readers do."""

from __future__ import annotations

import ast
import re
import string
from datetime import date
from functools import cache
from pathlib import Path
from threading import Thread
from typing import get_args

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from simulator.contacts import Cause, Outcome
from simulator.language import (
    LANGUAGES,
    clock,
    day,
    day_and_year,
    duration,
    number,
    percent,
    plain,
    rounded_duration,
    say,
    speaking,
    spoken,
)
from simulator.language.catalogue import catalogue
from simulator.measures import MEASURES, AgentTally, CentreTally, ContactTally
from simulator.measures.prices import Price
from simulator.scenario.model import ChannelKind, Employer, ServiceLevelDefinition, TargetPeriod
from simulator.scenario.units import format_clock, format_duration, format_share

PACKAGE = Path(__file__).resolve().parent.parent / "simulator"
BLANK = "\N{NO-BREAK SPACE}"


# ---- Catalogues ------------------------------------------------------------------------------------------------------


def places(language: str, key: str) -> set[str]:
    """Names of the places that a text has for values."""
    text = catalogue(language)[key]
    forms = [text] if isinstance(text, str) else list(text.values())
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name is not None}


def test_every_language_has_a_folder_and_every_folder_a_language() -> None:
    folders = {file.parent.name for file in (PACKAGE / "language").glob("*/*.toml")}
    assert folders == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_keys_of_english_with_the_same_places(language: str) -> None:
    """In English only the help of some fields is missing: it is their description in the model."""
    in_the_model = {key for key in catalogue(language) if key.startswith("fields.") and key.endswith(".help")}
    assert set(catalogue(language)) - (in_the_model - set(catalogue("en"))) == set(catalogue("en"))
    differing = {key for key in catalogue("en") if places(language, key) != places("en", key)}
    assert not differing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_counts_has_all_plural_forms_of_its_language(language: str) -> None:
    needed = {*Locale.parse(language).plural_form.rules, "other"}
    for key, text in catalogue(language).items():
        if not isinstance(text, str):
            assert set(text) == needed, key
            assert "count" in places(language, key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_has_blanks_around_it(language: str) -> None:
    for key, text in catalogue(language).items():
        for form in [text] if isinstance(text, str) else text.values():
            assert form, key
            assert form.strip() == form, key


@cache
def calls(name: str) -> list[tuple[str, ast.Call]]:
    """Every call of a function in the package and where it stands."""
    return [
        (f"{file.relative_to(PACKAGE)}:{node.lineno}", node)
        for file in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


@cache
def named_in_full() -> set[object]:
    """Keys that some call names without a part to be filled in."""
    return {call.args[0].value for _, call in calls("say") if isinstance(call.args[0], ast.Constant)}


def keys_of(call: ast.Call, language: str = "en") -> list[str]:
    """The keys that a call may ask for.

    An f-string's own parts must stand as they are; its values may be anything that makes no key which is named in full.
    """
    key = call.args[0]
    if isinstance(key, ast.Constant):
        return [str(key.value)] if key.value in catalogue(language) else []
    parts = key.values if isinstance(key, ast.JoinedStr) else [key]
    texts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in parts]
    pattern = re.compile("".join(texts))
    return [known for known in catalogue(language) if pattern.fullmatch(known) and known not in named_in_full()]


def test_keys_are_written_where_they_are_used() -> None:
    for place, call in calls("say"):
        assert isinstance(call.args[0], ast.Constant | ast.JoinedStr), place


def test_every_key_that_is_used_exists_with_the_places_that_are_filled() -> None:
    for place, call in calls("say"):
        keys = keys_of(call)
        assert keys, place
        given_values = {keyword.arg for keyword in call.keywords}
        if None not in given_values:
            for key in keys:
                assert places("en", key) <= given_values, f"{place}: {key}"
            assert given_values <= set().union(*(places("en", key) for key in keys)), place


def test_every_key_that_exists_is_used() -> None:
    used = {key for _, call in calls("say") for key in keys_of(call)}
    assert set(catalogue("en")) - used == set()


def test_an_unknown_key_and_an_unknown_language_are_refused() -> None:
    with pytest.raises(KeyError, match=r"forms\.nonsense"):
        say("forms.nonsense")
    with pytest.raises(ValueError, match="allowed are en, fi"), speaking("sv"):
        pass


def test_the_language_is_that_of_the_block_and_of_its_thread_only() -> None:
    heard: list[str] = []
    with speaking("fi"):
        assert spoken() == "fi"
        with speaking("en"):
            assert spoken() == "en"
        thread = Thread(target=lambda: heard.append(spoken()))
        thread.start()
        thread.join()
        assert spoken() == "fi"
    assert (spoken(), heard) == ("en", ["en"])


# ---- Forms -----------------------------------------------------------------------------------------------------------


def test_english_forms() -> None:
    assert number(5964.25, 1) == f"5{BLANK}964.2"
    assert number(5964, -2) == f"6{BLANK}000"
    assert (number(-3), number(3, signed=True), number(-0.01)) == ("-3", "+3", "0")
    assert (number(float("nan")), number(float("inf"))) == ("–", "∞")
    assert (percent(0.8), percent(0.1234, None)) == ("80 %", "12.34 %")
    assert (day(date(2026, 11, 27)), day_and_year(date(2026, 9, 1))) == ("Fri 27 Nov", "Tue 1 Sep 2026")
    assert (clock(8 * 3600 + 900), clock(86_400)) == ("08:15", "24:00")
    assert (rounded_duration(4.23), rounded_duration(11_390)) == ("4.2 s", "3 h 10 min")


def test_finnish_forms() -> None:
    with speaking("fi"):
        assert number(5964.25, 1) == f"5{BLANK}964,2"
        assert (number(-3), plain(2.5)) == ("−3", "2,5")
        assert (percent(0.8), percent(0.1234, None)) == (f"80{BLANK}%", f"12,34{BLANK}%")
        assert (day(date(2026, 11, 27)), day_and_year(date(2026, 9, 1))) == ("pe 27.11.", "ti 1.9.2026")
        assert (clock(8 * 3600 + 900), clock(17 * 3600 + 300), clock(86_400)) == ("8.15", "17.05", "24.00")
        assert clock(5) == "0.00.05"
        assert rounded_duration(4.23) == f"4,2{BLANK}s"
        assert rounded_duration(11_390) == f"3{BLANK}h 10{BLANK}min"
        assert duration(4 * 86_400) == f"4{BLANK}vrk"


@given(st.floats(0, 1e7), st.integers(0, 86_400), st.floats(0, 1))
def test_english_screens_write_lengths_clocks_and_shares_as_files_do(
    seconds: float, instant: int, share: float
) -> None:
    assert duration(seconds).replace(BLANK, "") == format_duration(seconds)
    assert clock(instant) == format_clock(instant)
    assert percent(share, None) == format_share(share)


# ---- What is enumerated ----------------------------------------------------------------------------------------------


def named(subject: str) -> set[str]:
    """The keys of a table of texts."""
    return {key.removeprefix(f"{subject}.") for key in catalogue("en") if key.startswith(f"{subject}.")}


def test_every_measure_has_a_title_an_explanation_and_words_for_its_formula() -> None:
    assert named("measures.explanation") == set(MEASURES)
    assert set(MEASURES) <= named("measures.title") <= set(MEASURES) | named("measures.formula")
    assert named("measures.tally") == {*ContactTally, *AgentTally, *CentreTally}
    assert named("measures.price") == set(Price)
    assert MEASURES["cut_share"].formula == "(cut - callbacks cut) / offered"
    with speaking("fi"):
        assert MEASURES["asa"].title == "Keskimääräinen vastausaika"
        assert MEASURES["asa"].formula == "vastattujen odotus / vastatut"


@pytest.mark.parametrize(
    ("subject", "all_of_them"),
    [
        ("cause", {cause.name.lower() for cause in Cause}),
        ("outcome", {outcome.name.lower() for outcome in Outcome}),
        ("channel_kind", {*get_args(ChannelKind)}),
        ("definition", {*get_args(ServiceLevelDefinition)}),
        ("employer", {*get_args(Employer)}),
        ("period", {*get_args(TargetPeriod)}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_is_enumerated_has_a_name(subject: str, all_of_them: set[str]) -> None:
    assert named(f"names.{subject}") == all_of_them
