"""Rows of a report that add up others: wherever they say so, their contacts count once."""

from __future__ import annotations

import pytest

from simulator.history import guess_mapping, read_report, volumes_of
from simulator.history.intervals.volumes import Volumes

TIMES = [f"{clock // 60:02}:{clock % 60:02}" for clock in range(480, 1200, 30)]
PARTS = {"Phone": 3, "Chat": 5, "Mail": 1}


def read(*rows: str) -> Volumes:
    report = read_report("report.csv", "\n".join(rows).encode())
    return volumes_of(report, guess_mapping(report), "UTC")


def of_each(volumes: Volumes) -> dict[str, float]:
    """Contacts of each channel; every row is kept or told of."""
    quality = volumes.quality
    assert quality.kept + sum(each.figures for each in quality.findings if each.reason == "total") == quality.figures
    return {name: volumes.offered[volumes.channel == k].sum() for k, name in enumerate(volumes.channels)}


def long_report(
    total: str, parts: dict[str, int], *, wrong_at: str = "", head: str = "Date,Time,Queue,Offered"
) -> Volumes:
    """A day; `total` has what the parts have together, but for one interval."""
    rows = [head]
    for place, time in enumerate(TIMES):
        counts = {name: often + place for name, often in parts.items()}
        counts[total] = sum(counts.values()) + (time == wrong_at)
        rows += [f"2026-03-02,{time},{name},{often}" for name, often in counts.items()]
    return read(*rows)


@pytest.mark.parametrize("total", ["Total", "Yhteensä", "All queues", "Koko palvelu"])
def test_a_channel_that_is_the_sum_of_the_others_is_left_out_whatever_its_name(total: str) -> None:
    volumes = long_report(total, PARTS)
    more = sum(range(len(TIMES)))
    assert of_each(volumes) == {name: often * len(TIMES) + more for name, often in PARTS.items()}


@pytest.mark.parametrize(
    ("total", "parts", "wrong_at"),
    [("Total", PARTS, TIMES[3]), ("All queues", PARTS, TIMES[3]), ("Chat", {"Phone": 3}, "")],
    ids=["not the sum once, though called so", "not the sum once", "one other that has as many"],
)
def test_a_channel_that_may_be_one_is_kept(total: str, parts: dict[str, int], wrong_at: str) -> None:
    assert list(of_each(long_report(total, parts, wrong_at=wrong_at))) == [*parts, total]


def test_a_total_of_one_channel_is_told_by_its_name() -> None:
    assert list(of_each(long_report("Total", {"Phone": 3}))) == ["Phone"]


def test_a_report_of_totals_alone_is_kept() -> None:
    rows = [f"2026-03-02,{time},Total,7" for time in TIMES]
    assert of_each(read("Date,Time,Queue,Offered", *rows)) == {"Total": 7 * len(TIMES)}


def test_topics_that_add_up_those_of_their_channel_are_left_out() -> None:
    rows = [
        f"2026-03-02,{time},{channel},{topic},{often}"
        for time in TIMES
        for channel, factor in (("Phone", 1), ("Chat", 2), ("Total", 3))
        for topic, often in (("Orders", factor), ("Returns", 2 * factor), ("All", 3 * factor))
    ]
    volumes = read("Date,Time,Channel,Topic,Offered", *rows)
    assert of_each(volumes) == {"Phone": 3 * len(TIMES), "Chat": 6 * len(TIMES)}
    assert volumes.topics == ("Orders", "Returns")


def test_a_total_where_a_time_should_be_is_no_mistake() -> None:
    rows = [f"{day},{time},4" for day in ("2026-03-02", "2026-03-03") for time in (*TIMES, "Total")]
    volumes = read("Date,Time,Offered", *rows)
    assert of_each(volumes) == {"contacts": 8 * len(TIMES)}
    assert [(each.reason, each.figures) for each in volumes.quality.findings] == [("total", 2)]


def test_what_stands_below_the_name_of_a_total_is_not_counted_with_the_channel_above_it() -> None:
    blocks = {"Phone": (3, 4), "Chat": (1, 5), "Total": (4, 9)}
    rows = [
        f"{name if first else ''},2026-03-0{2 + (not first)},{counts[not first]}"
        for name, counts in blocks.items()
        for first in (True, False)
    ]
    assert of_each(read("Channel,Date,Calls", *rows)) == {"Phone": 7, "Chat": 6}


def test_a_subtotal_between_the_rows_of_a_channel_does_not_end_them() -> None:
    rows = ("Phone,2026-03-02,3", ",2026-03-03,4", "Total,,7", ",2026-03-04,6", "Chat,2026-03-02,1")
    assert of_each(read("Channel,Date,Calls", *rows)) == {"Phone": 13, "Chat": 1}
