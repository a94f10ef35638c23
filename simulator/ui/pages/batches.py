"""Results of batches: filtered, as a table of two axes, as lines with intervals, and two cases side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from simulator.batch import StoreError
from simulator.batch.answer import Answer
from simulator.batch.outputs import UNITS
from simulator.batch.pivot import Cell, chosen, differences, dimensions, pivot
from simulator.batch.words import measure_title
from simulator.charts.cases import MOST_LINES, CasePoint, cases_chart
from simulator.experiment import Estimate
from simulator.language import NOTHING, plain, say
from simulator.ui.chart import show_chart, theme
from simulator.ui.download import XLSX, offer
from simulator.ui.pivot_table import compared_table, pivot_table
from simulator.ui.stores import Stores
from simulator.words import estimate_text, probability_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.batch.pivot import Dimension, Pivot
    from simulator.batch.results import MeasureColumn, Results
    from simulator.measures import Unit
    from simulator.ui.situation import Situation

ONE_LINE = ""
"""In place of a second axis; no column is called so."""
EVERY = -1
"""In place of a value of a further axis: all of them, averaged."""
MOST_SHOWN = 60
"""Rows of the table on the page; the file has all."""
CHANCES = ("target_met",)


def show(situation: Situation) -> None:
    """Choose results, then what to see of them."""
    st.markdown(f"### {say('batches.title')}")
    stores = Stores(situation.library.folder)
    names = stores.names()
    if not names:
        st.info(say("batches.none"))
        st.code("ruuhka batch FILE --out WORKSPACE/results", language=None)
        return
    name = st.selectbox(say("batches.store"), names, key="batches store")
    try:
        results = stores.open(name)
    except (StoreError, KeyError) as error:
        st.error(str(error))
        return
    with st.container():
        _tell(results)
    known = dimensions(results)
    if not results.measures or not known:
        st.info(say("batches.nothing") if results.done == results.failed else say("batches.one_case"))
        return
    column = _measure(results, name)
    rows, columns = _axes(known, name)
    only = _filtered(known, rows, columns, name)
    places = chosen(known, only)
    found = pivot(results, column, rows, columns, places)
    title, unit = _title(column), _unit(column)
    if not found.cells:
        st.info(say("batches.no_case"))
        return
    with st.container():
        if found.is_mean:
            st.caption(say("batches.mean"))
        if len(found.columns) > MOST_LINES:
            st.caption(say("batches.too_many", most=MOST_LINES))
        else:
            chart = cases_chart(
                _points(found, rows, columns, column),
                title,
                unit,
                along=_heading(rows),
                lines="" if columns is None else _heading(columns),
                width=situation.width,
            )
            show_chart(chart, key="batches chart")
        st.html(
            pivot_table(
                _heading(rows),
                "" if columns is None else _heading(columns),
                [_value(rows, value) for value in found.rows[:MOST_SHOWN]],
                ["" if columns is None else _value(columns, value) for value in found.columns],
                {place: _text(cell, column) for place, cell in found.cells.items()},
                title,
                theme(),
            )
        )
        if len(found.rows) > MOST_SHOWN:
            st.caption(say("batches.cut", count=len(found.rows) - MOST_SHOWN))
    _take_away(results, places, name)
    _compare(results, known, places, name)


def _tell(results: Results) -> None:
    """What is there, and what failed."""
    st.caption(say("batches.told", title=results.title, done=results.done, count=results.wanted))
    if results.damaged:
        st.caption(say("batches.damaged", count=results.damaged))
    if results.failed:
        with st.expander(say("batches.failed", count=results.failed)):
            for record in results.records:
                if record.error is not None:
                    st.text(f"{record.case}: {record.error}")


def _measure(results: Results, name: str) -> MeasureColumn:
    """The measure, and of which channel or group."""
    left, right = st.columns(2)
    measures = list(dict.fromkeys(each.measure for each in results.measures))
    usual = measures.index("mean_wait") if "mean_wait" in measures else 0
    measure = left.selectbox(
        say("batches.measure"), measures, index=usual, format_func=measure_title, key=f"batches measure {name}"
    )
    of_it = {each.about: each for each in results.measures if each.measure == measure}
    about = right.selectbox(
        say("batches.about"),
        list(of_it),
        format_func=lambda each: each or say("batches.centre"),
        disabled=len(of_it) == 1,
        key=f"batches about {name} {measure}",
    )
    return of_it[about]


def _axes(known: Sequence[Dimension], name: str) -> tuple[Dimension, Dimension | None]:
    """What lies along, and what the lines are: at first the axis with the most values, and that with the next most."""
    by_name = {each.name: each for each in known}
    longest = sorted(known, key=lambda each: -len(each.values))
    left, right = st.columns(2)
    rows = left.selectbox(
        say("batches.rows"),
        list(by_name),
        index=list(by_name).index(longest[0].name),
        format_func=lambda each: _heading(by_name[each]),
        key=f"batches rows {name}",
    )
    others = [ONE_LINE, *(each for each in by_name if each != rows)]
    second = next((each.name for each in longest if each.name != rows and len(each.values) <= MOST_LINES), ONE_LINE)
    columns = right.selectbox(
        say("batches.columns"),
        others,
        index=others.index(second),
        format_func=lambda each: say("batches.no_columns") if each == ONE_LINE else _heading(by_name[each]),
        key=f"batches columns {name} {rows}",
    )
    return by_name[rows], by_name.get(columns)


def _filtered(
    known: Sequence[Dimension], rows: Dimension, columns: Dimension | None, name: str
) -> dict[str, Sequence[object]]:
    """The values that count: one of each further axis, and those that are chosen of the two that are shown."""
    only: dict[str, Sequence[object]] = {}
    further = [each for each in known if each not in (rows, columns)]
    for field, each in zip(st.columns(max(len(further), 2)) if further else (), further, strict=False):
        count = len(each.values)
        at = field.selectbox(
            _heading(each),
            [*range(count), EVERY],
            index=count if count > MOST_LINES else count // 2,  # of a sample each value is there once
            format_func=partial(_choice, each),
            key=f"batches only {name} {each.name}",
        )
        if at != EVERY:
            only[each.name] = [each.values[at]]
    with st.expander(say("batches.filter")):
        for each in [axis for axis in (rows, columns) if axis is not None]:
            wanted = st.multiselect(
                _heading(each),
                range(len(each.values)),
                format_func=partial(_choice, each),
                placeholder=say("batches.all"),
                key=f"batches filter {name} {each.name}",
            )
            if wanted:
                only[each.name] = [each.values[at] for at in wanted]
    return only


def _points(found: Pivot, rows: Dimension, columns: Dimension | None, column: MeasureColumn) -> list[CasePoint]:
    """Line by line."""
    points = []
    for across, line in enumerate(found.columns):
        for down, at in enumerate(found.rows):
            cell = found.cells.get((down, across))
            if cell is not None:
                where = float(at) if rows.is_number else float(down)  # type: ignore[arg-type]  # a number
                of = "" if columns is None else _value(columns, line)
                told = _text(cell, column)
                points.append(CasePoint(where, _value(rows, at), of, cell.value, cell.low, cell.high, told))
    return points


def _take_away(results: Results, places: Sequence[int], name: str) -> None:
    """The cases that are shown with all their measures, as files."""
    numbers = ", ".join(str(results.records[place].case) for place in places)
    query = f"select * from wide where case_number in ({numbers}) order by case_number"
    file = name.rpartition("/")[2]
    left, right = st.columns(2)
    for field, ending, kind, made in (
        (left, "csv", "text/csv", Answer.csv),
        (right, "xlsx", XLSX, Answer.xlsx),
    ):
        offer(
            say(f"batches.take.{ending}"),
            f"{file}.{ending}",
            kind,
            partial(_made, results, query, made),
            key=f"batches {ending}",
            place=field,
        )


def _made(results: Results, query: str, made: Callable[[Answer], bytes]) -> bytes:
    return made(results.query(query))


def _compare(results: Results, known: Sequence[Dimension], places: Sequence[int], name: str) -> None:
    """Two of the cases that are shown, in all measures."""
    there = [place for place in places if results.records[place].error is None]
    if len(there) < 2:
        return
    st.markdown(f"#### {say('batches.compare')}")
    titles = {place: _case(results, known, place) for place in there}
    pair = []
    for field, side, usual in zip(st.columns(2), ("first", "second"), (0, len(there) - 1), strict=True):
        pair.append(
            field.selectbox(
                say(f"batches.column.{side}"),
                there,
                index=usual,
                format_func=titles.__getitem__,
                key=f"batches {side} {name}",
            )
        )
    rows = [
        (
            _title(each.column),
            _text(each.first, each.column),
            _text(each.second, each.column),
            estimate_text(_estimate(each.change), _unit(each.column), signed=True),
            each.is_clear,
        )
        for each in differences(results, *pair)
    ]
    st.html(compared_table(rows, theme()))
    st.caption(say("batches.compare_told"))


def _case(results: Results, known: Sequence[Dimension], place: int) -> str:
    said = ", ".join(f"{each.name} {_value(each, each.of_case[place])}" for each in known)
    return f"{results.records[place].case}: {said}"


def _title(column: MeasureColumn) -> str:
    title = measure_title(column.measure)
    return f"{title}, {column.about}" if column.about else title


def _unit(column: MeasureColumn) -> Unit:
    return UNITS.get(column.measure, "count")


def _heading(dimension: Dimension) -> str:
    """The name of an axis is the batch's own; scenario and variant are ours."""
    if not dimension.path:
        return say("batches.scenario") if dimension.name == "scenario" else say("batches.variant")
    return f"{dimension.name} ({dimension.unit})" if dimension.unit else dimension.name


def _choice(dimension: Dimension, at: int) -> str:
    return say("batches.every") if at == EVERY else _value(dimension, dimension.values[at])


def _value(dimension: Dimension, value: object) -> str:
    if value is None:
        return NOTHING
    if dimension.is_number:
        text = plain(float(value))  # type: ignore[arg-type]  # a number
        return f"{text} {dimension.unit}" if dimension.unit else text
    return str(value)


def _text(cell: Cell, column: MeasureColumn) -> str:
    """A figure with its uncertainty; a mean of cases has none to tell."""
    estimate = _estimate(cell)
    if column.measure in CHANCES and cell.cases == 1:
        return probability_text(estimate)
    text = estimate_text(estimate, _unit(column))
    return text.partition(" ± ")[0] if cell.cases > 1 else text


def _estimate(cell: Cell) -> Estimate:
    value, low, high = (np.asarray(part) for part in cell[:3])
    return Estimate(value, low, high, 0)
