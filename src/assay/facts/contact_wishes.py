"""Had a victim asked not to be contacted, at the moment that counts?

Only a wish that was in force then takes anybody out of a count: the latest agreement at or before that moment decides.
Where two agreements may each be the latest, or one may lie before the moment or after it, it is not known. Silence is
no wish, also where a force does not send agreements.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import beside, stacked

AGREEMENT, NO_CONTACT = "contact_agreement_recorded", "no_contact_wished"
POINT = ["force_code", "point_ref"]


def agreements(steps: ibis.Table) -> ibis.Table:
    """Agreements that say what was agreed: force_code, crime_ref, victim_ref (missing: does not say whose), agreed
    and agreed_last (seconds since 1970), wish (true: no contact)."""
    told = steps.filter((steps.kind == AGREEMENT) & ~steps.detail.isnull())
    return told.select(
        "force_code",
        "crime_ref",
        "victim_ref",
        agreed=told.starts.epoch_seconds().cast("int64"),
        agreed_last=told.starts_last.epoch_seconds().cast("int64"),
        wish=told.detail == NO_CONTACT,
    )


def wishes_at(points: ibis.Table, agreed: ibis.Table) -> ibis.Table:
    """One row a point: force_code, point_ref, no_contact_wished.

    `points`: force_code, point_ref, crime_ref, victim_ref, moment and moment_last (seconds since 1970).
    """
    own = points.join(agreed.filter(~agreed.victim_ref.isnull()).drop("crime_ref"), ["force_code", "victim_ref"])
    newest = own.group_by(POINT).aggregate(newest=own.agreed.max(where=_before(own)))
    unclear = agreed.filter(agreed.victim_ref.isnull() & agreed.wish).drop("victim_ref")
    unclear = points.join(unclear, ["force_code", "crime_ref"])
    told = stacked([_standing(beside(own, newest, POINT), False), _standing(beside(unclear, newest, POINT), True)])
    said = told.group_by(POINT).aggregate(
        wish=(told.wish & ~told.unclear).any(),
        other=(~told.wish).any(),
        unclear=told.unclear.any(),
        sure=(~told.newest.isnull()).any(),
    )
    rows = beside(points.select(*POINT), said, POINT)
    wish, other = rows.wish.fill_null(False), rows.other.fill_null(False)
    answer = ibis.cases(
        (wish & ~other & rows.sure.fill_null(False), True),
        (wish | rows.unclear.fill_null(False), None),
        else_=False,
    )
    return rows.select(*POINT, no_contact_wished=answer)


def _before(rows: ibis.Table) -> ibis.Value:
    return (rows.agreed_last <= rows.moment).fill_null(False)


def _standing(rows: ibis.Table, unclear: bool) -> ibis.Table:
    """Agreements that may have been the latest at the point: not certainly after it, nor certainly followed by
    another before it."""
    not_after = (rows.agreed <= rows.moment_last).fill_null(True)
    not_replaced = (rows.agreed_last >= rows.newest).fill_null(True)
    return rows.filter(not_after & not_replaced).select(*POINT, "wish", "newest", unclear=ibis.literal(unclear))
