"""Did the victim wish not to be contacted at a given moment?

Only a wish that was in force then excludes a victim from a count: the latest agreement at or before that moment
decides. If it is uncertain which agreement was the latest, the wish is not known. Without an agreement there is no
wish, also where a force does not send agreements.
"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import left_join, union_all

AGREEMENT, NO_CONTACT = "contact_agreement_recorded", "no_contact_wished"
POINT = ["force_code", "point_ref"]


def contact_agreements(steps: ibis.Table) -> ibis.Table:
    """Return the agreements on contact with a victim that state what was agreed.

    The columns are force_code, crime_ref, victim_ref (missing if not stated), agreed and agreed_last (seconds since
    1970), and wish (True: no contact).
    """
    agreement_steps = steps.filter((steps.kind == AGREEMENT) & ~steps.detail.isnull())
    return agreement_steps.select(
        "force_code",
        "crime_ref",
        "victim_ref",
        agreed=agreement_steps.starts.epoch_seconds().cast("int64"),
        agreed_last=agreement_steps.starts_last.epoch_seconds().cast("int64"),
        wish=agreement_steps.detail == NO_CONTACT,
    )


def contact_wishes_at(points: ibis.Table, agreements_of_contact: ibis.Table) -> ibis.Table:
    """Return, for each point in time, whether no contact was wished: force_code, point_ref, no_contact_wished.

    `points`: force_code, point_ref, crime_ref, victim_ref, moment and moment_last (seconds since 1970).
    """
    victim_agreements = points.join(
        agreements_of_contact.filter(~agreements_of_contact.victim_ref.isnull()).drop("crime_ref"),
        ["force_code", "victim_ref"],
    )
    newest = victim_agreements.group_by(POINT).aggregate(
        newest=victim_agreements.agreed.max(where=_is_before_moment(victim_agreements))
    )
    unclear = agreements_of_contact.filter(agreements_of_contact.victim_ref.isnull() & agreements_of_contact.wish).drop(
        "victim_ref"
    )
    unclear = points.join(unclear, ["force_code", "crime_ref"])
    latest_agreements = union_all(
        [
            _possible_latest_agreements(left_join(victim_agreements, newest, POINT), False),
            _possible_latest_agreements(left_join(unclear, newest, POINT), True),
        ]
    )
    wish_facts = latest_agreements.group_by(POINT).aggregate(
        wish=(latest_agreements.wish & ~latest_agreements.unclear).any(),
        other=(~latest_agreements.wish).any(),
        unclear=latest_agreements.unclear.any(),
        sure=(~latest_agreements.newest.isnull()).any(),
    )
    rows = left_join(points.select(*POINT), wish_facts, POINT)
    wish, other = rows.wish.fill_null(False), rows.other.fill_null(False)
    answer = ibis.cases(
        (wish & ~other & rows.sure.fill_null(False), True),
        (wish | rows.unclear.fill_null(False), None),
        else_=False,
    )
    return rows.select(*POINT, no_contact_wished=answer)


def _is_before_moment(rows: ibis.Table) -> ibis.Value:
    return (rows.agreed_last <= rows.moment).fill_null(False)


def _possible_latest_agreements(rows: ibis.Table, unclear: bool) -> ibis.Table:
    """Agreements that may have been the latest at the point: not certainly after it, nor certainly followed by
    another before it."""
    not_after = (rows.agreed <= rows.moment_last).fill_null(True)
    not_replaced = (rows.agreed_last >= rows.newest).fill_null(True)
    return rows.filter(not_after & not_replaced).select(*POINT, "wish", "newest", unclear=ibis.literal(unclear))
