"""Which crimes were not investigated, which were closed and opened again, and which closed ones did others review?"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from assay.synthetic.case_dossier import Dossier, moment
from assay.synthetic.local_time import after, within
from assay.synthetic.random_stream import Chance

INVESTIGATED = {
    "investigation_plan_set",
    "line_of_enquiry_raised",
    "identification_attempted",
    "device_seized",
    "suspect_arrested",
    "suspect_interviewed_under_caution",
}
QUIET = dt.timedelta(days=25)
"""The shortest silence in which a crime can have been closed."""


def not_investigated(files: list[Dossier], chance: Chance) -> None:
    """On some crimes that saw no step of an investigation it was decided that there would be none."""
    for one in files:
        untouched = not INVESTIGATED & {row["kind"] for row in one.steps}
        nobody = not one.case.named or one.case.closed_too_soon
        if not (untouched and nobody and one.row["closed_at"] and one.case.ending != "1"):
            continue
        draw = chance.stream(one.case.ref)
        limit = min(one.until, one.opened + dt.timedelta(days=10))
        if one.opened < limit and draw.happens(one.book.force.rate("not_investigated", one.case.recorded)):
            one.tell("decision_not_to_investigate", within(one.opened, limit, draw), draw, by_role="supervisor")


def reopened(files: list[Dossier], chance: Chance) -> None:
    """A crime that was closed and opened again lay still in between."""
    for one in files:
        draw = chance.stream(one.case.ref)
        if not draw.happens(one.book.force.rate("reopened", one.case.recorded)):
            continue
        start, end = _longest_silence(one)
        if end - start >= QUIET and not one.of("crime_reopened", "decision_not_to_investigate"):
            closed = after(start, draw.whole(1, 4), draw)
            opened = within(closed + dt.timedelta(days=7), end, draw)
            one.enter("earlier_closure", closed, by_role="supervisor")
            one.enter("crime_reopened", opened, by_role="supervisor")
            one.book.know("reopened", crime_ref=one.case.ref, closed_at=closed, opened_at=opened)


def _longest_silence(one: Dossier) -> tuple[dt.datetime, dt.datetime]:
    """The longest time from the opening to the end in which nothing was entered."""
    first, last = one.opened, one.until
    inside = sorted(moment(row["happened_at"]) for row in one.steps)
    times = [first, *(when for when in inside if first < when < last), last]
    return max(((earlier, later) for earlier, later in pairwise(times)), key=lambda gap: gap[1] - gap[0])


def closed_cases(files: list[Dossier], chance: Chance) -> None:
    """Closed crimes of several suspects, nobody charged: some are referred to a review of closed group cases."""
    for one in files:
        if not one.row["closed_at"] or one.case.ending == "1" or len(one.case.suspects) < 2:
            continue
        draw = chance.stream(one.case.ref)
        referred = after(one.case.ends, 10 + draw.exponential(40), draw)
        if draw.happens(one.book.force.rate("closed_case_referred", one.case.recorded)):
            one.enter("closed_case_referred", referred, by_role="chief_officer")
            if draw.happens(one.book.force.rate("closed_case_reviewed")):
                one.enter("independent_review_done", after(referred, draw.whole(15, 60), draw), by_role="other")
