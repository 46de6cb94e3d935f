"""Does every row name things that are there, and only what its own kind of row may name?

Rules R27 to R40 of the return contract. A row that names a crime, report, episode or other thing that was not
accepted is set aside, and then whatever hangs on that row: tables are visited parents first, so one pass is enough.
Where the table that is named was not supplied, or was refused, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from assay.ingest.completeness_declarations import in_file
from assay.ingest.sql_literals import among, listed
from assay.ingest.staging_store import Desk
from assay.reference import EventKind, event_kinds

HOMES = {
    "crime_ref": "crimes",
    "report_ref": "reports",
    "missing_ref": "missing",
    "exhibit_ref": "exhibits",
    "assessment_ref": "assessments",
    "involvement_ref": "involvements",
    "group_ref": "groups",
    "profile_ref": "profiles",
}
"""Where the thing lies that a reference names."""

MUST_NAME_ACCEPTED: dict[str, tuple[str, ...]] = {
    "involvements": ("crime_ref", "report_ref", "missing_ref"),
    "report_crimes": ("report_ref", "crime_ref"),
    "flags": ("crime_ref", "missing_ref"),
    "exhibits": ("crime_ref",),
    "events": ("crime_ref", "missing_ref", "exhibit_ref", "involvement_ref"),
    "assessment_items": ("assessment_ref",),
    "aliases": ("involvement_ref",),
    "group_members": ("group_ref",),
    "profile_sources": ("profile_ref",),
    "court": ("crime_ref",),
    "notes": ("crime_ref", "report_ref", "missing_ref"),
    "links": ("crime_ref",),
}
"""R27, parents first: a row that names none of the accepted is set aside."""

SHOULD_NAME_ACCEPTED: dict[str, tuple[str, ...]] = {
    "orders": ("crime_ref",),
    "referrals": ("crime_ref", "report_ref", "missing_ref"),
}
"""R28: the row stands without the reference."""

NAMES_PERSONS = (
    "flags", "events", "missing", "assessments", "orders", "referrals", "notes", "registers", "links",
    "group_members", "court",
)  # fmt: skip

_OWN = "(crime_ref is not null)::int + (report_ref is not null)::int + (missing_ref is not null)::int"
OUT_OF_SHAPE = {
    "involvements": f"({_OWN}) > 1 or (role = 'nominal') <> (({_OWN}) = 0)",
    "flags": "(crime_ref is not null)::int + (person_ref is not null)::int + (missing_ref is not null)::int <> 1",
    "notes": "coalesce(crime_ref, report_ref, missing_ref, person_ref) is null",
    "links": "crime_ref is null and person_ref is null",
}
"""R31: how many of its references a row fills."""

NEEDS = {
    "crime": "crime_ref is null",
    "victim": "crime_ref is null",
    "suspect": "crime_ref is null",
    "child": "person_ref is null and involvement_ref is null",
    "missing": "missing_ref is null",
    "exhibit": "exhibit_ref is null",
    "any": "crime_ref is null and person_ref is null and missing_ref is null",
}
"""R32: what an event lacks, by what its kind is about."""

SETS_A_DAY = ("suspect_bailed", "bail_extended", "safeguarding_action_agreed", "line_of_enquiry_raised")
NEEDS_DETAIL = ("line_of_enquiry_raised", "line_of_enquiry_closed", "charge_decision", "cps_triage_result",
                "missing_regraded", "transfer_offered", "transfer_accepted", "transfer_refused")  # fmt: skip
CLOSES_ANOTHER = ("line_of_enquiry_closed", "safeguarding_action_done")
ROLES = {"victim": ("victim", "witness"), "suspect": ("suspect",)}

FOR_OTHER_ROWS = (
    ("involvements", "suspect_known_as", "role <> 'suspect'"),
    ("involvements", "relationship", "role <> 'suspect'"),
    ("involvements", "suspect_outcome_code", "role <> 'suspect'"),
    ("involvements", "enhanced_rights", "role <> 'victim'"),
    ("crimes", "cancel_ground", "cancelled_at is null"),
    ("crimes", "cancelled_by_role", "cancelled_at is null"),
    ("assessments", "override_reason_given", "override is distinct from true"),
    ("orders", "person_ref", "served_on in ('place', 'vehicle')"),
    ("events", "due_on", f"kind not in {among(SETS_A_DAY)}"),
)
"""R36: a column, and the rows that it is not for."""


def check(desk: Desk) -> None:
    """Apply R27 to R40."""
    cascade(desk)
    _persons_unknown(desk)
    _columns_of_other_rows(desk)
    if desk.supplied("events"):
        _events(desk)
    if desk.supplied("involvements"):
        _victims_of_a_crime(desk)
        _two_persons_under_one_number(desk)


def cascade(desk: Desk) -> None:
    """Apply R27, R28 and R30 to R33; again, when another rule has set aside rows that these name."""
    for table, columns in MUST_NAME_ACCEPTED.items():
        if not desk.supplied(table):
            continue
        for column in columns:
            for lines in _dangling(desk, table, column):
                desk.set_aside("R27", table, column, lines)
        if table in OUT_OF_SHAPE:
            desk.set_aside("R31", table, "", f"select line from {table} where {OUT_OF_SHAPE[table]}")
        if table == "events":
            _kinds_of_event(desk)
    for table, columns in SHOULD_NAME_ACCEPTED.items():
        for column in columns if desk.supplied(table) else ():
            for lines in _dangling(desk, table, column):
                desk.empty_value("R28", table, column, lines)
    if desk.supplied("events"):
        desk.empty_value("R30", "events", "about_event_ref", ABOUT_NOTHING)


def _dangling(desk: Desk, table: str, column: str) -> Iterator[str]:
    home = HOMES[column]
    if desk.supplied(home):
        yield (
            f"select named.line from {table} as named anti join {home} as home on named.{column} = home.{column} "
            f"where named.{column} is not null"
        )


def kinds_listed(*about: str) -> str:
    """Every kind of event as a table `kinds(kind, about, home, detail_list)`; only those about `about`, if given."""
    kinds: tuple[EventKind, ...] = event_kinds().about(*about) if about else event_kinds().all
    rows = [(one.key, one.about, one.home, one.detail_list or None) for one in kinds]
    return listed(rows, "kinds", ("kind", "about", "home", "detail_list"))


def _kinds_of_event(desk: Desk) -> None:
    lacking = " or ".join(f"(kinds.about = '{about}' and {lack})" for about, lack in NEEDS.items())
    joined = f"select line from events join {kinds_listed()} using (kind)"
    desk.set_aside("R32", "events", "", f"{joined} where kinds.home = 'events' and ({lacking})")
    desk.set_aside("R33", "events", "kind", f"{joined} where kinds.home <> 'events'")


# Related if crime, child or episode is the same; unrelated only where one of them is known of both and none agrees.
ABOUT_NOTHING = """
with known as (
    select e.*, coalesce(e.person_ref, i.person_ref) as of_person
    from events as e left join involvements as i on e.involvement_ref = i.involvement_ref)
