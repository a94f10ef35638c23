"""Sliders from the model: every field of a scenario that a planner can move, with its present value and its range.

    for knob in knobs(source.raw):
        ...
    load_source(source, overrides={knob.path: as_override(knob, 8)})

Nothing here knows a field by name. The tables of `document` say what there is, in the JSON Schema that pydantic makes
of them; `levers` is what their fields may say besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from simulator.scenario.document import Document
from simulator.scenario.fields import DayWindow, title_of
from simulator.scenario.levers import LEVER, NOTHING_SAID, SECTION, SECTIONS, Section
from simulator.scenario.paths import join_path, split_path
from simulator.scenario.sliders import Kind, Node, has_slider, kind_of, plain, slider
from simulator.scenario.source import table_at
from simulator.scenario.units import parse_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from simulator.scenario.levers import Lever
    from simulator.scenario.source import RawTable
    from simulator.scenario.table import Table

_TOPICS = "topics"
"""The table in which topics have values of their own, beside the fields that hold for all others."""


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
    """Empty where that is a section of the file."""
    names: tuple[str, ...]
    """Titles of what the file names on the way from the owner to the field: topics, skills, hours and so on."""
    help: str
    """What the field means, as the model says it. What it is called says `words.fields`."""
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
        return f"{plain(number)} %"
    if knob.kind == "change":
        return f"{'-' if number < 0 else '+'}{plain(abs(number))} %"
    if knob.kind in ("time", "money"):
        return f"{plain(number)} {knob.unit}"
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


def apart(knob: Knob, known: Iterable[Knob]) -> tuple[Knob, ...]:
    """The same field of topics that have a value of their own: moving the knob does not move them.

    Parameters
    ----------
    known
        All knobs of the scenario.
    """
    path = split_path(knob.path)
    return tuple(each for each in known if each.written is not None and _above_topics(split_path(each.path)) == path)


def _above_topics(path: tuple[str, ...]) -> tuple[str, ...] | None:
    """The field that holds for topics without a value of their own; None if the path is not of a topic."""
    if _TOPICS not in path:
        return None
    place = path.index(_TOPICS)
    return path[:place] + path[place + 2 :]


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
        alone = next((form for form in forms if kind_of(form)), None)
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
                beside = place.beside if kind_of(self._resolved(inner)) else value
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
        if kind_of(node) or "properties" in node:
            yield node
            return
        inner = [*node.get("anyOf", ()), *node.get("oneOf", ())]
        for form in inner:
            yield from self._forms(form)
        if not inner:
            yield node


def _marks(node: Node) -> Node:
    return {name: node[name] for name in (LEVER,) if name in node}


def _named(node: Node) -> list[Node]:
    """What stands under the names of a table of names."""
    named = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    return [inner for inner in named if isinstance(inner, dict)]


def _knob(place: _Place, raw: RawTable) -> Iterator[Knob]:
    """The knob of a place; none where nothing tells what it is now, or it has nowhere to go."""
    kind = kind_of(place.node)
    mark: Lever = place.node.get(LEVER, NOTHING_SAID)
    if kind is None or (place.value is None and None in (mark["low"], mark["high"])):
        return
    if mark["needs"] and mark["needs"] not in place.beside:
        return
    if any(place.beside.get(name, needed) != needed for name, needed in mark["only"].items()):
        return
    slide = slider(kind, place.node, place.value, place.beside, raw) if has_slider(kind) else None
    if has_slider(kind) and slide is None:
        return
    needed = place.path[-1] if mark["first"] == "if written" else mark["sibling"]
    owner = place.path[:2] if place.pattern[1:2] == ("*",) else place.path[:1]
    yield Knob(
        path=join_path(place.path),
        pattern=".".join(place.pattern),
        section=place.section,
        owner=join_path(owner),
        owner_title=_owner_title(owner, raw),
        names=tuple(
            _title_of_name(name, raw)
            for name, step in zip(place.path[len(owner) :], place.pattern[len(owner) :], strict=True)
            if step == "*"
        ),
        help=place.help,
        kind=kind,
        value=slide.value if slide else place.value if isinstance(place.value, bool) else str(place.value),
        written=place.value,
        low=slide.low if slide else None,
        high=slide.high if slide else None,
        step=slide.step if slide else None,
        unit=slide.unit if slide else "",
        choices=tuple(place.node.get("enum", ())),
        first=bool(mark["first"]) and (not needed or needed in place.beside),
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
    if len(owner) == 1:
        return ""
    title = table_at(raw, *owner).get("title")
    if isinstance(title, str):
        return title
    # A channel that opens is called as the channel is.
    return _title_of_name(owner[-1], raw) if owner[-1] in table_at(raw, "channels") else title_of(owner[-1])


def _moved_list(written: list[object], percent: float) -> list[str]:
    """Shares by attempt, the first as given, the others in proportion and never above 100 %."""
    first, *_ = shares = [parse_share(share) for share in written]
    moved = (percent * share / first if first else percent for share in shares)
    return [f"{plain(min(round(share, 4), 100.0))} %" for share in moved]
