"""From a requirement to shifts: the cheapest that cover it and keep the rules of work."""
