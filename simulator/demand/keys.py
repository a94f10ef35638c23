"""Luck that belongs to a customer: whatever may happen is drawn from a key, never from a place in a table.

Each enquiry has a 64-bit key, and each attempt that may follow has a key made from that of the attempt before and the
cause. A uniform number for a purpose is made from a key and the purpose's name. So it does not matter who else makes
contact, how often, or which other purposes there are: a probability that is changed adds or takes away follow-ups, and
all others keep their luck.

The mixing is the finaliser of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA
2014; the variant 13 of Stafford): whole numbers only, hence the same bits on every machine.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Words = NDArray[np.uint64]

_BITS = 53
"""Of a uniform number in double precision."""


def keys_of(luck: Floats) -> Words:
    """Make keys [n] from uniform numbers [n] in [0, 1) of a named stream."""
    return _mixed((luck * 2.0**_BITS).astype(np.uint64), "enquiry")


def next_keys(key: Words, cause: str) -> Words:
    """Make the keys [n] of the attempts that follow attempts of these keys [n] for this cause."""
    return _mixed(key, f"next {cause}")


def uniform(key: Words, purpose: str) -> Floats:
    """Make uniform numbers [n] in [0, 1) from keys [n], for one purpose."""
    return np.asarray((_mixed(key, purpose) >> np.uint64(64 - _BITS)) * 2.0**-_BITS, dtype=np.float64)


def _mixed(key: Words, name: str) -> Words:
    word = key + _constant(name)
    word ^= word >> np.uint64(30)
    word *= np.uint64(0xBF58476D1CE4E5B9)
    word ^= word >> np.uint64(27)
    word *= np.uint64(0x94D049BB133111EB)
    word ^= word >> np.uint64(31)
    return word


@cache
def _constant(name: str) -> np.uint64:
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))
