"""Classes of customers from the file to the result: who is of a class, how it is treated, and what stays as it was."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from equality import first_difference
from scipy import stats
from small_scenarios import MAIL, PHONE, loaded

from simulator.contacts import Contacts, FollowUps
from simulator.demand import Demand
from simulator.demand.load import offered_work
from simulator.engine import ENGINES, NO_SKILL, EngineName, centre_of, simulate
from simulator.experiment import run
from simulator.experiment.formula import FormulaFigures, NoFormula, formula_figures
from simulator.queueing import ErlangA
from simulator.report.customer_classes import classes_table
from simulator.report.customers import customer_sentences
from simulator.report.files import tables
from simulator.report.story import channel_sentences
from simulator.scenario import Scenario, load_scenario

if TYPE_CHECKING:
    from simulator.contacts import ContactRecords, Ledger

FILE = Path(__file__).parent / "data" / "customers.toml"
BLACK_FRIDAY = Path(__file__).resolve().parents[1] / "scenarios" / "black-friday.toml"
PHONE_CHANNEL, CHAT, EMAIL = range(3)
ORDINARY, VIP, SWEDISH = range(3)


def classed(*, variant: str | None = None, path: Path = FILE, **changes: Any) -> Scenario:
    """A shop with redials, callbacks, chasers and a bot; `changes` are overrides, with `__` for each dot."""
    return load_scenario(path, variant, {name.replace("__", "."): value for name, value in changes.items()})


BOTH: dict[str, Any] = {
    "customers__vip": {"share": "20 %", "share_on": {"email": "5 %"}},
    "customers__swedish": {"share": "30 %", "share_on": {"chat": "0 %"}},
}


def columns(contacts: Contacts, *left_out: str) -> dict[str, bytes]:
    """Everything that was drawn, byte by byte."""
    of_contacts = {name: getattr(contacts, name).tobytes() for name in Contacts.columns() if name not in left_out}
    return of_contacts | {each.name: getattr(contacts.follow_ups, each.name).tobytes() for each in fields(FollowUps)}


def played(scenario: Scenario, contacts: Contacts, engine: EngineName) -> tuple[ContactRecords, Ledger]:
    return simulate(centre_of(scenario), contacts, scenario.staffing, engine)


# ---- Who is of a class -----------------------------------------------------------------------------------------------


def test_classes_change_nothing_else_that_is_drawn() -> None:
    for replication in range(3):
        plain = Demand(classed()).draw(5, replication)
        both = Demand(classed(**BOTH)).draw(5, replication)
        assert columns(plain, "customer_class") == columns(both, "customer_class")
        assert not plain.customer_class.any()
        assert np.bincount(both.customer_class).min() > 100


def test_without_classes_and_whatever_may_follow_no_key_is_drawn(tmp_path: Path) -> None:
    drawn: list[str] = []
    demand = Demand(loaded(tmp_path, PHONE + MAIL))
    for purpose, luck in demand._luck.items():
        if luck._names:
            drawn.append(purpose)
    assert "enquiry" not in drawn
    assert {"count", "arrival", "work"} <= set(drawn)


def test_shares_are_those_of_the_file_on_every_channel_backlog_and_later_classes_too() -> None:
    demand = Demand(classed(**BOTH))
    found = np.zeros((3, 3), dtype=np.int64)
    backlog = np.zeros(3, dtype=np.int64)
    for replication in range(40):
        contacts = demand.draw(6, replication)
        first = contacts.attempt == 0
        np.add.at(found, (contacts.channel[first], contacts.customer_class[first]), 1)
        backlog += np.bincount(contacts.customer_class[first & (contacts.arrival < 0)], minlength=3)
    for channel, shares in enumerate(([0.5, 0.2, 0.3], [0.8, 0.2, 0.0], [0.65, 0.05, 0.3])):
        for number, share in enumerate(shares):
            test = stats.binomtest(int(found[channel, number]), int(found[channel].sum()), share)
            assert test.pvalue > 0.001, (channel, number)
    assert stats.binomtest(int(backlog[VIP]), int(backlog.sum()), 0.05).pvalue > 0.001
    assert stats.binomtest(int(backlog[SWEDISH]), int(backlog.sum()), 0.3).pvalue > 0.001


def test_a_larger_share_keeps_all_who_were_of_the_class_and_takes_others_in() -> None:
    less = Demand(classed(**BOTH)).draw(7, 0).customer_class
    more = Demand(classed(**BOTH | {"customers__vip": {"share": "40 %"}})).draw(7, 0).customer_class
    assert (more[less == VIP] == VIP).all()
    assert set(more[less == SWEDISH].tolist()) == {VIP, SWEDISH}
    assert set(more[less == ORDINARY].tolist()) == {ORDINARY, VIP, SWEDISH}  # the share of the later class is kept


def test_another_class_at_the_end_takes_from_ordinary_customers_only() -> None:
    before = Demand(classed(customers__vip=BOTH["customers__vip"])).draw(7, 1).customer_class
    after = Demand(classed(**BOTH)).draw(7, 1).customer_class
    assert (after[before == VIP] == VIP).all()
    assert set(after[before == ORDINARY].tolist()) == {ORDINARY, SWEDISH}


def test_who_is_of_a_class_does_not_depend_on_where_the_file_names_it() -> None:
    """Two classes that leave each other alone, in either order: a number is by name, and so is who has it."""
    one = classed(customers__vip={"share": "100 %"}, customers__swedish={"share": "0 %"})
    other = classed(customers__swedish={"share": "0 %"}, customers__vip={"share": "100 %"})
    assert (Demand(one).draw(7, 2).customer_class == 1).all()
    assert (Demand(other).draw(7, 2).customer_class == 2).all()
    alone = Demand(classed(customers__swedish={"share": "30 %"})).draw(7, 2).customer_class
    behind = classed(customers__vip={"share": "0 %"}, customers__swedish={"share": "30 %"})
    assert np.array_equal(2 * alone, Demand(behind).draw(7, 2).customer_class)


def test_all_attempts_of_an_enquiry_are_of_its_class() -> None:
    contacts = Demand(classed(**BOTH)).draw(8, 0)
    assert np.array_equal(contacts.customer_class, contacts.customer_class[contacts.enquiry])
    again = contacts.customer_class[contacts.attempt > 0]
    assert np.bincount(again, minlength=3).min() > 50


def test_whoever_an_announcement_moves_to_another_channel_keeps_the_class() -> None:
    """All who would call are VIPs and nobody else is: so the VIPs among first web forms are those who moved there."""
    told = classed(
        path=BLACK_FRIDAY, variant="announcement", customers__vip={"share": "0 %", "share_on": {"phone": "100 %"}}
    )
    contacts, diverted = Demand(told).draw_diverted(1, 0)
    phone, form = told.channel("phone"), told.channel("form")
    first, vip = contacts.attempt == 0, contacts.customer_class == VIP
    assert np.array_equal(np.unique(contacts.channel[first & vip]), sorted((phone, form)))
    assert (first & vip & (contacts.channel == form)).sum() == diverted.joined[0, form] > 30
    assert vip[first & (contacts.channel == phone)].all()


# ---- How a class is treated ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_class_that_nothing_is_different_for_is_played_as_if_there_were_none(engine: EngineName) -> None:
    for replication in range(2):
        plain, both = classed(), classed(**BOTH)
        of_plain = played(plain, Demand(plain).draw(9, replication), engine)
        of_both = played(both, Demand(both).draw(9, replication), engine)
        assert first_difference(of_plain, of_both) is None


def test_another_priority_leaves_every_contact_with_its_arrival_work_and_patience() -> None:
    plain = classed(**BOTH)
    first = classed(**BOTH | {"customers__vip": {**BOTH["customers__vip"], "priority_step": -1}})
    before, after = (Demand(each).draw(10, 0) for each in (plain, first))
    assert columns(before) == columns(after)
    assert (centre_of(first).priority - centre_of(plain).priority).tolist() == [
        [[0] * 3] * 3,
        [[-1] * 3] * 3,
        [[0] * 3] * 3,
    ]
    assert first_difference(played(plain, before, "compiled"), played(first, after, "compiled")) is not None


def test_vips_who_come_first_wait_less_than_before_and_than_the_others() -> None:
    variant = load_scenario(BLACK_FRIDAY, "vip_first")
    assert variant.customer_classes[VIP].priority_step == -1
    plain, first = (run(each, replications=4) for each in (load_scenario(BLACK_FRIDAY), variant))
    before, after = (
        each.estimate("asa", ("channel", "customer_class")).value[PHONE_CHANNEL] for each in (plain, first)
    )
    assert after[VIP] < 0.7 * before[VIP]
    assert after[VIP] < 0.7 * after[ORDINARY]
    assert before[VIP] == pytest.approx(before[ORDINARY], rel=0.3)


def test_factors_multiply_the_work_and_patience_of_all_attempts_of_the_class_but_no_ringing() -> None:
    slow = {"share": "20 %", "handling_factor": 1.5, "patience_factor": "50 %"}
    plain, changed = (Demand(classed(customers__vip=table)).draw(11, 0) for table in ({"share": "20 %"}, slow))
    assert columns(plain, "work", "patience") == columns(changed, "work", "patience")
    vip = plain.customer_class == VIP
    rings = np.zeros(len(plain), dtype=np.bool_)
    rings[len(plain) - len(plain.follow_ups) :] = plain.follow_ups.in_vain
    assert (rings & vip).any()
    assert (vip & (plain.attempt > 0) & ~rings).any()
    assert np.array_equal(changed.work, np.where(vip & ~rings, plain.work * 1.5, plain.work))
    assert np.array_equal(changed.patience, np.where(vip, plain.patience * 0.5, plain.patience))


def test_a_skill_is_for_the_classes_that_it_names() -> None:
    vip_line = {"channel": "phone", "customers": ["vip"], "level": 2, "overflow_after": "30 s", "speed": 0.8}
    scenario = classed(
        **BOTH,
        groups__team__skills__phone={"customers": ["ordinary", "swedish"]},
        groups__team__skills__vip_line=vip_line,
    )
    centre = centre_of(scenario)
    assert centre.level[:, PHONE_CHANNEL, 0, 0].tolist() == [1, 2, 1]
    assert centre.opens_after[:, PHONE_CHANNEL, 0, 0].tolist() == [0, 30, 0]
    assert centre.speed[:, PHONE_CHANNEL, 0, 0].tolist() == [1, 0.8, 1]
    assert (centre.level[:, [CHAT, EMAIL], :, 0] == 1).any(axis=2).all()
    assert "Team (level 2, after 30 s, Vip only)" in channel_sentences(scenario, scenario.channels[0], np.ones(3))


def test_what_a_group_may_not_take_stays_in_line_for_those_who_may(tmp_path: Path) -> None:
    """A bilingual group for one class, the team for the others: each works for its own class only."""
    others = (
        '[groups.bilingual]\nstaffing = { "mon-fri 09:00-11:30" = 1 }\nskills.phone = { customers = ["swedish"] }\n'
    )
    text = PHONE.replace("[groups.team.skills.phone]", '[groups.team.skills.phone]\ncustomers = ["ordinary"]')
    scenario = loaded(tmp_path, f'{text}{others}[customers.swedish]\nshare = "25 %"\n')
    contacts = Demand(scenario).draw(3, 0)
    assert centre_of(scenario).level[:, 0, 0].tolist() == [[1, NO_SKILL], [NO_SKILL, 1]]
    for engine in ENGINES:
        records, _ = played(scenario, contacts, engine)
        taken = records.group >= 0
        assert np.array_equal(records.group[taken], contacts.customer_class[taken])
        assert set(records.group[taken].tolist()) == {0, 1}


# ---- What is told of it ----------------------------------------------------------------------------------------------


def test_work_and_formula_take_the_mean_over_the_classes(tmp_path: Path) -> None:
    plain = loaded(tmp_path)
    slow = {"share": "20 %", "handling_factor": 1.5, "patience_factor": 2}
    mixed = loaded(tmp_path, customers__swedish=slow)
    np.testing.assert_allclose(offered_work(mixed), 1.1 * offered_work(plain))
    (before,), (after,) = formula_figures(plain), formula_figures(mixed)
    assert isinstance(before, FormulaFigures)
    assert isinstance(after, FormulaFigures)
    assert isinstance(before.at_busiest, ErlangA)
    assert after.at_busiest == replace(before.at_busiest, mean_handling_time=330.0, mean_patience=144.0)
    assert "it takes all customers as one class of their mean" in after.differences
    assert "it takes all customers as one class of their mean" not in before.differences


def test_no_formula_knows_priorities_or_speeds_of_classes(tmp_path: Path) -> None:
    vip = {"share": "20 %", "priority_step": -1}
    assert formula_figures(loaded(tmp_path, customers__vip=vip)) == (
        NoFormula(0, "classes of customers have different priorities"),
    )
    slower = loaded(
        tmp_path,
        customers__vip={"share": "20 %"},
        groups__team__skills__phone={"customers": ["ordinary"]},
        groups__team__skills__vip_line={"channel": "phone", "customers": ["vip"], "speed": 0.8},
    )
    assert formula_figures(slower) == (NoFormula(0, "its agents are not as fast with all classes of customers"),)


def test_results_tell_the_service_of_each_class(tmp_path: Path) -> None:
    text = f'{PHONE}{MAIL}[customers.vip]\ntitle = "VIP customers"\nshare = "30 %"\n'
    experiment = run(loaded(tmp_path, text), replications=3)
    written = dict(tables(experiment))
    of_class, of_channel = written["customer_classes"], written["channels"]
    for channel in ("phone", "mail"):
        parts = of_class[(of_class.channel == channel) & (of_class.measure == "arrived")]
        whole = of_channel[(of_channel.channel == channel) & (of_channel.measure == "arrived")]
        assert parts.customer_class.tolist() == ["ordinary", "vip"]
        assert parts.value.sum() == pytest.approx(whole.value.item())
    table = classes_table(experiment)
    assert table is not None
    assert list(table.columns[1].cells) == ["Ordinary customers", "VIP customers"] * 2

    none = run(loaded(tmp_path, PHONE), replications=2)
    assert classes_table(none) is None
    assert "customer_classes" not in dict(tables(none))


def test_the_story_tells_shares_and_rules_of_each_class() -> None:
    vip = {"share": "20 %", "share_on": {"email": "5 %"}, "priority_step": -1, "patience_factor": 2}
    first, second, *_ = customer_sentences(classed(customers__vip=vip, customers__swedish={"share": "30 %"}))
    assert first == "Vip: 20 % of enquiries by Phone, Chat, 5 % by Email; priority -1, patience x 2."
    assert second == "Swedish: 30 % of enquiries; treated like the others."