select e.line from known as e left join known as a on e.about_event_ref = a.event_ref
where e.about_event_ref is not null and (
    a.event_ref is null or a.event_ref = e.event_ref or (
        not coalesce(e.crime_ref = a.crime_ref, false)
        and not coalesce(e.of_person = a.of_person, false)
        and not coalesce(e.missing_ref = a.missing_ref, false)
        and (e.crime_ref <> a.crime_ref or e.of_person <> a.of_person)))
"""


def _persons_unknown(desk: Desk) -> None:
    if not desk.supplied("involvements"):
        return
    for table in NAMES_PERSONS:
        if desk.supplied(table):
            desk.fault(
                "R29", table, "person_ref",
                f"select named.line from {table} as named anti join involvements as known "
                "on named.person_ref = known.person_ref where named.person_ref is not null",
            )  # fmt: skip


def _columns_of_other_rows(desk: Desk) -> None:
    for table, column, others in FOR_OTHER_ROWS:
        if desk.supplied(table):
            desk.empty_value("R36", table, column, f"select line from {table} where {column} is not null and {others}")
    if desk.supplied("events"):
        desk.empty_value(
            "R36", "events", "detail",
            f"select line from events join {kinds_listed()} using (kind) "
            "where kinds.detail_list is null and detail is not null",
        )  # fmt: skip


def _events(desk: Desk) -> None:
    if desk.supplied("involvements"):
        for about, roles in ROLES.items():
            _whom_an_event_is_about(desk, about, roles)
    without = "select line from events where {0} is null and kind in {1}"
    for rule, column, kinds in (("R37", "detail", NEEDS_DETAIL), ("R38", "about_event_ref", CLOSES_ANOTHER)):
        if in_file(desk, "events", column):  # a column that was not sent is told once, under R08
            desk.fault(rule, "events", column, without.format(column, among(kinds)))


def _whom_an_event_is_about(desk: Desk, about: str, roles: tuple[str, ...]) -> None:
    about_them = f"events as e join {kinds_listed(about)} on e.kind = kinds.kind"
    nobody = "e.person_ref is null and e.involvement_ref is null"
    desk.fault(
        "R34", "events", "person_ref",
        f"with several as ({persons_of(about)}) select e.line from {about_them} "
        f"left join several as s on e.crime_ref = s.crime_ref where {nobody} and coalesce(s.persons, 0) <> 1",
    )  # fmt: skip
    desk.fault(
        "R35", "events", "person_ref",
        f"select e.line from {about_them} where not ({nobody}) and not exists (select 1 from involvements as i "
        f"where i.crime_ref = e.crime_ref and i.role in {among(roles)} "
        "and coalesce(i.involvement_ref = e.involvement_ref, i.person_ref = e.person_ref))",
    )  # fmt: skip


def persons_of(role: str) -> str:
    """How many persons have this role on each crime; a row without a nominal number is a person of its own."""
    return (
        "select crime_ref, count(distinct coalesce('p' || person_ref, 'i' || involvement_ref)) as persons "
        f"from involvements where role = '{role}' and crime_ref is not null group by crime_ref"
    )


def _victims_of_a_crime(desk: Desk) -> None:
    """R39: no victim is told of the crime, several of the victims' own rows, so that a letter can tell which it was."""
    if desk.supplied("crimes"):
        desk.fault(
            "R39", "crimes", "crime_ref",
            "select c.line from crimes as c anti join (select crime_ref from involvements where role = 'victim') as v "
            "on c.crime_ref = v.crime_ref",
        )  # fmt: skip
    desk.fault(
        "R39", "involvements", "crime_ref",
        f"with victims as ({persons_of('victim')}) select i.line from involvements as i "
        "join victims as v on i.crime_ref = v.crime_ref where i.role = 'victim' and v.persons > 1",
    )  # fmt: skip


def _two_persons_under_one_number(desk: Desk) -> None:
    for column, differ in (
        ("date_of_birth", "max(date_of_birth) > min(date_of_birth) + interval 1 year"),
        ("sex", "count(distinct sex) > 1"),
    ):
        desk.fault(
            "R40", "involvements", column,
            f"select line from involvements where {column} is not null and person_ref in (select person_ref "
            f"from involvements where person_ref is not null group by person_ref having {differ})",
        )  # fmt: skip
