"""When does a missing thing mean that it did not happen?

Six things are needed: its table or kind of event was supplied, its column is in the file, the list is complete and
covers the day of the record, for this crime or child no row was set aside, and in this record the value was not.
Otherwise absence is "not known" (return contract, sections 2.3, 3.3, 10 and 11.1, and rule R58). Here are the answers
to the first three by force, and to the others by crime, child, episode and record.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis

from assay.engine.portable_expressions import beside, day_number
from assay.facts.fact_inputs import Held

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
"""Columns of which a fact asks whether an empty cell says no, and their tables."""
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
"""Kinds of event of which a fact asks whether absence says no."""
HOLES = {
    "charge_holes": ("suspect_charged", "charge_decision"),
    "contact_holes": ("victim_contacted", "victim_informed"),
    "considered_holes": ("exploitation_considered",),
    "account_holes": ("account_taken", "abe_interview_done"),
    "people_holes": ("table involvements",),
    "flag_holes": ("table flags",),
}
TABLE_OF_HOLES = {
    "charge_holes": "events", "contact_holes": "events", "considered_holes": "events", "account_holes": "events",
    "people_holes": "involvements", "flag_holes": "flags", "court_holes": "court",
}  # fmt: skip
"""Whose covered days decide whether absence can say anything of a crime; of any other name those of `events`."""
WHOLE_TABLE = "table "


def answers(held: Held) -> ibis.Table:
    """One row a force, every column true or false: `TABLE_sent` and `TABLE_complete`; `COLUMN_sent` and
    `no_COLUMN_is_no`; `no_KIND_is_no`.

    A column that the cover does not speak of is taken to be in the file of a table that was supplied.
    """
    forces = beside(_of_tables(held), _columns_left_out(held), ["force_code"])
    forces = beside(forces, _of_kinds(held), ["force_code"])
    found: dict[str, ibis.Value] = {}
    for column, table in COLUMNS.items():
        sent = forces[f"{table}_sent"] & ~forces[f"{column}_left_out"].fill_null(False)
        found |= {f"{column}_sent": sent, f"no_{column}_is_no": sent & forces[f"{table}_complete"]}
    found |= {f"no_{kind}_is_no": forces[f"{kind}_sure"].fill_null(False) for kind in KINDS}
    told = [name for table in TABLES for name in (f"{table}_sent", f"{table}_complete")]
    return forces.select("force_code", *told, **found)


def _of_tables(held: Held) -> ibis.Table:
    covers = held["covers"]
    sent = covers.used.fill_null(False)
    whole = sent & covers.complete.fill_null(False)
    found = {}
    for table in TABLES:
        found[f"{table}_sent"] = (sent & (covers.table_name == table)).any()
        found[f"{table}_complete"] = (whole & (covers.table_name == table)).any()
    return covers.group_by("force_code").aggregate(**found)


def _columns_left_out(held: Held) -> ibis.Table:
    rows = held["columns"].filter(~held["columns"].in_file.fill_null(False))
    return rows.group_by("force_code").aggregate(
        **{
            f"{column}_left_out": ((rows.table_name == table) & (rows.column_name == column)).any()
            for column, table in COLUMNS.items()
        }
    )


def _of_kinds(held: Held) -> ibis.Table:
    told = held["kinds"].filter(held["kinds"].kind.isin(KINDS))
    sure = told.supplied.fill_null(False) & told.complete.fill_null(False)
    found = {f"{kind}_sure": (sure & (told.kind == kind)).any() for kind in KINDS}
    return told.group_by("force_code").aggregate(**found)


def with_answers(rows: ibis.Table, held: Held, *names: str) -> ibis.Table:
    """The rows with some answers of their force."""
    return beside(rows, held["work_answers"].select("force_code", *names), ["force_code"])


def holes(held: Held) -> ibis.Table:
    """For whom completeness was lost: force_code, what (a kind of event, or "table NAME"), crime_ref, person_ref,
    missing_ref. A row that was set aside without a readable kind takes every kind of its table."""
    rows = held["incomplete"].filter(held["incomplete"].record_ref.isnull())
    lost = rows.select("force_code", "table_name", "kind", "crime_ref", "person_ref", "missing_ref")
    lost = lost.rename(lost_kind="kind")
    tables = lost.mutate(what=ibis.literal(WHOLE_TABLE) + lost.table_name)
    homes = held["event_kinds"].select(what="key", home_table=held["event_kinds"].home.re_extract("^[a-z_]+", 0))
    kinds = lost.join(homes, lost.table_name == homes.home_table)
    any_kind = kinds.lost_kind.nullif("").isnull()
    kinds = kinds.filter(any_kind | (kinds.lost_kind == kinds.what))
    names = ("force_code", "what", "crime_ref", "person_ref", "missing_ref")
    return ibis.union(tables.select(*names), kinds.select(*names), distinct=True)


def crimes_with_holes(held: Held, named: Mapping[str, tuple[str, ...]] = HOLES) -> ibis.Table:
    """One row a crime: true or false for each name, by what it reads. True if a row was set aside that named the
    crime, or if the crime was recorded on a day that the table does not cover."""
    lost = held["work_holes"].filter(~held["work_holes"].crime_ref.isnull())
    found = {name: lost.what.isin(what).any() for name, what in named.items()}
    lost = lost.group_by("force_code", "crime_ref").aggregate(**found)
    crimes = held["crimes"].select("force_code", "crime_ref", "recorded_at_day")
    rows = beside(crimes, lost, ["force_code", "crime_ref"])
    rows = beside(rows, _covered_days(held), ["force_code"])
    holes = {
        name: rows[name].fill_null(False) | _outside(rows, TABLE_OF_HOLES.get(name, "events"), rows.recorded_at_day)
        for name in named
    }
    return rows.select("force_code", "crime_ref", **holes)


def silence_is_no(rows: ibis.Table, name: str, kinds: tuple[str, ...]) -> ibis.Value:
    """Would each of these kinds of step have been seen on the crime? The rows bring `NAME_holes` and, of each kind,
    `no_KIND_is_no`."""
    sure = ~rows[f"{name}_holes"].fill_null(False)
    for kind in kinds:
        sure = sure & rows[f"no_{kind}_is_no"]
    return sure.fill_null(False)


def _covered_days(held: Held) -> ibis.Table:
    """One row a force: from and up to which day each table of `TABLE_OF_HOLES` covers; empty: the whole period."""
    covers = held["covers"]
    found = {}
    for table in sorted(set(TABLE_OF_HOLES.values())):
        found[f"{table}_first"] = covers.covers_from.min(where=covers.table_name == table)
        found[f"{table}_after"] = covers.covers_to.max(where=covers.table_name == table)
    return covers.group_by("force_code").aggregate(**found)


def _outside(rows: ibis.Table, table: str, day: ibis.Value) -> ibis.Value:
    too_early, too_late = day < rows[f"{table}_first"], day >= rows[f"{table}_after"]
    return too_early.fill_null(False) | too_late.fill_null(False)


def with_cells(rows: ibis.Table, held: Held, table: str, key: str, *columns: str) -> ibis.Table:
    """The rows of a table with `COLUMN_aside`: true where the value of that cell was set aside on receipt.

    Such a cell is read as empty, and its emptiness says nothing (return contract, section 10).
    """
    told = held["incomplete"]
    lost = told.filter((told.table_name == table) & told.column_name.isin(columns) & ~told.record_ref.isnull())
    found = {f"{column}_aside": (lost.column_name == column).any() for column in columns}
    cells = lost.group_by("force_code", "record_ref").aggregate(**found).rename({key: "record_ref"})
    rows = beside(rows, cells, ["force_code", key])
    return rows.mutate(**{name: rows[name].fill_null(False) for name in found})


def extraction(held: Held) -> ibis.Table:
    """One row a force and table: table_name, extracted (UTC), extracted_day, extracted_day_number, covers_from,
    covers_to.

    `extracted_day` is the local day: London's next day may have begun when the clock in UTC still shows the last.
    """
    covers, returns = held["covers"], held["returns"].select("force_code", return_extracted="extracted_at")
    joined = beside(covers, returns, ["force_code"])
    moment = ibis.coalesce(joined.extracted_at, joined.return_extracted)
    told = joined.select(
        "force_code", "table_name", "covers_from", "covers_to", extracted=moment, day_in_utc=moment.date()
    )
    days = held["calendar"].select(day_in_utc="day", next_begins="next_begins")
    told = beside(told, days, ["day_in_utc"])
    extra = (told.extracted >= told.next_begins).cast("int64")
    told = told.mutate(extracted_day_number=day_number(told.day_in_utc) + extra)
    by_number = held["calendar"].select(extracted_day_number="day_number", extracted_day="day")
    return beside(told, by_number, ["extracted_day_number"]).drop("day_in_utc", "next_begins")


def extracted_day_of(held: Held, *tables: str) -> ibis.Table:
    """One row a force: the local day of the extraction of a table, or the first of several that were supplied."""
    used = held["covers"].select("force_code", "table_name", used=held["covers"].used.fill_null(False))
    told = beside(held["work_extraction"], used, ["force_code", "table_name"])
    told = told.filter((told.table_name == tables[0]) | (told.table_name.isin(tables) & told.used))
    return told.group_by("force_code").aggregate(extracted_day=told.extracted_day.min())
