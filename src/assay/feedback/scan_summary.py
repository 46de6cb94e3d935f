"""Summarise, for the sender, the scan of crime summaries for signs of exploitation.

Counts of the sender's own records, for that sender only: how many summaries were scanned, and how many contain each
sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from assay.ingest.summary_scan import EMPTY, NOT_READ, REASONS, SCANNED
from assay.reference import signs
from assay.wording import count_phrase, format_number, join_words

NO_FINDING = "A sign is a reason for a person to read the summary. It is not a finding."


@dataclass(frozen=True)
class ScanSummary:
    """Counts of the crime summaries of one return that were scanned, and of the signs of exploitation in them."""

    scanned: pa.Table
    signs: pa.Table

    @cached_property
    def states(self) -> Mapping[str, int]:
        """Number of summaries by state: scanned, empty or not read."""
        return Counter(self.scanned["state"].to_pylist())

    @cached_property
    def by_sign(self) -> Mapping[str, int]:
        """Number of summaries with each sign of exploitation, in the order of the register, omitting zeros."""
        found = Counter(self.signs["sign"].to_pylist())
        return {sign.key: found[sign.key] for sign in signs() if found[sign.key]}

    @cached_property
    def priority_crimes(self) -> frozenset[str]:
        """The crimes whose summaries mention a child, an adult and a further sign, to be read first."""
        signs_by_crime: dict[str, set[str]] = {}
        for ref, sign in zip(self.signs["crime_ref"].to_pylist(), self.signs["sign"].to_pylist(), strict=True):
            signs_by_crime.setdefault(ref, set()).add(sign)
        return frozenset(ref for ref, found in signs_by_crime.items() if signs().fills_every_slot(found))

    def priority_lines(self, summaries: pa.Table) -> list[int]:
        """Return the line numbers, in the force's file, of the crimes to read first; `summaries`: accepted rows."""
        rows = zip(summaries["crime_ref"].to_pylist(), summaries["line"].to_pylist(), strict=True)
        return sorted(line for ref, line in rows if ref in self.priority_crimes)

    @property
    def summaries(self) -> int:
        """Number of accepted summaries."""
        return len(self.scanned)

    @property
    def summaries_with_sign(self) -> int:
        """Number of summaries with at least one sign of exploitation."""
        return sum(bool(found) for found in self.scanned["signs"].to_pylist())

    def added_up(self) -> str:
        """Return the result of the scan as a sentence; '' if there are no summaries."""
        if not self.summaries:
            return ""
        read, empty, not_read = (format_number(self.states[state]) for state in (SCANNED, EMPTY, NOT_READ))
        return (
            f"{count_phrase(self.summaries, 'summary', 'summaries')}: {read} scanned for signs of exploitation, "
            f"{empty} without text, {not_read} not read{self._reasons_text}."
        )

    def unread_sentence(self) -> str:
        """Return how many summaries were not read, and why; '' if all were read."""
        if not self.states[NOT_READ]:
            return ""
        return f"{count_phrase(self.states[NOT_READ], 'summary was', 'summaries were')} not read{self._reasons_text}"

    @property
    def _reasons_text(self) -> str:
        reasons = dict.fromkeys(reason for reason in self.scanned["reason"].to_pylist() if reason)
        return f" ({join_words([REASONS[reason] for reason in reasons])})" if reasons else ""

    def terminal_lines(self) -> list[str]:
        """Return the summary as lines for a terminal."""
        if not self.states[SCANNED]:
            return [self.added_up()] if self.summaries else []
        sign_counts = "; ".join(
            f"{signs().get(key).name.lower()} {format_number(found)}" for key, found in self.by_sign.items()
        )
        sign_text = f" ({sign_counts})" if sign_counts else ""
        return [
            self.added_up(),
            (
                f"{format_number(self.summaries_with_sign)} hold a sign{sign_text}; in "
                f"{format_number(len(self.priority_crimes))} a child, an adult and "
                f"a further sign occur together. {NO_FINDING}"
            ),
        ]
