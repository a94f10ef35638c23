"""The compiled part of drawing the demand: random numbers, counts, times and the order of arrival.

A contact's luck is a number u between 0 and 1, and its work is the quantile of u. A longer mean therefore makes the
same customer's work longer, and leaves everybody's order as it was. Bytes must not depend on the machine, so only
that arithmetic is used which `simulator.demand.quantiles` explains; loops are written so that the compiler can work on
several numbers at once.

Contacts are numbered by birth: by contact type, interval and row (see `simulator.demand.draw`), so those of a type
stand together. `bounds` [type + 1] says where the contacts of each type begin and end, and `place` [contact] in which
row of the table each contact stands.
"""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulator.demand.as241 import CENTRE, FAR_TAIL, TAIL
from simulator.jit import inlined_kernel, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Bools = NDArray[np.bool_]

    Coefficients = tuple[float, ...]

# --- random numbers


@kernel
def read_numbers(start: Words, count: Ints) -> Floats:
    """Return the first numbers of streams, `count` of each, one stream after the other.

    Parameters
    ----------
    start
        [stream, word] From `simulator.streams.starts`.
    count
        [stream]
    """
    numbers = np.empty(count.sum())
    done = 0
    for stream in range(len(start)):
        a, b, c, counter = _stirred(start[stream])
        for k in range(done, done + count[stream]):
            numbers[k], a, b, c, counter = _next(a, b, c, counter)
        done += count[stream]
    return numbers


@kernel
def read_rows(start: Words, kind: Ints, begin: Ints, end: Ints, count: Ints, first: Ints, luck: Floats) -> None:
    """Give contacts their luck: the k-th contact of an interval takes the interval's number in row k of its stream.

    Parameters
    ----------
    start
        [cell, word] Each cell's stream, from `simulator.streams.starts`.
    kind, begin, end
        [cell] Its contact type, and its intervals from `begin` to before `end`.
    count
        [type, interval] Contacts.
    first
        [type, interval] Birth number of the first of them.
    luck
        [contact] Filled for the contacts of these cells.
    """
    for cell in range(len(start)):
        number = count[kind[cell], begin[cell] : end[cell]]
        birth = first[kind[cell], begin[cell] : end[cell]]
        rows = 0
        for i in range(len(number)):
            rows = max(rows, number[i])
        a, b, c, counter = _stirred(start[cell])
        for row in range(rows):
            for i in range(len(number)):
                uniform, a, b, c, counter = _next(a, b, c, counter)
                if row < number[i]:
                    luck[birth[i] + row] = uniform


@inlined_kernel
def _stirred(start: Words) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """State of SFC64 that was started with three words; its first twelve numbers only stir."""
    a, b, c, counter = start[0], start[1], start[2], np.uint64(1)
    for _ in range(12):
        _, a, b, c, counter = _next(a, b, c, counter)
    return a, b, c, counter


@inlined_kernel
def _next(
    a: np.uint64, b: np.uint64, c: np.uint64, counter: np.uint64
) -> tuple[float, np.uint64, np.uint64, np.uint64, np.uint64]:
    """Next number in [0, 1) of an SFC64 generator (Doty-Humphrey), and its state after that; as numpy makes them."""
    word = a + b + counter
    a, b = b ^ (b >> np.uint64(11)), c + (c << np.uint64(3))
    c = ((c << np.uint64(24)) | (c >> np.uint64(40))) + word
    return np.int64(word >> np.uint64(11)) * 2.0**-53, a, b, c, counter + np.uint64(1)


# --- elementary functions

_LOG_2 = 0.6931471805599453
_LOG_2_HIGH, _LOG_2_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
"""log 2 in two parts; a whole number below 2^20 times the first is exact."""
_ARTANH = tuple(2.0 / (2 * n + 1) for n in range(10, -1, -1))
_EXPONENTIAL_SERIES = tuple(1.0 / factorial(n) for n in range(15, -1, -1))
_SMALLEST = 2.0**-54
"""Stands for a luck of 0: half of the smallest step between two uniform numbers."""
# An IEEE double: sign, 11 bits of exponent, 52 bits of fraction.
_FRACTION_BITS = 52
_FRACTION = (1 << _FRACTION_BITS) - 1
_EXPONENT_OF_1 = 1023
_EXPONENT_OF_HALF = 1022


