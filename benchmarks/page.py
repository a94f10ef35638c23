"""From the release of a slider to new figures, seen in the browser: `python benchmarks/page.py`.

A headless Chromium drags the slider of the agents on the peak day of 30,000 calls, one step at a time, to places where
it has not been. Times are on the browser's own clock, from the moment when the mouse lets go. Beside them stands what
the parts take on the server, in this process, one after the other. It plays as many replications as the page does by
default; the scenario's own file asks for more (`--replications 100`).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from machine import machine

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from conftest import BROWSER  # noqa: E402
from served import Server, Visitor, launched  # noqa: E402

from simulator.charts import heat_map, wait_chart  # noqa: E402
from simulator.charts.look import dressed  # noqa: E402
from simulator.engine import DEFAULT_ENGINE, simulate  # noqa: E402
from simulator.experiment import overview, run, usable_processors  # noqa: E402
from simulator.experiment.replications import Play  # noqa: E402
from simulator.measures import summarise  # noqa: E402
from simulator.scenario import Reader, load_scenario, read_source  # noqa: E402
from simulator.scenario.knobs import knobs  # noqa: E402
from simulator.scenario.overrides import apply_overrides  # noqa: E402
from simulator.scenario.saving import scenario_text  # noqa: E402
from simulator.ui.cards import cards  # noqa: E402
from simulator.ui.desk import FIRST_LOOK  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Locator

SCENARIO, FIELD, SLIDER = "peak-day", "groups.team.extra_agents", "Phone team: agents more or fewer"
REPLICATIONS = 20
"""Of a scenario that does not say how many."""
ASKED = {"first figures": 0.4, "whole figures": 1.0}
"""Seconds, issue 5."""

WATCH = """
() => {
  const seen = {released: null, sent: null, cards: [], charts: null, rested: null}
  const text = () => document.querySelector('.ruuhka-cards')?.innerText
  const painted = (done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())))
  let shown = text()
  window.addEventListener('pointerup', () => { seen.released = performance.now() }, true)
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (message) {
    if (seen.released !== null) seen.sent ??= performance.now()
    return send.call(this, message)
  }
  new MutationObserver((changes) => {
    if (seen.released === null) return
    const now = text()
    if (now !== undefined && now !== shown) {
      shown = now
      const state = document.querySelector('.ruuhka-strip')?.dataset.state
      painted((at) => seen.cards.push([at, state]))
    }
    const inChart = (change) => change.target.closest?.('[data-testid="stVegaLiteChart"]')
    if (changes.some(inChart)) painted((at) => { seen.charts = at })
    if (document.querySelector('[data-test-script-state="notRunning"]')) seen.rested = performance.now()
  }).observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true})
  window.seen = seen
}
"""
"""Notes when the figures change, each time once they are painted."""


def drag(visitor: Visitor, handle: Locator, steps: int) -> None:
    """Take the handle of the slider with the mouse, move it, let go."""
    thumb = handle.locator("xpath=ancestor::*[@data-rac][1]")
    track = handle.locator("xpath=ancestor::*[@role='group'][1]")
    box, whole = thumb.bounding_box(), track.bounding_box()
    assert box is not None
    assert whole is not None
    places = int(handle.get_attribute("max") or 0) - int(handle.get_attribute("min") or 0)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = visitor.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + steps * whole["width"] / places, y, steps=4)
    mouse.up()


def in_the_browser(program: str, rounds: int, replications: int) -> dict[str, list[float]]:
    """Seconds from the release, of each round; and how much processor the server takes for all that follows."""
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        shutil.copy(HERE / f"{SCENARIO}.csv", workspace)
        text = (HERE / f"{SCENARIO}.toml").read_text(encoding="utf-8")
        asked = scenario_text(text, {"simulation.replications": replications})
        (workspace / f"{SCENARIO}.toml").write_text(asked, encoding="utf-8")
        with Server(workspace, workspace / "log") as server:
            for browser in launched(program):
                visitor = Visitor.of(browser, server)
                visitor.look_at(SCENARIO).move(SLIDER).drawn()
                for _ in range(rounds):
                    before = visitor.content
                    visitor.page.evaluate(WATCH)
                    worked = server.processor_seconds
                    drag(visitor, visitor.slider(SLIDER), 1)
                    visitor.settled(but=before).drawn()
                    visitor.page.wait_for_timeout(1500)  # what is drawn late is still noted
                    seen = visitor.page.evaluate("window.seen")
                    released = seen["released"]
                    times = {
                        "sent to the server": seen["sent"],
                        "first figures": seen["cards"][0][0],
                        "whole figures": seen["cards"][-1][0],
                        "charts": seen["charts"] or seen["cards"][-1][0],
                        "nothing runs": seen["rested"],
                    }
                    for name, at in times.items():
                        seconds.setdefault(name, []).append((at - released) / 1000)
                    worked = server.processor_seconds - worked
                    seconds.setdefault("(processor time of the server)", []).append(worked)
                visitor.sound()
    return seconds


def on_the_server(rounds: int, replications: int) -> dict[str, list[float]]:
    """Seconds of each part, of each round; a first one, in which code is loaded, is left out."""
    reader = Reader(read_source(HERE / f"{SCENARIO}.toml"))
    processors = usable_processors()
    base = run(reader.scenario(), replications=replications, engine=DEFAULT_ENGINE, workers=processors)
    seconds: dict[str, list[float]] = {}
    for extra in range(rounds + 1):
        overrides = {FIELD: extra + 1}
        clock = [time.perf_counter()]

        def noted(name: str, clock: list[float] = clock, extra: int = extra) -> None:
            clock.append(time.perf_counter())
            if extra:
                seconds.setdefault(name, []).append(clock[-1] - clock[-2])

        scenario = reader.scenario(None, overrides)
        noted("load the scenario")
        knobs(apply_overrides(reader.source.raw, overrides))
        noted("what the sliders are")
        play = Play.prepare(scenario, scenario.seed, DEFAULT_ENGINE)
        noted("make ready")
        contacts = [play.demand.draw_diverted(play.seed, number)[0] for number in range(FIRST_LOOK)]
        noted(f"draw {FIRST_LOOK} replications")
        plays = [simulate(play.centre, each, scenario.staffing, DEFAULT_ENGINE) for each in contacts]
        noted(f"play {FIRST_LOOK} replications")
        for each, (records, ledger) in zip(contacts, plays, strict=True):
            summarise(play.yardstick, each, records, ledger)
        noted(f"measure {FIRST_LOOK} replications")
        experiment = run(scenario, replications=replications, engine=DEFAULT_ENGINE, workers=processors)
        noted(f"all {experiment.replications} replications, {processors} at work")
        figures = overview(experiment, base)
        noted("the figures and their changes")
        cards(scenario, figures, "light")
        noted("the cards")
        for name, chart in (("waits", wait_chart(experiment)), ("where it hurts", heat_map(experiment))):
            if chart is not None:
                json.dumps(dressed(chart))
            noted(f"chart of {name}")
    return seconds


def main() -> None:
    """Print a line for each moment and each part."""
    parser = argparse.ArgumentParser(description="From the release of a slider to new figures.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--replications", type=int, default=REPLICATIONS)
    arguments = parser.parse_args()
    rounds, replications = arguments.rounds, arguments.replications
    if BROWSER is None:
        sys.exit("There is no Chromium or Chrome here.")
    print(machine())
    title = load_scenario(HERE / f"{SCENARIO}.toml").title
    print(f"{title}, {replications} replications; medians of {rounds} (least to most)")
    if hasattr(os, "getloadavg"):
        print(
            f"Processes that wanted a processor in the last minute: {os.getloadavg()[0]:.1f}; others' work counts here"
        )
    print("\nIn the browser, seconds after the release")
    for name, each in in_the_browser(BROWSER, rounds, replications).items():
        asked = f"; asked: {ASKED[name]:.1f}" if name in ASKED else ""
        print(f"  {name:<38} {_told(each)}{asked}")
    print("\nOn the server, seconds of each part alone")
    for name, each in on_the_server(rounds, replications).items():
        print(f"  {name:<38} {_told(each)}")


def _told(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.3f} ({min(seconds):.3f} to {max(seconds):.3f})"


if __name__ == "__main__":
    main()
