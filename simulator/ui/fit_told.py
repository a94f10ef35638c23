"""A scenario that was fitted: its figures with intervals, how well it describes what happened, and files of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from simulator.charts.goodness.pictures import fit_pictures
from simulator.charts.goodness.told import fit_facts, service_rows
from simulator.history.fitted_scenario import CallsFit, scenario_text
from simulator.language import percent, say
from simulator.report.fitted.document import fit_document
from simulator.report.fitted.report import fitted_values
from simulator.report.json_output import printed
from simulator.ui.chart import show_chart
from simulator.ui.download import offer

if TYPE_CHECKING:
    from simulator.history.fitted_scenario import FittedScenario

NAME = "fitted"
"""Of the scenario and its files."""


def show_fit(fit: FittedScenario, width: int) -> None:
    """Everything that there is to see of it.

    Parameters
    ----------
    width
        Pixels that there are for a chart.
    """
    st.markdown(f"#### {say('history_page.fitted')}")
    st.caption(" · ".join(fit_facts(fit).values()))
    if isinstance(fit.found, CallsFit):
        _service(fit)
    else:
        st.info(say("history_page.of_intervals"))
    values = fitted_values(fit.fields)
    st.dataframe(
        pd.DataFrame(
            {
                say("fit.page.field"): [each.field for each in values],
                say("history_page.value"): [each.value for each in values],
                say("fit.page.interval"): [each.interval for each in values],
                say("fit.page.source"): [each.source for each in values],
            }
        ),
        hide_index=True,
    )
    st.caption(say("history_page.words_of_file"))
    for place, picture in enumerate(fit_pictures(fit, width=width)):
        st.markdown(f"#### {_plain(picture.title)}")
        st.caption(_plain(picture.told))
        show_chart(picture.chart, key=f"fit picture {place}")


def offer_files(fit: FittedScenario) -> None:
    """The scenario, the page of the pictures and the document to take away."""
    one, two, three = st.columns(3)
    offer(
        say("history_page.toml"),
        f"{NAME}.toml",
        "application/toml",
        lambda: scenario_text(fit.fields).encode(),
        key="fit toml",
        place=one,
    )
    offer(say("history_page.html"), f"{NAME}.html", "text/html", partial(_page, fit), key="fit html", place=two)
    offer(
        say("history_page.json"),
        f"{NAME}.json",
        "application/json",
        lambda: f"{printed(fit_document(fit))}\n".encode(),
        key="fit json",
        place=three,
    )


def _page(fit: FittedScenario) -> bytes:
    from simulator.charts.goodness.page import fit_page

    return fit_page(fit).encode()


def _service(fit: FittedScenario) -> None:
    """How the team did and, if it was played, how the scenario does."""
    assert isinstance(fit.found, CallsFit)
    rows, level = service_rows(fit.found, fit.level), fit.level
    sides = [say("fit.page.observed"), *([say("fit.page.simulated")] if level is not None else [])]
    columns = {side: [row.values[place] for row in rows] for place, side in enumerate(sides)}
    st.dataframe(pd.DataFrame({say("fit.page.service"): [row.name for row in rows], **columns}), hide_index=True)
    if level is None:
        st.caption(say("history_page.not_played"))
    elif level.reached:
        st.caption(say("history_page.reached", share=percent(level.availability, 1)))
    else:
        st.warning(say("history_page.not_reached", share=percent(level.availability, 1)))


def _plain(text: str) -> str:
    """Words that may quote a file, for a text that is read as Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#$~|:" else sign for sign in text)