@kernel
def log(x: Floats) -> Floats:
    """Natural logarithm [n] of positive numbers [n] that are not denormal."""
    result = np.empty_like(x)
    for k in range(len(x)):
        bits = np.float64(x[k]).view(np.int64)
        exponent = (bits >> _FRACTION_BITS) - _EXPONENT_OF_HALF
        fraction = np.int64((bits & _FRACTION) | (_EXPONENT_OF_HALF << _FRACTION_BITS)).view(np.float64)
        if fraction < 0.7071067811865476:
            fraction, exponent = 2.0 * fraction, exponent - 1
        # log m = 2 artanh((m - 1) / (m + 1)), with m within a factor sqrt 2 of 1.
        ratio = (fraction - 1.0) / (fraction + 1.0)
        result[k] = exponent * _LOG_2 + ratio * _polynomial(_ARTANH, ratio * ratio)
    return result


@kernel
def exp(x: Floats) -> Floats:
    """Exponential function [n] of numbers [n]; 0 below exp(-745)."""
    result = np.empty_like(x)
    for k in range(len(x)):
        power = min(max(x[k], -800.0), 709.0)
        doublings = np.rint(power / _LOG_2)
        rest = (power - doublings * _LOG_2_HIGH) - doublings * _LOG_2_LOW
        # In two steps, of which only the second can round: a denormal result has fewer bits.
        half = np.int64(doublings) >> 1
        other = np.int64(doublings) - half
        result[k] = _polynomial(_EXPONENTIAL_SERIES, rest) * _power_of_2(half) * _power_of_2(other)
    return result


@inlined_kernel
def _power_of_2(exponent: np.int64) -> float:
    return np.int64((exponent + _EXPONENT_OF_1) << _FRACTION_BITS).view(np.float64)


@inlined_kernel
def _polynomial(coefficients: Coefficients, x: float) -> float:
    """Value of a polynomial, the highest power first, by Horner's rule."""
    value = coefficients[0]
    for power in range(1, len(coefficients)):
        value = value * x + coefficients[power]
    return value


# --- quantiles

EXPONENTIAL, GAMMA, LOGNORMAL, CONSTANT, QUANTILES = range(5)
"""In the order of `DistributionFamily`; a test compares the two."""
_CELLS_PER_UNIT = 64
_SCORE_LIMIT = 8.5
"""No luck in double precision has a normal score beyond this."""
_CELLS = int(2 * _SCORE_LIMIT * _CELLS_PER_UNIT)


@kernel
def normal_score(luck: Floats) -> Floats:
    """Standard normal numbers [n] that belong to uniform numbers [n] in [0, 1): their quantiles.

    Wichura (1988), algorithm AS 241, PPND16.
    """
    score = np.empty_like(luck)
    for k in range(len(luck)):
        centred = max(luck[k], _SMALLEST) - 0.5
        square = 0.180625 - centred * centred
        score[k] = centred * _polynomial(CENTRE[0], square) / _polynomial(CENTRE[1], square)

    # Where that formula does not hold: both tails, put together so that they too are worked on side by side.
    outer = np.empty(len(luck), dtype=np.int64)
    tails = 0
    for k in range(len(luck)):
        outer[tails] = k
        tails += abs(max(luck[k], _SMALLEST) - 0.5) > 0.425
    tail = np.empty(tails)
    for k in range(tails):
        probability = max(luck[outer[k]], _SMALLEST)
        tail[k] = min(probability, 1.0 - probability)
    root = log(tail)
    for k in range(tails):
        root[k] = np.sqrt(-root[k])
        tail[k] = _polynomial(TAIL[0], root[k] - 1.6) / _polynomial(TAIL[1], root[k] - 1.6)
    for k in range(tails):
        if root[k] > 5.0:
            tail[k] = _polynomial(FAR_TAIL[0], root[k] - 5.0) / _polynomial(FAR_TAIL[1], root[k] - 5.0)
        score[outer[k]] = np.copysign(tail[k], luck[outer[k]] - 0.5)
    return score


@kernel
def gamma_at_score(table: Floats, score: Floats) -> Floats:
    """Quantiles [n] of a gamma distribution of mean 1 at normal scores [n].

    Parameters
    ----------
    table
        [cell, power] From `simulator.demand.quantiles.log_gamma_table`.
    score
        Standard normal numbers.
    """
    result = np.empty_like(score)
    for k in range(len(score)):
        way = min(max((score[k] + _SCORE_LIMIT) * _CELLS_PER_UNIT, 0.0), _CELLS - 1e-9)
        cell = np.int64(way)
        along = way - cell
        piece = table[cell]
        result[k] = ((piece[3] * along + piece[2]) * along + piece[1]) * along + piece[0]
    return exp(result)


