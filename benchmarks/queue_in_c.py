"""One queue by hand in C, compiled here and now: an event loop as the yardstick, a recursion as the limit."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from simulator.contacts import ContactRecords

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from workloads import Day

COMPILER = shutil.which("cc")
OPTIONS = ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC", "-Wall", "-Wextra", "-lm")


@cache
def compiled(source: str) -> ctypes.CDLL:
    """The library made of a source file of this folder."""
    assert COMPILER is not None
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library.so"
        subprocess.run([COMPILER, *OPTIONS, str(Path(__file__).with_name(source)), "-o", str(library)], check=True)
        return ctypes.CDLL(str(library))


def preparer(source: str) -> Callable[[Day], Callable[[], ContactRecords]]:
    """What gets a day ready for the program in this source file.

    The program writes all columns of the records, into arrays that are there already; it keeps no ledger.
    """

    def prepare(day: Day) -> Callable[[], ContactRecords]:
        function = compiled(source).play
        contacts, centre = day.contacts, day.centre
        alone = centre.shape[:3] == (1, 1, 1) and centre.live.all() and centre.open.all() and not centre.bot_on.any()
        if not alone:
            msg = "The C programs know one live channel that is always open, one topic and one group."
            raise ValueError(msg)
        count, intervals = len(contacts), centre.shape[3]
        records = ContactRecords.blank(contacts)

        def pointers(*arrays: NDArray[np.generic]) -> list[ctypes.c_void_p]:
            assert all(array.flags.c_contiguous for array in arrays)
            return [ctypes.c_void_p(array.ctypes.data) for array in arrays]

        arguments = [
            ctypes.c_int64(count),
            *pointers(contacts.arrival, contacts.work, contacts.patience),
            ctypes.c_int64(intervals),
            *pointers(centre.edges, day.staffing),
            *pointers(*(getattr(records, column.name) for column in fields(records))),
        ]

        def play(_alive: object = day) -> ContactRecords:
            if function(*arguments) != 0:
                raise MemoryError
            return records

        return play

    return prepare
