"""Test what a force states about itself against its records: supported, contradicted or not testable, and by how much.

A claimed figure is compared with every share that is compatible with the records. It is contradicted if it lies outside
with probability 95%; supported if it is no more probable than not that it is off, and the sampling and missing-data
interval is not too wide; otherwise it is not testable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from assay.indicators import ALL, Indicator
from assay.indicators.catalogue.lessons.recommendations_applied import SentClaimRow
from assay.indicators.evidence_sources import MIN_RECORDS
from assay.sdc.cell_status import is_primary_suppressed
from assay.sdc.released_rows.grading_rows import LessonsAppliedRow
from assay.sdc.released_rows.indicator_rows import LaddersRow, ScaleClaimsRow
from assay.stats.missing_data_bounds import share_draws, share_with_missing, uniform_missing_shares

SUPPORTED, CONTRADICTED, NOT_TESTED = "supported", "contradicted", "cannot be tested"
MIN_PROBABILITY = 0.95
DRAWS = 2000
TOLERANCE = 0.02
"""Claims are rounded: a difference of up to two percentage points is none."""
MAX_INTERVAL_WIDTH = 0.25
"""A wider interval supports no claim."""
MAX_PROBABILITY_OFF = 0.5
"""A claim that is more probably off than not is not supported."""
SUPPRESSED_COUNT_VALUE = 2.5
OTHER_WORDS = {"contradicted": CONTRADICTED, "borne out": SUPPORTED, "cannot be said": NOT_TESTED}
STATUS = {
    "says more than is shown": CONTRADICTED,
    "says what is shown": SUPPORTED,
    "says less than is shown": CONTRADICTED,
}
TEXT, NUMBER = pa.string(), pa.float64()
TABLE = pa.schema(
    [("place_code", TEXT), ("number", pa.int64())]
    + [(name, TEXT) for name in ("subject", "key", "statement", "evidence", "verdict", "statement_date")]
    + [("probability", NUMBER), ("difference", NUMBER), ("difference_low", NUMBER), ("difference_high", NUMBER)]
)
Row = Mapping[str, Any]


def claims_table(
    claims: Iterable[SentClaimRow], ladders: Iterable[LaddersRow], applied: Iterable[LessonsAppliedRow],
    scale: Iterable[ScaleClaimsRow],
    indicators: Mapping[str, Indicator], places: Iterable[str],
) -> pa.Table:  # fmt: skip
    """Return one row for each claim of a force about itself, with its verdict.

    `claims`: the table `claims` of all returns; `ladders`: of all forces; `applied`: see `applied_table`; `scale`:
    tested claims about scale and groups.
    """
    known = {(row["place_code"], row["indicator"]): row for row in ladders if row.get("when_reported", ALL) == ALL}
    found = {(row["place_code"], row["recommendation"]): row for row in applied}
    claim_rows = list(claims)
    rows = [_figure_claim_row(row, known, indicators) for row in claim_rows if row["about_kind"] == "indicator"]
    rows += [_recommendation_claim_row(row, found) for row in claim_rows if row["about_kind"] == "recommendation"]
    rows += list(_scale_claim_rows(scale))
    rated = set(places)
    order = ("place_code", "subject", "key", "statement_date", "statement")
    ordered_rows = sorted(
        (row for row in rows if row["place_code"] in rated), key=lambda row: [row[name] for name in order]
    )
    return pa.Table.from_pylist(list(_numbered(ordered_rows)), TABLE)


def _numbered(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    last: dict[str, int] = {}
    for row in rows:
        last[row["place_code"]] = last.get(row["place_code"], 0) + 1
        yield row | {"number": last[row["place_code"]]}


def _row(claim: SentClaimRow, key: str, statement: str, evidence: str, verdict: str, **more: Any) -> dict[str, Any]:
    """Return the row of a claim; `key` is one of our keys or '', because a sender's own text is never released."""
    statement_date = claim["said_on"].isoformat() if claim["said_on"] else ""
    return {"place_code": claim["force_code"], "subject": claim["about_kind"], "key": key, "statement": statement,
            "evidence": evidence, "verdict": verdict, "statement_date": statement_date} | more  # fmt: skip