@kernel
def exponential(luck: Floats) -> Floats:
    """Quantiles [n] of the exponential distribution of mean 1 at uniform numbers [n] in [0, 1)."""
    above = np.empty_like(luck)
    for k in range(len(luck)):
        above[k] = 1.0 - luck[k]
    result = log(above)
    for k in range(len(luck)):
        result[k] = -result[k]
    return result


@kernel
def lognormal(spread: float, shift: float, luck: Floats) -> Floats:
    """Quantiles [n] of a lognormal distribution of mean 1 at uniform numbers [n] in [0, 1)."""
    result = normal_score(luck)
    for k in range(len(luck)):
        result[k] = result[k] * spread - shift
    return exp(result)


@kernel
def in_pieces(pieces: Floats, exponential_time: Floats) -> Floats:
    """Times [n] that end at a rate which changes in steps, at exponential times [n] of mean 1.

    Parameters
    ----------
    pieces
        [piece, column] Exponential time and time at which it begins, and time for each unit of the former.
    """
    result = np.empty_like(exponential_time)
    for k in range(len(result)):
        low, high = 0, len(pieces)
        while high - low > 1:
            middle = (low + high) // 2
            if pieces[middle, 0] <= exponential_time[k]:
                low = middle
            else:
                high = middle
        result[k] = pieces[low, 1] + (exponential_time[k] - pieces[low, 0]) * pieces[low, 2]
    return result


# --- counts

_FROM_0_UP_TO = 600.0
"""Up to this mean, probabilities are added up from that of nobody; beyond, it is too near to the smallest number."""


@kernel
def poisson_quantile(luck: Floats, mean: Floats) -> Ints:
    """Smallest counts [n] whose cumulative Poisson probability is not below the luck; 0 where the mean is 0.

    One uniform number makes one count. With a higher mean the same number gives the same count or a higher one, so a
    busier interval has all the customers it had before, and more.

    Parameters
    ----------
    luck
        Uniform numbers in [0, 1).
    mean
        Not negative and finite.
    """
    nobody = np.empty_like(mean)
    for k in range(len(mean)):
        nobody[k] = -mean[k]
    nobody = exp(nobody)
    count = np.zeros(len(mean), dtype=np.int64)
    for k in range(len(mean)):
        if luck[k] <= 0.0 or mean[k] <= 0.0:
            continue
        lowest, weight, goal = 0, nobody[k], luck[k]
        if mean[k] > _FROM_0_UP_TO:
            # Counts that no luck reaches, of probability 1e-31 together, are left out. The others' weights, relative
            # to the lowest's, make up all probability there is.
            lowest, weight = int(mean[k] - 12.0 * np.sqrt(mean[k])), 1.0
            goal *= _total_weight(mean[k], lowest)
        count[k] = _count_reaching(goal, mean[k], lowest, weight)
    return count


@inlined_kernel
def _count_reaching(goal: float, mean: float, count: int, weight: float) -> int:
    """Add up the weights of this count and the following, until they reach the goal."""
    reached = weight
    while reached < goal:
        count += 1
        weight *= mean / count
        # The sum may stop growing a hair below the goal.
        if reached + weight == reached and count > mean:
            break
        reached += weight
    return count


@inlined_kernel
def _total_weight(mean: float, lowest: int) -> float:
    count, weight, total = lowest, 1.0, 1.0
    while count < mean or weight > 1e-20 * total:
        count += 1
        weight *= mean / count
        total += weight
    return total


# --- contacts


