"""Logs of real centres become scenarios in which customers wait about as they did."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.history.fitted_scenario import CallsFit, Wishes, fit_history, scenario_of
from simulator.history.importing.mapping_file import read_mapping
from simulator.history.importing.read_history import read_history

MAPPINGS = Path(__file__).resolve().parent.parent / "scenarios" / "mappings"


@pytest.mark.real_data
@pytest.mark.slow
def test_a_month_of_a_contact_centre_is_played_near_to_what_it_was(data_folder: Path) -> None:
    mapping = MAPPINGS / "vanad-calls.toml"
    files = sorted((data_folder / "vanad_2014").glob("vanad_calls_*.csv.gz"))[:1]
    history = read_history(files, read_mapping(mapping), mapping.read_text(encoding="utf-8"))
    fit = fit_history(history, Wishes())
    assert isinstance(fit.found, CallsFit)
    assert fit.level is not None
    seen, level = fit.found.observed, fit.level
    assert level.reached
    assert level.mean_wait == pytest.approx(seen.mean_wait, rel=0.2)
    assert level.unanswered == pytest.approx(seen.unanswered, rel=0.25)
    assert level.in_time == pytest.approx(seen.in_time, abs=0.05)
    assert fit.found.handling.all_queues.chosen.mean.value == pytest.approx(250.0, rel=0.02)
    assert str(scenario_of(fit.fields).channels[0].hours).startswith("mon-fri 08:00-20:00")
