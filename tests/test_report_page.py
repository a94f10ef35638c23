"""The report page stands alone: its figures are the experiment's, each with its half-width and its formula."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from small_scenarios import MAIL, PHONE, loaded

from simulator.charts import page
from simulator.experiment import Experiment, run
from simulator.language import LANGUAGES, say, speaking
from simulator.measures import MEASURES, PERCENTS, Duration
from simulator.words import estimate_text, probability_text, promise_words


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return run(loaded(tmp_path_factory.mktemp("scenario"), PHONE + MAIL), replications=3)


def rows(text: str) -> dict[str, list[str]]:
    """The rows of all tables of a page, by their first cells."""
    found = re.findall("<tr>(.*?)</tr>", text, re.DOTALL)
    cells = ([unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in found)
    return {first: rest for first, *rest in cells}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_the_figures_with_their_half_widths_and_formulas(experiment: Experiment, language: str) -> None:
    with speaking(language):
        text = page(experiment)
        found = rows(text)
        waits = (
            experiment.wait_quantiles(Duration.WAIT)[0],
            experiment.wait_quantiles(Duration.TIME_TO_FINISH)[1],
        )
        for c, channel in enumerate(experiment.scenario.channels):
            target = experiment.targets[c]
            assert found[channel.title][:6] == [
                promise_words(channel.target),
                estimate_text(experiment.estimate("arrived", ("channel",))[c], "count"),
                estimate_text(waits[c][PERCENTS.index(50)], "seconds"),
                estimate_text(waits[c][PERCENTS.index(90)], "seconds"),
                estimate_text(target.attained, "share"),
                probability_text(target.met),
            ]
        phone_lost = experiment.estimate("lost_share", ("channel",))[0]
        assert found["Phone"][-1] == estimate_text(phone_lost, "share")
        assert found["Mail"][-2:] == ["–", "–"]
        occupancy = experiment.estimate("occupancy", ("group",))[0]
        assert found["Team"][1] == estimate_text(occupancy, "share")
        for name in ("occupancy", "lost_share", "abandonment_ratio", "cost"):
            assert f"{MEASURES[name].title} = {MEASURES[name].formula}" in unescape(text)
        assert f"<h2>{say('figures.title')}</h2>" in text


def test_titles_cannot_break_out_of_the_tables(tmp_path: Path) -> None:
    titled = PHONE.replace("[channels.phone]", '[channels.phone]\ntitle = "<script>x</script>"', 1)
    text = page(run(loaded(tmp_path, titled), replications=1))
    assert "<script>x" not in text
    assert "<script>x</script>" in rows(text)
