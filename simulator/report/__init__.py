"""Shows results: terminal tables, JSON and files.

Figures are asked of the experiment; only the warnings of `check` are worked out here.
"""
