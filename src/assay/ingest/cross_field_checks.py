"""Cross-field checks of a return: rules R50 to R60, R63 to R66 and R73, except R52.

R52 needs the returns of other forces (`transferred_crimes`). Unlikely values stay and are counted, because a strange
case may be true. Only what cannot be used at all is set aside.
"""

from __future__ import annotations

from assay.ingest import (
    identifier_checks,
    incomplete_records,
    rating_chain_checks,
    reference_checks,
    scope_checks,
)
from assay.ingest.completeness_declarations import has_column, is_kind_complete, lost_rows_sql
from assay.ingest.derived_values import fill_summaries_from_crimes
from assay.ingest.scope_checks import scope_reason_sql
from assay.ingest.sql_literals import birthday_18_sql, sql_list, sql_string, sql_table
from assay.ingest.staging_store import StagingStore
from assay.reference import orders, return_outcomes
from assay.reference.risk_tools import ITEM_POINTS, SCORED_TOOL, TIERS_BY_CATEGORY, lowest_scores

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
        check_ages(store)
    if store.is_supplied("assessments") and store.is_supplied("assessment_items"):
        check_risk_scores(store)
    if store.is_supplied("overlap_counts"):
        check_list_overlaps(store)
    if store.is_supplied("marks"):
        rating_chain_checks.check(store)
    if store.is_supplied("orders"):
        _check_served_on(store)
    check_workforce(store)
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


# Does a supplied age agree with the date of birth and the days of the crime? (rule R73)
#
# Where both are given, the date of birth is used, so nothing is set aside.


BAND_LOW = "regexp_extract(age_band, '^[0-9]+')::bigint"
BAND_HIGH = "coalesce(nullif(regexp_extract(age_band, '-([0-9]+)$', 1), '')::bigint, 999)"


def check_ages(store: StagingStore) -> None:
    """Check that each supplied age agrees with the date of birth and the days of the crime (rule R73)."""
    store.record_errors(
        "R73", "involvements", "age_at_offence",
        f"{_persons_sql()} where age_at_offence < {_age_sql('first_day')} or age_at_offence > {_age_sql('last_day')} "
        f"or (date_of_birth is null and (age_at_offence < {BAND_LOW} or age_at_offence > {BAND_HIGH}))",
    )  # fmt: skip
    store.record_errors(
        "R73", "involvements", "age_at_report", f"{_persons_sql()} where age_at_report <> {_age_sql('reported_at_day')}"
    )
    store.record_errors(
        "R73", "involvements", "age_band",
        f"{_persons_sql()} where {BAND_HIGH} < {_age_sql('first_day')} or {BAND_LOW} > {_age_sql('last_day')}",
    )  # fmt: skip


def _persons_sql() -> str:
    """Return a query for the lines of involvements with the first and last day of their crime."""
    days = (
        "select crime_ref, occurred_from_day as first_day, coalesce(occurred_to_day, occurred_from_day) as last_day, "
        "reported_at_day from crimes"
    )
    return f"select i.line from involvements as i left join ({days}) as c on i.crime_ref = c.crime_ref"


def _age_sql(day: str) -> str:
    """Return SQL for the age in whole years; a birthday on 29 February falls on 1 March (contract, section 11)."""
    before_birthday = f"month({day}) * 100 + day({day}) < month(date_of_birth) * 100 + day(date_of_birth)"
    return f"(year({day}) - year(date_of_birth) - ({before_birthday})::int)"


# Check that each set of list overlaps is complete and on one counting basis (rule R54).
#
# An inconsistent set (one `overlap_ref`) cannot be used in part, so every row of it is set aside.


LIST_COLUMNS = (
    "on_police_crimes", "on_police_missing", "on_police_register", "on_local_authority", "on_health",
    "on_referral_mechanism", "on_voluntary", "on_other",
)  # fmt: skip
SET_CONSTANT_COLUMNS = ("definition", "data_from", "data_to", "linkage_method")


def check_list_overlaps(store: StagingStore) -> None:
    """Check that each set of list overlaps is complete and on one counting basis (rule R54)."""
    is_on_no_list = " and ".join(f"not coalesce({column}, false)" for column in LIST_COLUMNS)
    uneven = [f"count({column}) not in (0, count(*))" for column in LIST_COLUMNS]
    differing = [f"count(distinct {column}) > 1" for column in SET_CONSTANT_COLUMNS]
    broken = " or ".join([f"bool_or({is_on_no_list})", "bool_or(children < 0)", *uneven, *differing])
    store.set_rows_aside(
        "R54", "overlap_counts", "overlap_ref",
        "select line from overlap_counts where overlap_ref in "
        f"(select overlap_ref from overlap_counts group by overlap_ref having {broken})",
    )  # fmt: skip


