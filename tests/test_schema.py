"""The JSON Schema and the field table are up to date, complete, and agree with the loader."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest

from simulator.scenario import ScenarioError, load_scenario
from simulator.scenario.schema import BEGIN, END, SCENARIOS, field_table, json_schema, write

TESTS = Path(__file__).parent
GOOD = [*(TESTS / "data" / name for name in ("shop.toml", "customers.toml")), *sorted(SCENARIOS.glob("*.toml"))]


def as_json(path: Path) -> Any:
    """A TOML file as an editor hands it to a JSON Schema: dates are text."""
    return json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))


def test_the_files_in_the_folder_of_scenarios_are_up_to_date() -> None:
    readme = (SCENARIOS / "README.md").read_text(encoding="utf-8")
    hint = "run: python -m simulator.scenario.schema"
    assert json.loads((SCENARIOS / "scenario.schema.json").read_text(encoding="utf-8")) == json_schema(), hint
    assert readme.partition(BEGIN)[2].partition(END)[0].strip() == field_table().strip(), hint


def test_rewriting_changes_the_generated_part_alone(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Mine\n\n{BEGIN}\nstale lines\n{END}\nalso mine\n", encoding="utf-8")
    assert set(write(tmp_path)) == {readme, tmp_path / "scenario.schema.json"}
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("# Mine\n")
    assert text.endswith(f"{END}\nalso mine\n")
    assert "stale lines" not in text
    assert write(tmp_path) == []
    readme.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="must have the lines"):
        write(tmp_path)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", GOOD, ids=[path.stem for path in GOOD])
def test_an_editor_finds_nothing_wrong_with_a_good_file(path: Path) -> None:
    errors = list(jsonschema.Draft202012Validator(json_schema()).iter_errors(as_json(path)))
    assert not errors, errors[0]


@pytest.mark.parametrize(
    "name",
    ["misspelt_field", "misspelt_table", "unknown_section", "missing_field", "negative_rate", "number_as_text",
     "horizon_too_long", "slot_speed_zero", "priority_zero", "unknown_distribution", "unknown_definition",
     "uplift_without_sign", "list_of_tables", "group_without_skills", "repeat_without_delay", "attempts_zero",
     "callback_without_threshold"],
)  # fmt: skip
def test_an_editor_sees_simple_mistakes(name: str) -> None:
    assert not jsonschema.Draft202012Validator(json_schema()).is_valid(as_json(TESTS / "bad" / f"{name}.toml"))


def test_every_field_has_a_unit_a_default_and_a_meaning() -> None:
    rows = re.findall(r"^\| `(.*)$", field_table(), re.MULTILINE)
    assert len(rows) > 100
    for row in rows:
        name, unit, default, meaning = (cell.strip() for cell in row.removesuffix("|").split(" | "))
        assert unit, name
        assert default, name
        assert meaning, name
        assert meaning.endswith("."), name


def test_every_field_of_the_example_is_in_the_table() -> None:
    listed = set(re.findall(r"^\| `([a-z_]+)`", field_table(), re.MULTILINE))
    raw = tomllib.loads((TESTS / "data" / "shop.toml").read_text(encoding="utf-8"))
    assert set(raw) <= listed
    assert set(raw["channels"]["phone"]) <= listed
    assert set(raw["channels"]["email"]["demand"]) <= listed
    assert set(raw["groups"]["inhouse"]) <= listed


@pytest.mark.parametrize("path", [path for path in GOOD if path.stem != "us-bank"], ids=lambda path: str(path.stem))
def test_every_file_that_brings_its_volumes_loads(path: Path) -> None:
    assert load_scenario(path).name == path.stem


def test_a_shipped_file_without_its_volumes_says_how_to_name_them() -> None:
    with pytest.raises(ScenarioError, match=r"--set channels\.phone\.demand\.file=PATH") as refused:
        load_scenario(SCENARIOS / "us-bank.toml")
    assert len(refused.value.problems) == 1


def test_dates_in_the_schema_are_texts_of_that_format() -> None:
    start = json_schema()["$defs"]["HorizonTable"]["properties"]["start"]
    assert (start["type"], start["format"]) == ("string", "date")
    assert date.fromisoformat(start["examples"][0]) == date(2026, 11, 27)
