"""What flexible capacity is worth and what to charge for it: contracts settled on simulated futures."""

from __future__ import annotations