# Check the score of a risk assessment against its items (rule R53).
#
# The rule applies to the tool with a scoring key (SERAF). The key is in the commission's register of risk tools:
# vulnerability items 1 point each; moderate indicators 1 each if present in the last 6 months; significant indicators 5
# if in the last 6 months, 1 if 6 to 12 months ago, 6 if both. An assessment with an item that cannot be scored is not
# checked: its sum is not known.


def _points_sql() -> str:
    """Return SQL for the points of an item; NULL if the key does not say. An absent item scores nothing."""
    branches = [
        f"when item_kind = {sql_string(kind)} and present = {sql_string(present)} then {points}"
        for (kind, present), points in ITEM_POINTS.items()
        if present != "no"
    ]
    return f"case when present = 'no' then 0 {' '.join(branches)} end"


def check_risk_scores(store: StagingStore) -> None:
    """Check each risk score against the points of its items, and its band unless an assessor overrode it (rule R53)."""
    points = _points_sql()
    lost_items = lost_rows_sql(store, "assessment_items", "assessment_ref")
    summed_sql = (
        f"with summed as (select assessment_ref, sum({points}) as points, "
        f"bool_and(({points}) is not null) as whole from assessment_items "
        f"where assessment_ref not in (select assessment_ref from ({lost_items}) where assessment_ref is not null) "
        "group by assessment_ref) select a.line from assessments as a join summed as s using (assessment_ref) "
        f"where s.whole and a.tool = {sql_string(SCORED_TOOL)} "
    )
    store.record_errors("R53", "assessments", "score", f"{summed_sql} and a.score <> s.points")
    store.record_errors(
        "R53", "assessments", "band", f"{summed_sql} and a.override is distinct from true and ({_band_differs_sql()})"
    )


def _band_differs_sql() -> str:
    cases = []
    for category, lowest in sorted(lowest_scores().items(), reverse=True):
        tiers = ", ".join(sql_string(tier) for tier in TIERS_BY_CATEGORY[category])
        cases.append(f"when s.points >= {lowest} then a.band not in ({tiers})")
    return "case " + " ".join(cases) + " end"


# Check the workforce tables: posts in each team, and the force's ways of working (rules R63 to R66).
#
# Unlikely values stay and are counted: more posts may be filled than are funded.


OVERFULL_SQL = "posts_filled > posts_funded or posts_trained > posts_filled"
REQUIRED_NAMES = (("approach_named", "approach_kind = 'other'"), ("area", "covers = 'part_of_force'"))
"""R66: a column, and the rows that need it."""
NO_END_SQL = "date '9999-12-31'"
OVERLAPPING_APPROACHES_SQL = f"""
select approach.line from approaches as approach join approaches as other on approach.line <> other.line
and approach.approach_kind = other.approach_kind
and coalesce(lower(approach.approach_named), '') = coalesce(lower(other.approach_named), '')
and approach.covers = other.covers and coalesce(approach.area, '') = coalesce(other.area, '')
where approach.began_on < coalesce(other.ended_on, {NO_END_SQL})
and other.began_on < coalesce(approach.ended_on, {NO_END_SQL})
and not (approach.covers = 'part_of_force' and approach.area is null)
group by approach.line
"""
"""R65; without a named area, two spells cannot be compared."""


def check_workforce(store: StagingStore) -> None:
    """Apply the workforce rules R63 to R66."""
    if store.is_supplied("capacity"):
        store.set_rows_aside("R63", "capacity", "month_start", "select line from capacity where day(month_start) <> 1")
        store.record_errors("R64", "capacity", "posts_filled", f"select line from capacity where {OVERFULL_SQL}")
    if store.is_supplied("approaches"):
        store.record_errors("R65", "approaches", "began_on", OVERLAPPING_APPROACHES_SQL)
        for column, condition in REQUIRED_NAMES:
            store.record_errors(
                "R66", "approaches", column, f"select line from approaches where {column} is null and {condition}"
            )
