"""Compare a force's own records with published counts, and with the recording accuracy of rated files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay import reference
from assay.engine.provenance.stage_folders import list_stages
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale import record_series, scale_parts, series_falls
from assay.indicators.catalogue.scale.published_trends import Series
from assay.indicators.catalogue.scale.series_tables import quarterly_series
from assay.workflows.run.published_claims import bundled_quarters

PUBLISHED_SET = "csa11"
"""The set of offence codes whose published counts are compared with a force's own records."""


def published_series(force_codes: Sequence[str]) -> list[Series]:
    """Return the published series of these forces, and of all together if every territorial force is included."""
    territorial = {item.code for item in reference.forces() if item.kind == "territorial"}
    codes = [code for code in force_codes if code in {item.code for item in reference.forces()}]
    if not codes:
        return []
    quarters = bundled_quarters()
    place_pairs = [(code, code) for code in codes]
    place_pairs += [(EVERYWHERE, "EW")] if territorial <= set(codes) else []
    series_by_place = [
        (place, quarterly_series(quarters, published_code, PUBLISHED_SET, "")) for place, published_code in place_pairs
    ]
    return [
        replace(
            item,
            place_code=place,
            title=record_series.TITLES[record_series.PUBLISHED],
            offence_key=record_series.PUBLISHED,
        )
        for place, item in series_by_place
        if item.counts
    ]


def recording_accuracy(folder: Path) -> pa.Table:
    """Return the estimated recording accuracy by sample and place, with its interval, or why there is none."""
    from assay.casefiles.file_allocation import sample_ratings
    from assay.casefiles.file_sampling import SAMPLES
    from assay.casefiles.ratio_estimates import ratios
    from assay.indicators.catalogue.scale.recording_case_file_questions import recording_case

    drawn_samples = [
        stage.removeprefix(f"{SAMPLES}/") for stage in list_stages(folder) if stage.startswith(f"{SAMPLES}/")
    ]
    rated_samples = [sample for sample in drawn_samples if sample_ratings(folder, sample, recording_case.key)]
    rows: list[dict[str, Any]] = [
        {
            "sample": sample,
            "place_code": ratio.place,
            "files": ratio.answered,
            "correctly": ratio.parts,
            "should_be": ratio.wholes,
            "share": ratio.share.value,
            "share_low": ratio.share.low,
            "share_high": ratio.share.high,
            "why_not": "" if ratio.share.value is not None else ratio.share.words,
        }
        for sample in rated_samples
        for ratio in ratios(folder, sample, recording_case.key)
        if not ratio.stratum
    ]
    return pa.Table.from_pylist(rows, schema=scale_parts.ACCURACY)


def estimate_recordable(folder: Path, followed: Sequence[Series], years: Sequence[date]) -> pa.Table:
    """Return the estimated number of crimes that should have been recorded, by place and year."""
    from assay.casefiles.ratio_estimates import domain_shares
    from assay.indicators.catalogue.scale.recording_case_file_questions import recording_case

    national_rows = [row for row in recording_accuracy(folder).to_pylist() if row["place_code"] == EVERYWHERE]
    if not national_rows or not years:
        return series_falls.YEARS.empty_table()
    sample = max(national_rows, key=lambda row: row["files"])["sample"]
    shares = domain_shares(folder, sample, recording_case.key, _years_of_crimes(folder, years))
    recorded = {series.place_code: series.counts for series in followed if series.offence_key == record_series.RECORDED}
    return series_falls.yearly_ranges(recorded, years, shares)


def _years_of_crimes(folder: Path, years: Sequence[date]) -> dict[tuple[str, str], str]:
    """Return the first day of the year in which each crime was recorded, for crimes in these years."""
    rows = pq.read_table(folder / "records" / "crime.parquet", columns=["force_code", "crime_ref", "recorded_day"])
    years_found = {}
    for row in rows.to_pylist():
        day = row["recorded_day"]
        for year_start, year_end in pairwise(years):
            if day and year_start <= day < year_end:
                years_found[row["force_code"], row["crime_ref"]] = year_start.isoformat()
    return years_found