@kernel
def arrivals(count: Ints, first: Ints, edges: Floats, latest: Floats, luck: Floats) -> tuple[Floats, Ints]:
    """Arrivals in their order, and each contact's place there; those of one instant are in order of birth.

    A contact's luck is the part of its interval that has gone by when it arrives. Intervals are in order already.
    Within one, arrivals are spread evenly: with twice as many buckets as contacts, next to nothing is left to sort.

    Parameters
    ----------
    count, first
        [type, interval] Contacts, and the birth number of the first of them.
    edges
        [interval + 1]
    latest
        [interval] Last instant before the interval's end; the sum may round up to the end.
    luck
        [contact] By birth.

    Returns
    -------
    [row] and [contact]
    """
    types, intervals = count.shape
    most = 0
    for i in range(intervals):
        number = 0
        for kind in range(types):
            number += count[kind, i]
        most = max(most, number)
    instant, bucket = np.empty(most), np.empty(most, dtype=np.int64)
    contact, contact_at = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    bucket_begin = np.empty(2 * most + 1, dtype=np.int64)
    ordered, place = np.empty_like(luck), np.empty(len(luck), dtype=np.int64)
    past = 0
    for i in range(intervals):
        start, length, last = edges[i], edges[i + 1] - edges[i], latest[i]
        number = 0
        for kind in range(types):
            birth = first[kind, i]
            of_type = luck[birth : birth + count[kind, i]]
            for k in range(len(of_type)):
                instant[number + k] = min(start + of_type[k] * length, last)
                contact[number + k] = birth + k
            number += len(of_type)

        # A counting sort by bucket keeps the order of birth ...
        buckets = 2 * number
        for each in range(buckets + 1):
            bucket_begin[each] = 0
        for n in range(number):
            bucket[n] = min(int((instant[n] - start) * (buckets / length)), buckets - 1)
        for n in range(number):
            bucket_begin[bucket[n] + 1] += 1
        begin = 0
        for each in range(buckets):
            begin += bucket_begin[each]
            bucket_begin[each] = begin
        here = ordered[past : past + number]
        for n in range(number):
            to = bucket_begin[bucket[n]]
            here[to], contact_at[to] = instant[n], contact[n]
            bucket_begin[bucket[n]] = to + 1

        # ... and so does moving each to the front of all that come later.
        for n in range(1, number):
            own, k, to = here[n], contact_at[n], n
            while to > 0 and here[to - 1] > own:
                here[to], contact_at[to] = here[to - 1], contact_at[to - 1]
                to -= 1
            here[to], contact_at[to] = own, k
        for to in range(number):
            place[contact_at[to]] = past + to
        past += number
    return ordered, place


@kernel
def of_types(value: Ints, bounds: Ints, place: Ints) -> Ints:
    """[row] What all contacts of a type have in common; `value` [type]."""
    column = np.empty(len(place), dtype=np.int64)
    if _alike(value):
        for row in range(len(column)):
            column[row] = value[0]
        return column
    for kind in range(len(value)):
        rows = place[bounds[kind] : bounds[kind + 1]]
        for k in range(len(rows)):
            column[rows[k]] = value[kind]
    return column


@kernel
def chosen(share: Floats, luck: Floats, bounds: Ints, place: Ints) -> Bools:
    """[row] Whether a contact's luck [contact] is below the share [type] of its type."""
    column = np.zeros(len(place), dtype=np.bool_)
    if _alike(share) and share[0] == 0.0:
        return column
    for kind in range(len(share)):
        rows, own = place[bounds[kind] : bounds[kind + 1]], luck[bounds[kind] : bounds[kind + 1]]
        for k in range(len(rows)):
            column[rows[k]] = own[k] < share[kind]
    return column


_BLOCK = 1024
"""Contacts worked on together; what lies between stays in the processor's cache."""


@kernel
def times(
    family: Ints,
    mean: Floats,
    spread: Floats,
    shift: Floats,
    table: Ints,
    gammas: Floats,
    pieces: Floats,
    luck: Floats,
    bounds: Ints,
    place: Ints,
) -> Floats:
    """[row] Seconds that belong to each contact's luck: the quantile of its type's distribution.

    Parameters
    ----------
    family
        [type] EXPONENTIAL, GAMMA, LOGNORMAL, CONSTANT or QUANTILES.
    mean, spread, shift
        [type] See `simulator.demand.quantiles.Law`.
    table
        [type] Which of the tables a gamma distribution, or one by quantiles, has.
    gammas
        [table, cell, power] From `simulator.demand.quantiles.log_gamma_table`.
    pieces
        [table, piece, column] From `simulator.demand.quantiles.Law`, and inf after the last.
    luck, place
        [contact] By type.
    bounds
        [type + 1]
    """
    column = np.empty(len(place))
    if _alike(mean) and _alike(family) and family[0] == CONSTANT:
        for row in range(len(column)):
            column[row] = mean[0]
        return column
    for kind in range(len(mean)):
        for begin in range(bounds[kind], bounds[kind + 1], _BLOCK):
            end = min(begin + _BLOCK, bounds[kind + 1])
            own = luck[begin:end]
            if family[kind] == EXPONENTIAL:
                unit = exponential(own)
            elif family[kind] == GAMMA:
                unit = gamma_at_score(gammas[table[kind]], normal_score(own))
            elif family[kind] == LOGNORMAL:
                unit = lognormal(spread[kind], shift[kind], own)
            elif family[kind] == QUANTILES:
                unit = in_pieces(pieces[table[kind]], exponential(own))
            else:
                unit = np.ones(len(own))
            rows = place[begin:end]
            for k in range(len(rows)):
                column[rows[k]] = mean[kind] * unit[k]
    return column


