"""Crimes that were not investigated, reopened, or reviewed after closure."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from assay.synthetic.case_dossier import Dossier, moment
from assay.synthetic.local_time import time_after, time_between
from assay.synthetic.random_stream import RandomStream

INVESTIGATION_STEPS = {
    "investigation_plan_set",
    "line_of_enquiry_raised",
    "identification_attempted",
    "device_seized",
    "suspect_arrested",
    "suspect_interviewed_under_caution",
}
MIN_SILENCE = dt.timedelta(days=25)
"""The shortest period without a record in which a crime can have been closed."""


def not_investigated(files: list[Dossier], stream: RandomStream) -> None:
    """Add the decision not to investigate to some crimes without an investigation step."""
    for dossier in files:
        untouched = not INVESTIGATION_STEPS & {row["kind"] for row in dossier.steps}
        has_no_suspect = not dossier.case.named_suspects or dossier.case.closed_too_soon
        if not (untouched and has_no_suspect and dossier.row["closed_at"] and dossier.case.ending != "1"):
            continue
        draw = stream.substream(dossier.case.ref)
        limit = min(dossier.end, dossier.opened + dt.timedelta(days=10))
        if dossier.opened < limit and draw.happens(
            dossier.records.force.rate("not_investigated", dossier.case.recorded)
        ):
            dossier.add_step_with_notices(
                "decision_not_to_investigate", time_between(dossier.opened, limit, draw), draw, by_role="supervisor"
            )


def reopened(files: list[Dossier], stream: RandomStream) -> None:
    """Add closure and reopening of crimes, with no records in between."""
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        if not draw.happens(dossier.records.force.rate("reopened", dossier.case.recorded)):
            continue
        start, end = _longest_silence(dossier)
        if end - start >= MIN_SILENCE and not dossier.steps_of_kind("crime_reopened", "decision_not_to_investigate"):
            closed = time_after(start, draw.integer(1, 4), draw)
            opened = time_between(closed + dt.timedelta(days=7), end, draw)
            dossier.add_step("earlier_closure", closed, by_role="supervisor")
            dossier.add_step("crime_reopened", opened, by_role="supervisor")
            dossier.records.add_truth("reopened", crime_ref=dossier.case.ref, closed_at=closed, opened_at=opened)


def _longest_silence(dossier: Dossier) -> tuple[dt.datetime, dt.datetime]:
    """The longest time from the opening to the end in which nothing was entered."""
    first, last = dossier.opened, dossier.end
    inside = sorted(moment(row["happened_at"]) for row in dossier.steps)
    times = [first, *(when for when in inside if first < when < last), last]
    return max(((start, stop) for start, stop in pairwise(times)), key=lambda gap: gap[1] - gap[0])


def closed_cases(files: list[Dossier], stream: RandomStream) -> None:
    """Add referrals of closed group crimes without a charge to the review of closed group cases."""
    for dossier in files:
        if not dossier.row["closed_at"] or dossier.case.ending == "1" or len(dossier.case.suspects) < 2:
            continue
        draw = stream.substream(dossier.case.ref)
        referred = time_after(dossier.case.ends, 10 + draw.exponential(40), draw)
        if draw.happens(dossier.records.force.rate("closed_case_referred", dossier.case.recorded)):
            dossier.add_step("closed_case_referred", referred, by_role="chief_officer")
            if draw.happens(dossier.records.force.rate("closed_case_reviewed")):
                dossier.add_step(
                    "independent_review_done", time_after(referred, draw.integer(15, 60), draw), by_role="other"
                )
