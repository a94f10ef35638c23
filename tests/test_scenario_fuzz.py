"""Whatever a file or an override holds, the outcome is a scenario or a `ScenarioError`, never another exception."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulator.scenario import ScenarioError, Source, load_scenario, load_source, parse_override, read_source
from simulator.scenario.paths import join_path

DATA = Path(__file__).parent / "data"
SHOP = read_source(DATA / "shop.toml")
SHOP_TEXT = (DATA / "shop.toml").read_bytes()
VOLUMES = (DATA / "volumes.csv").read_bytes()

fuzzing = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


def paths_in(table: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from paths_in(value, (*above, name))


PATHS = sorted(paths_in(SHOP.raw))
CUSTOMERS = read_source(DATA / "customers.toml")
CUSTOMER_PATHS = sorted(path for path in paths_in(CUSTOMERS.raw) if path not in PATHS)
NAMES = sorted({step for path in PATHS for step in path})

WORDS = """
|0|-1|50 %|-50 %|+1000 %|0 s|1e9 h|infinite|from file|always|never|24:00|mon-fri 08:00-20:00
|sat 22:00-06:00; holidays closed|none|DE|UTC|Europe/London|volumes.csv|../data|/|dated|2026-11-27|2026-10-25 03:30
|0001-01-01|9999-12-31|27 EUR/h|1 s|1 min|60 min|24 h|0 %|100 %|gamma|constant|cut|live|deferred
""".replace("\n", "").split("|")
words = st.sampled_from([*NAMES, *WORDS, "9" * 400, "\0", "\ud7ff"])
scalars = (
    words
    | st.text(max_size=20)
    | st.integers()
    | st.integers(-5, 5)
    | st.floats()
    | st.booleans()
    | st.just(10**400)
    | st.dates()
    | st.just(datetime(2026, 11, 27, 18, tzinfo=UTC))
    | st.datetimes()
    | st.just(time(8, 15))
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def load_or_refuse(source: Source, variant: str | None = None, overrides: dict[str, object] | None = None) -> None:
    try:
        load_source(source, variant, overrides or {})
    except ScenarioError as error:
        check(error)


def check(error: ScenarioError) -> None:
    """Every refusal has something to say, on printable lines."""
    assert error.problems
    for line in str(error).split("\n"):
        assert line.strip()
        assert line.isprintable()


@fuzzing
@given(content=st.binary(max_size=200))
@example(content=b"\xef\xbb\xbf")
@example(content=b"a.b = 1\n[a]\n")
@example(content=b"a = 1e999999")
@example(content=b'a = "\\ud800"')
def test_any_bytes(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    check(refused.value)


@fuzzing
@given(
    start=st.integers(0, len(SHOP_TEXT)),
    length=st.integers(0, 60),
    insert=st.binary(max_size=6) | st.sampled_from([b"[", b"\n[", b"'''", b'"""', b"nan", b"-", b".", b"=", b"\n"]),
)
def test_a_good_file_with_a_piece_replaced(start: int, length: int, insert: bytes, tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(SHOP_TEXT[:start] + insert + SHOP_TEXT[start + length :])
    try:
        load_source(Source(DATA / "shop.toml", *_raw_and_lines(path)))
    except ScenarioError as error:
        check(error)


def _raw_and_lines(path: Path) -> tuple[dict[str, object], Any]:
    source = read_source(path)
    text = path.read_text(encoding="utf-8").split("\n")
    for field, line in source.lines.items():
        assert 1 <= line <= len(text), field
    return source.raw, source.lines


@fuzzing
@given(path=st.sampled_from(PATHS), value=values)
@example(path=("horizon", "start"), value=date.max)
@example(path=("horizon", "interval"), value="1 s")
@example(path=("horizon", "interval"), value="24 h")
@example(path=("channels", "phone", "hours"), value=",".join(["mon"] * 5000) + " 08:00-09:00")
@example(path=("groups", "inhouse", "staffing"), value={f"mon 00:00-24:00{' ' * n}": 1 for n in range(500)})
@example(path=("channels", "phone", "slots"), value=10**30)
@example(path=("channels", "email", "demand", "file"), value="a" * 10_000)
def test_a_good_file_with_a_value_replaced(path: tuple[str, ...], value: object) -> None:
    raw = copy.deepcopy(SHOP.raw)
    table: Any = raw
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = value
    load_or_refuse(Source(SHOP.path, raw, SHOP.lines))


@fuzzing
@given(path=st.sampled_from(CUSTOMER_PATHS), value=values | st.sampled_from(["phone", "chat", "fone", "technical"]))
@example(path=("channels", "phone", "redial", "share"), value=[])
@example(path=("channels", "phone", "redial", "to"), value={"phone": 10**400})
@example(path=("enquiries", "attempts"), value=10**30)
@example(path=("outages", "lines_cut", "end"), value="2026-10-25 03:30")
def test_a_good_file_of_customers_with_a_value_replaced(path: tuple[str, ...], value: object) -> None:
    raw = copy.deepcopy(CUSTOMERS.raw)
    table: Any = raw
    for step in path[:-1]:
        table = table[step]
    table[path[-1]] = value
    load_or_refuse(Source(CUSTOMERS.path, raw, CUSTOMERS.lines))


@fuzzing
@given(path=st.sampled_from([(), *PATHS]), name=words | st.text(max_size=9), value=values)
def test_a_good_file_with_a_field_added(path: tuple[str, ...], name: str, value: object) -> None:
    raw = copy.deepcopy(SHOP.raw)
    table: Any = raw
    for step in path:
        table = table[step]
    if isinstance(table, dict):
        table[name] = value
    load_or_refuse(Source(SHOP.path, raw, SHOP.lines))


@fuzzing
@given(path=st.sampled_from(PATHS))
def test_a_good_file_with_a_field_left_out(path: tuple[str, ...]) -> None:
    raw = copy.deepcopy(SHOP.raw)
    table: Any = raw
    for step in path[:-1]:
        table = table[step]
    del table[path[-1]]
    load_or_refuse(Source(SHOP.path, raw, SHOP.lines))


@fuzzing
@given(
    overrides=st.dictionaries(
        st.sampled_from([join_path(path) for path in PATHS]) | st.lists(words, max_size=4).map(join_path) | st.text(),
        values,
        min_size=1,
        max_size=3,
    ),
    variant=st.none() | st.sampled_from(["more_bot", "two_more", ""]),
)
def test_any_overrides(overrides: dict[str, object], variant: str | None) -> None:
    load_or_refuse(SHOP, variant, overrides)


@given(text=st.text() | st.builds("{}={}".format, words, words))
def test_any_override_on_a_command_line(text: str) -> None:
    try:
        path, _ = parse_override(text)
    except ValueError:
        return
    assert path


@fuzzing
@given(
    start=st.integers(0, len(VOLUMES)),
    length=st.integers(0, 60),
    insert=st.binary(max_size=4)
    | st.sampled_from([b"\n", b",", b'"', b"\r", b"\0", b"2026-11-02 08:00,email,order,1\n"]),
)
def test_a_good_volume_file_with_a_piece_replaced(start: int, length: int, insert: bytes, tmp_path: Path) -> None:
    path = tmp_path / "volumes.csv"
    path.write_bytes(VOLUMES[:start] + insert + VOLUMES[start + length :])
    load_or_refuse(SHOP, overrides={"channels.email.demand.file": str(path)})


@fuzzing
@given(content=st.binary(max_size=100), name=st.sampled_from(["staffing.csv", "staffing.csv.gz"]))
def test_any_bytes_as_a_csv_file(content: bytes, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    overrides = {"groups.outsourced.staffing": {"file": str(path)}, "channels.chat.demand.time_of_day.file": str(path)}
    load_or_refuse(SHOP, overrides=dict(overrides))
