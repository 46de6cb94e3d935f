"""What is the sender of summaries told of the signs that stand in them?

Counts of its own records, for it alone: how many summaries were scanned, and how many hold each sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from assay.ingest.summary_scan import EMPTY, NOT_READ, REASONS, SCANNED
from assay.reference import signs
from assay.wording import counted, listed, number

NO_FINDING = "A sign is a reason for a person to read the summary, and no finding."


@dataclass(frozen=True)
class ScanTold:
    """The tables `scanned` and `signs` of one return, counted."""

    scanned: pa.Table
    signs: pa.Table

    @cached_property
    def states(self) -> Mapping[str, int]:
        """How many summaries were scanned, are empty, or were not read."""
        return Counter(self.scanned["state"].to_pylist())

    @cached_property
    def by_sign(self) -> Mapping[str, int]:
        """How many summaries hold each sign that stands in any, in the order of the register."""
        found = Counter(self.signs["sign"].to_pylist())
        return {one.key: found[one.key] for one in signs() if found[one.key]}

    @cached_property
    def together(self) -> frozenset[str]:
        """The crimes whose summaries name a child, an adult and something more."""
        of_summary: dict[str, set[str]] = {}
        for ref, sign in zip(self.signs["crime_ref"].to_pylist(), self.signs["sign"].to_pylist(), strict=True):
            of_summary.setdefault(ref, set()).add(sign)
        return frozenset(ref for ref, found in of_summary.items() if signs().together(found))

    def lines_together(self, summaries: pa.Table) -> list[int]:
        """The lines of the file in which those stand. `summaries`: the accepted rows."""
        rows = zip(summaries["crime_ref"].to_pylist(), summaries["line"].to_pylist(), strict=True)
        return sorted(line for ref, line in rows if ref in self.together)

    @property
    def summaries(self) -> int:
        """How many summaries were accepted."""
        return len(self.scanned)

    @property
    def holding(self) -> int:
        """How many of them hold any sign."""
        return sum(bool(found) for found in self.scanned["signs"].to_pylist())

    def added_up(self) -> str:
        """What became of the summaries, in a sentence; '' where none came."""
        if not self.summaries:
            return ""
        read, empty, not_read = (number(self.states[one]) for one in (SCANNED, EMPTY, NOT_READ))
        return (
            f"{counted(self.summaries, 'summary', 'summaries')}: {read} scanned for signs of exploitation, {empty} "
            f"without text, {not_read} not read{self._why}."
        )

    def not_read(self) -> str:
        """How many summaries were not read, and why, in a sentence; '' where every one was."""
        if not self.states[NOT_READ]:
            return ""
        return f"{counted(self.states[NOT_READ], 'summary was', 'summaries were')} not read{self._why}"

    @property
    def _why(self) -> str:
        reasons = dict.fromkeys(one for one in self.scanned["reason"].to_pylist() if one)
        return f" ({listed([REASONS[one] for one in reasons])})" if reasons else ""

    def in_words(self) -> list[str]:
        """The same, for its sender at a terminal."""
        if not self.states[SCANNED]:
            return [self.added_up()] if self.summaries else []
        held = "; ".join(f"{signs().get(key).name.lower()} {number(found)}" for key, found in self.by_sign.items())
        named = f" ({held})" if held else ""
        return [
            self.added_up(),
            f"{number(self.holding)} hold a sign{named}; in {number(len(self.together))} a child, an adult and "
            f"something more stand together. {NO_FINDING}",
        ]
