"""The staffing that a goal needs: agents of each group, interval by interval, found by formula and by simulation."""
