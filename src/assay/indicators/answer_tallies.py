"""Tally answers by place, with the share that meets the indicator and its missing-data bounds.

With M met, N not met, K not known and U not known if counted, the share of records with a known answer is M / (M + N);
for every possible completion of the missing answers it lies between M / (M + N + K + U) and (M + K + U) / (M + N + K +
U). Without a record there is no share: an empty base is neither "all met" nor "none met".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

import pyarrow as pa

from assay.errors import EvidenceError
from assay.indicators.answer_ladder import ALL, ANSWERS, EXCLUDED, count_column
from assay.indicators.indicator_forms import EVERYWHERE, NOT_KNOWN, SPLITS, Indicator, Wait

LADDERS = pa.schema(
    [
        *((name, pa.string()) for name in ("indicator", "place_code", "when_reported")),
        *((name, pa.int64()) for name in ("records", *(count_column(answer) for answer in ANSWERS))),
        *((name, pa.float64()) for name in ("share", "share_lowest", "share_highest")),
    ]
)
REASONS = pa.schema([*((n, pa.string()) for n in ("indicator", "place_code", "reason")), ("records", pa.int64())])


@dataclass(frozen=True)
class Tally:
    """Number of records outside the population, and of each of the five answers."""

    outside: int = 0
    excluded: int = 0
    not_known_if_counted: int = 0
    met: int = 0
    not_met: int = 0
    not_known: int = 0

    @classmethod
    def from_counts(cls, counts: Mapping[str, int]) -> Tally:
        """Return the tally of counts by answer name."""
        return cls(**{count_column(answer): counts.get(answer, 0) for answer in ANSWERS})

    @property
    def records(self) -> int:
        """The number of all records of the table, whatever their answer."""
        return sum(asdict(self).values())

    @property
    def base(self) -> int:
        """The records whose answer is known: met and not met."""
        return self.met + self.not_met

    @property
    def share(self) -> float | None:
        """The share met of the records with a known answer (0 to 1); None if there are none."""
        return self.met / self.base if self.base else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Missing-data bounds of the share: its least and greatest value over all possible missing answers."""
        unknown = self.not_known + self.not_known_if_counted
        may_count = self.base + unknown
        return (self.met / may_count, (self.met + unknown) / may_count) if may_count else None

    def as_row(self) -> dict[str, int | float | None]:
        """Return the counts and the share with its bounds as a row of the table `ladders`."""
        lowest, highest = self.bounds or (None, None)
        shares = {"share": self.share, "share_lowest": lowest, "share_highest": highest}
        return {"records": self.records} | asdict(self) | shares


def tallies(
    indicator: Indicator | Wait, rung_counts: pa.Table, places: Iterable[str] = ()
) -> dict[tuple[str, str], Tally]:
    """Return the tally of answers by (place, split), from the result of `count_rungs`; 'all' and 'ALL' are totals.

    `places`, the splits of `SPLITS` and "not known" are included even without records.
    """
    counts: dict[tuple[str, str], Counter[str]] = {
        (place, split): Counter() for place in _places(rung_counts, places) for split in _splits(indicator)
    }
    for row in rung_counts.to_pylist():
        for place, split in _places_and_splits(row):
            counts.setdefault((place, split), Counter())[row["answer"]] += row["records"]
    return {cell: Tally.from_counts(by_answer) for cell, by_answer in counts.items()}


def ladder_rows(indicator: Indicator, rung_counts: pa.Table, places: Iterable[str] = ()) -> pa.Table:
    """Return one row for each place and split, with the counts of every answer, the share and its bounds.

    Columns: indicator, place_code, when_reported, the counts, share, share_lowest and share_highest.
    """
    rows = [
        {"indicator": indicator.key, "place_code": place, "when_reported": split, **tally.as_row()}
        for (place, split), tally in tallies(indicator, rung_counts, places).items()
    ]
    return pa.Table.from_pylist(rows, schema=LADDERS)


def exclusion_rows(indicator: Indicator | Wait, rung_counts: pa.Table, places: Iterable[str] = ()) -> pa.Table:
    """Return the number of excluded records for each place and reason, including reasons with no records."""
    counts = {(place, reason): 0 for place in _places(rung_counts, places) for reason in indicator.excluding}
    for row in rung_counts.to_pylist():
        if row["answer"] == EXCLUDED:
            for place in (row["force_code"], EVERYWHERE):
                counts[place, row["reason"]] += row["records"]
    rows = [
        {"indicator": indicator.key, "place_code": place, "reason": reason, "records": records}
        for (place, reason), records in counts.items()
    ]
    return pa.Table.from_pylist(rows, schema=REASONS)


def check_totals(form: Indicator | Wait, rung_counts: pa.Table, records: pa.Table) -> None:
    """Raise EvidenceError if the counts of an indicator's answers do not add up to the records of its table."""
    found: Counter[str] = Counter()
    for row in rung_counts.to_pylist():
        found[row["force_code"]] += row["records"]
    expected_counts = {row["force_code"]: row["records"] for row in records.to_pylist()}
    for force_code in sorted({*found, *expected_counts}, key=str):
        if found[force_code] != expected_counts.get(force_code, 0):
            raise EvidenceError(
                f"{form.key}: the answers of {force_code} add up to {found[force_code]} records, but its table of "
                f"{form.record} holds {expected_counts.get(force_code, 0)}. Run the inspection again; if it "
                f"stays, the ladder "
                "or the table is at fault."
            )


def _places(rung_counts: pa.Table, places: Iterable[str]) -> list[str]:
    return [EVERYWHERE, *sorted({*places, *rung_counts.column("force_code").to_pylist()})]


def _splits(form: Indicator | Wait) -> tuple[str, ...]:
    return (ALL, *SPLITS[form.split], NOT_KNOWN) if form.split else (ALL,)


def _places_and_splits(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return every (place, split) to which a count contributes: its place and all places, its split and all splits."""
    for place in (row["force_code"], EVERYWHERE):
        for split in dict.fromkeys((row["split"], ALL)):
            yield place, split
