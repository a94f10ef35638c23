"""An uploaded scenario finds the files that were uploaded with it, and nothing else in the world."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from small_scenarios import PHONE

from simulator.scenario import Reader, Scenario, ScenarioError, load_scenario, read_source, read_upload
from simulator.scenario.source import LARGEST_FILE

DATA = Path(__file__).parent / "data"
SHOP = DATA / "shop.toml"

FROM_FILE = PHONE.replace(
    'per_week = 160\nweekdays = { mon = 1, tue = 1 }\ntime_of_day = { "09:00" = 1, "11:00" = 0 }',
    'file = "FILE"\nuse = "dated"',
)
VOLUMES = b"time,contacts\n" + b"".join(
    f"2026-06-0{day} {hour:02}:00,{10 * day + hour}\n".encode() for day in (1, 2) for hour in range(8, 12)
)


def _load(name: str, uploads: dict[str, bytes]) -> Reader:
    reader = Reader(read_upload("day.toml", FROM_FILE.replace("FILE", name).encode(), uploads))
    reader.scenario()
    return reader


def _refusal(name: str, uploads: dict[str, bytes]) -> str:
    with pytest.raises(ScenarioError) as refused:
        _load(name, uploads)
    return str(refused.value)


def test_an_uploaded_scenario_is_the_one_on_disk() -> None:
    files = {path.name: path.read_bytes() for path in DATA.glob("*.csv")}
    uploaded = Reader(read_upload("shop.toml", SHOP.read_bytes(), files)).scenario()
    on_disk = load_scenario(SHOP)
    assert uploaded.content_hash == on_disk.content_hash
    assert repr(uploaded) == repr(on_disk)


def test_a_packed_file_is_unpacked() -> None:
    plain = _load("volumes.csv", {"volumes.csv": VOLUMES}).scenario().channels[0].demand
    packed = _load("volumes.csv.gz", {"volumes.csv.gz": gzip.compress(VOLUMES)}).scenario().channels[0].demand
    assert repr(plain).replace("volumes.csv", "") == repr(packed).replace("volumes.csv.gz", "")


@pytest.mark.parametrize(
    "name",
    [
        "../volumes.csv",
        "./volumes.csv",
        "folder/volumes.csv",
        "folder\\\\volumes.csv",
        "..\\\\volumes.csv",
        "/volumes.csv",
        "C:/volumes.csv",
        "//host/volumes.csv",
        "volumes.csv/",
        "volumes.csv/.",
        "..",
        ".",
        "",
        "~/volumes.csv",
        "file:///volumes.csv",
    ],
)
def test_no_name_leads_out_of_what_was_uploaded(name: str) -> None:
    message = _refusal(name, {"volumes.csv": VOLUMES, "other.csv": VOLUMES})
    assert "No file of this name was uploaded." in message
    assert "Uploaded: volumes.csv, other.csv." in message
    assert "channels.phone.demand.file" in message


def test_a_file_that_lies_on_disk_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    beside = tmp_path / "volumes.csv"
    beside.write_bytes(VOLUMES)
    for name in ("volumes.csv", beside.as_posix()):
        assert "No file of this name was uploaded." in _refusal(name, {})
    assert 'Did you mean "volume.csv"?' in _refusal("volumes.csv", {"volume.csv": VOLUMES})


def test_nothing_of_an_upload_touches_the_file_system(monkeypatch: pytest.MonkeyPatch) -> None:
    _load("volumes.csv", {"volumes.csv": VOLUMES})  # holidays and time zones are read now

    def touched(*arguments: object, **_: object) -> object:
        raise AssertionError(f"the file system was touched: {arguments}")

    for name in ("stat", "open", "listdir", "scandir"):
        monkeypatch.setattr(os, name, touched)
    monkeypatch.setattr(io, "open", touched)
    monkeypatch.setattr("builtins.open", touched)
    found = _load("volumes.csv", {"volumes.csv": VOLUMES}).scenario()
    message = _refusal("../../data/volumes.csv", {"volumes.csv": VOLUMES})
    monkeypatch.undo()
    assert found.name == "day"
    assert "without a folder" in message


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("peak.toml", "peak"),
        ("../../etc/peak.toml", "peak"),
        ("C:\\cases\\peak.toml", "peak"),
        ("", "scenario"),
        ("cases/", "scenario"),
    ],
)
def test_a_name_is_only_a_name(name: str, called: str) -> None:
    source = read_upload(name, PHONE.encode())
    assert Reader(source).scenario().name == called
    assert len(source.path.parts) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b"a = ", "This is not TOML"),
        (b"a = " + b"[" * 5000, "This is not TOML"),
        (b"# " + b"x" * LARGEST_FILE, "a scenario file may have 5 MB"),
    ],
)
def test_a_bad_upload_is_refused_by_its_name(content: bytes, says: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        read_upload("../peak.toml", content)
    assert says in str(refused.value)
    assert str(refused.value).startswith("peak.toml")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"PK\x03\x04", "Excel or zip"),
        (b"time;contacts\n", "semicolons"),
        (b"\x1f\x8bbroken", "cannot be read"),
    ],
)
def test_a_bad_file_among_the_uploads_is_refused(content: bytes, says: str) -> None:
    name = "volumes.csv.gz" if content.startswith(b"\x1f") else "volumes.csv"
    message = _refusal(name, {name: content})
    assert says in message
    assert name in message


def test_a_file_is_read_once_for_many_loads_and_again_where_it_is_read_otherwise() -> None:
    class Counted(dict[str, bytes]):
        reads = 0

        def __getitem__(self, name: str) -> bytes:
            Counted.reads += 1
            return super().__getitem__(name)

    reader = _load("volumes.csv", Counted({"volumes.csv": VOLUMES}))
    base = reader.scenario()
    for overrides in ({"groups.team.extra_agents": 1}, {"channels.phone.demand.scale": 2}, {"overall.volume": "+5 %"}):
        reader.scenario(overrides=overrides)
    assert Counted.reads == 1
    with pytest.raises(ScenarioError, match="no column"):
        reader.scenario(overrides={"channels.phone.demand.count_column": "calls"})
    assert Counted.reads == 2
    assert reader.scenario().content_hash == base.content_hash


def test_a_reader_gives_what_a_fresh_load_gives_whatever_it_loaded_before() -> None:
    reader = Reader(read_source(SHOP))
    for overrides in (
        {"channels.email.demand.scale": 0.5},
        {"groups.inhouse.extra_agents": 3},
        {"channels.email.hours": "mon-sun 08:00-17:00"},
        {"groups.outsourced.extra_agents": 2},
        {'groups.outsourced.extra_in."2026-11-27 10:00-14:00"': 4},
        {"horizon.days": 3},
        {},
    ):
        assert _outcome(reader.scenario, overrides) == _outcome(partial(load_scenario, SHOP), overrides)


def _outcome(load: Callable[..., Scenario], overrides: Mapping[str, object]) -> str:
    try:
        return repr(load(overrides=overrides))
    except ScenarioError as error:
        return str(error)
