"""The page that searches for a plan: what it shows is of fresh customers, and what it takes over is on duty."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import tomllib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import streamlit as st
from shown_pages import again, shown, texts
from small_scenarios import MAIL, PHONE, loaded, written
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state.safe_session_state import SafeSessionState

from simulator.language import LANGUAGES, say, speaking
from simulator.planning import Goal
from simulator.planning.staffing.plan import FRESH, Plan
from simulator.report.staffing_day import horizon_overrides
from simulator.scenario import load_scenario
from simulator.scenario.knobs import knobs
from simulator.ui import link, plans
from simulator.ui.app import desk
from simulator.ui.changes import change_title, change_words
from simulator.ui.plans import Plans, Question, Search
from simulator.words import estimate_text

if TYPE_CHECKING:
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

    from simulator.scenario import Scenario
    from simulator.ui.view import View

DAY = PHONE.replace("replications = 3", "replications = 10")
"""As many replications as the page asks for at least: three have too few customers to be sure of anything."""
SECONDS = 60
"""After which a test gives up."""


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds what another one searched for."""
    monkeypatch.setattr(desk(), "plans", Plans())


def view_of(app: AppTest) -> View:
    found: View = app.session_state["view"]
    return found


def found_in(app: AppTest, language: str = "en") -> Plan:
    """Press the button, and the plan that the page then shows."""
    app.button(key="plan find").click()
    with speaking(language):  # here Streamlit's tests tell the choices by their names
        again(app)
    search = app.session_state["plan asked"].errand
    assert search.answer is not None, search.error
    plan: Plan = search.answer.plan
    return plan


def question(folder: Path, name: str = "small.toml", **asked: Any) -> Question:
    scenario = load_scenario(written(folder, PHONE, name))
    fields: dict[str, Any] = {"maximum": (), "hours": None, "money": None, "replications": 3, "time_limit": 30.0}
    return Question(scenario, **{"goal": Goal.of(scenario), **fields, **asked})


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_press_finds_a_plan_and_its_figures_are_of_fresh_customers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    file = written(tmp_path, DAY + MAIL)
    app = shown(monkeypatch, tmp_path, "plan", language)
    assert not texts(app).strip()
    plan = found_in(app, language)
    scenario = load_scenario(file)
    again_played = Plan.checked(
        scenario, plan.goal, plan.staffing, replications=scenario.replications, seed=scenario.seed + FRESH
    )
    told = texts(app)
    with speaking(language):
        for side in (again_played.planned, again_played.today):
            for row in range(2):
                assert estimate_text(side.within[row], "share") in told
        kept, judged = plan.planned.periods_kept
        assert say("plan.of", kept=str(kept[0]), judged=str(judged[0])) in told
    assert plan.goal.periods == ("interval", "day")
    assert view_of(app).overrides == {}
    assert len([*app.success, *app.info, *app.warning, *app.error]) == 1


def test_what_was_found_is_there_at_once_for_whoever_asks_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, DAY)
    plan = found_in(shown(monkeypatch, tmp_path, "plan"))

    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(plans, "require", never)
    other = shown(monkeypatch, tmp_path, "plan")
    assert other.button(key="plan find").disabled
    assert estimate_text(plan.planned.within[0], "share") in texts(other)
    # And it stays in sight when it is taken over.
    other.button(key="plan take").click()
    assert estimate_text(plan.planned.within[0], "share") in texts(again(other))
    assert say("plan.taken") in [each.value for each in other.success]


