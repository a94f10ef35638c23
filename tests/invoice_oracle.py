"""An invoice in fractions, the slow way: through the month interval by interval and unit by unit, clause by clause.

It shares the contract, the ledger and the calendar's local times with the package, and no rule.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from datetime import date

    from simulator.planning.contracts.ledger import Ledger
    from simulator.scenario.contract import Contract, ContractLine, ServiceClause, ShareOrMoney, TimeRate
    from simulator.scenario.hours import WeeklyHours

Sums = defaultdict[Any, Fraction]
ARRAY = {
    "logged hour": "logged_hours",
    "FTE-month": "fte",
    "handled minute": "minutes",
    "contact": "contacts",
    "resolved contact": "resolved",
}


def exactly(value: object) -> Fraction:
    return Fraction(str(value))


class Oracle:
    def __init__(self, contract: Contract, ledger: Ledger) -> None:
        self.contract, self.ledger = contract, ledger
        calendar = ledger.calendar
        moments = [calendar.local_datetime(float(edge)) for edge in calendar.edges[:-1]]
        self.dates = [moment.date() for moment in moments]
        self.clocks = [3600 * moment.hour + 60 * moment.minute + moment.second for moment in moments]
        self.days = list(dict.fromkeys(self.dates))
        self.holidays = calendar.holidays.between(self.days[0] - timedelta(days=1), self.days[-1])
        ends = [self.days[-1] + timedelta(days=1)]
        ends.append(contract.engagement.minimum.after(ledger.engaged or self.days[0]))
        if ledger.notice is not None:
            ends.append(contract.engagement.notice.after(ledger.notice))
        self.billed: defaultdict[str, int] = defaultdict(int)
        day = self.days[0]
        while day < max(ends):
            self.billed[month_of(day)] += 1
            day += timedelta(days=1)
        self.months = list(self.billed)
        self.beyond = self._beyond()

    def totals(self) -> dict[str, Fraction]:
        """What each month comes to, before it is rounded."""
        charges: Sums = defaultdict(Fraction)
        for line in self.contract.lines:
            for month, amount in self._line(line).items():
                charges[month] += amount
        billing = self.contract.billing
        for month in self.months:
            if billing.minimum is not None:
                charges[month] = max(charges[month], exactly(billing.minimum) * self._part(month))
            if billing.maximum is not None:
                charges[month] = min(charges[month], exactly(billing.maximum) * self._part(month))
        totals = {month: charges[month] for month in self.months}
        bonuses: dict[str, Sums] = {"bonus": defaultdict(Fraction), "malus": defaultdict(Fraction)}
        for clause in self.contract.service_levels:
            self._judge(clause, charges, bonuses)
        for kind, sign, cap in (("bonus", 1, self.contract.bonus_cap), ("malus", -1, self.contract.malus_cap)):
            for month in self.months:
                amount = bonuses[kind][month]
                if cap is not None:
                    amount = min(amount, self._of(cap, max(charges[month], Fraction(0))))
                totals[month] += sign * amount
        fees = self.contract.fees
        if self.ledger.engaged in (None, self.days[0]):
            totals[self.months[0]] += exactly(fees.set_up)
        for fee, array in ((fees.training, self.ledger.trained), (fees.ramp, self.ledger.added)):
            for at, day in enumerate(self.days if fee and array is not None else []):
                totals[month_of(day)] += exactly(fee) * sum((exactly(row[at]) for row in array), Fraction(0))  # type: ignore[union-attr]
        return totals

    def _part(self, month: str) -> Fraction:
        if self.contract.billing.part_months == "in full":
            return Fraction(1)
        return Fraction(self.billed[month], days_of(month))

    @staticmethod
    def _of(fee: ShareOrMoney, whole: Fraction) -> Fraction:
        return exactly(fee.money) if fee.money is not None else exactly(fee.share) * whole

    def _line(self, line: ContractLine) -> Sums:
        total: Sums = defaultdict(Fraction)
        used: Sums = defaultdict(Fraction)
        block = exactly(line.base.units) if line.base is not None else Fraction(0)
        prices = [(exactly(tier.above), exactly(tier.rate)) for tier in line.burst]
        if line.rate is not None:
            prices.insert(0, (block, exactly(line.rate)))
        plain = exactly(line.rate if line.rate is not None else line.base.rate if line.base else line.burst[0].rate)
        if line.base is not None:
            for month in self.months:
                total[month] += exactly(line.base.price) * self._part(month)
        for step, day, row, units in self._units(line):
            month = month_of(day)
            left = units
            while left > 0:
                part = self._part(month)
                begun = [price for above, price in prices if above * part <= used[month]]
                later = [above * part - used[month] for above, _ in prices if above * part > used[month]]
                taken = min(left, *later) if later else left
                total[month] += taken * (begun[-1] if begun else 0)
                used[month] += taken
                left -= taken
            for rates in (line.times, line.peaks):
                added = [self._of(rate.change, plain) for rate in rates if self._holds(rate, step, day)]
                total[month] += units * max(added, default=Fraction(0))
            language = self._named(line)[row][1]
            if language is not None:
                total[month] += units * self._of(line.languages[language], plain)
            if self.contract.forecast_lock is not None and line.unit not in ("logged hour", "FTE-month"):
                beyond = self.beyond[self._named(line)[row][0]][step]
                total[month] += units * beyond * plain * exactly(self.contract.forecast_lock.beyond)
        lock = self.contract.forecast_lock
        if lock is not None and lock.billed_at_least is not None and line.unit == "contact":
            rows = [
                row for row, (name, _) in enumerate(self._named(line)) if not line.channels or name in line.channels
            ]
            offered = self._by_period(lock.per, lambda i: self._sum(self.ledger.offered, rows, i))
            forecast = self._by_period(lock.per, lambda i: self._sum(self.ledger.forecasts[lock.weeks], rows, i))
            for period, expected in forecast.items():
                short = max(Fraction(0), exactly(lock.billed_at_least) * expected - offered[period])
                total[self._month_of_period(period)] += short * plain
        return total

    def _units(self, line: ContractLine) -> Iterable[tuple[int, date, int, Fraction]]:
        """Step, its date, row and units, in order of time."""
        array = getattr(self.ledger, ARRAY[line.unit])
        wanted = line.channels or line.groups
        dates = self.days if line.unit == "FTE-month" else self.dates
        for step, day in enumerate(dates):
            for row, (name, _) in enumerate(self._named(line)):
                if not wanted or name in wanted:
                    units = exactly(array[row, step])
                    yield step, day, row, units / days_of(month_of(day)) if line.unit == "FTE-month" else units

    def _named(self, line: ContractLine) -> list[tuple[str, str | None]]:
        if line.unit in ("logged hour", "FTE-month"):
            return [(team.group, team.language) for team in self.ledger.teams]
        return [(queue.channel, queue.language) for queue in self.ledger.queues]

    def _holds(self, rate: TimeRate, step: int, day: date) -> bool:
        in_time = (rate.first is None or day >= rate.first) and (rate.last is None or day <= rate.last)
        return in_time and (rate.hours is None or self._open(rate.hours, day, self.clocks[step]))

    def _open(self, hours: WeeklyHours, day: date, clock: int) -> bool:
        eve = day - timedelta(days=1)
        return any(start <= clock < end for start, end in hours.windows(day.weekday(), day in self.holidays)) or any(
            start <= clock + 86_400 < end for start, end in hours.windows(eve.weekday(), eve in self.holidays)
        )

    def _period(self, per: str, step: int) -> Hashable:
        day = self.dates[step]
        return {"interval": (step, day), "day": day, "month": month_of(day)}[per]

    @staticmethod
    def _month_of_period(period: Any) -> str:
        if isinstance(period, str):
            return period
        return month_of(period[1] if isinstance(period, tuple) else period)

    def _by_period(self, per: str, value: Callable[[int], Fraction]) -> Sums:
        sums: Sums = defaultdict(Fraction)
        for step in range(len(self.dates)):
            sums[self._period(per, step)] += value(step)
        return sums

    @staticmethod
    def _sum(array: Any, rows: list[int], step: int) -> Fraction:
        return sum((exactly(array[row, step]) for row in rows), Fraction(0))

    def _beyond(self) -> dict[str, list[Fraction]]:
        """Channel -> interval -> share of the contacts of its period that are beyond the lock."""
        lock = self.contract.forecast_lock
        if lock is None:
            return {}
        beyond = {}
        for channel in dict.fromkeys(queue.channel for queue in self.ledger.queues):
            rows = [row for row, queue in enumerate(self.ledger.queues) if queue.channel == channel]
            offered = self._by_period(lock.per, lambda i, rows=rows: self._sum(self.ledger.offered, rows, i))  # type: ignore[misc]
            forecast = self._by_period(
                lock.per,
                lambda i, rows=rows: self._sum(self.ledger.forecasts[lock.weeks], rows, i),  # type: ignore[misc]
            )
            share = {
                period: max(Fraction(0), 1 - (1 + exactly(lock.relief_above)) * forecast[period] / came)
                for period, came in offered.items()
                if came
            }
            beyond[channel] = [share.get(self._period(lock.per, i), Fraction(0)) for i in range(len(self.dates))]
        return beyond

    def _judge(self, clause: ServiceClause, charges: Sums, bonuses: dict[str, Sums]) -> None:
        met: Sums = defaultdict(Fraction)
        counted: Sums = defaultdict(Fraction)
        lock = self.contract.forecast_lock
        relief = "counted" if lock is None else lock.service_level
        for row, judged in enumerate(self.ledger.judged):
            if judged.channel not in clause.channels:
                continue
            if (judged.definition, judged.within) != (clause.definition, clause.within):
                continue
            # Cells: what lies in one period of the lock and one of the service level.
            cells: defaultdict[Any, list[int]] = defaultdict(list)
            for step in range(len(self.dates)):
                of_lock = None if lock is None or relief == "counted" else self._period(lock.per, step)
                cells[self._period(clause.per, step), of_lock].append(step)
            for (period, _), steps in cells.items():
                good = sum((exactly(self.ledger.met[row, step]) for step in steps), Fraction(0))  # type: ignore[index]
                every = sum((exactly(self.ledger.counted[row, step]) for step in steps), Fraction(0))  # type: ignore[index]
                beyond = Fraction(0) if relief == "counted" else self.beyond[judged.channel][steps[0]]
                if beyond and relief == "period left out":
                    continue
                met[period] += good
                counted[period] += good + max(Fraction(0), every - good - beyond * every)
        of_month: Sums = defaultdict(Fraction)
        for period, number in counted.items():
            of_month[self._month_of_period(period)] += number
        for period, number in counted.items():
            if not number:
                continue
            month, level = self._month_of_period(period), met[period] / number
            for band in clause.bands:
                above = band.at_least is None or level >= exactly(band.at_least)
                below = band.below is None or level < exactly(band.below)
                if above and below:
                    bonuses[band.kind][month] += self._of(band.fee, charges[month] * number / of_month[month])


def month_of(day: date) -> str:
    return f"{day.year}-{day.month:02}"


def days_of(month: str) -> int:
    days = {1: 31, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
    year, number = map(int, month.split("-"))
    return days.get(number, 29 if year % 4 == 0 else 28)
