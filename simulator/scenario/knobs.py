"""Sliders from the model: every field of a scenario that a planner can move, with its present value and its range.

    for knob in knobs(source.raw):
        ...
    load_source(source, overrides={knob.path: as_override(knob, 8)})

Nothing here knows a field by name. The tables of `document` say what there is, in the JSON Schema that pydantic makes
of them; `levers` is what their fields may say besides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from simulator.scenario.document import Document
from simulator.scenario.fields import DayWindow, title_of
from simulator.scenario.levers import LEVER, SECTION, SECTIONS, Section
from simulator.scenario.paths import join_path
from simulator.scenario.source import table_at
from simulator.scenario.units import parse_duration, parse_factor, parse_money, parse_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from simulator.scenario.source import RawTable
    from simulator.scenario.table import Table

Kind = Literal[
    "share", "change", "factor", "time", "count", "number", "money", "hours", "date", "moment", "choice", "switch"
]
"""share, change: percent, without and with a sign. hours, date, moment: text as in the file."""

_KINDS: dict[str, Kind] = {
    "share": "share",
    "share, or list of shares": "share",
    "factor or share": "share",
    'factor or share, or "from file"': "share",
    "change": "change",
    "factor": "factor",
    "time": "time",
    'time, or "infinite"': "time",
    'time, or "from file"': "time",
    "number": "number",
    "money": "money",
    "money per hour": "money",
    "money per minute": "money",
    "money per session": "money",
    "weekly hours": "hours",
    "date": "date",
    "local date and time": "moment",
}
"""By the unit in the schema."""

_NO_NUMBERS = ("infinite", "from file")
"""Words that may stand instead of a time or a share."""

_TIME_UNITS = {"d": 86_400, "h": 3600, "min": 60, "s": 1}
_LEAST_DAYS = 3
_FINEST = 10
"""A time that is no whole number of tenths of a unit is told in a smaller one."""
_HIGH_FROM_NOTHING = 10
"""How far a slider goes that stands at 0, where nothing else is said."""
_STEPS = 100
"""Of a slider, about, where nothing says how fine it is."""

Node = dict[str, Any]
"""A part of a JSON Schema."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A field that a planner can move."""

    path: str
    """Dotted, as overrides take it."""
    pattern: str
    """The path with `*` for every name that the file gives: the same for the same field of other owners."""
    section: Section
    owner: str
    """Dotted path of what it belongs to: `channels.phone`, or a section of the file such as `enquiries`."""
    owner_title: str
    title: str
    """Of the field, below its owner."""
    help: str
    """What the field means."""
    kind: Kind
    value: float | bool | str | None
    """Now, in `unit`; None where that is no number: "infinite", "from file", or left out. See `written`."""
    written: object
    """As the file writes it, or its default; None: left out."""
    low: float | None
    """Ends of the slider, in `unit`; None where there is no slider. Of a count all are whole numbers."""
    high: float | None
    step: float | None
    unit: str
    """%, s, min, h, d, EUR/h and so on; empty where there is none."""
    choices: tuple[str, ...]
    """What a choice is from."""
    first: bool
    """Whether it is one of the first levers that a planner reaches for."""


def knobs(raw: RawTable, tables: type[Table] = Document) -> tuple[Knob, ...]:
    """Every field that can be moved, section by section in the order of `SECTIONS`, first levers first.

    Parameters
    ----------
    raw
        A scenario that loads: the raw table of the file, or with overrides applied; values are what it says.
    tables
        The tables that it follows.
    """
    schema = _schema(tables)
    found = [knob for place in _Walk(schema, raw).places() for knob in _knob(place, raw)]
    return tuple(sorted(found, key=lambda knob: (SECTIONS.index(knob.section), not knob.first)))


def as_override(knob: Knob, number: float | bool | str) -> object:
    """What an override writes into the knob's field for a position of its slider.

    The present value comes back as it is written. A list of shares by attempt moves in proportion to its first.
    """
    if knob.value is not None and number == knob.value:
        return knob.written
    if isinstance(number, bool | str):
        return number
    if isinstance(knob.written, list) and knob.written:
        return _moved_list(knob.written, number)
    if knob.kind == "share":
        return f"{_plain(number)} %"
    if knob.kind == "change":
        return f"{'-' if number < 0 else '+'}{_plain(abs(number))} %"
    if knob.kind in ("time", "money"):
        return f"{_plain(number)} {knob.unit}"
    return round(number) if knob.kind == "count" else float(number)


