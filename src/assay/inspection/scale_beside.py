"""What stands beside a force's own records: the counts that are published of it, and what marked files say?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import commission
from assay.enquiries.scale import parts, series
from assay.enquiries.scale.tables import quarterly_series
from assay.enquiries.scale.trend import Series
from assay.evidence.stages import stages_in
from assay.inspection.claims import carried_quarters
from assay.measure import EVERYWHERE

PUBLISHED_SET = "csa11"
"""The set of offence codes whose published counts stand beside a force's own records."""


def published_series(bodies: Sequence[str]) -> list[Series]:
    """What is published of those bodies that are real forces, from the figures that the program carries; of all
    together only where every territorial force is among them."""
    territorial = {one.code for one in commission.forces() if one.kind == "territorial"}
    codes = [code for code in bodies if code in {one.code for one in commission.forces()}]
    if not codes:
        return []
    rows = carried_quarters()
    wanted = [(code, code) for code in codes]
    wanted += [(EVERYWHERE, "EW")] if territorial <= set(codes) else []
    told = [(place, quarterly_series(rows, of, PUBLISHED_SET, "")) for place, of in wanted]
    return [
        replace(one, place_code=place, title=series.TITLES[series.PUBLISHED], offence_key=series.PUBLISHED)
        for place, one in told
        if one.counts
    ]


def accuracy(folder: Path) -> pa.Table:
    """What marked files say of recording, by sample and place: a ratio with its interval, or why there is none."""
    # The side room reads this one, so it is looked into only when it is needed.
    from assay.casefiles.fieldwork import marks_of
    from assay.casefiles.ratios import ratios
    from assay.casefiles.sampling import SAMPLES
    from assay.enquiries.scale.questions import recording_case

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
    return pa.Table.from_pylist(rows, schema=parts.ACCURACY)
