"""Cross-field checks of a return: rules R50 to R60, R63 to R66 and R73, except R52.

R52 needs the returns of other forces (`transferred_crimes`). Unlikely values stay and are counted, because a strange
case may be true. Only what cannot be used at all is set aside.
"""

from __future__ import annotations

from assay.ingest import (
    age_checks,
    identifier_checks,
    incomplete_records,
    overlap_table_checks,
    rating_chain_checks,
    reference_checks,
    risk_score_checks,
    scope_checks,
    workforce_checks,
)
from assay.ingest.completeness_declarations import has_column, is_kind_complete
from assay.ingest.derived_values import fill_summaries_from_crimes
from assay.ingest.scope_checks import scope_reason_sql
from assay.ingest.sql_literals import birthday_18_sql, sql_list, sql_string, sql_table
from assay.ingest.staging_store import StagingStore
from assay.reference import orders, return_outcomes

SERVED_ON_BY_TARGET = {
    "suspect": "suspect", "suspect (no conviction needed)": "suspect", "convicted": "suspect",
    "convicted or cautioned": "suspect", "defendant": "suspect", "person posing risk of exploiting children": "suspect",
    "victim": "child", "location": "place", "vehicle": "vehicle", "suspect / location": "suspect|place",
}  # fmt: skip
"""On what an order acts by the register of orders, as values of `served_on`."""


def check(store: StagingStore, *, group_history: bool = False) -> None:
    """Apply the cross-field rules of a return, then the reference rules R27 to R33 again without rejected crimes.

    The cross-field rules are R50 to R60 (except R52), R63 to R66 and R73.

    `group_history`: the request asks for closed group cases since 2010.
    """
    if store.is_supplied("summaries"):
        fill_summaries_from_crimes(store)  # before crimes out of scope are set aside: their summaries stay
    if store.is_supplied("crimes"):
        _check_scope(store, group_history=group_history)
        _check_outcomes(store)
    if store.is_supplied("involvements"):
        age_checks.check(store)
    if store.is_supplied("assessments") and store.is_supplied("assessment_items"):
        risk_score_checks.check(store)
    if store.is_supplied("overlap_counts"):
        overlap_table_checks.check(store)
    if store.is_supplied("marks"):
        rating_chain_checks.check(store)
    if store.is_supplied("orders"):
        _check_served_on(store)
    workforce_checks.check(store)
    identifier_checks.check(store)


def check_completeness(store: StagingStore) -> None:
    """Withdraw declarations of completeness where rows or values were set aside (R58, R59)."""
    incomplete_records.withdraw_completeness(store)


def _check_scope(store: StagingStore, *, group_history: bool) -> None:
    """Apply R50; derive all scope reasons before any crime is set aside.

    A crime from before the history of the request whose scope was not sent passed R14 only as possible group history.
    """
    scope = scope_reason_sql(store, group_history=group_history)
    store.store_query("judged", f"select * from ({scope}) where ours is null or sent is distinct from ours")
    too_early = "ours is null and sent is null and before_history"
    store.set_rows_aside("R14", "crimes", "recorded_at", f"select line from judged where {too_early}")
    if has_column(store, "crimes", "scope_reason"):
        store.set_rows_aside("R50", "crimes", "scope_reason", "select line from judged where ours is null")
    else:
        scope_checks.set_unselected_crimes_aside(store, "select line from judged where ours is null")
    store.record_errors(
        "R50", "crimes", "scope_reason", "select line from judged where ours is not null and sent is not null"
    )
    known = f"nullif(j.ours, {sql_string(scope_checks.NOT_KNOWN)})"
    if store.query_number("select count(*) from judged where ours is not null"):
        store.store_query(
            "crimes",
            f"select c.* replace (coalesce({known}, c.scope_reason) as scope_reason) "
            "from crimes as c left join judged as j using (line)",
        )
    reference_checks.check_references(store)


def _check_outcomes(store: StagingStore) -> None:
    """Apply R51: outcome, outcome date, closure date and suspect must agree."""
    pending = "outcome_code is null or outcome_code = 'NOA'"
    crimes = "select line from crimes where"
    if has_column(store, "crimes", "outcome_at"):
        store.record_errors("R51", "crimes", "outcome_at", f"{crimes} not ({pending}) and outcome_at is null")
    if has_column(store, "crimes", "outcome_code"):
        store.record_errors("R51", "crimes", "closed_at", f"{crimes} ({pending}) and closed_at is not null")
    if store.is_supplied("involvements"):
        _check_outcome_has_suspect(store)
        if store.is_supplied("events") and is_kind_complete(store, "suspect_charged"):
            _check_charged_has_charge(store)


def _check_outcome_has_suspect(store: StagingStore) -> None:
    outcome_codes = [outcome.code for outcome in return_outcomes() if outcome.suspect_identified]
    store.record_errors(
        "R51", "crimes", "outcome_code",
        "with suspects as (select crime_ref, bool_or(suspect_known_as is null or suspect_known_as = 'named') "
        "as may_be_named from involvements where role = 'suspect' group by crime_ref) "
        "select c.line from crimes as c left join suspects as s on c.crime_ref = s.crime_ref where "
        "(c.outcome_code in ('1', '1A') and s.crime_ref is null and c.suspect_identified is distinct from true) or "
        f"(c.outcome_code in {sql_list(outcome_codes)} and not coalesce(s.may_be_named, c.suspect_identified, false))",
    )  # fmt: skip


def _check_charged_has_charge(store: StagingStore) -> None:
    """Apply R51 to charged suspects; a charge without a suspect may belong to any suspect of its crime."""
    outcome_codes = [outcome.code for outcome in return_outcomes() if outcome.charged]
    store.record_errors(
        "R51", "involvements", "suspect_outcome_code",
        "select i.line from involvements as i where i.role = 'suspect' "
        f"and i.suspect_outcome_code in {sql_list(outcome_codes)} and not exists (select 1 from events as e "
        "where e.kind = 'suspect_charged' and e.crime_ref = i.crime_ref and (e.person_ref = i.person_ref "
        "or e.involvement_ref = i.involvement_ref or (e.person_ref is null and e.involvement_ref is null)))",
    )  # fmt: skip


def _check_served_on(store: StagingStore) -> None:
    """Apply R57: an order must be served on a person or place that it can act on. An empty cell breaks no rule."""
    fits = [(order.code, served) for order in orders() for served in SERVED_ON_BY_TARGET[order.acts_on].split("|")]
    misfits = (
        f"select o.line from orders as o anti join {sql_table(fits, 'fits', ('code', 'served'))} "
        "on o.order_code = fits.code and o.served_on = fits.served where o.served_on is not null"
    )
    store.record_errors("R57", "orders", "served_on", misfits)
    if store.is_supplied("involvements"):
        store.record_errors(
            "R57", "orders", "person_ref",
            f"with born as (select person_ref, min(date_of_birth) as born from involvements group by person_ref) "
            f"select o.line from orders as o join born as b on o.person_ref = b.person_ref "
            f"where o.served_on = {sql_string('suspect')} and {birthday_18_sql('b.born')} > o.made_at_day",
        )  # fmt: skip