def window_path(group: str, day: date, start: int, end: int) -> str:
    """The path under which agents more or fewer are set for a window of one date.

    Parameters
    ----------
    group
        Name of the group.
    day, start, end
        The date, and seconds after its midnight by the clock; they start and end a planning interval.
    """
    return join_path(("groups", group, "extra_in", str(DayWindow(day, start, end))))


class _Place(NamedTuple):
    """A field in a schema beside what the raw table has there."""

    path: tuple[str, ...]
    pattern: tuple[str, ...]
    node: Node
    value: object
    section: Section
    help: str
    beside: Mapping[str, object]
    """The raw table that it stands in."""


@lru_cache(maxsize=8)
def _schema(tables: type[Table]) -> Node:
    return tables.model_json_schema()


class _Walk:
    """Through a schema and a raw table side by side."""

    def __init__(self, schema: Node, raw: RawTable) -> None:
        self._schema = schema
        self._raw = raw

    def places(self) -> Iterator[_Place]:
        for name, node in self._schema["properties"].items():
            if SECTION in node:
                start = _Place((name,), (name,), node, self._raw.get(name), node[SECTION], "", self._raw)
                yield from self._below(start)

    def _below(self, place: _Place) -> Iterator[_Place]:
        """The places within one; itself, if it is a value that can be moved."""
        node = self._resolved(place.node)
        if isinstance(node.get(LEVER), str):
            return
        forms = list(self._forms(node))
        tables = [form for form in forms if "properties" in form]
        alone = next((form for form in forms if _kind(form)), None)
        value = place.value
        if value is None:
            default = node.get("default")
            value = {} if tables and isinstance(default, dict) else default
        if alone and tables and value is not None and not isinstance(value, dict):
            value = {"mean": value}
        place = place._replace(
            node=node, value=value, help=node.get("description", place.help), section=node.get(SECTION, place.section)
        )
        if not isinstance(value, dict):
            if alone and not tables:
                yield place._replace(node={**alone, **node})
            return
        table = next((form for form in tables if set(value) <= set(form["properties"])), None)
        if table is None:
            for inner in [inner for form in forms for inner in _named(form)][:1]:
                # What is said of a table of values is said of each.
                beside = place.beside if _kind(self._resolved(inner)) else value
                for name in value:
                    yield from self._inside(place, name, "*", {**inner, **_marks(node)}, beside)
            return
        for name, inner in table["properties"].items():
            # What is said of a time that may be written alone is said of its mean.
            told = {**_marks(node), "description": place.help} if alone and name == "mean" else {}
            yield from self._inside(place, name, name, {**inner, **told}, value)

    def _inside(
        self, place: _Place, name: str, step: str, node: Node, beside: Mapping[str, object]
    ) -> Iterator[_Place]:
        assert isinstance(place.value, dict)
        yield from self._below(
            place._replace(
                path=(*place.path, name),
                pattern=(*place.pattern, step),
                node=node,
                value=place.value.get(name),
                beside=beside,
            )
        )

    def _resolved(self, node: Node) -> Node:
        if "$ref" not in node:
            return node
        definition = self._schema["$defs"][node["$ref"].rpartition("/")[2]]
        return {**definition, **{key: value for key, value in node.items() if key != "$ref"}}

    def _forms(self, node: Node) -> Iterator[Node]:
        node = self._resolved(node)
        if _kind(node) or "properties" in node:
            yield node
            return
        inner = [*node.get("anyOf", ()), *node.get("oneOf", ())]
        for form in inner:
            yield from self._forms(form)
        if not inner:
            yield node


def _marks(node: Node) -> Node:
    return {name: node[name] for name in (LEVER,) if name in node}


def _kind(node: Node) -> Kind | None:
    if "unit" in node:
        return _KINDS.get(node["unit"])
    if "enum" in node:
        return "choice"
    simple: dict[str, Kind] = {"boolean": "switch", "integer": "count"}
    return simple.get(node.get("type", ""))


def _named(node: Node) -> list[Node]:
    """What stands under the names of a table of names."""
    named = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    return [inner for inner in named if isinstance(inner, dict)]