@pytest.mark.parametrize(
    "changes",
    [[], ["groups.team.extra_agents=1", 'groups.team.extra_in."2026-06-01 09:00-10:00"=2', "overall.volume='+10 %'"]],
    ids=["as the file has it", "with agents on top"],
)
def test_a_plan_taken_over_is_on_duty_is_kept_as_a_variant_and_can_be_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: list[str]
) -> None:
    file = written(tmp_path, DAY)
    app = shown(monkeypatch, tmp_path, "plan", set=changes)
    before = dict(view_of(app).overrides)
    plan = found_in(app)
    assert not np.array_equal(plan.staffing, plan.today.played.staffing)
    app.button(key="plan take").click()
    again(app)
    taken = dict(view_of(app).overrides)
    now = load_scenario(file, None, taken)
    assert now.staffing.tolist() == plan.staffing.tolist()
    assert {path: taken.get(path) for path in before if "extra" not in path} == {
        path: value for path, value in before.items() if "extra" not in path
    }
    assert view_of(app).kept == {say("plan.variant"): taken}
    # It says so, and goes on showing the plan.
    assert say("plan.taken") in [each.value for each in app.success]
    assert not app.info
    assert estimate_text(plan.planned.within[0], "share") in texts(app)
    # Whoever opens the link has the same agents on duty.
    overrides, refused = link.read_overrides(link.query("small", taken, "en")["set"])
    assert not refused
    assert load_scenario(file, None, overrides).staffing.tolist() == plan.staffing.tolist()

    app.button(key="plan put back").click()
    assert view_of(again(app)).overrides == before


def test_a_plan_of_other_settings_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, DAY)
    app = shown(monkeypatch, tmp_path, "plan")
    plan = found_in(app)
    app.selectbox(key="plan period live").select("horizon")
    again(app)
    assert [each.value for each in app.info] == [say("plan.of_other_settings")]
    assert estimate_text(plan.planned.within[0], "share") in texts(app)
    over_all = found_in(app)
    assert over_all.goal.periods == ("horizon",)
    assert over_all.planned.agent_hours.sum() < plan.planned.agent_hours.sum()
    assert not app.info


def test_what_is_in_the_way_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, DAY)
    app = shown(monkeypatch, tmp_path, "plan")
    app.number_input(key="plan maximum team").set_value(1)
    plan = found_in(again(app))
    assert plan.staffing.max() <= 1
    (told,) = [each.value for each in app.error]
    assert say("plan.none_found") in told
    assert say("plan.reason.maximum", groups="Team") in told


def test_without_a_channel_nothing_can_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, DAY)
    app = shown(monkeypatch, tmp_path, "plan")
    app.multiselect[0].set_value([])
    again(app)
    assert app.button(key="plan find").disabled
    assert [each.value for each in app.info] == [say("plan.no_channel")]


def test_a_plan_is_fitted_to_ten_replications_at_least(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path)
    app = shown(monkeypatch, tmp_path, "plan")
    assert app.selectbox(key="plan replications 10").value == 10
    assert found_in(app).planned.experiment.replications == 10


def test_more_customers_than_a_question_may_have_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, DAY)
    monkeypatch.setattr(desk(), "most_contacts", 10)
    app = shown(monkeypatch, tmp_path, "plan")
    assert app.button(key="plan find").disabled
    assert [each.value for each in app.error] == [say("answers.too_much", contacts=1600, most=10)]


