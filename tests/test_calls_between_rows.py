"""What rows say of each other agrees with looking at every pair of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.history.logs.between_rows import LEG_DELAY, LEG_END, internal_legs, occurrence, overlaps

SECONDS = st.integers(0, 12).map(float)
MAYBE = st.one_of(SECONDS, st.just(float("nan")))


def columns(rows: list[tuple[float, ...]], width: int) -> list[np.ndarray]:
    return [np.array([each[k] for each in rows], dtype=np.float64) for k in range(width)]


@given(st.lists(st.tuples(MAYBE, MAYBE, st.integers(0, 2).map(float)), max_size=30))
def test_equal_rows_before_a_row_are_counted(rows: list[tuple[float, ...]]) -> None:
    texts = [str(each) for each in rows]
    expected = [texts[:k].count(text) for k, text in enumerate(texts)]
    assert occurrence(columns(rows, 3)).tolist() == expected


@given(st.lists(st.tuples(st.integers(-1, 2).map(float), SECONDS, SECONDS), max_size=30))
def test_an_overlap_begins_while_another_call_of_the_agent_lasts(rows: list[tuple[float, ...]]) -> None:
    agent, answered, length = columns(rows, 3)
    released = answered + length
    found = overlaps(agent.astype(np.int64), answered, released)
    for k in range(len(rows)):
        earlier = (agent == agent[k]) & (answered < answered[k]) & (released > answered[k])
        # Of calls answered in the same second, all but one overlap the others if they last.
        tied = (agent == agent[k]) & (answered == answered[k]) & (released > answered[k])
        if agent[k] < 0:
            assert not found[k]
        elif earlier.any():
            assert found[k]
        elif tied.sum() <= tied[k]:
            assert not found[k]


@given(st.lists(st.tuples(SECONDS, SECONDS, MAYBE), max_size=30))
def test_a_leg_joins_after_a_consultation_and_ends_with_its_call(rows: list[tuple[float, ...]]) -> None:
    arrival, ended, consulted = columns(rows, 3)
    expected = [
        any(
            other != k and 0 <= arrival[k] - consulted[other] <= LEG_DELAY and abs(ended[k] - ended[other]) <= LEG_END
            for other in range(len(rows))
        )
        for k in range(len(rows))
    ]
    assert internal_legs(arrival, ended, consulted).tolist() == expected
