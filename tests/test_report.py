from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from small_scenarios import MAIL, PHONE, loaded

from simulator.experiment import Comparison, Estimate, run
from simulator.measures import Unit
from simulator.report.compared import verdict
from simulator.report.document import comparison_document, experiment_document
from simulator.report.json_output import printed
from simulator.report.simulated import waits_by_clock
from simulator.report.sparkline import sparkline
from simulator.report.story import factor_sentence, open_time_warnings, warnings
from simulator.report.tables import new_table
from simulator.scenario import load_scenario
from simulator.words import estimate_text, probability_text, supported_decimals, time_text


def estimate(value: float, half: float) -> Estimate:
    return Estimate(np.array(value), np.array(value - half), np.array(value + half), 10)


def text(value: float, half: float, unit: Unit, *, signed: bool = False) -> str:
    return estimate_text(estimate(value, half), unit, "EUR", signed=signed).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("half_width", "decimals"),
    [
        (0.4, 1),
        (0.14, 2),
        (0.012, 2),
        (0.96, 1),
        (1.4, 1),
        (2.0, 0),
        (9.9, 0),
        (14, 0),
        (55, -1),
        (312, -2),
        (1400, -2),
    ],
)
def test_decimals_go_down_to_the_first_digit_of_the_half_width_or_the_second_after_a_one(
    half_width: float, decimals: int
) -> None:
    assert supported_decimals(half_width) == decimals


@pytest.mark.parametrize(
    ("value", "half", "unit", "shown"),
    [
        (0.8012, 0.0104, "share", "80.1 ± 1.0 %"),
        (0.8012, 0.0231, "share", "80 ± 2 %"),
        (1.0, 0.0, "share", "100 %"),
        (5964, 312, "count", "6 000 ± 300"),
        (5964, 4, "count", "5 964 ± 4"),
        (20, 254, "count", "20 ± 250"),
        (1.086, 0.0004, "contacts per agent", "1.09 ± 0.01"),
        (23691.4, 4.2, "currency", "23 691 ± 4 EUR"),
        (7.83, 0.52, "seconds", "7.8 ± 0.5 s"),
        (725, 20, "seconds", "12:05 ± 0:20"),
        (725, 200, "seconds", "12 ± 3 min"),
        (11400, 120, "seconds", "3.17 ± 0.03 h"),
        (3599.9, 1, "seconds", "1.00 ± 0.01 h"),
        (7.8, np.inf, "seconds", "7.8 ± ? s"),
        (np.nan, np.nan, "share", "–"),
    ],
)
def test_an_estimate_is_shown_as_precisely_as_it_is_known(value: float, half: float, unit: Unit, shown: str) -> None:
    assert text(value, half, unit) == shown


def test_a_difference_has_a_sign_and_shares_are_in_percentage_points() -> None:
    assert text(0.05, 0.004, "share", signed=True) == "+5.0 ± 0.4 pp"
    assert text(-36, 87, "seconds", signed=True) == "-0.6 ± 1.4 min"
    assert text(-0.0001, 0.03, "share", signed=True) == "0 ± 3 pp"
    assert text(0, 0, "hours", signed=True) == "0"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59.6, "1:00"), (725, "12:05"), (3599.6, "1 h 00 min"), (11400, "3 h 10 min"), (187200, "2 d 4 h")],
)
def test_times_as_people_say_them(seconds: float, shown: str) -> None:
    assert time_text(seconds) == shown


def test_probability_with_its_interval() -> None:
    assert probability_text(Estimate(np.array(0.75), np.array(0.531), np.array(0.888), 20)) == "75 % [53–89]"
    assert probability_text(Estimate(np.array(0.5), np.array(-0.7), np.array(1.7), 2)) == "50 % [0–100]"


def test_bars_grow_with_the_values_and_leave_blanks_for_nothing() -> None:
    assert sparkline([0, 1, np.nan, 2, 4, 8]) == "▁▂ ▃▅█"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([np.nan]) == " "


@pytest.mark.parametrize(
    ("value", "half", "words"),
    [(2, 1, "more"), (-2, 1, "less"), (1, 1, "no clear difference"), (0, 0, "the same"), (np.nan, np.nan, "–")],
)
def test_a_difference_is_called_clear_only_where_its_interval_leaves_out_zero(
    value: float, half: float, words: str
) -> None:
    assert verdict(estimate(value, half)) == words


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_table_wraps_but_loses_nothing(width: int) -> None:
    table = new_table("Title", "channel", *(f"measure {place}" for place in range(7)))
    table.add_row("a long name of a channel", *(f"{place}0.1 ± 0.3 %" for place in range(7)))
    file = io.StringIO()
    Console(file=file, width=width).print(table)
    expected = Counter(
        f"Title channel a long name of a channel{''.join(f'measure {n} {n}0.1 ± 0.3 %' for n in range(7))}"
    )
    shown = Counter(file.getvalue())
    assert {sign: shown[sign] for sign in expected if sign != " "} == {
        sign: count for sign, count in expected.items() if sign != " "
    }
    assert max(map(len, file.getvalue().splitlines())) <= width
    if width == 120:
        assert "60.1 ± 0.3 %" in file.getvalue()