def _knob(place: _Place, raw: RawTable) -> Iterator[Knob]:
    """The knob of a place; none where nothing tells what it is now or how far it goes."""
    kind = _kind(place.node)
    mark = place.node.get(LEVER, {})
    if kind is None or (place.value is None and (mark.get("low") is None or mark.get("high") is None)):
        return
    if mark.get("needs") and mark["needs"] not in place.beside:
        return
    if any(place.beside.get(name, needed) != needed for name, needed in mark.get("only", {}).items()):
        return
    scale = _scale(kind, place, raw)
    number = _number(place.value, kind, scale) if scale else None
    low, high, step = _range(place, kind, scale, number, raw)
    exact = _whole if kind == "count" else _float
    owner = place.path[:2] if place.pattern[1:2] == ("*",) else place.path[:1]
    yield Knob(
        path=join_path(place.path),
        pattern=".".join(place.pattern),
        section=place.section,
        owner=join_path(owner),
        owner_title=_owner_title(owner, raw),
        title=_title(place, len(owner), raw),
        help=place.help,
        kind=kind,
        value=exact(number) if scale else place.value if isinstance(place.value, bool) else str(place.value),
        written=place.value,
        low=exact(low),
        high=exact(high),
        step=exact(step),
        unit=scale.unit if scale else "",
        choices=tuple(place.node.get("enum", ())),
        first=_is_first(place),
    )


def _is_first(place: _Place) -> bool:
    mark = place.node.get(LEVER, {"first": False, "sibling": ""})
    needed = place.path[-1] if mark["first"] == "if written" else mark["sibling"]
    return bool(mark["first"]) and (not needed or needed in place.beside)


class _Scale(NamedTuple):
    """The unit of a slider, in which one is `size` of the package's own (a second, a share of 1)."""

    unit: str
    size: float


def _scale(kind: Kind, place: _Place, raw: RawTable) -> _Scale | None:
    """None: no slider."""
    if kind in ("share", "change"):
        return _Scale("%", 0.01)
    if kind == "time":
        mark = place.node.get(LEVER, {})
        texts = [mark.get("low"), mark.get("high"), place.value]
        seconds = [0.0, *(parse_duration(text) for text in texts if text is not None and text not in _NO_NUMBERS)]
        step = mark.get("step")
        return _time_scale(seconds[-1] or max(seconds), parse_duration(step or 0) if step != "interval" else 0.0)
    if kind == "money":
        money = parse_money(place.value) if place.value is not None else None
        currency = money.currency if money else raw.get("currency", "EUR")
        per = money.per if money else None
        return _Scale(f"{currency}/{per}" if per else f"{currency}", 1.0)
    return _Scale("", 1.0) if kind in ("count", "number", "factor") else None


def _time_scale(seconds: float, step: float) -> _Scale:
    """The largest unit that tells a time, and the step of its slider, in a few digits; days from three on."""
    for unit, size in _TIME_UNITS.items():
        if (seconds or 60) >= size * (_LEAST_DAYS if unit == "d" else 1) and not (
            (seconds * _FINEST / size) % 1 or (step * _FINEST / size) % 1
        ):
            return _Scale(unit, size)
    return _Scale("s", 1)


def _number(value: object, kind: Kind, scale: _Scale) -> float | None:
    """A value of the file in the unit of its slider; None if it is no number."""
    if value is None or value in _NO_NUMBERS:
        return None
    if isinstance(value, list):
        return _number(value[0], kind, scale)
    if kind == "share":
        # A coefficient of variation may be above 100 %.
        share = parse_factor(value)
        return _decimal(Decimal(repr(share)) * 100)
    if kind == "change":
        return _decimal((Decimal(repr(parse_factor(value))) - 1) * 100)
    if kind == "time":
        return _decimal(Decimal(repr(parse_duration(value))) / Decimal(scale.size))
    if kind == "money":
        return parse_money(value).amount
    number = parse_factor(value) if kind == "factor" else value
    return number if isinstance(number, int | float) else None


