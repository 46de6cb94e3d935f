"""Is each past recommendation applied in each force, as far as evidence can show, and what does the force itself say?

Each test says that it is met, is not, or cannot tell. All met: applied. Some met: partly. None of those that tell:
not applied. None tells: it cannot be shown. What others must do depends on others. A paper is not practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.indicators import ALL, Indicator
from assay.indicators.catalogue.lessons.recommendation_register import OTHERS, Lesson, lessons
from assay.indicators.evidence_strands import AGREE, CANNOT_TELL, DISAGREE, FEWEST_RECORDS, by_line
from assay.wording import listed

APPLIED, PARTLY, NOT_APPLIED = "applied", "partly", "not applied"
CANNOT, DEPENDS, NOT_TESTED = "cannot be shown", "depends on others", "listed, not tested"
STATUSES = (APPLIED, PARTLY, NOT_APPLIED, CANNOT, DEPENDS, NOT_TESTED)
SAID = {"applied": APPLIED, "partly_applied": PARTLY, "not_applied": NOT_APPLIED, "depends_on_others": DEPENDS}
"""What a force may say of itself, in the same words."""
MORE, SAME, LESS = "says more than is shown", "says what is shown", "says less than is shown"
TEXT = pa.string()
TABLE = pa.schema(
    [(name, TEXT) for name in ("place_code", "recommendation", "status", "why", "rests_on")]
    + [(name, TEXT) for name in ("said", "said_on", "beside")]
)
LARGEST_HIDDEN = 4
Row = Mapping[str, Any]


def applied_table(
    ladders: Iterable[Row], strands: Iterable[Row], claims: Iterable[Row], indicators: Mapping[str, Indicator],
    places: Sequence[str],
) -> pa.Table:  # fmt: skip
    """One row a force and recommendation. `claims`: of forces (force_code, about_key, claimed_status, said_on)."""
    known = {(row["place_code"], row["indicator"]): row for row in ladders if row.get("when_reported", ALL) == ALL}
    verdicts = {(row["place_code"], row["characteristic"], row["strand"]): row["verdict"] for row in strands}
    said: dict[tuple[str, str], Row] = {}
    for row in sorted(claims, key=lambda one: str(one["said_on"])):  # the last word counts
        said[row["force_code"], row["about_key"] or ""] = row
    rows = [
        _row(place, one, known, verdicts, said.get((place, one.key)), indicators)
        for place in places
        for one in lessons()
    ]
    return pa.Table.from_pylist(rows, TABLE)


def _row(
    place: str, one: Lesson, ladders: Mapping[tuple[str, str], Row], strands: Mapping[tuple[str, str, str], str],
    said: Row | None, indicators: Mapping[str, Indicator],
) -> dict[str, Any]:  # fmt: skip
    tested = {key: verdict_of(indicators[key], ladders.get((place, key))) for key in one.test.indicators}
    tested |= {kind: strands.get((place, one.test.characteristic, kind), CANNOT_TELL) for kind in one.test.strands}
    paper = strands.get((place, one.test.characteristic, "documents"), "")
    titles = {key: indicators[key].title if key in indicators else key for key in tested}
    status, why = status_of(one, tested, titles, paper)
    claimed = SAID.get(said["claimed_status"] or "", "") if said else ""
    return {
        "place_code": place, "recommendation": one.key, "status": status, "why": why, "rests_on": " ".join(tested),
        "said": claimed, "said_on": said["said_on"].isoformat() if said and claimed else "",
        "beside": beside(claimed, status, denied=DISAGREE in tested.values()),
    }  # fmt: skip


def verdict_of(form: Indicator, row: Row | None) -> str:
    """Whether one indicator shows it, whatever the records that do not tell would say; of too few it cannot."""
    if row is None or row["not_askable"]:
        return CANNOT_TELL
    ends = [_ends(row, name) for name in ("met", "not_met", "not_known", "not_known_if_counted")]
    if any(one is None for one in ends):
        return CANNOT_TELL
    met, not_met, *unknown = (one for one in ends if one is not None)
    if form.record != "force" and met[1] + not_met[1] < FEWEST_RECORDS:
        return CANNOT_TELL
    most = sum(one[1] for one in unknown)
    low = met[0] / max(met[0] + not_met[1] + most, 1)
    high = (met[1] + most) / max(met[1] + not_met[0] + most, 1)
    return by_line(low, high) if form.better == "higher" else by_line(1 - high, 1 - low)


def _ends(row: Row, name: str) -> tuple[float, float] | None:
    """A count, or the least and the most that a hidden one may be; None where it is kept back."""
    if row[name] is not None:
        return float(row[name]), float(row[name])
    return (1.0, float(LARGEST_HIDDEN)) if name in (row.get("hidden") or "").split() else None


def status_of(one: Lesson, tested: Mapping[str, str], titles: Mapping[str, str], paper: str) -> tuple[str, str]:
    """The status of one recommendation in one force, and why."""
    if not one.text_read:
        return NOT_TESTED, "Its text was not read in any source, so that nobody can be held to it."
    if one.test.of == OTHERS:
        return DEPENDS, f"It was asked of others: {one.recommendation.owner}."
    met, not_met, silent = (
        [titles[key] for key, verdict in tested.items() if verdict in wanted]
        for wanted in ((AGREE,), (DISAGREE,), tuple({*tested.values()} - {AGREE, DISAGREE}))
    )
    told = [f"{head}: {listed(names)}." for head, names in
            (("Shown", met), ("Not shown", not_met), ("It cannot be said", silent)) if names]  # fmt: skip
    if paper == AGREE and not met:
        told.append("It is written down; practice does not show it.")
    status = CANNOT if not met and not not_met else NOT_APPLIED if not met else APPLIED
    if status == APPLIED and (not_met or silent):
        status = PARTLY
    return status, " ".join(told) or "No measure, file or document tests it yet."


def beside(said: str, status: str, *, denied: bool) -> str:
    """How the force's own word stands beside the evidence; '' where one of the two is silent, or where a part cannot be
    told and nothing that can be told denies it."""
    order = {APPLIED: 2, PARTLY: 1, NOT_APPLIED: 0}
    if said not in order or status not in order or (said == APPLIED and status == PARTLY and not denied):
        return ""
    return SAME if order[said] == order[status] else MORE if order[said] > order[status] else LESS
