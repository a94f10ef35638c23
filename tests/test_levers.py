"""Levers: paired with the base, ranked by what is asked for, told apart only where their customers tell them apart."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from commands import refused, ruuhka
from scipy import stats
from small_scenarios import MAIL, PHONE, written

from simulator.charts import levers_figure, write_levers_png
from simulator.cli.levers import play_all
from simulator.cli.options import Run
from simulator.cli.play import play
from simulator.experiment import (
    RANKED_BY,
    Comparison,
    Experiment,
    Levers,
    WhatIf,
    criteria,
    run,
    usual_criterion,
)
from simulator.measures import MEASURES, sums
from simulator.report.levers import rank_words
from simulator.scenario import load_scenario, load_variants

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.scenario import Scenario

MONEY = """
[costs.fixed]
rent = "10 EUR"
[costs.lost_order]
value = "80 EUR"
share = { general = "25 %" }
"""
OTHERS = """
[variants.many]
title = "Four more agents"
"groups.team.extra_agents" = 4
[variants.fewer]
"groups.team.extra_agents" = -2
[variants.more_again]
"groups.team.extra_agents" = 1
[variants.rush]
title = "Twice the calls"
lever = false
"channels.phone.demand.per_week" = 320
[variants.training]
title = "Training that helps nobody"
"costs.fixed.training" = "100 EUR"
"""
FULL = PHONE.replace("[variants.more]", f"{MONEY}[variants.more]") + OTHERS


def played(path: Path, replications: int = 6) -> Levers:
    """All variants of a file."""
    base, variants = load_variants(path)
    return play_all(base, variants, Run(replications, workers=1), silent=True)


@pytest.fixture(scope="module")
def levers(tmp_path_factory: pytest.TempPathFactory) -> Levers:
    return played(written(tmp_path_factory.mktemp("levers"), FULL))


def named(levers: Levers, name: str) -> WhatIf:
    return next(each for each in levers.what_ifs if each.name == name)


def words_of_refusal(*arguments: str | Path) -> str:
    return " ".join(refused(*arguments).split())


# -- Differences -------------------------------------------------------------------------------------------------------


def test_what_changes_nothing_differs_by_exactly_nothing(levers: Levers) -> None:
    for by in levers.criteria:
        difference = levers.difference(named(levers, "same"), by)
        assert [float(part) for part in (difference.value, difference.low, difference.high)] == [0.0, 0.0, 0.0], by


def test_what_costs_a_sum_and_does_nothing_costs_that_sum_and_nothing_else(levers: Levers) -> None:
    training = named(levers, "training")
    for by in levers.criteria:
        difference = levers.difference(training, by)
        expected = 100.0 if by in ("cost", "value") else 0.0
        assert np.array([difference.value, difference.low, difference.high]) == pytest.approx(expected, abs=1e-9), by


@pytest.mark.parametrize("name", ["more", "fewer", "rush"])
def test_differences_are_those_of_compare(tmp_path: Path, levers: Levers, name: str) -> None:
    path = written(tmp_path, FULL)
    base, other = (run(load_scenario(path, each), replications=6) for each in (None, name))
    comparison = Comparison(base, other)
    expected = {
        "wait": comparison.difference("mean_wait"),
        "target": comparison.difference("service_level_offered"),
        "met": comparison.target_met()[0],  # one channel, of which every day can be judged
        "lost": comparison.difference("lost_orders"),
        "cost": comparison.difference("total_cost"),
        "value": comparison.difference("cost_and_lost_orders"),
    }
    assert set(expected) == set(levers.criteria) == set(RANKED_BY)
    for by in levers.criteria:
        found = levers.difference(named(levers, name), by)
        for part in ("value", "low", "high"):
            assert getattr(found, part) == pytest.approx(float(getattr(expected[by], part)), abs=1e-12), (by, part)


def test_within_target_counts_the_contacts_of_all_channels_by_the_promise_of_each(tmp_path: Path) -> None:
    experiment = run(load_scenario(written(tmp_path, PHONE + MAIL)), replications=3)
    levers = Levers.beside(experiment, ())
    in_time, judged = 0.0, 0.0
    for summary in experiment.summaries:
        for name in ("service_level_offered", "within_due"):
            top, bottom = sums(MEASURES[name], summary)
            in_time, judged = in_time + float(top), judged + float(bottom)
    assert float(levers.of_base("target").value) == pytest.approx(in_time / judged)
    shares = [np.mean([outcomes[c].share_met for outcomes in experiment.target_outcomes]) for c in (0, 1)]
    assert float(levers.of_base("met").value) == pytest.approx(np.mean(shares))


def test_only_pairs_are_held_against_each_other(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path))
    levers = Levers.beside(run(scenario, replications=2), ())
    for other in (run(scenario, replications=3), run(scenario, replications=2, seed=9)):
        with pytest.raises(ValueError, match="A paired comparison needs the same"):
            levers.and_what_if("other", "Other", other, can_be_done=True)


# -- Order -------------------------------------------------------------------------------------------------------------


def test_the_best_comes_first_whether_more_of_it_is_better_or_less(levers: Levers) -> None:
    by_wait, by_target, by_cost = (
        [each.name for each in levers.ranked(by, can_be_done=True)] for by in ("wait", "target", "cost")
    )
    # One more agent twice, which is no better the second time: as in the file. The same for nothing and training.
    assert by_wait == ["many", "more", "more_again", "same", "training", "fewer"]
    assert by_target == by_wait
    assert by_cost == ["fewer", "same", "training", "more", "more_again", "many"]
    assert [each.name for each in levers.ranked("wait", can_be_done=False)] == ["rush"]


def test_levers_that_cannot_be_told_apart_share_their_ranks(levers: Levers) -> None:
    ranks = {each.name: levers.ranks(each, "wait") for each in levers.what_ifs if each.can_be_done}
    assert ranks == {
        "many": (1, 1),
        "more": (2, 3),
        "more_again": (2, 3),
        "same": (4, 5),
        "training": (4, 5),
        "fewer": (6, 6),
    }
    assert [rank_words(each) for each in ((1, 1), (2, 3))] == ["1", "2–3"]


def test_who_cannot_be_judged_comes_last(tmp_path: Path) -> None:
    nobody = PHONE + '[variants.nobody]\n"channels.phone.demand.per_week" = 0\n'
    levers = played(written(tmp_path, nobody), 2)
    assert [each.name for each in levers.ranked("wait", can_be_done=True)] == ["more", "same", "nobody"]
    assert np.isnan(levers.difference(named(levers, "nobody"), "wait").value)


def test_levers_are_ranked_by_money_where_orders_have_a_value_and_else_by_who_is_lost(tmp_path: Path) -> None:
    unpriced = PHONE.replace('cost = "30 EUR/h"\n', "")
    for text, usual, lost, known in (
        (FULL, "value", "lost_orders", set(RANKED_BY)),
        (PHONE, "lost", "lost_enquiries", set(RANKED_BY) - {"value"}),
        (unpriced, "lost", "lost_enquiries", set(RANKED_BY) - {"value", "cost"}),
    ):
        found = criteria(load_scenario(written(tmp_path, text)))
        assert set(found) == known
        assert usual_criterion(found) == usual
        assert found["lost"].name == lost
    # A price that only a variant brings is a cost all the same.
    base, variants = load_variants(written(tmp_path, unpriced + '[variants.paid]\n"costs.fixed.x" = "1 EUR"\n'))
    assert "cost" in criteria(base, variants.values())


def test_simultaneous_intervals_are_those_of_bonferroni(levers: Levers) -> None:
    together = levers.simultaneously()
    assert together.confidence == pytest.approx(1 - 0.05 / 7)  # seven what-ifs
    alone, wider = (each.difference(named(each, "more"), "wait") for each in (levers, together))
    expected = stats.t.ppf(1 - 0.05 / 14, 5) / stats.t.ppf(0.975, 5)
    assert float(wider.half_width / alone.half_width) == pytest.approx(expected)
    assert wider.value == alone.value


# -- The command -------------------------------------------------------------------------------------------------------


def test_the_base_is_played_once_and_each_variant_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    titles = []

    def counted(scenario: Scenario, how: Run, *, title: str = "", **others: Any) -> Experiment:
        titles.append(title)
        return play(scenario, how, title=title, **others)

    monkeypatch.setattr("simulator.cli.levers.play", counted)
    assert ruuhka("levers", written(tmp_path), "--replications", "2").exit_code == 0
    assert titles == ["Simulating base", "Simulating more (1 of 2)", "Simulating same (2 of 2)"]


def test_the_table_says_what_can_be_done_what_may_happen_and_what_is_noise(tmp_path: Path) -> None:
    output = ruuhka("levers", written(tmp_path, FULL), "--replications", "6", "--by", "wait").stdout
    can, _, may = output.partition("What may happen")
    assert "What you can do: difference from the base, best mean wait of all first" in can
    lines = {
        line.split()[0] + " " + line.split()[1]: line
        for line in can.splitlines()
        if re.match(r"\d\S* +(?!replications)", line)
    }
    assert list(lines) == ["1 many", "2–3 more", "2–3 more_again", "4–5 same", "4–5 training", "6 fewer"]
    assert lines["1 many"].rstrip().endswith("better")
    assert lines["4–5 same"].rstrip().endswith("the same")
    assert lines["6 fewer"].rstrip().endswith("worse")
    assert re.search(r"^rush .* worse", may, re.MULTILINE)
    for text in ("many: Four more agents", "95% confidence interval, of each difference by itself", "~: within noise"):
        assert text in " ".join(output.split())
    together = " ".join(
        ruuhka("levers", written(tmp_path, FULL), "--replications", "2", "--simultaneous").stdout.split()
    )
    assert "a 99.29% confidence interval, so that all of a column hold together with 95% (Bonferroni)" in together


def test_a_difference_within_noise_is_marked(tmp_path: Path) -> None:
    # Calls of no length more: hardly anybody waits longer, and by chance somebody a little shorter.
    text = PHONE + '[variants.chance]\n"channels.phone.handling_time.mean" = "301 s"\n'
    levers = played(written(tmp_path, text), 3)
    chance = named(levers, "chance")
    marked = {
        by: difference
        for by in levers.criteria
        if (difference := levers.difference(chance, by)).low < 0 < difference.high
    }
    assert marked
    output = ruuhka("levers", written(tmp_path, text), "--replications", "3", "--by", next(iter(marked))).stdout
    line = next(line for line in output.splitlines() if " chance " in line)
    assert "~" in line
    assert line.rstrip().endswith("within noise")


def test_the_document_and_the_table_on_file_say_what_the_levers_say(tmp_path: Path, levers: Levers) -> None:
    out = tmp_path / "out"
    arguments = ("levers", written(tmp_path, FULL), "--replications", "6", "--json", "--out", out)
    document = json.loads(ruuhka(*arguments).stdout)
    assert document["by"] == "value"
    assert document["criteria"]["lost"] == {
        "measure": "lost_orders",
        "unit": "count",
        "better": "less",
        "formula": "lost enquiries × share with an order",
    }
    assert [each["name"] for each in document["levers"]] == [
        each.name for each in levers.ranked("value", can_be_done=True)
    ]
    assert [each["name"] for each in document["may_happen"]] == ["rush"]
    table = pd.read_csv(out / "levers.csv").set_index(["what_if", "criterion"])
    assert len(table) == 7 * 6
    for each in (*document["levers"], *document["may_happen"]):
        for by in levers.criteria:
            expected = levers.difference(named(levers, each["name"]), by)
            assert each["differences"][by]["low"] == pytest.approx(float(expected.low))
            assert table.loc[(each["name"], by), "low"] == pytest.approx(float(expected.low))
    ranks = {
        key: (best, worst)
        for key, best, worst in zip(table.index, table["best_rank"], table["worst_rank"], strict=True)
    }
    assert ranks["more", "wait"] == (2, 3)
    assert np.isnan(ranks["rush", "wait"]).all()
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["files"]) == ["levers.csv", "levers.parquet", "levers.png"]
    assert manifest["what_ifs"]["many"] == "Four more agents"
    assert "holds an earlier result" in words_of_refusal(*arguments)
    assert ruuhka(*arguments, "--force").exit_code == 0


def test_some_variants_alone_have_the_differences_that_they_have_among_all(tmp_path: Path) -> None:
    path = written(tmp_path, FULL)
    every, alone = (
        json.loads(ruuhka("levers", path, "--replications", "3", "--json", *only).stdout)
        for only in ((), ("--only", "fewer", "--only", "more", "--only", "fewer"))
    )
    assert [each["name"] for each in alone["levers"]] == ["more", "fewer"]
    among = {each["name"]: each["differences"] for each in every["levers"]}
    assert all(each["differences"] == among[each["name"]] for each in alone["levers"])


def test_workers_do_not_matter_and_overrides_hold_on_both_sides(tmp_path: Path) -> None:
    path = written(tmp_path)
    arguments = ("levers", path, "--replications", "3", "--json", "--set", "groups.team.extra_agents=2")
    assert ruuhka(*arguments, "--workers", "1").stdout == ruuhka(*arguments, "--workers", "2").stdout
    document = json.loads(ruuhka(*arguments).stdout)
    same = next(each for each in document["levers"] if each["name"] == "same")
    assert same["differences"]["cost"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_a_variant_with_a_seed_of_its_own_meets_the_customers_of_the_base(tmp_path: Path) -> None:
    text = PHONE + '[variants.other_run]\n"simulation.seed" = 9\n"simulation.replications" = 5\n'
    document = json.loads(ruuhka("levers", written(tmp_path, text), "--only", "other_run", "--json").stdout)
    assert document["run"]["replications"] == 3
    assert document["levers"][0]["differences"]["wait"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_a_variant_that_promises_something_else_is_named(tmp_path: Path) -> None:
    text = PHONE + '[variants.easier]\n"channels.phone.target.within" = "2 min"\n'
    output = " ".join(ruuhka("levers", written(tmp_path, text), "--replications", "2").stdout.split())
    assert "Other targets than the base's, by which theirs are judged: easier." in output
    document = json.loads(ruuhka("levers", written(tmp_path, text), "--replications", "2", "--json").stdout)
    assert {each["name"]: each["same_targets"] for each in document["levers"]} == {
        "more": True, "same": True, "easier": False,
    }  # fmt: skip


def test_messages_alone_are_judged_by_the_time_to_finish_them(tmp_path: Path) -> None:
    text = (PHONE + MAIL).replace("[groups.team.skills.phone]\n", "")
    begin, end = text.index("[channels.phone]"), text.index("[groups.team]")
    output = ruuhka("levers", written(tmp_path, text[:begin] + text[end:]), "--replications", "2").stdout
    assert "Mean time to finish = " in output


def test_one_replication_has_no_interval_and_nobody_is_ahead(tmp_path: Path) -> None:
    result = ruuhka("levers", written(tmp_path, FULL), "--replications", "1")
    assert result.exit_code == 0, result.output
    assert "± ?" in result.stdout
    assert "1–6" in result.stdout
    assert not re.search(r"\b(inf|nan)\b", result.stdout)
    json.loads(ruuhka("levers", written(tmp_path, FULL), "--replications", "1", "--json").stdout)


def test_what_cannot_be_ranked_is_refused_in_words(tmp_path: Path) -> None:
    plain = PHONE.partition("[variants.more]")[0]
    path = written(tmp_path, plain, "plain.toml")
    assert "plain.toml has no variants, and so no levers." in words_of_refusal("levers", path)
    path = written(tmp_path)
    assert 'There is no variant "mroe". Did you mean "more"?' in words_of_refusal("levers", path, "--only", "mroe")
    assert 'There is no variant "base"' in words_of_refusal("levers", path, "--only", "base")
    assert '--by: There is no criterion "waits". Did you mean "wait"?' in words_of_refusal(
        "levers", path, "--by", "waits"
    )
    assert "it does not say what a lost order is worth: add a table [costs.lost_order]" in words_of_refusal(
        "levers", path, "--by", "value"
    )
    unpriced = written(tmp_path, PHONE.replace('cost = "30 EUR/h"\n', ""), "unpriced.toml")
    assert "nothing in it has a price" in words_of_refusal("levers", unpriced, "--by", "cost")
    odd = written(tmp_path, f'{PHONE}[variants.odd]\n"horizon.days" = 3\n', "odd.toml")
    assert "base and odd cannot be compared: both need the same days." in words_of_refusal("levers", odd)
    assert ruuhka("levers", odd, "--only", "more", "--replications", "2").exit_code == 0
    assert "none.toml" in words_of_refusal("levers", tmp_path / "none.toml")


# -- The chart ---------------------------------------------------------------------------------------------------------


def test_the_chart_has_a_bar_with_its_interval_for_each_what_if_and_criterion(tmp_path: Path, levers: Levers) -> None:
    drawn = levers_figure(levers, "wait")
    rows = [row for data in drawn["datasets"].values() for row in data if "name" in row]
    assert len(rows) == 7 * 6
    more = next(row for row in rows if row["name"] == "more" and row["is"] == "better")
    assert more["low"] <= more["value"] <= more["high"]
    assert {row["is"] for row in rows if row["name"] == "same"} == {"noise"}
    write_levers_png(levers, "wait", tmp_path / "levers.png")
    assert (tmp_path / "levers.png").read_bytes().startswith(b"\x89PNG")
