"""Derive whether a crime is in scope, and the first of six reasons that applies (rule R50).

The scope is derived again from the accepted rows (return contract, section 4.1; rule R50). Each reason is yes, no or
not known: a victim without a date of birth may be a child. The sender's reason is used if it may be right; a crime is
set aside only if no reason can apply. Without a sent reason the derived one is used; a crime from before the history of
the request is then in scope as group history only.
"""

from __future__ import annotations

from assay.ingest.completeness_declarations import is_complete, lost_rows_sql
from assay.ingest.sql_literals import birthday_18_sql, sql_list, sql_string, sql_table
from assay.ingest.staging_store import StagingStore
from assay.reference import child_offences

NOT_KNOWN = "not known"
"""The derived reason of a crime without an offence code, of which no reason was sent and none is certain."""
REASONS = ("core_offence", "needs_age_offence", "image_offence", "flagged", "child_as_suspect", "group_history")
VICTIM_REASONS = REASONS[:4]
EXPLOITATION_FLAGS = ("cse", "csa", "group_cse")
RISK_FLAGS = (*EXPLOITATION_FLAGS, "cse_risk_child")
GROUP_HISTORY_FROM = "2010-01-01"
CRIME_TABLES = ("involvements", "report_crimes", "flags", "exhibits", "events", "court", "notes", "links")
"""Tables with rows that belong to a crime. The aliases of its persons belong to it as well."""


def reasons_sql(store: StagingStore, *, group_history: bool = False) -> str:
    """Return SQL with the line, the sent scope reason, and a yes/no/unknown column for each possible scope reason.

    "Recorded in the period" is not tested: history and follow-up are in scope by the same list (4.3).
    """
    steps = [
        f"offences as (select * from {_offences_sql()})",
        f"victims as ({_victims_sql(store)})",
        f"flagged as ({_flagged_sql(store)})",
        f"first_four as ({_victim_reasons_sql(store)})",
        f"children as ({_children_sql(store)})",
        f"suspects as ({_suspects_sql(store)})",
        f"closed_groups as ({_closed_groups_sql(store, is_requested=group_history)})",
    ]
    return (
        "with " + ",\n".join(steps) + "\nselect f.line, f.scope_reason, core_offence, needs_age_offence, "
        "image_offence, flagged, s.child_as_suspect, coalesce(g.group_history, false) as group_history, offence_code, "
        "f.before_period, f.before_history from first_four as f "
        "left join suspects as s on f.line = s.line left join closed_groups as g on f.line = g.line"
    )


def scope_reason_sql(store: StagingStore, *, group_history: bool = False) -> str:
    """Return SQL with the line, the scope reason that was sent, the one derived (`ours`), and `before_history`."""
    reasons = reasons_sql(store, group_history=group_history)
    return f"select line, scope_reason as sent, {_derived_reason_sql()} as ours, before_history from (\n{reasons}\n)"


def set_unselected_crimes_aside(store: StagingStore, lines_sql: str) -> None:
    """Set crimes out of scope aside with the rows that belong to them (R50), where the sender did not select crimes.

    A sender that exports all its crimes lost none of them and made no error: these rows withdraw no declaration of
    completeness (R58, R59), and the rows of their persons and steps do not lack a crime (R27).
    """
    crimes = f"select crime_ref from crimes where line in ({lines_sql})"
    if store.is_supplied("involvements") and store.is_supplied("aliases"):
        entries = f"select involvement_ref from involvements where crime_ref in ({crimes})"
        aliases = f"select line from aliases where involvement_ref in ({entries})"
        store.set_rows_aside("R50", "aliases", "involvement_ref", aliases)
    for table in CRIME_TABLES:
        if store.is_supplied(table):
            rows = f"select line from {table} where crime_ref in ({crimes})"
            store.set_rows_aside("R50", table, "crime_ref", rows)
    store.set_rows_aside("R50", "crimes", "scope_reason", lines_sql)


