"""The two kinds of numbers in which the one set of rules of `settlement` is worked out.

Both are NumPy arrays: of floats for a thousand futures at once, of decimals (dtype object) for an invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.scenario.units import exact

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Array = Any
"""Of floats or of decimals; NumPy has no type for the latter."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """How numbers of a contract and of a ledger become those that are reckoned with."""

    number: Callable[[Decimal | int], Any]
    array: Callable[[NDArray[np.floating]], Array]
    dtype: type

    def zeros(self, *shape: int) -> Array:
        """Nothing, so many times."""
        return np.full(shape, self.number(0), dtype=self.dtype)

    def numbers(self, values: Array) -> Array:
        """An array of whole numbers or of truth values as such numbers."""
        return np.array([self.number(int(value)) for value in values.ravel()], dtype=self.dtype).reshape(values.shape)

    def sums(self, values: Array, index: Ints, size: int) -> Array:
        """[..., size] The sum over the last axis of the values that have each index; it never falls."""
        total = self.zeros(*values.shape[:-1], size)
        present, starts = np.unique(index, return_index=True)
        if present.size:
            total[..., present] = np.add.reduceat(values, starts, axis=-1)
        return total


def _decimals(values: NDArray[np.floating]) -> Array:
    array = np.empty(values.size, dtype=object)
    array[:] = [exact(value) for value in values.ravel().tolist()]
    return array.reshape(values.shape)


EXACT = Arithmetic(Decimal, _decimals, object)
"""Decimals: each number as its shortest decimal, so that 0.1 is a tenth."""

FLOATS = Arithmetic(float, lambda values: values.astype(np.float64, copy=False), float)