def _figure_claim_row(
    claim: SentClaimRow, ladders: Mapping[tuple[str, str], LaddersRow], indicators: Mapping[str, Indicator]
) -> dict[str, Any]:
    form, value = indicators.get(claim["about_key"] or ""), claim["claimed_value"]
    if form is None or value is None or not 0 <= value <= 1:
        key = form.key if form else ""
        return _row(claim, key, "A figure that no measure here has.", "No measure here has that name.", NOT_TESTED)
    statement = f"{form.title}: {round(100 * value)}%."
    ladder = ladders.get((claim["force_code"], form.key))
    draws = _shares(form, ladder, claim["force_code"])
    if draws is None:
        return _row(claim, form.key, statement, "Too few of its records tell.", NOT_TESTED)
    differences = value - draws
    low, high = np.quantile(differences, [0.025, 0.975])
    probability_above, probability_below = (
        float((differences > TOLERANCE).mean()),
        float((differences < -TOLERANCE).mean()),
    )
    probability_off = max(probability_above, probability_below)
    contradicted = probability_off >= MIN_PROBABILITY
    direction = "more" if probability_above >= probability_below else "less"
    evidence = (
        f"The records do not bear it out: the claim says {direction}." if contradicted else "The records would fit it."
    )
    verdict = CONTRADICTED if contradicted else SUPPORTED
    if not contradicted and high - low > MAX_INTERVAL_WIDTH:
        verdict, evidence = NOT_TESTED, "The records would fit it, and much else."
    elif not contradicted and probability_off > MAX_PROBABILITY_OFF:
        verdict, evidence = NOT_TESTED, f"The records may fit it; it is more likely that the claim says {direction}."
    return _row(
        claim, form.key, statement, evidence, verdict, probability=round(probability_off, 2),
        difference=round(float(differences.mean()), 2), difference_low=round(float(low), 2),
        difference_high=round(float(high), 2),
    )  # fmt: skip


def _shares(form: Indicator, row: Row | None, place: str) -> np.ndarray[Any, np.dtype[np.float64]] | None:
    """Return posterior draws of the share, given suppressed and unknown counts; None if too few records have an
    answer."""
    if row is None or row["not_askable"] or form.record == "force":
        return None
    counts = [SUPPRESSED_COUNT_VALUE if row[name] is None and is_primary_suppressed(row, name) else row[name]
              for name in ("met", "not_met", "not_known", "not_known_if_counted")]  # fmt: skip
    if None in counts or counts[0] + counts[1] < MIN_RECORDS:
        return None
    met, not_met, unknown = counts[0], counts[1], counts[2] + counts[3]
    seed = f"claims/{place}/{form.key}"
    known = share_draws(met, not_met, draws=DRAWS, seed=seed)
    return (
        share_with_missing(known, met + not_met, unknown, uniform_missing_shares(draws=DRAWS, seed=seed))
        if unknown
        else known
    )


def _recommendation_claim_row(
    claim: SentClaimRow, applied: Mapping[tuple[str, str], LessonsAppliedRow]
) -> dict[str, Any]:
    row = applied.get((claim["force_code"], claim["about_key"] or ""))
    if row is None:
        return _row(
            claim, "", "A past recommendation that the register does not hold.", "Which one is not said.", NOT_TESTED
        )
    statement = f"That this recommendation is {row['claimed_status'] or 'of no stated status'}."
    evidence = f"The evidence: {row['status']}. {row['why']}"
    return _row(claim, str(row["recommendation"]), statement, evidence, STATUS.get(row["comparison"] or "", NOT_TESTED))


def _scale_claim_rows(rows: Iterable[ScaleClaimsRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        statement = f"Of {row['subject']}: {row['statement']}; held against what is {row['compared_with']}."
        yield {
            "place_code": row["place_code"], "subject": row["subject"], "key": row["compared_with"],
            "statement": statement, "evidence": row["why"], "verdict": OTHER_WORDS[row["verdict"]],
            "statement_date": row["statement_date"],
        }  # fmt: skip
