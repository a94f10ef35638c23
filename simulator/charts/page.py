"""One page with the figures and all charts, complete in one file: it opens without a network and prints on paper."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import vl_convert

from simulator.charts.backlog import backlog_chart
from simulator.charts.figures import figures
from simulator.charts.heat import heat_map
from simulator.charts.look import dressed
from simulator.charts.promise import promise_chart
from simulator.charts.requirement import requirement_chart
from simulator.charts.vega import SCHEMA_VERSION
from simulator.charts.wait import wait_chart
from simulator.charts.waves import waves_chart
from simulator.language import say, spoken
from simulator.measures import MEASURES
from simulator.words import channel_target_words, confidence_words, horizon_words, replications_words

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.charts.vega import Chart
    from simulator.experiment import Experiment
    from simulator.planning.staffing.plan import Plan

_STYLE = """
body { font: 15px/1.5 "Liberation Sans", Arial, Helvetica, sans-serif; color: #222; background: #fff;
  max-width: 1160px; margin: 2em auto; padding: 0 1.2em; }
h1 { font-size: 1.7em; margin: 0 0 .2em; }
h2 { font-size: 1.2em; margin: 2.2em 0 .2em; }
p { margin: .3em 0 .8em; max-width: 46em; }
.faint, figcaption, dl { color: #555; font-size: .92em; }
figure { margin: .6em 0 0; overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15em 1.2em; margin: 1em 0;
  padding: .8em 1em; border: 1px solid #ddd; border-radius: 4px; }
dt { font-weight: bold; color: #222; } dd { margin: 0; overflow-wrap: anywhere; }
.table { overflow-x: auto; margin: 1em 0; }
table { border-collapse: collapse; font-size: .92em; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: bold; padding: .3em 0; }
th, td { padding: .3em .8em .3em 0; text-align: right; vertical-align: top; border-bottom: 1px solid #ddd; }
th:first-child, .words { text-align: left; } td { white-space: nowrap; }
thead th { border-bottom: 2px solid #999; font-weight: normal; color: #555; vertical-align: bottom; }
.formulas { max-width: none; font-size: .85em; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 12px; }
  section { break-inside: avoid; } .vega-embed details { display: none; }
  .figures { break-inside: auto; } .table { overflow: visible; break-inside: avoid; }
  figure { overflow: visible; } figure svg { max-width: 100%; height: auto; }
}
"""


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
    charts = _charts(experiment, plan)
    sections = "\n".join(
        f'<section>\n<h2>{escape(title)}</h2>\n<p class="faint">{escape(told)}</p>\n'
        f'<figure><div id="figure-{number}"></div></figure>\n</section>'
        for number, (title, told, _) in enumerate(charts)
    )
    specs = json.dumps([dressed(chart) for _, _, chart in charts], allow_nan=False)
    # A title may hold "</script>", which would end the element that the specifications stand in.
    specs = specs.replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang="{spoken()}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; \
style-src 'unsafe-inline'; img-src data: blob:">
<title>{escape(scenario.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(scenario.title)}</h1>
<p class="faint">{escape(horizon_words(scenario.calendar))}</p>
<p>{escape(" ".join(scenario.description.split()))}</p>
{_provenance(experiment, change)}
{figures(experiment)}
{sections}
<script>{_libraries()}</script>
<script>
const specs = {specs};
const options = {{renderer: "svg", actions: {{export: true, source: false, compiled: false, editor: false}}}};
specs.forEach((spec, number) => vegaEmbed("#figure-" + number, spec, options).catch(console.error));
</script>
</body>
</html>
"""


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
    items = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items())
    return f"<dl>\n{items}\n</dl>"


@cache
def _libraries() -> str:
    """One script with Vega-Embed, Vega and that Vega-Lite which charts are written in."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", SCHEMA_VERSION)
