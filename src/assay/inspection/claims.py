"""Which series does a claim speak of, and what did it do between the two years?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import commission
from assay.enquiries.scale.claims import Answer, Evidence, check, read_claim
from assay.enquiries.scale.tables import quarterly_series
from assay.enquiries.scale.trend import Series, breaks_between, level_of
from assay.errors import AssayError, UsageError
from assay.evidence import read_stage
from assay.inspection import registers
from assay.records import published as facts
from assay.records.quarters import financial_year, quarter, start_of
from assay.returns.published import carried


def answer_claim(text: str, series: str, from_year: str, to_year: str, folder: Path | None = None) -> Answer:
    """Is `text` supported by the series (an offence key, with '@place' if wanted) between two financial years?

    `folder` is an inspection to ask; without it, the figures that the program carries. Raises UsageError for a
    series, place or year that is not there, and for a sentence that claims nothing of a series.
    """
    claim = read_claim(text)
    starts, ends = start_of(from_year), start_of(to_year)
    if starts >= ends:
        raise UsageError(f"The earlier year comes first: --from {from_year} does not lie before --to {to_year}.")
    quarterly, edition = _quarterly(folder)
    key, place = _series_asked(series)
    found = quarterly_series(quarterly.to_pylist(), place, key, registers.count_name(key))
    if not found.counts:
        raise UsageError(f"There are no figures for {series!r} in this inspection.")
    return check(claim, _evidence(found, starts, ends, edition))


def _quarterly(folder: Path | None) -> tuple[pa.Table, str]:
    if folder is not None:
        sources = read_stage(folder, "returns", "sources").to_pylist()
        named = next(row for row in sources if "recorded crime" in row["title"].lower())
        return read_stage(folder, "records", "recorded_quarterly"), registers.source_words(
            named["source"], named["edition"]
        )
    named_file = next(file for file in carried().files if file.return_kind == "recorded")
    return _carried(), registers.source_words(named_file.name, named_file.edition)


def carried_quarters() -> list[dict[str, Any]]:
    """Offences by place, code or set, and quarter, from the figures that the program carries."""
    rows: list[dict[str, Any]] = _carried().to_pylist()
    return rows


def _carried() -> pa.Table:
    with facts.open_store(carried().tables) as store:
        return facts.recorded_quarterly(store)


def _series_asked(series: str) -> tuple[str, str]:
    """The offence key and place code that 'csa11', '88A@kent' or 'csa11@E23000032' names."""
    key, _, place = series.partition("@")
    try:
        commission.codes_of(key)
        return key, "EW" if place in ("", "EW") else commission.forces().find(place).code
    except AssayError as error:
        raise UsageError(
            f"--series {series!r}: {error} Write an offence code or set, such as csa11 or 88A@kent."
        ) from None


def _evidence(series: Series, starts: int, ends: int, edition: str) -> Evidence:
    first, last = quarter(financial_year(starts), 1), quarter(financial_year(ends), 4)
    between = breaks_between(series, first, last)
    cut = series.until(last).published
    change = level_of(cut, (ends - starts,)).changes[0] if cut.counts and cut.times[-1] == last else None
    said = change.step_taken_out if change else None
    place = registers.names()[series.place_code]
    return Evidence(
        series=f"{series.title[0].lower()}{series.title[1:]} ({place})",
        from_year=financial_year(starts),
        to_year=financial_year(ends),
        before=_full_year(series, starts),
        after=_full_year(series, ends),
        probability_fell=said.probability_fell if said else None,
        refusal=change.refusal if change else "the later year is not complete.",
        uncrossable=tuple(f"from {b.starts}, {b.reason}" for b in between if b.usable and b.compare_across == "no"),
        with_care=tuple(f"from {b.starts}, {b.reason}" for b in between if b.compare_across == "with care"),
        edition=edition,
    )


def _full_year(series: Series, starts: int) -> int | None:
    """The count of a financial year; None unless all four quarters were published."""
    first = quarter(financial_year(starts), 1)
    counts = dict(zip(series.times, series.counts, strict=True))
    quarters = [counts.get(first + i) for i in range(4)]
    known = [count for count in quarters if count is not None]
    return sum(known) if len(known) == 4 else None
