"""A notebook in the percent format; docs/python.md shows what it prints, and the tests run it."""

# %% [markdown]
# # From Python: one team, from loading to a chart, a sweep and a query
# Open this file as a notebook (Jupyter with Jupytext, VS Code, PyCharm), or run it: `python docs/from_python.py`.

# %%
from __future__ import annotations

from pathlib import Path

from simulator import load, simulate, sweep

FOLDER = Path("results/python")
FOLDER.mkdir(parents=True, exist_ok=True)

# %% [markdown]
# ## A scenario, and its figures
# Fields are overridden by their dotted path, in the units of the file. What is wrong with a file is said all at once.

# %%
team = load("scenarios/phone-team.toml", overrides={"horizon.days": 1})
today = simulate(team, replications=10)
print(today.figures.query("channel == 'phone'").set_index("measure").loc[["arrived", "mean_wait", "abandonment_ratio"]])

# %% [markdown]
# Every figure has its 95 % confidence interval. `until` goes on until one is narrow enough.

# %%
wait = today.figure("mean_wait", "phone")
print(f"Mean wait: {wait.value:.1f} s, between {wait.low:.1f} and {wait.high:.1f}")
surer = simulate(team, until="phone.mean_wait=0.5 s")
print(f"{surer.replications} replications for half a second: {surer.figure('mean_wait', 'phone').value:.2f} s")

# %% [markdown]
# ## A chart
# A notebook shows the picture of a simulation by itself. For charts of one's own there is a data frame by interval.

# %%
(FOLDER / "today.png").write_bytes(today.png())
waits = today.intervals("mean_wait")
longest = waits.sort_values("value").iloc[-1]
print(f"The longest mean wait is at {longest['interval_start']:%H:%M}: {longest['value']:.0f} s")

# %% [markdown]
# ## A sweep
# All combinations of what the axes set, on the same customers. With `out` it goes on where it was stopped.

# %%
cases = sweep(
    team,
    {
        "channels.phone.handling_time.mean": ["4 min", "5 min", "6 min"],
        "groups.team.extra_agents": range(-1, 3),
    },
    replications=10,
    out=FOLDER / "sweep",
)
print(cases)
print(cases.table("wide")[["handling_time_mean", "team_extra_agents", "phone_mean_wait", "total_cost"]].head(3))

# %% [markdown]
# ## A query
# The cheapest team that answers 80 % within 20 seconds on every one of the days that were played, by handling time.

# %%
enough = cases.query(
    """
    select handling_time_mean, min(team_extra_agents) as extra, min(total_cost) as cost
    from wide where phone_target_met = 1 group by handling_time_mean order by handling_time_mean
    """
)
print(enough.to_pandas())
