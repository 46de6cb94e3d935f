"""How does an enquiry put a figure into words? As the whole house does, and with one sentence of its own."""

from __future__ import annotations

from assay.reference import NO_FLAG
from assay.wording import (
    chance,
    change,
    change_interval,
    direction,
    in_100,
    listed,
    number,
    ordinal,
    percent,
    percents,
    rank,
)

__all__ = [
    "NO_FLAG",
    "chance",
    "change",
    "change_interval",
    "direction",
    "in_100",
    "listed",
    "number",
    "ordinal",
    "percent",
    "percents",
    "rank",
]
