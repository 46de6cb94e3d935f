"""Check a claim in words against published series: which series, which years, and what changed?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import reference
from assay.engine.provenance import read_stage
from assay.errors import AssayError, UsageError
from assay.facts import published_series as facts
from assay.facts.financial_quarters import financial_year, make_quarter, start_year
from assay.indicators.catalogue.scale.claim_checks import (
    Answer,
    Claim,
    Evidence,
    OutcomeCounts,
    Reading,
    check,
    read_claim,
)
from assay.indicators.catalogue.scale.published_trends import Series, breaks_between, estimate_level
from assay.indicators.catalogue.scale.series_tables import quarterly_series
from assay.ingest.official_statistics import read_bundle
from assay.workflows.run import register_tables

NO_SUSPECT, UNSUPPORTED = ("18",), ("14", "16")


def answer_claim(text: str, series: str, from_year: str, to_year: str, folder: Path | None = None) -> Answer:
    """Return whether a series (offence key or 'key@place') supports the claim `text` between two financial years.

    `folder` is an inspection to ask; without it, the figures that the program carries. A year that is '' is taken from
    the text. Raises UsageError for a series, place or year that is not there.
    """
    reading = read_claim(text)
    if not reading.parses and not (from_year and to_year):
        return Answer("cannot be said", (reading.not_understood,))
    starts, ends = _years(reading, from_year, to_year)
    if starts >= ends:
        raise UsageError(
            f"The earlier year comes first: {financial_year(starts)} does not lie before {financial_year(ends)}. "
            "Correct the years in the sentence, or those of --from and --to."
        )
    quarterly, edition = _quarterly_counts(folder)
    key, place = _parse_series(series)
    quarterly_counts = quarterly_series(quarterly, place, key, register_tables.count_name(key))
    if not quarterly_counts.counts:
        raise UsageError(f"There are no figures for {series!r} in this inspection.")
    outcomes = _outcome_counts(folder, key, place) if _is_about_outcomes(reading) else {}
    return check(reading, _evidence(quarterly_counts, starts, ends, edition, outcomes))


def _all_claims(reading: Reading) -> list[Claim]:
    return [claim for claims in reading.parses for claim in claims]


def _is_about_outcomes(reading: Reading) -> bool:
    return any(claim.measure != "recorded" for claim in _all_claims(reading))


def _years(reading: Reading, from_year: str, to_year: str) -> tuple[int, int]:
    """Return the years of the claim, each from the option or else from the text."""
    mentions = [mention for claim in _all_claims(reading) for mention in claim.years]
    latest = max((year for role, year in mentions if role != "from"), default=None)
    ends = start_year(to_year) if to_year else latest
    if ends is None:
        raise UsageError("The claim names no later year. Give it with --to, such as --to 2024/25.")
    if from_year:
        return start_year(from_year), ends
    return _from_year(reading, ends), ends


def _from_year(reading: Reading, ends: int) -> int:
    """Return the earlier year that the text names or implies."""
    claims = _all_claims(reading)
    named_years = [year for claim in claims for role, year in claim.years if role == "from" or year < ends]
    spans = [span for claim in claims for span in claim.spans]
    if named_years or spans:
        return min(named_years) if named_years else ends - spans[0]
    if any(claim.direction and not claim.years for claim in claims):
        raise UsageError("The claim names no earlier year. Give it with --from, such as --from 2021/22.")
    return ends - 1


def _quarterly_counts(folder: Path | None) -> tuple[pa.Table, str]:
    if folder is not None:
        sources = read_stage(folder, "returns", "sources").to_pylist()
        crime_source = next(row for row in sources if "recorded crime" in row["title"].lower())
        return read_stage(folder, "records", "recorded_quarterly"), register_tables.source_text(
            crime_source["source"], crime_source["edition"]
        )
    crime_file = next(file for file in read_bundle().files if file.return_kind == "recorded")
    return bundled_quarters(), register_tables.source_text(crime_file.name, crime_file.edition)


@lru_cache(maxsize=1)
def bundled_quarters() -> pa.Table:
    """Return offences by place, code or set, and quarter, from the figures bundled with the program."""
    with facts.open_store(read_bundle().tables) as store:
        return facts.recorded_quarterly(store)


def _outcome_counts(folder: Path | None, key: str, place: str) -> dict[int, OutcomeCounts]:
    """Return the outcomes of the offences of a series, by the calendar year in which the financial year starts."""
    rows, editions = _outcome_rows(folder)
    series_rows = [
        row for row in rows if row["place_code"] == place and row["offence_key"] == key and row["quarters"] == 4
    ]
    years = sorted({row["financial_year"] for row in series_rows})
    by_year = {year: [row for row in series_rows if row["financial_year"] == year] for year in years}
    return {start_year(year): _year_outcomes(by_year[year], editions.get(year, editions[""])) for year in years}


def _outcome_rows(folder: Path | None) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """Return the outcomes by year, and the source of each year with a file of its own; others under ''."""
    if folder is not None:
        sources = read_stage(folder, "returns", "sources").to_pylist()
        outcome_sources = [row for row in sources if "outcomes" in row["title"].lower()]
        words = {row["period"]: register_tables.source_text(row["source"], row["edition"]) for row in outcome_sources}
        rows = read_stage(folder, "records", "outcomes_yearly").to_pylist()
        return rows, {"": " and ".join(words.values())} | words
    return _bundled_outcomes()


@lru_cache(maxsize=1)
def _bundled_outcomes() -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """Return the bundled outcomes, and the source of each year."""
    received = read_bundle()
    with facts.open_store(received.tables) as store:
        facts.recorded_quarterly(store)
        facts.recorded_yearly(store)
        rows = facts.outcomes_yearly(store).to_pylist()
    table = received.tables["outcomes"].select(["financial_year", "source", "edition"])
    editions = {
        row["financial_year"]: register_tables.source_text(row["source"], row["edition"])
        for row in table.group_by(["financial_year", "source", "edition"]).aggregate([]).to_pylist()
    }
    return rows, {"": ""} | editions


def _year_outcomes(rows: Iterable[Mapping[str, Any]], edition: str) -> OutcomeCounts:
    outcome_rows = list(rows)
    outcomes = reference.outcomes()

    def count_offences(codes: Iterable[str]) -> int:
        code_set = set(codes)
        return sum(row["offences"] for row in outcome_rows if row["outcome_code"] in code_set)

    return OutcomeCounts(
        recorded=sum(row["offences"] for row in outcome_rows),
        charged=count_offences(outcome.code for outcome in outcomes.all if outcome.charged),
        pending=count_offences(outcome.code for outcome in outcomes.all if outcome.closed is False),
        no_suspect=count_offences(NO_SUSPECT),
        unsupported=count_offences(UNSUPPORTED),
        code_inferred=any(row["code_inferred"] for row in outcome_rows),
        edition=edition,
    )


def _parse_series(series: str) -> tuple[str, str]:
    """Return the offence key and place code of 'csa11', '88A@kent' or 'csa11@E23000032'."""
    key, _, place = series.partition("@")
    try:
        reference.offence_codes(key)
        return key, "EW" if place in ("", "EW") else reference.forces().find(place, option="place").code
    except AssayError as error:
        raise UsageError(
            f"--series {series!r}: {error} Write an offence code or set, such as csa11 or 88A@kent."
        ) from None


def _evidence(series: Series, starts: int, ends: int, edition: str, outcomes: Mapping[int, OutcomeCounts]) -> Evidence:
    first, last = make_quarter(financial_year(starts), 1), make_quarter(financial_year(ends), 4)
    breaks = breaks_between(series, first, last)
    outcome_breaks = reference.breaks().in_interval(series.codes, str(first), str(last), concerns="outcomes")
    truncated = series.until(last).published
    change = (
        estimate_level(truncated, (ends - starts,)).changes[0]
        if truncated.counts and truncated.times[-1] == last
        else None
    )
    step_adjusted = change.step_adjusted if change else None
    place = register_tables.place_names()[series.place_code]
    return Evidence(
        series=f"{series.title[0].lower()}{series.title[1:]} ({place})",
        from_year=financial_year(starts),
        to_year=financial_year(ends),
        before=_full_year_count(series, starts),
        after=_full_year_count(series, ends),
        probability_fell=step_adjusted.probability_fell if step_adjusted else None,
        refusal=change.refusal if change else "the later year is not complete.",
        not_comparable=tuple(
            f"from {series_break.starts}, {series_break.reason}"
            for series_break in breaks
            if series_break.is_usable and series_break.compare_across == "no"
        ),
        with_care=tuple(
            f"from {series_break.starts}, {series_break.reason}"
            for series_break in breaks
            if series_break.compare_across == "with care"
        ),
        edition=edition,
        key=series.offence_key,
        place=series.place_code,
        place_name=place,
        latest=_latest_full_year(series),
        outcomes_with_care=tuple(
            f"from {series_break.starts}, {series_break.reason}"
            for series_break in outcome_breaks
            if series_break.compare_across != "yes"
        ),
        outcomes=outcomes,
    )


def _full_year_count(series: Series, starts: int) -> int | None:
    """Return the count of a financial year; None unless all four quarters were published."""
    first = make_quarter(financial_year(starts), 1)
    counts = dict(zip(series.times, series.counts, strict=True))
    quarters = [counts.get(first + i) for i in range(4)]
    known_counts = [count for count in quarters if count is not None]
    return sum(known_counts) if len(known_counts) == 4 else None


def _latest_full_year(series: Series) -> int | None:
    """Return the year in which the last full financial year starts."""
    starts = sorted({start_year(time.financial_year) for time in series.times}, reverse=True)
    return next((year for year in starts if _full_year_count(series, year) is not None), None)
