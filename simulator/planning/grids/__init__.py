"""Grids: queue times under agents x any lever, and the cheapest point that keeps the promise."""
