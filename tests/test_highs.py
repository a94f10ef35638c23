"""What HiGHS prints does not reach the user, and what we print does."""

from __future__ import annotations

import ctypes
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint

from simulator.planning.highs import milp, silence

if TYPE_CHECKING:
    from collections.abc import Sequence

C = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)


def test_what_c_writes_while_a_programme_is_solved_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    C.puts(b"before, by C")
    print("before")
    with silence():
        C.puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
    print("after")
    C.puts(b"after, by C")
    C.fflush(None)
    assert sorted(capfd.readouterr().out.splitlines()) == ["after", "after, by C", "before", "before, by C"]


def test_output_comes_back_when_the_last_of_several_threads_is_done(capfd: pytest.CaptureFixture[str]) -> None:
    def solved(number: int) -> float:
        price = np.array([float(number), 1.0])
        found = milp(
            price,
            integrality=np.ones(2),
            bounds=Bounds(0.0, 10.0),
            constraints=LinearConstraint(np.ones((1, 2)), lb=2.5),
        )
        value: float = found.fun
        return value

    with ThreadPoolExecutor(4) as threads:
        found: Sequence[float] = list(threads.map(solved, [3, 1, 2, 0] * 5))
    assert found == [3.0, 3.0, 3.0, 0.0] * 5
    print("heard")
    assert capfd.readouterr().out == "heard\n"


def test_output_comes_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="refused"), silence():
        raise ValueError("refused")
    print("heard")
    assert capfd.readouterr().out == "heard\n"