class Searching:
    """Stands in for the search of the package: it goes on until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: list[Scenario] = []
        self.step = threading.Event()
        self.a_search_is_under_way = threading.Event()
        monkeypatch.setattr(plans, "require", self._require)

    def _require(self, scenario: Scenario, *_: object, on_stage: Any, **__: object) -> None:
        self.begun.append(scenario)
        self.a_search_is_under_way.set()
        assert self.step.wait(SECONDS)
        on_stage(None)
        msg = "no plan here"
        raise ValueError(msg)


def test_a_search_that_two_asked_for_goes_on_until_both_have_stopped_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searching, asked = Searching(monkeypatch), Plans()
    search = asked.ask(question(tmp_path))
    assert asked.ask(question(tmp_path)) is search
    assert searching.a_search_is_under_way.wait(SECONDS)
    search.stop()
    assert not search.is_over()
    search.stop()
    assert search.state == "stopped"
    searching.step.set()
    search.wait(SECONDS)
    assert search.error is None
    # Whoever asks again has a new one.
    assert asked.found(question(tmp_path)) is None
    other = asked.ask(question(tmp_path))
    assert other is not search
    other.wait(SECONDS)


def test_one_is_searched_for_at_a_time_and_what_is_refused_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searching, asked = Searching(monkeypatch), Plans()
    first = asked.ask(question(tmp_path))
    assert searching.a_search_is_under_way.wait(SECONDS)
    second = asked.ask(question(tmp_path, time_limit=31.0))
    assert second.state == "waiting"
    assert len(searching.begun) == 1
    searching.step.set()
    for each in (first, second):
        each.wait(SECONDS)
        assert each.state == "refused"
        assert str(each.error) == "no plan here"
    assert len(searching.begun) == 2


def test_a_search_goes_on_while_its_session_looks_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is left while it watches: a stand-in for the wait turns to another page, as a click would."""
    written(tmp_path, DAY)
    app = shown(monkeypatch, tmp_path, "plan")
    waited: list[Search] = []

    def leave(self: Search, _: float) -> None:
        waited.append(self)

        st.stop()

    with monkeypatch.context() as left:
        left.setattr(Search, "wait", leave)
        app.button(key="plan find").click()
        again(app)
    (search,) = waited
    search.wait(SECONDS)
    assert search.answer is not None
    assert estimate_text(search.answer.plan.planned.within[0], "share") in texts(again(app))


def test_changes_that_are_too_long_for_a_link_are_the_sessions_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, PHONE.replace('"30 min"', '"5 min"').replace("days = 2", "days = 28"))
    app = shown(monkeypatch, tmp_path, "staffing")
    plain = load_scenario(tmp_path / "small.toml")
    staffing = plain.staffing + np.arange(plain.calendar.intervals) % 7
    overrides = horizon_overrides(plain, staffing)
    assert load_scenario(tmp_path / "small.toml", None, overrides).staffing.tolist() == staffing.tolist()
    view_of(app).start_from(overrides)
    again(app)
    assert say("sidebar.too_long_for_link") in [each.value for each in app.caption]
    assert "set" not in app.query_params
    assert app.query_params["own"] == "1"
    assert view_of(app).overrides == overrides


def test_agents_of_a_day_are_named_by_their_group_and_day() -> None:
    known = {knob.path: knob for knob in knobs(tomllib.loads(PHONE))}
    assert change_title("groups.team.dates.2026-06-02", known) == "Team: agents on Tue 2 Jun"
    for path in ("groups.team.dates.tomorrow", "groups.team.staffing"):
        assert change_title(path, known) == path
    windows = {f"{hour:02}:00-{hour + 1:02}:00": 12 for hour in range(8, 20)}
    (told,) = change_words({"groups.team.dates.2026-06-02": windows}, known)
    assert told.endswith("10:00-11:00 12, 11:00-12:00 …}")


def test_only_dates_on_which_anybody_changes_get_a_plan_of_their_own(tmp_path: Path) -> None:
    scenario = loaded(tmp_path)
    staffing = scenario.staffing.copy()
    staffing[0, 48 + 18] = 9
    assert horizon_overrides(scenario, staffing) == {
        "groups.team.dates.2026-06-02": {"09:00-09:30": 9, "09:30-11:30": 4}
    }
    assert horizon_overrides(scenario, scenario.staffing) == {}
    with pytest.raises(ValueError, match="shape"):
        horizon_overrides(scenario, staffing[:, 1:])


def test_a_budget_asks_for_the_best_service_that_it_pays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, DAY)
    app = shown(monkeypatch, tmp_path, "plan")
    app.selectbox(key="plan budget").select("hours")
    again(app)
    app.number_input(key="plan amount hours").set_value(12.0)
    plan = found_in(again(app))
    assert 0 < plan.planned.paid_hours.sum() <= 12.0
    (told,) = [each.value for each in app.warning]
    assert say("plan.budget_too_small") in told
    assert say("plan.reason.budget") in told


