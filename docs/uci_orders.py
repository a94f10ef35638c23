"""Turn the invoices of the UCI Online Retail data into a CSV of orders by day, and say what they show.

python docs/uci_orders.py INVOICES.csv.gz ORDERS.csv

An order is an invoice that is not cancelled and has a value; a cancellation is taken for a return. How long after the
order it comes is measured from the same customer's last order before it, since the data do not name the invoice that is
taken back.
"""

from __future__ import annotations

import csv
import gzip
import statistics
import sys
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

DAY = 86_400.0
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Invoices:
    """What an order curve needs of the invoices."""

    orders: Counter[date]
    """Orders by day."""
    returns: Counter[date]
    """Cancellations by day."""
    delays: list[float]
    """Days from a customer's last order to each cancellation."""


def read(path: Path) -> Invoices:
    """Read the invoices, one a row."""
    orders: Counter[date] = Counter()
    returns: Counter[date] = Counter()
    ordered: defaultdict[str, list[datetime]] = defaultdict(list)
    returned: list[tuple[str, datetime]] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            moment = datetime.fromisoformat(row["invoice_datetime"])
            if row["cancelled"] == "1":
                returns[moment.date()] += 1
                returned.append((row["customer_id"], moment))
            elif float(row["value_gbp"]) > 0:
                orders[moment.date()] += 1
                ordered[row["customer_id"]].append(moment)
    delays = []
    for customer, moment in returned:
        before = sorted(ordered[customer]) if customer else []
        place = bisect_left(before, moment)
        if place:
            delays.append((moment - before[place - 1]).total_seconds() / DAY)
    return Invoices(orders, returns, delays)


def days(orders: Counter[date]) -> list[date]:
    """Every day from the first to the last, those without orders included."""
    first, last = min(orders), max(orders)
    return [first + timedelta(days=day) for day in range((last - first).days + 1)]


def write(orders: Counter[date], path: Path) -> None:
    """Write a row for each day, for `[orders.curve]` of a scenario."""
    lines = ["time,orders", *(f"{day},{orders[day]}" for day in days(orders))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def told(invoices: Invoices) -> list[str]:
    """The facts that a scenario takes from the data."""
    orders = invoices.orders
    counts = [orders[day] for day in days(orders) if orders[day]]
    total = sum(orders.values())
    by_weekday = Counter(dict.fromkeys(range(7), 0))
    for day, count in orders.items():
        by_weekday[day.weekday()] += count
    weeks: Counter[tuple[int, int]] = Counter()
    for day, count in orders.items():
        weeks[day.isocalendar()[:2]] += count
    week, most = weeks.most_common(1)[0]
    busiest, peak = orders.most_common(1)[0]
    delays = invoices.delays
    mean, deviation = statistics.fmean(delays), statistics.stdev(delays)
    quarters = statistics.quantiles(delays, n=4)
    return [
        f"{total:,} orders on {len(counts)} of {len(days(orders))} days, {min(orders)} to {max(orders)}.",
        f"Median day {statistics.median(counts):.0f}; peak {peak} on {busiest}, "
        f"{peak / statistics.median(counts):.2f} times the median.",
        f"Median week {statistics.median(weeks.values()):.0f}; peak week {week[0]}-W{week[1]:02} with {most}, "
        f"{most / statistics.median(weeks.values()):.2f} times the median.",
        "Weekdays: " + ", ".join(f"{_WEEKDAYS[k]} {by_weekday[k] / total:.1%}" for k in range(7)) + ".",
        f"{sum(invoices.returns.values()):,} cancellations, {sum(invoices.returns.values()) / total:.3f} per order; "
        f"{len(delays):,} of customers who had ordered before.",
        f"Days since the customer's last order: mean {mean:.1f}, cv {deviation / mean:.2f}; "
        f"quartiles {quarters[0]:.1f}, {quarters[1]:.1f}, {quarters[2]:.1f}.",
    ]


def main() -> None:
    """Write the CSV and print the facts."""
    invoices = read(Path(sys.argv[1]))
    write(invoices.orders, Path(sys.argv[2]))
    print("\n".join(told(invoices)))


if __name__ == "__main__":
    main()
