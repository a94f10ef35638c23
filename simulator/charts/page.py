"""One page with the figures and all charts, complete in one file: it opens without a network and prints on paper."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from simulator.charts.backlog import backlog_chart
from simulator.charts.figures import figures
from simulator.charts.heat import heat_map
from simulator.charts.promise import promise_chart
from simulator.charts.requirement import requirement_chart
from simulator.charts.standalone import facts_list, standalone
from simulator.charts.wait import wait_chart
from simulator.charts.waves import waves_chart
from simulator.language import say
from simulator.measures import MEASURES
from simulator.words import channel_target_words, confidence_words, horizon_words, replications_words

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.charts.vega import Chart
    from simulator.experiment import Experiment
    from simulator.planning.staffing.plan import Plan


def write_page(experiment: Experiment, path: Path, change: str = "", plan: Plan | None = None) -> None:
    """Write a report page with the figures, every chart that has something to show, and what it was made from.

    `change` says what differs from the scenario file; where the run is one of a `plan`, that is shown against today's
    staffing.

    The page holds the data and the Vega libraries themselves, and a policy that forbids the browser any request.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_text(page(experiment, change, plan), encoding="utf-8")


def page(experiment: Experiment, change: str = "", plan: Plan | None = None) -> str:
    """The text of the page that `write_page` writes."""
    scenario = experiment.scenario
    opening = f"""<p class="faint">{escape(horizon_words(scenario.calendar))}</p>
<p>{escape(" ".join(scenario.description.split()))}</p>
{_provenance(experiment, change)}
{figures(experiment)}"""
    return standalone(scenario.title, opening, _charts(experiment, plan))


def _charts(experiment: Experiment, plan: Plan | None) -> list[tuple[str, str, Chart]]:
    """Title, explanation and chart of each that has something to show."""
    runs = replications_words(experiment.replications)
    wait = MEASURES["mean_wait"]
    charts: list[tuple[str, str, Chart | None]] = [
        (
            say("charts.page.plan"),
            say("charts.page.plan_told"),
            None if plan is None else requirement_chart(plan),
        ),
        (
            say("charts.page.wait"),
            say("charts.page.wait_told", runs=runs, measure=wait.title, formula=wait.formula),
            wait_chart(experiment),
        ),
        (say("charts.page.waves"), say("charts.page.waves_told"), waves_chart(experiment.scenario)),
        (say("charts.page.heat"), say("charts.page.heat_told", runs=runs), heat_map(experiment)),
        (
            say("charts.page.promise"),
            say("charts.page.promise_told", interval=confidence_words()),
            promise_chart(experiment),
        ),
        (say("charts.page.backlog"), say("charts.page.backlog_told", runs=runs), backlog_chart(experiment)),
    ]
    return [(title, told, chart) for title, told, chart in charts if chart is not None]


def _provenance(experiment: Experiment, change: str) -> str:
    """What the charts were made from, as a list of definitions."""
    scenario = experiment.scenario
    content = scenario.content_hash[:12]
    name = say("charts.page.content", scenario=scenario.name, content=content) if content else scenario.name
    targets = "; ".join(channel_target_words(channel) for channel in scenario.channels)
    facts = {
        **({say("charts.page.changed"): change} if change else {}),
        say("charts.page.scenario"): name,
        say("charts.page.replications"): say(
            "charts.page.runs", count=experiment.replications, seed=str(experiment.seed)
        ),
        say("charts.page.engine"): experiment.engine,
        say("charts.page.confidence"): confidence_words(),
        say("charts.page.targets"): targets,
    }
    return facts_list(facts)
