"""Do the rows of a return make sense together?

Rules R50 to R60 and R63 to R66 of the return contract, but R52, which needs the returns of other forces (`orphans`).
What is unlikely is kept and counted: a strange case may be true. Only what cannot be used at all is set aside.
"""

from __future__ import annotations

from assay.ingest import (
    identifier_checks,
    incomplete_records,
    overlap_table_checks,
    rating_chain_checks,
    reference_checks,
    risk_score_checks,
    workforce_checks,
)
from assay.ingest.completeness_declarations import in_file, kind_complete
from assay.ingest.scope_checks import judged_sql
from assay.ingest.sql_literals import among, birthday_18, listed, quoted
from assay.ingest.staging_store import Desk
from assay.reference import orders, return_outcomes

ACTS_ON = {
    "suspect": "suspect", "suspect (no conviction needed)": "suspect", "convicted": "suspect",
    "convicted or cautioned": "suspect", "defendant": "suspect", "person posing risk of exploiting children": "suspect",
    "victim": "child", "location": "place", "vehicle": "vehicle", "suspect / location": "suspect|place",
}  # fmt: skip
"""What the register of orders says it acts on, in the words of `served_on`."""


def check(desk: Desk, *, group_history: bool = False) -> None:
    """Apply R50 to R60 (but R52), R63 to R66, and R27 to R33 again to whatever hangs on a crime that R50 set aside.

    `group_history`: the request asks for closed group cases since 2010.
    """
    if desk.supplied("crimes"):
        _scope(desk, group_history=group_history)
        _outcomes(desk)
    if desk.supplied("assessments") and desk.supplied("assessment_items"):
        risk_score_checks.check(desk)
    if desk.supplied("overlap_counts"):
        overlap_table_checks.check(desk)
    if desk.supplied("marks"):
        rating_chain_checks.check(desk)
    if desk.supplied("orders"):
        _served_on(desk)
    workforce_checks.check(desk)
    identifier_checks.check(desk)


def after(desk: Desk) -> None:
    """Apply R58 and R59, when every other rule has been applied."""
    incomplete_records.take_back(desk)


def _scope(desk: Desk, *, group_history: bool) -> None:
    """R50; the reasons are worked out once, before any crime goes."""
    judged = f"select * from ({judged_sql(desk, group_history=group_history)}) where sent is distinct from ours"
    desk.keep("judged", judged)
    desk.set_aside("R50", "crimes", "scope_reason", "select line from judged where ours is null")
    desk.fault("R50", "crimes", "scope_reason", "select line from judged where ours is not null")
    if desk.number("select count(*) from judged where ours is not null"):
        desk.keep(
            "crimes",
            "select c.* replace (coalesce(j.ours, c.scope_reason) as scope_reason) "
            "from crimes as c left join judged as j using (line)",
        )
    reference_checks.cascade(desk)


def _outcomes(desk: Desk) -> None:
    """R51."""
    pending = "outcome_code is null or outcome_code = 'NOA'"
    crimes = "select line from crimes where"
    if in_file(desk, "crimes", "outcome_at"):
        desk.fault("R51", "crimes", "outcome_at", f"{crimes} not ({pending}) and outcome_at is null")
    if in_file(desk, "crimes", "outcome_code"):
        desk.fault("R51", "crimes", "closed_at", f"{crimes} ({pending}) and closed_at is not null")
    if desk.supplied("involvements"):
        _outcomes_without_a_suspect(desk)
        if desk.supplied("events") and kind_complete(desk, "suspect_charged"):
            _charged_without_a_charge(desk)


def _outcomes_without_a_suspect(desk: Desk) -> None:
    identified = [one.code for one in return_outcomes() if one.suspect_identified]
    desk.fault(
        "R51", "crimes", "outcome_code",
        "with suspects as (select crime_ref, bool_or(suspect_known_as is null or suspect_known_as = 'named') "
        "as may_be_named from involvements where role = 'suspect' group by crime_ref) "
        "select c.line from crimes as c left join suspects as s on c.crime_ref = s.crime_ref where "
        "(c.outcome_code in ('1', '1A') and s.crime_ref is null) or "
        f"(c.outcome_code in {among(identified)} and not coalesce(s.may_be_named, false))",
    )  # fmt: skip


def _charged_without_a_charge(desk: Desk) -> None:
    """A charge that names nobody may be anyone's of that crime."""
    charged = [one.code for one in return_outcomes() if one.charged]
    desk.fault(
        "R51", "involvements", "suspect_outcome_code",
        "select i.line from involvements as i where i.role = 'suspect' "
        f"and i.suspect_outcome_code in {among(charged)} and not exists (select 1 from events as e "
        "where e.kind = 'suspect_charged' and e.crime_ref = i.crime_ref and (e.person_ref = i.person_ref "
        "or e.involvement_ref = i.involvement_ref or (e.person_ref is null and e.involvement_ref is null)))",
    )  # fmt: skip


def _served_on(desk: Desk) -> None:
    """R57."""
    fits = [(one.code, served) for one in orders() for served in ACTS_ON[one.acts_on].split("|")]
    other = (
        f"select o.line from orders as o anti join {listed(fits, 'fits', ('code', 'served'))} "
        "on o.order_code = fits.code and o.served_on = fits.served"
    )
    desk.fault("R57", "orders", "served_on", other)
    if desk.supplied("involvements"):
        desk.fault(
            "R57", "orders", "person_ref",
            f"with born as (select person_ref, min(date_of_birth) as born from involvements group by person_ref) "
            f"select o.line from orders as o join born as b on o.person_ref = b.person_ref "
            f"where o.served_on = {quoted('suspect')} and {birthday_18('b.born')} > o.made_at_day",
        )  # fmt: skip