def _derived_reason_sql() -> str:
    """Return SQL for the derived reason.

    It is the sender's reason if that may be right and none before it is certain; else the first that is, or may be. A
    crime before the period may be group history although it fits one of the first four rows as well.
    """
    sent_branches = [
        "when scope_reason is null and before_history then case when group_history then 'group_history' end"
    ]
    for position, reason in enumerate(REASONS):
        preceding_reasons = [] if reason == "group_history" else REASONS[:position]
        no_preceding = "".join(f" and {preceding} is distinct from true" for preceding in preceding_reasons)
        sent_branches.append(
            f"when scope_reason = {sql_string(reason)} and {reason} is distinct from false{no_preceding} "
            f"then {sql_string(reason)}"
        )
    certain_branches = [f"when {reason} then {sql_string(reason)}" for reason in REASONS]
    possible_branches = [f"when {reason} is null then {sql_string(reason)}" for reason in REASONS]
    no_evidence = f"when scope_reason is null and offence_code is null then {sql_string(NOT_KNOWN)}"
    return "case " + " ".join([*sent_branches, *certain_branches, no_evidence, *possible_branches]) + " end"


def _offences_sql() -> str:
    rows = [(offence.code, offence.child_by_definition, offence.analysis_family) for offence in child_offences()]
    return sql_table(rows, "offences", ("code", "by_definition", "family"))


def _victims_sql(store: StagingStore) -> str:
    """Return a query with one row for each crime with a victim: was any a child then; NULL is not known."""
    if not store.is_supplied("involvements"):
        return (
            "select null::varchar as crime_ref, null::boolean as child_then, null::boolean as child_when_recorded, "
            "null::boolean as undated, null::boolean as undated_when_recorded where false"
        )
    born, stated = "i.date_of_birth is not null", _stated_child_sql("i")
    return (
        f"select i.crime_ref, bool_or({_child_at_offence_sql('i')}) as child_then, "
        f"bool_or(case when {born} then {birthday_18_sql('i.date_of_birth')} > c.recorded_at_day "
        "else i.age_at_report < 18 end) as child_when_recorded, "
        f"bool_or(not ({born}) and {stated} is null) as undated, "
        f"bool_or(not ({born}) and i.age_at_report is null) as undated_when_recorded "
        "from involvements as i join crimes as c on i.crime_ref = c.crime_ref where i.role = 'victim' "
        "group by i.crime_ref"
    )


def _child_at_offence_sql(entry: str, crime: str = "c") -> str:
    """Return SQL that is true for a person under 18 on the first possible day of the crime; NULL is not known."""
    return (
        f"case when {entry}.date_of_birth is not null then {birthday_18_sql(f'{entry}.date_of_birth')} > "
        f"{crime}.occurred_from_day else {_stated_child_sql(entry)} end"
    )


def _stated_child_sql(entry: str) -> str:
    """Return SQL that is true where the age at the offence, or the whole age band, is under 18."""
    low = f"nullif(regexp_extract({entry}.age_band, '^[0-9]+'), '')::bigint"
    high = f"nullif(regexp_extract({entry}.age_band, '-([0-9]+)$', 1), '')::bigint"
    band = f"case when {high} < 18 then true when {low} >= 18 then false end"
    return f"coalesce({entry}.age_at_offence < 18, {band})"


def _flagged_sql(store: StagingStore) -> str:
    if not store.is_supplied("flags"):
        return "select null::varchar as crime_ref where false"
    flags = sql_list(EXPLOITATION_FLAGS)
    return f"select distinct crime_ref from flags where crime_ref is not null and flag in {flags}"


def _victim_reasons_sql(store: StagingStore) -> str:
    """Return a query for the reasons that need a victim.

    Without a victim row the victim is not known, for an offence that needs an age. An image without a victim row or
    flag is out of scope, unless the table of persons is not declared complete.
    """
    has_flag = f"(case when k.crime_ref is not null then true else {_absence_sql(store, 'flags')} end)"
    no_victim = _absence_sql(store, "involvements")
    age_condition = (
        "case when v.crime_ref is null then null else v.child_then or v.undated or c.occurred_from_day is null end"
    )
    image_condition = (
        f"case when v.crime_ref is null then {no_victim} when v.child_when_recorded then true "
        "when v.undated_when_recorded then null else false end"
    )
    is_scope_offence = "case when c.offence_code is not null then coalesce(o.family <> 'context', false) end"
    return "select c.*, c.recorded_at_day < " + (
        f"date '{store.manifest.period_from}' as before_period, "
        f"coalesce(c.recorded_at_day < date '{store.manifest.history_from}', false) as before_history, "
        f"{is_scope_offence} and o.by_definition = 'Y' as core_offence, "
        f"case when c.offence_code is not null then coalesce({is_scope_offence} and o.by_definition = 'needs_age', "
        f"false) end and ({age_condition}) as "
        f"needs_age_offence, "
        f"case when c.offence_code is not null then coalesce(o.by_definition = 'image', false) end "
        f"and (({image_condition}) or {has_flag}) as image_offence, "
        f"{has_flag} as flagged "
        "from crimes as c left join offences as o on c.offence_code = o.code "
        "left join victims as v on c.crime_ref = v.crime_ref left join flagged as k on c.crime_ref = k.crime_ref"
    )