@inlined_kernel
def _alike(value: Ints | Floats) -> bool:
    """Whether all types have the same: then nobody needs to be looked up."""
    for kind in range(1, len(value)):
        if value[kind] != value[0]:
            return False
    return len(value) > 0


# --- what may follow


class Ways(NamedTuple):
    """Who makes contact again, and where: a row for each cause in the order of `Way`, then two for each outage."""

    share: Floats
    """[way, attempt, type] Share who do so as this attempt, by the type of the one before; the last row holds on."""
    until: Floats
    """[way, type, place] Luck from which they go not to that place but to a later one; inf for the last."""
    goes_to: Ints
    """[way, type, place] Contact type then."""
    bot_share: Floats
    """[type] Share that meets the bot."""
    containment: Floats
    """[type] Share of those that it finishes."""
    reached: Floats
    """[type] Share of calls back that find the customer."""
    tries: Ints
    """[type] Calls back at most."""


class Attempts(NamedTuple):
    """First attempts, and after them all that may follow, in order of their attempt; columns [contact]."""

    key: Words
    kind: Ints
    """Contact type."""
    enquiry: Ints
    attempt: Ints
    meets_bot: Bools
    contained: Bools
    calls: Ints
    """Calls back so far, this one counted; 0 for what is no call of the centre."""
    in_vain: Bools
    """Whether it is such a call, and finds nobody."""
    after: Ints
    """Number of the attempt before; of follow-ups only, as all from here on."""
    way: Ints
    resolved_by: Floats


REDIAL, BOUNCE, REPEAT, HAND_ON, RETRY, CALLBACK, CHASER, OUTAGE = range(8)
"""Rows of `Ways`; the last is the first outage's: who comes back, and in the next row who goes elsewhere."""
PURPOSES = (
    "redial",
    "bounce",
    "repeat",
    "hand on",
    "channel",
    "callback",
    "chaser",
    "reached",
    "meets bot",
    "contained",
)
"""What luck is drawn for, at the place of the way where there is one."""
_CHANNEL, _REACHED, _MEETS_BOT, _CONTAINED = 4, 7, 8, 9


@kernel
def keys_of(luck: Floats, place: Ints, purpose: np.uint64) -> Words:
    """[row] Keys of contacts, made from the luck [contact] that each has by birth."""
    key = np.empty(len(place), dtype=np.uint64)
    for k in range(len(place)):
        key[place[k]] = _mixed(np.uint64(np.int64(luck[k] / 2.0**-53)), purpose)
    return key


@kernel
def luck_of(key: Words, place: Ints, purpose: np.uint64) -> Floats:
    """[contact] Uniform numbers in [0, 1) for one purpose, from the key [row] of each contact."""
    luck = np.empty(len(place))
    for k in range(len(place)):
        luck[k] = _uniform(key[place[k]], purpose)
    return luck


@kernel
def grouped(kind: Ints, kinds: int) -> tuple[Ints, Ints]:
    """`bounds` [type + 1] and `place` [contact] of rows that have the types `kind` [row]."""
    bounds = np.zeros(kinds + 1, dtype=np.int64)
    for row in range(len(kind)):
        bounds[kind[row] + 1] += 1
    for each in range(kinds):
        bounds[each + 1] += bounds[each]
    free, place = bounds.copy(), np.empty(len(kind), dtype=np.int64)
    for row in range(len(kind)):
        place[free[kind[row]]] = row
        free[kind[row]] += 1
    return bounds, place


