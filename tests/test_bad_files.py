"""Every broken scenario file in `bad/`, and some that no repository should hold, is refused in words that help.

The last lines of a file in `bad/` say what to expect: `# problems:` how many, `# says:` what the message must contain.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.scenario import ScenarioError, load_scenario
from simulator.scenario.source import LARGEST_FILE

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.toml"))


def refusal(path: Path) -> ScenarioError:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    return refused.value


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 20


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_broken_file_is_refused_in_words_that_help(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    says = re.findall(r"^# says: (.*)$", text, re.MULTILINE)
    (problems,) = re.findall(r"^# problems: ([0-9]+)$", text, re.MULTILINE)
    error = refusal(path)
    message = str(error)
    assert says
    assert not [phrase for phrase in says if phrase not in message], message
    assert len(error.problems) == int(problems), message
    assert all(problem.file and problem.message.endswith((".", "?", ")")) for problem in error.problems), message


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_the_line_that_is_named_is_the_line_of_the_field_or_of_a_table_around_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8").splitlines()
    for problem in refusal(path).problems:
        if problem.file == str(path) and problem.line is not None and problem.field:
            assert any(step in text[problem.line - 1] for step in problem.field), problem


@pytest.mark.parametrize(
    ("content", "complaints"),
    [
        (b"", ["empty"]),
        (b"# nothing but a comment\n", ["empty", "README.md"]),
        (b"\xff\xfe", ["not UTF-8 text", "byte 1 is 0xFF"]),
        (b'[horizon]\ntitle = "M\xe4rz"\n', ["case.toml:2", "not UTF-8 text", "byte 21 is 0xE4"]),
        (b"[horizon\n", ["case.toml:1", "not TOML", "line 1, column"]),
        (b"a = 1\na = 2\n", ["case.toml:2", "not TOML"]),
        (b"a = " + b"[" * 5000 + b"]" * 5000, ["not TOML", "too deep"]),
        (b"a = " + b"9" * 9999, ["not TOML", "too long"]),
        (b".".join([b"a"] * 5000) + b" = 1", ["nested more than"]),
        (b"PK\x03\x04\x00\x00", ["not TOML"]),
        (b"horizon = 3\n", ["horizon = 3", "must be a table", "channels", "groups"]),
    ],
)
def test_what_is_no_scenario_at_all_is_refused(tmp_path: Path, content: bytes, complaints: list[str]) -> None:
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    message = str(refusal(path))
    assert not [complaint for complaint in complaints if complaint not in message], message


def test_a_file_of_200_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.toml"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # takes no room on disk
    assert "The file has 200.0 MB; a scenario file may have 5 MB" in str(refusal(path))
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert "may have 5 MB" in str(refusal(path))


def test_a_missing_file_is_refused_with_its_likely_name(tmp_path: Path) -> None:
    (tmp_path / "black-friday.toml").write_text("", encoding="utf-8")
    assert f"Did you mean {tmp_path / 'black-friday.toml'}?" in str(refusal(tmp_path / "blackfriday.toml"))
    assert "Scenario files in that folder: black-friday.toml" in str(refusal(tmp_path / "x"))
    assert f"There is no folder {tmp_path / 'none'} either" in str(refusal(tmp_path / "none" / "x.toml"))


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    assert "cannot be read" in str(refusal(tmp_path / name)) or "no such file" in str(refusal(tmp_path / name))


def test_a_folder_is_refused_with_the_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "week.toml").write_text("", encoding="utf-8")
    message = str(refusal(tmp_path))
    assert "This is a folder" in message
    assert "week.toml" in message


def test_a_message_is_short_and_printable_whatever_the_value(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(
        '[horizon]\nstart = "\\u001b[31m' + "x" * 100_000 + '"\n' + "days = " + "9" * 4000, encoding="utf-8"
    )
    message = str(refusal(path))
    assert len(message) < 6000
    assert "\x1b" not in message
