"""Words by key, from one TOML file per language and subject: `say("charts.note")` is `note` of `charts.toml`.

A text may have places for values, `{title}`. Where a number changes the words around it, the text is a table of the
plural forms that CLDR gives the language, chosen by the value `count`:

    replications = { one = "{count} replication", other = "{count} replications" }

The help of a scenario's fields is in the model, in English; here is what other languages say, and what English says
otherwise on screens.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from simulator.language.numbers import number
from simulator.language.spoken import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Text = str | Mapping[str, str]
    """Words, or words by plural form."""

PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


def say(key: str, /, *, count: int | None = None, **values: str | int) -> str:
    """What the catalogue of the spoken language says under a key.

    Parameters
    ----------
    key
        The subject's file and the key within it, joined by dots.
    count
        Chooses the plural form, and is a value like the others.
    values
        What to put into the text's places. A whole number is written in the language's form; anything else comes as
        text (`number`, `percent`, `day`, ...), and so does a number that is a name, such as a seed.

    Raises
    ------
    KeyError
        If there is no such key, or no value for a place of the text.
    TypeError
        If the text has plural forms and there is no count.
    """
    text = _found(spoken(), key)
    if count is not None:
        values["count"] = count
    if not isinstance(text, str):
        if count is None:
            msg = f'"{key}" has plural forms and needs a count.'
            raise TypeError(msg)
        text = text[_plural_form(spoken())(count)]
    return text.format_map({name: value if isinstance(value, str) else number(value) for name, value in values.items()})


@cache
def catalogue(language: str) -> Mapping[str, Text]:
    """All texts of a language by their keys."""
    texts: dict[str, Text] = {}
    for file in sorted(Path(__file__).parent.joinpath(language).glob("*.toml")):
        texts |= _texts(file.stem, tomllib.loads(file.read_text(encoding="utf-8")))
    return MappingProxyType(texts)


def _found(language: str, key: str) -> Text:
    try:
        return catalogue(language)[key]
    except KeyError:
        msg = f'The catalogue of the language "{language}" does not know "{key}".'
        raise KeyError(msg) from None


@cache
def _plural_form(language: str) -> Callable[[int], str]:
    """From a count to its plural form."""
    from babel import Locale  # slow, and many runs count nothing

    return Locale.parse(language).plural_form


def _texts(above: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """The texts of a table and of those within it."""
    for name, value in table.items():
        key = f"{above}.{name}"
        if isinstance(value, str) or {"one", "other"} <= set(value) <= PLURAL_FORMS:
            yield key, value
        else:
            yield from _texts(key, value)
