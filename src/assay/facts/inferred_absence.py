"""Decide when the absence of a record or value means no, and when it means not known.

Six conditions: its table or kind of event was supplied, its column is in the file, the list is complete and covers the
day of the record, no row of this crime or child was set aside, and the value of this record was not. Otherwise absence
is "not known" (return contract, sections 2.3, 3.3, 10 and 11.1, and rule R58). The first three are indicators by force,
the others by crime, child, episode and record.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import day_number, left_join
from assay.facts.fact_inputs import Tables

TABLES = (
    "crimes", "reports", "report_crimes", "involvements", "flags", "missing", "groups", "group_members", "profiles",
    "orders", "referrals", "registers", "assessments", "profile_sources", "court", "agencies",
)  # fmt: skip
COLUMNS = {
    "reported_at": "crimes", "outcome_code": "crimes", "closed_at": "crimes", "cancelled_at": "crimes",
    "transferred_to_force": "crimes", "n100_at": "reports", "ended_at": "missing", "ended_on": "groups",
    "ethnicity_self": "involvements", "ethnicity_officer": "involvements", "sex": "involvements",
    "disability": "involvements", "care_status": "involvements", "nationality": "involvements",
    "answered_at": "referrals", "feedback_at": "referrals", "removed_at": "flags",
}  # fmt: skip
"""Columns, with their tables, for which facts need to know whether an empty cell means no."""
KINDS = (
    "suspect_charged", "charge_decision", "suspect_identified", "transfer_accepted", "victim_contacted",
    "victim_informed", "return_interview_declined", "independent_review_done", "suspect_arrested",
    "exploitation_considered",
    "suspect_interviewed_under_caution", "account_taken", "abe_interview_done", "early_advice_requested",
    "file_submitted", "supervisor_review", "investigation_plan_set", "line_of_enquiry_closed", "device_examined",
    "other_children_check_done", "identification_attempted", "strategy_discussion_held", "cps_triage_result",
    "suspect_nfa_decided", "suspect_released_no_charge", "crime_reopened", "prevention_interview_completed",
    "trigger_plan_made", "closed_case_referred", "investigation_opened", "handover", "transfer_offered",
    "transfer_refused",
)  # fmt: skip
"""Kinds of event for which facts need to know whether absence means no."""
CRIME_GAPS = {
    "charge_holes": ("suspect_charged", "charge_decision"),
    "contact_holes": ("victim_contacted", "victim_informed"),
    "considered_holes": ("exploitation_considered",),
    "account_holes": ("account_taken", "abe_interview_done"),
    "people_holes": ("table involvements",),
    "flag_holes": ("table flags",),
}
GAP_TABLES = {
    "charge_holes": "events", "contact_holes": "events", "considered_holes": "events", "account_holes": "events",
    "people_holes": "involvements", "flag_holes": "flags", "court_holes": "court",
}  # fmt: skip
"""Tables whose covered days decide whether absence on a crime is known; for other names those of `events`."""
TABLE_PREFIX = "table "


def supply_indicators(tables: Tables) -> ibis.Table:
    """Return for each force which tables, columns and kinds it supplied, and whether completely.

    A column that the manifest does not mention counts as present in a table that was supplied.
    """
    forces = left_join(_table_indicators(tables), _absent_columns(tables), ["force_code"])
    forces = left_join(forces, _kind_indicators(tables), ["force_code"])
    indicators: dict[str, ibis.Value] = {}
    for column, table in COLUMNS.items():
        is_supplied = forces[f"{table}_sent"] & ~forces[f"{column}_left_out"].fill_null(False)
        indicators |= {f"{column}_sent": is_supplied, f"no_{column}_is_no": is_supplied & forces[f"{table}_complete"]}
    indicators |= {f"no_{kind}_is_no": forces[f"{kind}_sure"].fill_null(False) for kind in KINDS}
    table_columns = [name for table in TABLES for name in (f"{table}_sent", f"{table}_complete")]
    return forces.select("force_code", *table_columns, **indicators)


def _table_indicators(tables: Tables) -> ibis.Table:
    manifests = tables["covers"]
    is_used = manifests.used.fill_null(False)
    is_complete = is_used & manifests.complete.fill_null(False)
    indicators = {}
    for table in TABLES:
        indicators[f"{table}_sent"] = (is_used & (manifests.table_name == table)).any()
        indicators[f"{table}_complete"] = (is_complete & (manifests.table_name == table)).any()
    return manifests.group_by("force_code").aggregate(**indicators)


def _absent_columns(tables: Tables) -> ibis.Table:
    rows = tables["columns"].filter(~tables["columns"].in_file.fill_null(False))
    return rows.group_by("force_code").aggregate(
        **{
            f"{column}_left_out": ((rows.table_name == table) & (rows.column_name == column)).any()
            for column, table in COLUMNS.items()
        }
    )


def _kind_indicators(tables: Tables) -> ibis.Table:
    kind_rows = tables["kinds"].filter(tables["kinds"].kind.isin(KINDS))
    is_complete = kind_rows.supplied.fill_null(False) & kind_rows.complete.fill_null(False)
    indicators = {f"{kind}_sure": (is_complete & (kind_rows.kind == kind)).any() for kind in KINDS}
    return kind_rows.group_by("force_code").aggregate(**indicators)


def add_supply_indicators(rows: ibis.Table, tables: Tables, *names: str) -> ibis.Table:
    """Return the rows with the named columns of `supply_indicators` for their force added."""
    return left_join(rows, tables["work_answers"].select("force_code", *names), ["force_code"])


def incomplete_cases(tables: Tables) -> ibis.Table:
    """Return the crimes, persons and missing episodes with a row that was set aside, by kind of event or table."""
    rows = tables["incomplete"].filter(tables["incomplete"].record_ref.isnull())
    set_aside = rows.select("force_code", "table_name", "kind", "crime_ref", "person_ref", "missing_ref")
    set_aside = set_aside.rename(lost_kind="kind")
    table_cases = set_aside.mutate(what=ibis.literal(TABLE_PREFIX) + set_aside.table_name)
    kind_tables = tables["event_kinds"].select(
        what="key", home_table=tables["event_kinds"].home.re_extract("^[a-z_]+", 0)
    )
    kinds = set_aside.join(kind_tables, set_aside.table_name == kind_tables.home_table)
    any_kind = kinds.lost_kind.nullif("").isnull()
    kinds = kinds.filter(any_kind | (kinds.lost_kind == kinds.what))
    names = ("force_code", "what", "crime_ref", "person_ref", "missing_ref")
    return ibis.union(table_cases.select(*names), kinds.select(*names), distinct=True)


def crime_gaps(tables: Tables, gap_kinds: Mapping[str, tuple[str, ...]] = CRIME_GAPS) -> ibis.Table:
    """Return, for each crime and group of event kinds, whether rows were set aside or its date is not covered."""
    set_aside = tables["work_holes"].filter(~tables["work_holes"].crime_ref.isnull())
    indicators = {name: set_aside.what.isin(kinds).any() for name, kinds in gap_kinds.items()}
    set_aside = set_aside.group_by("force_code", "crime_ref").aggregate(**indicators)
    crimes = tables["crimes"].select("force_code", "crime_ref", "recorded_at_day")
    rows = left_join(crimes, set_aside, ["force_code", "crime_ref"])
    rows = left_join(rows, _covered_days(tables), ["force_code"])
    gaps = {
        name: rows[name].fill_null(False)
        | _is_outside_coverage(rows, GAP_TABLES.get(name, "events"), rows.recorded_at_day)
        for name in gap_kinds
    }
    return rows.select("force_code", "crime_ref", **gaps)


def absence_means_no(rows: ibis.Table, name: str, kinds: tuple[str, ...]) -> ibis.Value:
    """Return True if every one of these kinds of step would be on record if it had happened, so that none means no.

    The rows need `NAME_holes`, and `no_KIND_is_no` for each kind.
    """
    is_certain = ~rows[f"{name}_holes"].fill_null(False)
    for kind in kinds:
        is_certain = is_certain & rows[f"no_{kind}_is_no"]
    return is_certain.fill_null(False)


def _covered_days(tables: Tables) -> ibis.Table:
    """Return for each force the first and last day that each table of `GAP_TABLES` covers; empty: the whole period."""
    manifests = tables["covers"]
    day_limits = {}
    for table in sorted(set(GAP_TABLES.values())):
        day_limits[f"{table}_first"] = manifests.covers_from.min(where=manifests.table_name == table)
        day_limits[f"{table}_after"] = manifests.covers_to.max(where=manifests.table_name == table)
    return manifests.group_by("force_code").aggregate(**day_limits)


def _is_outside_coverage(rows: ibis.Table, table: str, day: ibis.Value) -> ibis.Value:
    too_early, too_late = day < rows[f"{table}_first"], day >= rows[f"{table}_after"]
    return too_early.fill_null(False) | too_late.fill_null(False)


def add_set_aside_cells(rows: ibis.Table, tables: Tables, table: str, key: str, *columns: str) -> ibis.Table:
    """Add `COLUMN_aside` to the rows: True where the value in that cell was set aside when the return was validated.

    Such a cell is read as empty, and its emptiness says nothing (return contract, section 10).
    """
    incomplete = tables["incomplete"]
    set_aside = incomplete.filter(
        (incomplete.table_name == table) & incomplete.column_name.isin(columns) & ~incomplete.record_ref.isnull()
    )
    indicators = {f"{column}_aside": (set_aside.column_name == column).any() for column in columns}
    cells = set_aside.group_by("force_code", "record_ref").aggregate(**indicators).rename({key: "record_ref"})
    rows = left_join(rows, cells, ["force_code", key])
    return rows.mutate(**{name: rows[name].fill_null(False) for name in indicators})


def extraction_by_table(tables: Tables) -> ibis.Table:
    """Return the time at which each force extracted each table.

    The columns are table_name, extracted (UTC), extracted_day, extracted_day_number, covers_from and covers_to.
    `extracted_day` is the local day in London, which can be one day later than the day in UTC.
    """
    manifests, returns = tables["covers"], tables["returns"].select("force_code", return_extracted="extracted_at")
    manifest_rows = left_join(manifests, returns, ["force_code"])
    moment = ibis.coalesce(manifest_rows.extracted_at, manifest_rows.return_extracted)
    extractions = manifest_rows.select(
        "force_code", "table_name", "covers_from", "covers_to", extracted=moment, day_in_utc=moment.date()
    )
    days = tables["calendar"].select(day_in_utc="day", next_begins="next_begins")
    extractions = left_join(extractions, days, ["day_in_utc"])
    day_offset = (extractions.extracted >= extractions.next_begins).cast("int64")
    extractions = extractions.mutate(extracted_day_number=day_number(extractions.day_in_utc) + day_offset)
    by_number = tables["calendar"].select(extracted_day_number="day_number", extracted_day="day")
    return left_join(extractions, by_number, ["extracted_day_number"]).drop("day_in_utc", "next_begins")


def extraction_days(tables: Tables, *table_names: str) -> ibis.Table:
    """Return the local date on which each force extracted a table; for several tables, the earliest date."""
    used = tables["covers"].select("force_code", "table_name", used=tables["covers"].used.fill_null(False))
    extractions = left_join(tables["work_extraction"], used, ["force_code", "table_name"])
    extractions = extractions.filter(
        (extractions.table_name == table_names[0]) | (extractions.table_name.isin(table_names) & extractions.used)
    )
    return extractions.group_by("force_code").aggregate(extracted_day=extractions.extracted_day.min())
