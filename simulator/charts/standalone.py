"""An HTML file of tables and charts that is complete in itself: it opens without a network and prints on paper."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import TYPE_CHECKING

import vl_convert

from simulator.charts.look import dressed
from simulator.charts.vega import SCHEMA_VERSION
from simulator.language import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulator.charts.vega import Chart

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


def standalone(title: str, opening: str, charts: Sequence[tuple[str, str, Chart]], closing: str = "") -> str:
    """A page in the language that is spoken, which holds its data and the Vega libraries itself.

    A policy in it forbids the browser any request.

    Parameters
    ----------
    title
        What the browser's tab says, and the heading.
    opening, closing
        What stands before and after the charts, as HTML.
    charts
        Title, explanation and chart of each section.
    """
    sections = "\n".join(
        f'<section>\n<h2>{escape(heading)}</h2>\n<p class="faint">{escape(told)}</p>\n'
        f'<figure><div id="figure-{number}"></div></figure>\n</section>'
        for number, (heading, told, _) in enumerate(charts)
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
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
{opening}
{sections}
{closing}<script>{_libraries()}</script>
<script>
const specs = {specs};
const options = {{renderer: "svg", actions: {{export: true, source: false, compiled: false, editor: false}}}};
specs.forEach((spec, number) => vegaEmbed("#figure-" + number, spec, options).catch(console.error));
</script>
</body>
</html>
"""


def facts_list(facts: Mapping[str, str]) -> str:
    """Facts by their names, as an HTML list of definitions."""
    items = "\n".join(f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items())
    return f"<dl>\n{items}\n</dl>"


@cache
def _libraries() -> str:
    """One script with Vega-Embed, Vega and that Vega-Lite which charts are written in."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", SCHEMA_VERSION)
