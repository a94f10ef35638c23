"""The shipped scenarios load, run, and say where their numbers come from."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulator.demand import Demand
from simulator.engine import centre_of, simulate
from simulator.experiment import run
from simulator.experiment.formula import FormulaFigures, formula_figures
from simulator.experiment.volumes import volumes_beside_file
from simulator.measures import conservation_faults
from simulator.scenario import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.toml"))
WITHOUT_DATA = [name for name in SHIPPED if name != "us-bank"]
# What is a choice of the example or a name, not a claim about the world.
NO_ASSUMPTION = {"title", "kind", "channel", "closing", "employer", "start", "end", "dates", "channels", "topics"}
ASSUMING = ("busyness", "channels", "day_factors", "campaigns", "costs", "groups")


def raw(name: str) -> dict[str, object]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def leaves(table: dict[str, object], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name)


def covered(path: tuple[str, ...], sources: list[tuple[str, ...]]) -> bool:
    return any(
        len(source) <= len(path) and all(part in ("*", name) for part, name in zip(source, path, strict=False))
        for source in sources
    )


def test_the_five_cases_of_the_readme_are_there() -> None:
    assert SHIPPED == ["black-friday", "email-backlog", "ordinary-week", "phone-team", "us-bank"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_assumption_carries_its_source_or_says_that_it_is_one(name: str) -> None:
    table = raw(name)
    texts = table["sources"]
    assert isinstance(texts, dict)
    assert all(isinstance(text, str) and len(text) >= len("assumption") for text in texts.values())
    sources = [tuple(path.split(".")) for path in texts]
    claims = {path for part in ASSUMING if isinstance(of := table.get(part), dict) for path in leaves(of, (part,))}
    unsourced = sorted(
        ".".join(path) for path in claims if path[-1] not in NO_ASSUMPTION and not covered(path, sources)
    )
    assert unsourced == []


@pytest.mark.parametrize("name", WITHOUT_DATA)
def test_the_base_and_every_variant_load(name: str) -> None:
    path = FOLDER / f"{name}.toml"
    base = load_scenario(path)
    assert base.variants
    for variant in base.variants:
        assert load_scenario(path, variant).content_hash != base.content_hash


@pytest.mark.parametrize("name", WITHOUT_DATA)
def test_a_replication_loses_no_contact_and_no_second(name: str) -> None:
    scenario = load_scenario(FOLDER / f"{name}.toml")
    centre = centre_of(scenario)
    contacts = Demand(scenario).draw(seed=3, replication=0)
    records, ledger = simulate(centre, contacts, scenario.staffing)
    assert conservation_faults(contacts, records, ledger, centre.horizon) == []


def test_the_phone_team_agrees_with_erlang_a() -> None:
    """Twelve weeks of the one case that a formula can solve: inside the 99 % interval of each measure."""
    scenario = load_scenario(FOLDER / "phone-team.toml")
    (figures,) = formula_figures(scenario)
    assert isinstance(figures, FormulaFigures)
    experiment = run(scenario, replications=12, seed=5)
    for measure, formula in (
        ("service_level_offered", figures.service_level),
        ("abandonment_ratio", figures.abandonment_ratio),
        ("asa", figures.asa),
    ):
        estimate = experiment.estimate(measure)
        # From 95 % to 99 % with 11 degrees of freedom: 3.106 / 2.201.
        half_width = float(estimate.half_width) * 3.106 / 2.201
        assert abs(float(estimate.value) - formula) < half_width, measure
        assert half_width < 0.08 * formula


@pytest.mark.real_data
def test_the_banks_volumes_come_out_as_they_are_in_the_file(data_folder: Path) -> None:
    """Mean and dispersion of daily and 5-minute counts, within 2.6 standard errors of each other."""
    file = data_folder / "us_bank_calls_2003_5min_days_1_120.csv.gz"
    scenario = load_scenario(FOLDER / "us-bank.toml", overrides={"channels.phone.demand.file": str(file)})
    (volumes,) = volumes_beside_file(scenario, seed=1, replications=60)
    assert volumes.step == 300
    for of_file, simulated in (
        (volumes.file_days, volumes.simulated_days),
        (volumes.file_slots, volumes.simulated_slots),
    ):
        error = (of_file.mean_error**2 + simulated.mean_error**2) ** 0.5
        assert abs(of_file.mean - simulated.mean) < 2.6 * error
        assert error < 0.01 * of_file.mean
        error = (of_file.index_error**2 + simulated.index_error**2) ** 0.5
        assert abs(of_file.index - simulated.index) < 2.6 * error
        assert simulated.index > 1 + 5 * simulated.index_error
