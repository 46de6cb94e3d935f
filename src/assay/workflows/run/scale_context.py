"""What stands beside a force's own records: the counts that are published of it, and what marked files say?"""

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
from assay.engine.provenance.stage_folders import stages_in
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale import record_series, scale_parts, series_falls
from assay.indicators.catalogue.scale.published_trends import Series
from assay.indicators.catalogue.scale.series_tables import quarterly_series
from assay.workflows.run.published_claims import carried_quarters

PUBLISHED_SET = "csa11"
"""The set of offence codes whose published counts stand beside a force's own records."""


def published_series(bodies: Sequence[str]) -> list[Series]:
    """What is published of those bodies that are real forces, from the figures that the program carries; of all
    together only where every territorial force is among them."""
    territorial = {one.code for one in reference.forces() if one.kind == "territorial"}
    codes = [code for code in bodies if code in {one.code for one in reference.forces()}]
    if not codes:
        return []
    rows = carried_quarters()
    wanted = [(code, code) for code in codes]
    wanted += [(EVERYWHERE, "EW")] if territorial <= set(codes) else []
    told = [(place, quarterly_series(rows, of, PUBLISHED_SET, "")) for place, of in wanted]
    return [
        replace(
            one,
            place_code=place,
            title=record_series.TITLES[record_series.PUBLISHED],
            offence_key=record_series.PUBLISHED,
        )
        for place, one in told
        if one.counts
    ]


def accuracy(folder: Path) -> pa.Table:
    """What marked files say of recording, by sample and place: a ratio with its interval, or why there is none."""
    # The side room reads this one, so it is looked into only when it is needed.
    from assay.casefiles.file_allocation import marks_of
    from assay.casefiles.file_sampling import SAMPLES
    from assay.casefiles.ratio_estimates import ratios
    from assay.indicators.catalogue.scale.recording_questions import recording_case

    drawn = [stage.removeprefix(f"{SAMPLES}/") for stage in stages_in(folder) if stage.startswith(f"{SAMPLES}/")]
    marked = [sample for sample in drawn if marks_of(folder, sample, recording_case.key)]
    rows: list[dict[str, Any]] = [
        {
            "sample": sample, "place_code": one.place, "files": one.told, "correctly": one.parts,
            "should_be": one.wholes, "share": one.share.value, "share_low": one.share.low, "share_high": one.share.high,
            "why_not": "" if one.share.value is not None else one.share.words,
        }
        for sample in marked
        for one in ratios(folder, sample, recording_case.key)
        if not one.stratum
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=scale_parts.ACCURACY)


def should_stand_recorded(folder: Path, followed: Sequence[Series], years: Sequence[date]) -> pa.Table:
    """How many crimes should stand recorded in the last full year and in the year before, by place: those recorded,
    over the share that marked files found rightly recorded. Of several samples the one with most files is taken;
    without marks, or without two years, there are no rows."""
    from assay.casefiles.ratio_estimates import shares_of_parts
    from assay.indicators.catalogue.scale.recording_questions import recording_case

    told = [row for row in accuracy(folder).to_pylist() if row["place_code"] == EVERYWHERE]
    if not told or not years:
        return series_falls.YEARS.empty_table()
    sample = max(told, key=lambda row: row["files"])["sample"]
    shares = shares_of_parts(folder, sample, recording_case.key, _years_of_crimes(folder, years))
    recorded = {one.place_code: one.counts for one in followed if one.offence_key == record_series.RECORDED}
    return series_falls.by_shares(recorded, years, shares)


def _years_of_crimes(folder: Path, years: Sequence[date]) -> dict[tuple[str, str], str]:
    """The first day of the year in which a crime was recorded, of those in one of the years."""
    rows = pq.read_table(folder / "records" / "crime.parquet", columns=["force_code", "crime_ref", "recorded_day"])
    found = {}
    for row in rows.to_pylist():
        day = row["recorded_day"]
        for begin, after in pairwise(years):
            if day and begin <= day < after:
                found[row["force_code"], row["crime_ref"]] = begin.isoformat()
    return found
