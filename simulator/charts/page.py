"""One page with all charts, complete in one file: it opens without a network and prints on paper."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import altair as alt
import vl_convert

from simulator.charts.backlog import backlog_chart
from simulator.charts.heat import heat_map
from simulator.charts.look import Chart, dressed, spec
from simulator.charts.promise import promise_chart
from simulator.charts.wait import wait_chart
from simulator.charts.waves import waves_chart
from simulator.charts.words import channel_target_words, confidence_words, horizon_words, replications_words
from simulator.measures import MEASURES

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.experiment import Experiment

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
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 12px; }
  section { break-inside: avoid; } .vega-embed details { display: none; }
  figure { overflow: visible; } figure svg { max-width: 100%; height: auto; }
}
"""


def write_page(experiment: Experiment, path: Path, change: str = "") -> None:
    """Write a report page with every chart that has something to show, and what it was made from.

    `change` says what differs from the scenario file.

    The page holds the data and the Vega libraries themselves, and a policy that forbids the browser any request.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    path.write_text(page(experiment, change), encoding="utf-8")


def page(experiment: Experiment, change: str = "") -> str:
    """The text of the page that `write_page` writes."""
    scenario = experiment.scenario
    figures = _figures(experiment)
    sections = "\n".join(
        f'<section>\n<h2>{escape(title)}</h2>\n<p class="faint">{escape(told)}</p>\n'
        f'<figure><div id="figure-{number}"></div></figure>\n</section>'
        for number, (title, told, _) in enumerate(figures)
    )
    specs = json.dumps([spec(dressed(chart)) for _, _, chart in figures], allow_nan=False)
    # A title may hold "</script>", which would end the element that the specifications stand in.
    specs = specs.replace("<", "\\u003c")
    return f"""<!DOCTYPE html>
<html lang="en">
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


def _figures(experiment: Experiment) -> list[tuple[str, str, Chart]]:
    """Title, explanation and chart of each figure."""
    runs = replications_words(experiment)
    wait = MEASURES["mean_wait"]
    figures: list[tuple[str, str, Chart | None]] = [
        (
            "How long customers wait, and who is there for them",
            f"Line: median over {runs}; bands: what 80 % and 95 % of futures bring. {wait.title} = {wait.formula}, of "
            "the contacts that arrive in the interval. Grey: closed; closed hours of the whole centre are left out. An "
            "erlang is the work of one agent who holds one contact all the time.",
            wait_chart(experiment),
        ),
        (
            "Where the contacts come from",
            "Expected orders and contacts by day, before chance. Pale contacts would come anyway; those in full colour "
            "are caused by campaigns and named days, the later waves that their orders bring included. Grey: public "
            "holidays.",
            waves_chart(experiment.scenario),
        ),
        (
            "Where it hurts",
            f"Mean wait over {runs}. Blue is within the target's time, which alone does not meet the target; yellow to "
            "dark red is beyond it. Grey: open, but no contact.",
            heat_map(experiment),
        ),
        (
            "How sure the targets are",
            "Probability that a day meets its channel's target, with its "
            f"{confidence_words()}. –: nobody to judge; messages that fall due after the horizon are not judged.",
            promise_chart(experiment),
        ),
        (
            "Messages not finished yet",
            f"Line: median over {runs}; bands: 80 % and 95 % of futures. Grey: nobody on duty who serves the channel.",
            backlog_chart(experiment),
        ),
    ]
    return [(title, told, chart) for title, told, chart in figures if chart is not None]


def _provenance(experiment: Experiment, change: str) -> str:
    """What the charts were made from, as a list of definitions."""
    scenario = experiment.scenario
    facts = {
        "Scenario": scenario.name + (f", content {scenario.content_hash[:12]}" if scenario.content_hash else ""),
        "Replications": f"{experiment.replications}, seed {experiment.seed}",
        "Engine": experiment.engine,
        "Confidence": f"{confidence_words()}s",
        "Targets": "; ".join(channel_target_words(channel) for channel in scenario.channels),
    }
    if change:
        facts = {"Changed": change} | facts
    items = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items())
    return f"<dl>\n{items}\n</dl>"


@cache
def _libraries() -> str:
    """One script with Vega-Embed, Vega and that Vega-Lite which Altair writes: v6.4.1, to vl-convert 6.4."""
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
