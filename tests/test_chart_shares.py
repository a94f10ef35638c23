"""Axes of shares are labelled as the language writes them, in the picture itself."""

from __future__ import annotations

import re
from html import unescape

import pytest
import vl_convert

from simulator.charts.backtest.axes import figure_axis
from simulator.language import speaking


def labels(top: float) -> list[str]:
    figure = {
        "data": {"values": [{"share": 0.5 * top}]},
        "mark": "point",
        "encoding": {"y": figure_axis("share", "share", top)},
    }
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", vl_convert.vegalite_to_svg(figure))]


@pytest.mark.parametrize(("language", "blank", "point"), [("en", " ", "."), ("fi", "\N{NO-BREAK SPACE}", ",")])
@pytest.mark.parametrize(
    ("top", "shares"), [(1.0, ["0", "20", "40", "60", "80", "100"]), (0.02, ["0", "0.5", "1", "1.5", "2"])]
)
def test_shares_are_labelled_in_percent(language: str, blank: str, point: str, top: float, shares: list[str]) -> None:
    with speaking(language):
        assert labels(top) == [f"{share.replace('.', point)}{blank}%" for share in shares]