def test_the_first_page_comes_without_waiting_for_what_only_plans_need() -> None:
    program = "import sys, simulator.ui.app; sys.exit('scipy.optimize' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_who_stops_a_search_looks_at_it_no_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The button is pressed in the midst of it, and a colleague has asked for the same."""
    written(tmp_path, DAY)
    searching = Searching(monkeypatch)
    app = shown(monkeypatch, tmp_path, "plan")
    waited: list[Search] = []

    def leave(self: Search, _: float) -> None:
        waited.append(self)
        st.stop()

    with monkeypatch.context() as left:
        left.setattr(Search, "wait", leave)
        app.button(key="plan find").click()
        again(app)
        (search,) = waited
        assert desk().plans.ask(search.question) is search
        app.button(key="plan stop").click()
        again(app)
    assert waited == [search]
    assert app.session_state["plan asked"].errand is None
    assert not search.is_over()
    searching.step.set()
    search.wait(SECONDS)
    assert search.state == "refused"


def test_a_press_is_not_lost_where_its_run_is_broken_off_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever turns to another page right after it breaks the run off where it next touches what the session asked."""
    written(tmp_path, DAY)
    searching = Searching(monkeypatch)
    app = shown(monkeypatch, tmp_path, "plan")
    kept = SafeSessionState.__setitem__

    def break_off(state: SafeSessionState, key: str, value: object) -> None:
        if key == "plan asked":
            raise RerunException(RerunData())
        kept(state, key, value)

    with monkeypatch.context() as broken:
        broken.setattr(SafeSessionState, "__setitem__", break_off)
        broken.setattr(Search, "wait", lambda *_: st.stop())
        app.button(key="plan find").click()
        app.run()
    search = app.session_state["plan asked"].errand
    assert search is not None
    assert not search.is_over()
    searching.step.set()
    search.wait(SECONDS)


def test_of_more_plans_than_there_is_room_for_the_one_asked_for_longest_ago_goes(tmp_path: Path) -> None:
    asked = Plans(most_bytes=0)
    first, second = (question(tmp_path, replications=10, time_limit=30.0 + each) for each in range(2))
    found = [asked.ask(each) for each in (first, second)]
    for each in found:
        each.wait(SECONDS)
    threads = [each for each in threading.enumerate() if each.name == "plan"]
    for thread in threads:
        thread.join(SECONDS)
    assert asked.found(first) is None
    assert found[0].answer is None
    assert asked.found(second) is found[1]


def test_the_plan_found_last_makes_room_also_when_others_were_looked_at_since(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (question(tmp_path, time_limit=30.0 + each) for each in range(2))
    looked_at = threading.Event()

    def run(self: Search, _: object) -> None:
        if self.question == second:
            assert looked_at.wait(SECONDS)
        self.answer = SimpleNamespace(nbytes=1)  # type: ignore[assignment]

    monkeypatch.setattr(Search, "run", run)
    asked = Plans(most_bytes=1)
    before, last = asked.ask(first), asked.ask(second)
    threads = [each for each in threading.enumerate() if each.name == "plan"]
    for _ in range(100 * SECONDS):
        if asked.found(first) is before:
            break
        time.sleep(0.01)
    looked_at.set()
    for thread in threads:
        thread.join(SECONDS)
    assert asked.found(second) is last
    assert asked.found(first) is None
    assert before.answer is None


def test_whoever_asks_for_a_plan_of_another_file_lets_the_former_search_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, DAY)
    searching = Searching(monkeypatch)
    app = shown(monkeypatch, tmp_path, "plan")
    (tmp_path / "elsewhere").mkdir()
    former = desk().plans.ask(question(tmp_path / "elsewhere"))
    app.session_state["plan asked"].keep("content of another file", former)
    again(app)

    def leave(*_: object) -> None:
        st.stop()

    with monkeypatch.context() as left:
        left.setattr(Search, "wait", leave)
        app.button(key="plan find").click()
        again(app)
    assert former.state == "stopped"
    now = app.session_state["plan asked"].errand
    assert not now.is_over()
    searching.step.set()
    for each in (former, now):
        each.wait(SECONDS)
    assert now.state == "refused"
