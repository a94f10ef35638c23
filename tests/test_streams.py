"""Named random streams: what they are, that names do not collide, and that nothing but the name matters."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.demand.compiled import read_numbers
from simulator.streams import encoded, starts, stream

WORD = 2**64 - 1


def sfc64(a: int, b: int, c: int, count: int) -> list[float]:
    """Doty-Humphrey's generator SFC64, written from its definition, as numbers in [0, 1)."""
    counter = 1
    numbers = []
    for draw in range(12 + count):  # the first twelve only stir
        word = (a + b + counter) & WORD
        counter += 1
        a = b ^ (b >> 11)
        b = (c + (c << 3)) & WORD
        c = (((c << 24) | (c >> 40)) + word) & WORD
        if draw >= 12:
            numbers.append((word >> 11) * 2.0**-53)
    return numbers


def test_a_stream_is_sfc64_started_with_the_hash_of_its_name() -> None:
    digest = hashlib.blake2b(b"2:171:34:work5:phone", digest_size=24).digest()
    state = [int.from_bytes(digest[8 * word : 8 * word + 8], "little") for word in range(3)]
    a, b, c = state
    assert stream(17, 3, "work", "phone").random(50).tolist() == sfc64(a, b, c, 50)


def test_many_streams_read_at_once_give_the_numbers_of_each() -> None:
    names = [("work", "phone"), ("work", "chat"), ("a",) * 60, ("é", "")]
    count = np.array([5, 0, 300, 1])
    numbers = read_numbers(starts(17, 3, [encoded(*name) for name in names]), count)
    each = [stream(17, 3, *name).random(number) for name, number in zip(names, count, strict=True)]
    assert numbers.tolist() == np.concatenate(each).tolist()


def test_no_streams_give_no_numbers() -> None:
    assert read_numbers(starts(1, 0, []), np.empty(0, dtype=np.int64)).tolist() == []


NAMES = st.tuples(
    st.integers(-5, 200), st.integers(0, 200), st.lists(st.text("ab:1 é", max_size=4), max_size=4).map(tuple)
)


@given(NAMES, NAMES)
def test_two_streams_are_the_same_only_if_their_names_are(
    one: tuple[int, int, tuple[str, ...]], other: tuple[int, int, tuple[str, ...]]
) -> None:
    same = (stream(one[0], one[1], *one[2]).random(2) == stream(other[0], other[1], *other[2]).random(2)).all()
    assert same == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, 2, "ab", "c"), (1, 2, "a", "bc")),
        ((1, 2, "a"), (1, 2, "a", "")),
        ((1, 23, "a"), (12, 3, "a")),
        ((1, 2, "3:abc"), (1, 2, "abc")),
    ],
)
def test_names_that_read_alike_are_different(one: tuple[int, int, str], other: tuple[int, int, str]) -> None:
    assert stream(*one).random() != stream(*other).random()


@given(st.lists(st.integers(0, 20), max_size=6))
def test_numbers_do_not_depend_on_how_many_are_taken_at_once(sizes: list[int]) -> None:
    source = stream(1, 0, "a")
    taken = np.concatenate([np.empty(0), *(source.random(size) for size in sizes)])
    assert taken.tolist() == stream(1, 0, "a").random(sum(sizes)).tolist()


def test_neighbouring_names_and_replications_are_independent_and_uniform() -> None:
    replications, names = 200, 100
    first = np.array([[stream(1, r, f"{n}").random() for n in range(names)] for r in range(replications)])
    assert stats.kstest(first.ravel(), "uniform").pvalue > 0.005
    for one, other in ((first[1:], first[:-1]), (first[:, 1:], first[:, :-1])):
        correlation = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        assert abs(correlation) < stats.norm.ppf(0.995) / np.sqrt(one.size)


def test_another_process_gets_the_same_bytes() -> None:
    code = "from simulator.streams import stream; print(stream(5, 2, 'work', 'é').random(9).tobytes().hex())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == stream(5, 2, "work", "é").random(9).tobytes().hex()
