"""Luck that belongs to a customer: whatever may happen is drawn from a key, never from a place in a table.

Each enquiry has a 64-bit key, and each attempt that may follow has a key made from that of the attempt before and the
cause. A uniform number for a purpose is made from a key and the purpose's name. So it does not matter who else makes
contact, how often, or which other purposes there are: a probability that is changed adds or takes away follow-ups, and
all others keep their luck.

The mixing is the finaliser of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA
2014), in whole numbers and hence the same bits on every machine; `simulator.demand.compiled` carries it out.
"""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np


@cache
def constant(name: str) -> np.uint64:
    """What keys and uniform numbers of this name are made with."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))
