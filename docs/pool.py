"""What an outsourcer saves who serves two shops like that of black-friday.toml with one pool."""

from __future__ import annotations

from simulator.planning.pricing.pooling import load_of, play_clients, pooling
from simulator.scenario import load_scenario

shop = load_scenario("scenarios/black-friday.toml")
loads = [load_of(client) for client in play_clients([shop, shop], futures=200)]
a_day = shop.calendar.intervals // shop.calendar.days

print("Agents of load at the peak, enough with 90 %")
print("rushes apart by   first  second    both           saved")
for days in range(4):
    found = pooling(loads, (0, days * a_day), probability=0.9)
    first, second = found.alone.value
    saved, low, high = (100.0 * float(each) for each in (found.saved.value, found.saved.low, found.saved.high))
    print(f"{days} days {first:16.1f} {second:7.1f} {found.pool.value:7.1f}   {saved:.0f} % ({low:.0f}-{high:.0f} %)")