@kernel
def follow(
    rows: Attempts,
    firsts: int,
    outage: Ints,
    ways: Ways,
    attempts: int,
    least_quality: float,
    purpose: Words,
    next_key: Words,
) -> int:
    """Add to the first attempts all that may follow them, up to a number of attempts.

    Parameters
    ----------
    rows
        Filled for the first attempts up to `calls` and `in_vain`; the room after them is for what follows.
    firsts
        How many first attempts there are.
    outage
        [first attempt] Which outage it meets, -1 for none; empty if there are no outages.
    attempts
        How many attempts an enquiry may have.
    least_quality
        What even a group of this quality resolves is not repeated.
    purpose, next_key
        [purpose], [way] Constants that the luck for a purpose, and the key of a follow-up, are made with.

    Returns
    -------
    The number of rows in the end; -1 if there is not enough room.
    """
    total, room = firsts, len(rows.key)
    steps = ways.share.shape[1]
    coming, comings = np.empty(len(PURPOSES), dtype=np.int64), 0
    for row in range(room):
        # All that follow a row have been added when it is its turn; those of the last attempt are followed by nothing.
        if row == total or rows.attempt[row] + 1 >= attempts:
            return total
        if total + len(PURPOSES) > room:
            return -1
        key, kind, step = rows.key[row], rows.kind[row], min(rows.attempt[row], steps - 1)
        comings, resolved_by = 0, np.inf

        met = outage[row] if row < len(outage) else -1
        luck = _uniform(key, purpose[REDIAL])
        if met < 0:
            coming[comings] = REDIAL
            comings += luck < ways.share[REDIAL, step, kind]
        else:
            back = OUTAGE + 2 * met
            returning = ways.share[back, step, kind]
            coming[comings] = back if luck < returning else back + 1
            comings += luck < returning + ways.share[back + 1, step, kind]
        coming[comings] = BOUNCE
        comings += (
            rows.meets_bot[row]
            and rows.contained[row]
            and _uniform(key, purpose[BOUNCE]) < ways.share[BOUNCE, step, kind]
        )
        coming[comings] = CHASER
        comings += _uniform(key, purpose[CHASER]) < ways.share[CHASER, step, kind]
        # The calls that the centre makes are not offered one.
        coming[comings] = CALLBACK
        comings += rows.calls[row] == 0 and _uniform(key, purpose[CALLBACK]) < ways.share[CALLBACK, step, kind]
        unresolved = ways.share[REPEAT, step, kind]
        if rows.in_vain[row]:
            coming[comings] = RETRY
            comings += rows.calls[row] < ways.tries[kind]
        elif _uniform(key, purpose[HAND_ON]) < ways.share[HAND_ON, step, kind]:
            coming[comings] = HAND_ON
            comings += 1
        elif unresolved > 0.0:
            coming[comings] = REPEAT
            if unresolved < 1.0:
                resolved_by = _uniform(key, purpose[REPEAT]) / (1.0 - unresolved)
            comings += resolved_by > least_quality

        for k in range(comings):
            way = coming[k]
            key = _mixed(rows.key[row], next_key[way])
            place = 0
            if ways.until[way, kind, 0] < np.inf:
                luck = _uniform(key, purpose[_CHANNEL])
                while luck >= ways.until[way, kind, place]:
                    place += 1
            then = ways.goes_to[way, kind, place]
            calls = rows.calls[row] + 1 if way in (CALLBACK, RETRY) else 0
            rows.key[total] = key
            rows.kind[total] = then
            rows.enquiry[total] = rows.enquiry[row]
            rows.attempt[total] = rows.attempt[row] + 1
            rows.meets_bot[total] = calls == 0 and _uniform(key, purpose[_MEETS_BOT]) < ways.bot_share[then]
            rows.contained[total] = _uniform(key, purpose[_CONTAINED]) < ways.containment[then]
            rows.calls[total] = calls
            rows.in_vain[total] = calls > 0 and _uniform(key, purpose[_REACHED]) >= ways.reached[then]
            rows.after[total] = row
            rows.way[total] = way
            rows.resolved_by[total] = resolved_by if way == REPEAT else np.inf
            total += 1
    return -1


@inlined_kernel
def _uniform(key: np.uint64, purpose: np.uint64) -> float:
    return np.int64(_mixed(key, purpose) >> np.uint64(11)) * 2.0**-53


@inlined_kernel
def _mixed(key: np.uint64, constant: np.uint64) -> np.uint64:
    """The finaliser of SplitMix64 (Stafford's variant 13), after a step that depends on what the number is for."""
    word = key + constant
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))