def _absence_sql(store: StagingStore, table: str) -> str:
    """Return SQL for what a missing row means: no, if the table is complete and no row for the crime was lost."""
    lost_crimes = f"select crime_ref from ({lost_rows_sql(store, table, 'crime_ref')}) where crime_ref is not null"
    return (
        f"case when c.crime_ref not in ({lost_crimes}) then false end" if is_complete(store, table) else "null::boolean"
    )


def _children_sql(store: StagingStore) -> str:
    """Return a query for the nominal numbers of in-scope children (4.2), including persons of unknown age."""
    queries = ["select null::varchar as person_ref where false"]
    if store.is_supplied("involvements"):
        in_scope = " or ".join(f"coalesce(f.{reason}, true)" for reason in VICTIM_REASONS)
        is_child = _child_at_offence_sql("i", "f")
        queries.append(
            "select i.person_ref from involvements as i join first_four as f on i.crime_ref = f.crime_ref "
            f"where i.role = 'victim' and ({in_scope}) and coalesce({is_child}, true)"
        )
        queries.append("select person_ref from involvements where role = 'subject' and report_ref is not null")
    if store.is_supplied("registers"):
        queries.append("select person_ref from registers")
    if store.is_supplied("flags"):
        queries.append(f"select person_ref from flags where flag in {sql_list(RISK_FLAGS)}")
    return f"select distinct person_ref from ({' union '.join(queries)}) where person_ref is not null"


def _suspects_sql(store: StagingStore) -> str:
    """Return a query with one row for each crime with a suspect: was any an in-scope child under 18 then?

    Unknown if a person or an age is unknown.
    """
    if not store.is_supplied("involvements"):
        return "select line, null::boolean as child_as_suspect from crimes"
    has_all_tables = all(store.is_supplied(table) for table in ("reports", "registers", "flags"))
    listed_child = "case when k.person_ref is not null then true " + (
        "when i.person_ref is not null then false else null end" if has_all_tables else "else null end"
    )
    under_18 = (
        f"case when i.date_of_birth is null then {_stated_child_sql('i')} else {birthday_18_sql('i.date_of_birth')} > "
        "coalesce(c.occurred_to_day, c.occurred_from_day, c.recorded_at_day) end"
    )
    is_child_suspect = f"(({under_18}) and ({listed_child}))"
    return (
        f"select c.line, case when bool_or(coalesce({is_child_suspect}, false)) then true "
        f"when bool_or(i.involvement_ref is not null and {is_child_suspect} is null) then null else false end "
        f"as child_as_suspect "
        "from crimes as c left join involvements as i on c.crime_ref = i.crime_ref and i.role = 'suspect' "
        "left join children as k on i.person_ref = k.person_ref group by c.line"
    )


def _closed_groups_sql(store: StagingStore, *, is_requested: bool) -> str:
    """Return a query for crimes before the period, closed without charge, with two suspects or a shared one."""
    if not (is_requested and store.is_supplied("involvements")):
        return "select null::bigint as line, null::boolean as group_history where false"
    in_scope = " or ".join(f"coalesce({reason}, true)" for reason in VICTIM_REASONS)
    suspects = "from involvements as i join closed as c on i.crime_ref = c.crime_ref where i.role = 'suspect'"
    return (
        f"with closed as (select line, crime_ref from first_four where before_period and ({in_scope}) "
        f"and recorded_at_day >= date '{GROUP_HISTORY_FROM}' and closed_at is not null "
        "and coalesce(outcome_code, '') not in ('1', '1A')), "
        f"shared as (select i.person_ref {suspects} and i.person_ref is not null "
        "group by i.person_ref having count(distinct i.crime_ref) > 1) "
        "select c.line, count(*) filter (i.suspect_known_as is distinct from 'nothing_known') > 1 "
        "or bool_or(i.person_ref in (select person_ref from shared)) as group_history "
        f"{suspects} group by c.line"
    )