def _range(
    place: _Place, kind: Kind, scale: _Scale | None, value: float | None, raw: RawTable
) -> tuple[float | None, float | None, float | None]:
    """Ends and step of the slider, in its unit; the present value always lies between the ends."""
    if scale is None:
        return None, None, None
    mark = place.node.get(LEVER, {})
    least = place.node.get("minimum", 0)
    low, high = (_number(mark.get(end), kind, scale) for end in ("low", "high"))
    size = _size_of(place.beside.get(mark.get("sibling", "")))
    if size is not None:
        low, high = (-size if least < 0 else low), size
    if low is None:
        low = -50.0 if kind == "change" else max(least, 0)
    if high is None:
        high = {"share": 100.0, "change": 200.0}.get(kind) or _round_up(2 * (value or 0.0) or _HIGH_FROM_NOTHING)
    high = min(high, place.node.get("maximum", high))
    if value is not None:
        low, high = min(low, value), max(high, value)
    step = mark.get("step")
    if step == "interval":
        step = table_at(raw, "horizon").get("interval", "15 min")
    # The step of a change is a share, and has no sign.
    fine = (
        _number(step, "share" if kind == "change" else kind, scale)
        if step is not None
        else _step(high - low, value, whole=kind == "count")
    )
    if fine and low % fine and low != value:
        low = _decimal(Decimal(math.ceil(low / fine)) * Decimal(repr(fine)))
    return low, high, fine


def _size_of(sibling: object) -> float | None:
    """The length of a list, or the largest number of a table of numbers; None for anything else."""
    if isinstance(sibling, list):
        return len(sibling)
    numbers = [number for number in sibling.values() if isinstance(number, int)] if isinstance(sibling, dict) else []
    return max(numbers, default=None)


def _round_up(number: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ... that is not less."""
    power = math.floor(math.log10(number))
    return next(
        candidate
        for digit in (1, 2, 5, 10)
        if (candidate := _decimal(Decimal(digit).scaleb(power))) >= number * (1 - 1e-9)
    )


def _step(span: float, value: float | None, *, whole: bool) -> float:
    """About a hundredth of the span, finer if the present value asks for it."""
    wanted = _round_up(max(span, 1e-6) / _STEPS)
    if whole:
        return max(1.0, wanted) if value is None or value % max(1.0, wanted) == 0 else 1.0
    step = Decimal(repr(wanted))
    for divisor in (1, 2, 5, 10, 20, 50, 100):
        if value is None or Decimal(repr(float(value))) % (step / divisor) == 0:
            return _decimal(step / divisor)
    return wanted


def _title(place: _Place, start: int, raw: RawTable) -> str:
    """Words for a field below its owner: "Bot: delivery: containment"."""
    words = []
    steps = list(zip(place.path, place.pattern, strict=True))[start:]
    for (name, step), (_, following) in zip(steps, [*steps[1:], ("", "")], strict=True):
        if step == "*":
            words.append(_title_of_name(name, raw))
        elif following != "*" or place.pattern[-1] == "*":
            words.append(title_of(name))
    if len(words) > 1 and place.pattern[-1] == "mean":
        words.pop()
    return ": ".join(
        [
            words[0],
            *(word[0].lower() + word[1:] if word in map(title_of, place.pattern) else word for word in words[1:]),
        ]
    )


def _title_of_name(name: str, raw: RawTable) -> str:
    """What a topic, a channel or a group is called on screens; a name that is none of them as it is."""
    topic = table_at(raw, "topics").get(name)
    if isinstance(topic, str):
        return topic
    for named in ("channels", "groups"):
        if name in table_at(raw, named):
            title = table_at(raw, named, name).get("title")
            return title if isinstance(title, str) else title_of(name)
    return title_of(name) if name[:1].isalpha() and " " not in name else name


def _owner_title(owner: tuple[str, ...], raw: RawTable) -> str:
    title = table_at(raw, *owner).get("title")
    if len(owner) == 1 or not isinstance(title, str):
        # A channel that opens is called as the channel is.
        return title_of(owner[-1]) if owner[-1] not in table_at(raw, "channels") else _title_of_name(owner[-1], raw)
    return title


def _moved_list(written: list[object], percent: float) -> list[str]:
    """Shares by attempt, the first as given, the others in proportion and never above 100 %."""
    shares = [Decimal(repr(parse_share(share))) * 100 for share in written]
    first = Decimal(repr(float(percent)))
    moved = [first * share / shares[0] if shares[0] else first for share in shares]
    return [f"{_plain(_decimal(min(round(share, 4), Decimal(100))))} %" for share in moved]


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)


def _decimal(number: Decimal) -> float:
    return float(number)


def _plain(number: float) -> str:
    """A number without an exponent and without trailing zeros."""
    return f"{Decimal(repr(float(number))).normalize():f}"
