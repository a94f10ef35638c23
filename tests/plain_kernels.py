"""The compiled engine without a compiler: the same sources as plain Python, with every index looked at.

`simulator.engine` is imported a second time while `simulator.jit` gives back each function as it is. Both copies stay:
the compiled one as everybody knows it, and the plain one for `simulate` here.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

import simulator
from simulator import jit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    import numpy as np
    from numpy.typing import NDArray

    from simulator.contacts import ContactRecords, Contacts, Ledger
    from simulator.engine import Centre

PACKAGE = "simulator.engine"
_copy: dict[str, ModuleType] = {}
"""The plain modules by name, once they have been imported."""


class Cells:
    """In place of `simulator.jit.cells`: an array that refuses what machine code would read beside it."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.numbers = memoryview(array)  # type: ignore[arg-type]

    def __getitem__(self, place: int) -> Any:
        if place < 0:
            raise IndexError(place)
        return self.numbers[place]

    def __setitem__(self, place: int, number: Any) -> None:
        if place < 0:
            raise IndexError(place)
        self.numbers[place] = number


def simulate(
    centre: Centre, contacts: Contacts, staffing: NDArray[np.int64], engine: str
) -> tuple[ContactRecords, Ledger]:
    """Play one replication as `simulator.engine.simulate` does, with no machine code of ours."""
    with plain_modules() as modules:
        played: tuple[ContactRecords, Ledger] = modules[PACKAGE].simulate(centre, contacts, staffing, engine)
    return played


@contextmanager
def plain_modules() -> Iterator[dict[str, ModuleType]]:
    """The plain copy of the engine's modules, which stands in the place of the compiled one meanwhile."""
    compiled, package = _engine_modules(), simulator.engine
    _replace_modules(compiled, _copy)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for decorator in ("kernel", "inlined_kernel"):
                patch.setattr(jit, decorator, lambda function: function)
            patch.setattr(jit, "cells", Cells)
            simulator.engine = importlib.import_module(PACKAGE)
            _copy.setdefault(PACKAGE, simulator.engine)
            yield _copy
    finally:
        plain = _engine_modules()  # with what was imported only when it played
        _copy.update(plain)
        _replace_modules(plain, compiled)
        simulator.engine = package


def _engine_modules() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.startswith(PACKAGE)]  # of thousands; this is done for each day
    return {name: sys.modules[name] for name in names if f"{name}.".startswith(f"{PACKAGE}.")}


def _replace_modules(old: dict[str, ModuleType], new: dict[str, ModuleType]) -> None:
    for name in old:
        del sys.modules[name]
    sys.modules.update(new)