def test_waits_by_clock_are_ratios_of_sums_on_one_clock(tmp_path: Path) -> None:
    experiment = run(loaded(tmp_path), replications=2)
    waits = waits_by_clock(experiment)
    assert (waits.begin, waits.end, waits.step) == (9, 11, 1)
    hours = experiment.estimate("mean_wait", ("channel", "hour")).value[0]
    np.testing.assert_allclose(waits.bars[0], [hours[9:11], hours[33:35]])
    long_days = {"09:00": 1}
    wide = run(
        loaded(tmp_path, channels__phone__demand__time_of_day=long_days, channels__phone__hours="always"),
        replications=2,
    )
    waits = waits_by_clock(wide)
    assert (waits.begin, waits.end, waits.step) == (9, 24, 2)
    assert waits.bars[0].shape == (2, 8)
    total, count = (part.sum(axis=0)[0] for part in wide.sums("mean_wait", ("channel", "hour")))
    assert waits.bars[0][0, 0] == pytest.approx(total[9:11].sum() / count[9:11].sum())


def test_the_document_says_what_the_experiment_says(tmp_path: Path) -> None:
    experiment = run(loaded(tmp_path, PHONE + MAIL), replications=3)
    document = experiment_document(experiment)
    channels = document["channels"]
    assert isinstance(channels, dict)
    asa = experiment.estimate("asa", ("channel",))[0]
    assert channels["phone"]["measures"]["asa"] == {
        "value": float(asa.value),
        "low": float(asa.low),
        "high": float(asa.high),
    }
    assert channels["mail"]["target"]["p_met"]["value"] == float(experiment.targets[1].met.value)
    assert "asa" not in channels["mail"]["measures"]
    formulas = document["formulas"]
    assert isinstance(formulas, dict)
    assert all(name in formulas for name in channels["phone"]["measures"])
    assert printed(document).isascii()


def test_the_document_of_a_comparison_has_the_paired_differences(tmp_path: Path) -> None:
    base, other = (run(loaded(tmp_path, variant=name), replications=3) for name in (None, "more"))
    comparison = Comparison(base, other)
    document = comparison_document(comparison, ("base", "more"))
    differences = document["differences"]
    assert isinstance(differences, dict)
    paired = comparison.difference("asa", ("channel",))[0]
    assert differences["channels"]["phone"]["asa"]["low"] == float(paired.low)
    assert differences["agents"]["paid_hours"]["value"] == pytest.approx(5)  # an hour more in each of 2 x 2.5 hours


def test_check_tells_campaigns_and_named_days_and_what_open_time_means() -> None:
    scenario = load_scenario(Path(__file__).resolve().parents[1] / "scenarios" / "black-friday.toml")
    newsletter = next(each for each in scenario.volume_factors if each.name == "newsletter")
    assert factor_sentence(scenario, newsletter) == (
        "newsletter: Thu 26 Nov 17:00 to Thu 26 Nov 21:00, volume x 1.8 on Chat, Social media "
        "(Product question, Order and payment)."
    )
    email, social = (scenario.channels[scenario.channel(name)] for name in ("email", "social"))
    # Open 12 h on working days: 24 h are two of them, 4 h are less than one.
    assert [*open_time_warnings(scenario.calendar, email)] == [
        "E-mail: 24 h of open time are 2.0 of its longest open days of 12 h."
    ]
    assert [*open_time_warnings(scenario.calendar, social)] == []


def test_work_for_chat_agents_is_counted_with_every_slot_full() -> None:
    scenario = load_scenario(Path(__file__).resolve().parents[1] / "scenarios" / "black-friday.toml")
    load = np.zeros((6, 672))
    noon = 12 * 4
    load[scenario.channel("chat"), noon] = 3 * 0.7 * 14  # what fourteen agents do with three chats each
    agents = int(scenario.staffing[:, noon].sum())
    said = [doubt for doubt in warnings(scenario, np.zeros((6, 5, 672)), load) if doubt.startswith("More work")]
    assert agents == 14
    assert said == []
    load[scenario.channel("phone"), noon] = 0.5
    said = [doubt for doubt in warnings(scenario, np.zeros((6, 5, 672)), load) if doubt.startswith("More work")]
    assert said == [
        "More work arrives than all agents on duty can do with every slot full in 1 intervals, most "
        "Mon 23 Nov 12:00: work for 14.5 agents, 14 on duty."
    ]
