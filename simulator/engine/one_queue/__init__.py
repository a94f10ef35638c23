"""The second way of playing inside the compiled engine, for one queue that stands alone."""
