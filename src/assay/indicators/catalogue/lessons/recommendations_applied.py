"""Was each past recommendation carried out in each force, according to the evidence and to the force itself?

Each test is met, not met or indeterminate. All met: applied; some met: partly applied; none of the determinate tests
met: not applied; no determinate test: cannot be shown. A recommendation to other organisations depends on them. A
document alone does not prove practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

import pyarrow as pa

from assay.indicators import ALL, Indicator
from assay.indicators.catalogue.lessons.recommendation_register import NO_TEST, OTHER_ORGANISATIONS, Lesson, lessons
from assay.indicators.evidence_sources import AGREE, CANNOT_TELL, DISAGREE, MIN_RECORDS, verdict_by_interval
from assay.reference.past_recommendations import NOT_GRADED
from assay.sdc.cell_status import is_primary_suppressed
from assay.sdc.released_rows.grading_rows import SourceVerdictsRow
from assay.sdc.released_rows.indicator_rows import LaddersRow
from assay.wording import join_words

APPLIED, PARTLY, NOT_APPLIED = "applied", "partly", "not applied"
CANNOT, DEPENDS, NOT_TESTED = "cannot be shown", "depends on others", "listed, not tested"
STATUSES = (APPLIED, PARTLY, NOT_APPLIED, CANNOT, DEPENDS, NOT_TESTED)
STATUS_OF_CLAIM = {
    "applied": APPLIED,
    "partly_applied": PARTLY,
    "not_applied": NOT_APPLIED,
    "depends_on_others": DEPENDS,
}
"""The status that each claim of a force corresponds to."""
OVERSTATED, CONSISTENT, UNDERSTATED = "says more than is shown", "says what is shown", "says less than is shown"
TEXT = pa.string()
TABLE = pa.schema(
    [(name, TEXT) for name in ("place_code", "recommendation", "status", "why", "evidence_keys")]
    + [(name, TEXT) for name in ("claimed_status", "statement_date", "comparison")]
)
LARGEST_HIDDEN = 4
Row = Mapping[str, Any]


class SentClaimRow(TypedDict):
    """The columns of the table `claims` of returns that are read for past recommendations and figures."""

    force_code: str
    about_kind: str
    about_key: str | None
    claimed_value: float | None
    claimed_status: str | None
    said_on: date


def applied_table(
    ladders: Iterable[LaddersRow], evidence_rows: Iterable[SourceVerdictsRow], claims: Iterable[SentClaimRow],
    indicators: Mapping[str, Indicator], places: Sequence[str],
) -> pa.Table:  # fmt: skip
    """Return one row for each force and recommendation: its status by the evidence, and the force's own statement.

    `claims`: statements of forces (force_code, about_key, claimed_status, said_on).
    """
    known = {(row["place_code"], row["indicator"]): row for row in ladders if row.get("when_reported", ALL) == ALL}
    verdicts = {
        (row["place_code"], row["characteristic"], row["evidence_source"]): row["verdict"] for row in evidence_rows
    }
    latest_claims: dict[tuple[str, str], SentClaimRow] = {}
    for row in sorted(claims, key=lambda entry: str(entry["said_on"])):  # the latest statement counts
        latest_claims[row["force_code"], row["about_key"] or ""] = row
    rows = [
        _row(place, entry, known, verdicts, latest_claims.get((place, entry.key)), indicators)
        for place in places
        for entry in lessons()
    ]
    return pa.Table.from_pylist(rows, TABLE)


def _row(
    place: str,
    lesson: Lesson,
    ladders: Mapping[tuple[str, str], LaddersRow],
    evidence_verdicts: Mapping[tuple[str, str, str], str],
    claim: SentClaimRow | None,
    indicators: Mapping[str, Indicator],
) -> dict[str, Any]:
    tested = {key: verdict_of(indicators[key], ladders.get((place, key))) for key in lesson.test.indicators}
    tested |= {
        kind: evidence_verdicts.get((place, lesson.test.characteristic, kind), CANNOT_TELL)
        for kind in lesson.test.evidence
    }
    document_verdict = evidence_verdicts.get((place, lesson.test.characteristic, "documents"), "")
    titles = {key: indicators[key].title if key in indicators else key for key in tested}
    status, why = status_of(lesson, tested, titles, document_verdict)
    claimed = STATUS_OF_CLAIM.get(claim["claimed_status"] or "", "") if claim else ""
    return {
        "place_code": place, "recommendation": lesson.key, "status": status, "why": why,
        "evidence_keys": " ".join(tested),
        "claimed_status": claimed, "statement_date": claim["said_on"].isoformat() if claim and claimed else "",
        "comparison": compare_with_claim(claimed, status, denied=DISAGREE in tested.values()),
    }  # fmt: skip


def verdict_of(form: Indicator, row: LaddersRow | None) -> str:
    """Return the verdict on one indicator from its missing-data bounds; indeterminate if there are too few records."""
    if row is None or row["not_askable"]:
        return CANNOT_TELL
    count_ranges = [_count_range(row, name) for name in ("met", "not_met", "not_known", "not_known_if_counted")]
    if any(count_range is None for count_range in count_ranges):
        return CANNOT_TELL
    met, not_met, *unknown = (count_range for count_range in count_ranges if count_range is not None)
    if form.record != "force" and met[1] + not_met[1] < MIN_RECORDS:
        return CANNOT_TELL
    max_unknown = sum(count_range[1] for count_range in unknown)
    low = met[0] / max(met[0] + not_met[1] + max_unknown, 1)
    high = (met[1] + max_unknown) / max(met[1] + not_met[0] + max_unknown, 1)
    return verdict_by_interval(low, high) if form.better == "higher" else verdict_by_interval(1 - high, 1 - low)


def _count_range(row: Row, name: str) -> tuple[float, float] | None:
    """Return a count as a range: a primary suppressed count has its smallest and largest possible value; None if
    secondary suppressed."""
    if row[name] is not None:
        return float(row[name]), float(row[name])
    return (1.0, float(LARGEST_HIDDEN)) if is_primary_suppressed(row, name) else None


def status_of(
    lesson: Lesson, tested: Mapping[str, str], titles: Mapping[str, str], document_verdict: str
) -> tuple[str, str]:
    """Return the status of one recommendation in one force, and the reason."""
    if not lesson.text_read:
        return NOT_TESTED, "Its text was not read in any source, so that nobody can be held to it."
    if lesson.test.owed_by == OTHER_ORGANISATIONS:
        return DEPENDS, f"It was asked of others: {lesson.recommendation.owner}."
    met, not_met, indeterminate = (
        [titles[key] for key, verdict in tested.items() if verdict in verdict_group]
        for verdict_group in ((AGREE,), (DISAGREE,), tuple({*tested.values()} - {AGREE, DISAGREE}))
    )
    sentences = [f"{head}: {join_words(names)}." for head, names in
            (("Shown", met), ("Not shown", not_met), ("It cannot be said", indeterminate)) if names]  # fmt: skip
    if document_verdict == AGREE and not met:
        sentences.append("It is written down; practice does not show it.")
    status = CANNOT if not met and not not_met else NOT_APPLIED if not met else APPLIED
    if status == APPLIED and (not_met or indeterminate):
        status = PARTLY
    sentences = sentences or [NO_TEST]
    if not lesson.recommendation.grades:
        sentences.append(NOT_GRADED)
    return status, " ".join(sentences)


def compare_with_claim(claimed_status: str, status: str, *, denied: bool) -> str:
    """Compare the force's own statement with the evidence; '' if either is missing or indeterminate."""
    rank = {APPLIED: 2, PARTLY: 1, NOT_APPLIED: 0}
    if (
        claimed_status not in rank
        or status not in rank
        or (claimed_status == APPLIED and status == PARTLY and not denied)
    ):
        return ""
    return (
        CONSISTENT
        if rank[claimed_status] == rank[status]
        else OVERSTATED
        if rank[claimed_status] > rank[status]
        else UNDERSTATED
    )
