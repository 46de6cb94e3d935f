"""Subjects of a sample: the crimes, children, suspects or groups in the records for which an indicator has a given
answer.

An indicator or a wait has its own kind of record. The record leads to a file by the crime that it names, by its person,
or through the return (a report by its crimes; a referral, flag or order by its person or crime). A person is used only
in the role of the file: a record of a suspect leads to the children of that crime, and never to a child by the
suspect's own number.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.casefiles.link_paths import has_link_path, read_link_paths
from assay.casefiles.sample_designs import FOUND_GROUPS, Design
from assay.errors import UsageError
from assay.indicators import ANSWERS, EVERYWHERE, INCLUDED, NOT_KNOWN, STILL_WAITING, Count, Form, Wait, wait_answers
from assay.indicators.indicator_catalogue import find_form
from assay.reference.time_standards import OVER_RUNS

if TYPE_CHECKING:
    from assay.engine.expressions import ExpressionEngine

PAST = "past its limit"
OVERDUE = (*OVER_RUNS, "did not happen")
"""The states of a duty whose limit has passed."""
ROLES = {"child": "victim", "suspect": "suspect"}
"""For subjects that are persons: the role on a crime, and the facts."""
SUSPECT_RECORDS = ("suspect", "pursuit", "prosecution", "suspected_person", "disruption")
CHILD_RECORDS = (
    "victim", "child_victim", "victim_as_child", "exploited_child", "flagged_child", "list_spell", "known_child",
    "missing_episode", "assessment", "order_on_child", "referral", "report", "flag",
)  # fmt: skip
"""Records whose person is always in one role. Others say a role, or name an entry that has one (`ROLE_BY_ENTRY`)."""
ROLE_BY_ENTRY = ("duty", "described")
FOUND, FORCE_GROUP = "found_group", "group"
FORCE_RECORDS = ("force", "sent_table")
"""Records of a force or of its tables, which have no file to read."""
CRIME, RECORD = ["force_code", "crime_ref"], ["force_code", "record_ref"]


def form_of(design: Design) -> Form:
    """Return the indicator or waiting time that a design samples by; raise UsageError if it does not fit the design."""
    design_form = find_form(design.indicator)
    if isinstance(design_form, Count):
        raise UsageError(
            f"Design {design.key}: {design.indicator} is a count, so no record has an answer to it. Name another "
            "indicator. Name another indicator."
        )
    if design_form.record in FORCE_RECORDS:
        problem = (
            f"{design.indicator} asks of each force, not of a {design.subject}: a force has no case file. "
            "Name another indicator."
        )
        raise UsageError(f"Design {design.key}: {problem}")
    known = _possible_answers(design_form)
    wrong = [answer for answer in design.answers if answer not in known]
    if wrong:
        raise UsageError(f"Design {design.key}: answers to {design_form.key} are among {', '.join(known)}.")
    if design.over and not isinstance(design_form, Wait):
        raise UsageError(f"Design {design.key}: over counts the days of a wait, and {design_form.key} is none.")
    if PAST in design.answers and design_form.record != "duty":
        problem = (
            f"{design_form.key} has no limit of its own. In the place of {PAST!r} say from how many days on: over = 90."
        )
        raise UsageError(f"Design {design.key}: {problem}")
    return design_form


def uses_detected_groups(design: Design) -> bool:
    """Return True if a design samples detected groups: as its subject, or through its indicator."""
    by_indicator = design.subject == FORCE_GROUP and design.indicator and find_form(design.indicator).record == FOUND
    return design.records == FOUND_GROUPS or bool(by_indicator)


def selected_subjects(design: Design, at_work: ExpressionEngine, folder: Path, today: date) -> Any:
    """Return the distinct subjects (force_code, asked_ref) of the records whose answers a design selects."""
    design_form = form_of(design)
    records = at_work.table("asked", folder / "records" / f"{design_form.record}.parquet")
    if isinstance(design_form, Wait):
        matching = _records_of_wait(design, design_form, records, at_work, folder)
    else:
        matching = _records_with_answer(design, at_work, folder)
    selected = records.semi_join(matching, RECORD)
    led = _linked_subjects(design, design_form, selected, at_work, folder, today)
    return led.filter(~led.asked_ref.isnull()).distinct()


def _possible_answers(design_form: Form) -> tuple[str, ...]:
    """Return the answers that a design can select: of an indicator; or endings of a wait, or still waiting."""
    if isinstance(design_form, Wait):
        return (STILL_WAITING, PAST, *(label for label, _ in design_form.endings), NOT_KNOWN)
    return ANSWERS


def _records_with_answer(design: Design, at_work: ExpressionEngine, folder: Path) -> Any:
    answers = at_work.table("answers", folder / "enquiries" / "answers.parquet")
    matching = answers.filter(answers.indicator == design.indicator)
    return matching.filter(matching.answer.isin(design.answers)) if design.answers else matching


def _records_of_wait(design: Design, wait: Wait, records: Any, at_work: ExpressionEngine, folder: Path) -> Any:
    """Return the records whose wait has the selected state, in forces with the necessary tables."""
    waits = at_work.table("waits", _askable(folder, wait))
    placed = wait_answers(wait, records).semi_join(waits, "force_code")
    if PAST in design.answers:
        placed = placed.join(records.select(*RECORD, "state"), RECORD)
    endings = [answer for answer in design.answers if answer != PAST]
    selected = placed.ending.isin(endings) | placed.answer.isin(endings) if endings else placed.answer == INCLUDED
    if PAST in design.answers:
        overdue = (placed.answer == INCLUDED) & placed.state.isin(OVERDUE)
        selected = selected | overdue if endings else overdue
    found = placed.filter(selected)
    return found.filter(found.days > design.over) if design.over else found


def _askable(folder: Path, wait: Wait) -> pa.Table:
    """Return the forces that sent the tables of the wait."""
    rows = pq.read_table(folder / "enquiries" / "wait_medians.parquet").to_pylist()
    wait_rows = [row for row in rows if row["wait"] == wait.key and not row["not_askable"]]
    codes = sorted({row["place_code"] for row in wait_rows} - {EVERYWHERE})
    return pa.table({"force_code": pa.array(codes, pa.string())})


def _linked_subjects(
    design: Design, design_form: Form, records: Any, at_work: ExpressionEngine, folder: Path, today: date
) -> Any:
    """Return the subjects that the records lead to: force_code, asked_ref."""
    if design.subject == FORCE_GROUP:
        return _to_groups(design, design_form, records)
    if has_link_path(design_form.record):
        link_paths = at_work.table("roads", read_link_paths(folder, design_form.record, today))
        records = records.drop(*[name for name in ("crime_ref", "person_id") if name in records.columns])
        records = records.join(link_paths, RECORD)
    if design.subject == "crime":
        return _to_crimes(design, design_form, records)
    return _to_persons(design, design_form, records, at_work, folder)


def _to_groups(design: Design, design_form: Form, records: Any) -> Any:
    if design_form.record not in (FOUND, FORCE_GROUP):
        raise _refused(design, design_form)
    return records.select("force_code", asked_ref="record_ref" if design_form.record == FOUND else "group_ref")


def _to_crimes(design: Design, design_form: Form, records: Any) -> Any:
    if "crime_ref" not in records.columns:
        raise _refused(design, design_form)
    return records.select("force_code", asked_ref="crime_ref")


def _to_persons(design: Design, design_form: Form, records: Any, at_work: ExpressionEngine, folder: Path) -> Any:
    """Return subjects by person if the role is that of the file; otherwise, or without a person, by crime."""
    columns, other = records.columns, SUSPECT_RECORDS if design.subject == "child" else CHILD_RECORDS
    by_person, by_crime = "person_id" in columns and design_form.record not in other, "crime_ref" in columns
    if not by_person and not by_crime:
        raise _refused(design, design_form)
    person_records, crime_records = records, records
    if by_person and design_form.record in ROLE_BY_ENTRY:
        person_records, crime_records = _by_role(design, records, at_work, folder)
    elif by_person and by_crime:
        crime_records = records.filter(records.person_id.isnull())
    found = []
    if by_person:
        found.append(person_records.select("force_code", asked_ref="person_id"))
    if by_crime:
        facts = at_work.table("of_role", folder / "records" / f"{ROLES[design.subject]}.parquet")
        crime_persons = crime_records.select(*CRIME).distinct().join(facts.select(*CRIME, "person_id"), CRIME)
        found.append(crime_persons.select("force_code", asked_ref="person_id"))
    return found[0] if len(found) == 1 else found[0].union(found[1])


def _by_role(design: Design, records: Any, at_work: ExpressionEngine, folder: Path) -> tuple[Any, Any]:
    """Return the records whose person has the role of the file, and those that lead to a file by their crime.

    The latter have a person in the other role, or none. A record with a person and without an entry is of a child.
    """
    people = at_work.table("entered", folder / "records" / "person.parquet")
    entry, has_role = ["force_code", "involvement_ref"], people.role == ROLES[design.subject]
    other = people.role.isin(tuple(ROLES.values())) & ~has_role
    own_entries, other_entries = (people.filter(condition).select(*entry) for condition in (has_role, other))
    without_entry, has_person = records.involvement_ref.isnull(), ~records.person_id.isnull()
    own_entry, other_entry = (records.semi_join(entries, entry) for entries in (own_entries, other_entries))
    if design.subject == "child":
        own_entry = own_entry.union(records.filter(without_entry & has_person))
    return own_entry, other_entry.union(records.filter(without_entry & ~has_person))


def _refused(design: Design, design_form: Form) -> UsageError:
    problem = f"{design.indicator} asks of each {design_form.record.replace('_', ' ')}, not of a {design.subject}"
    return UsageError(f"Design {design.key}: {problem}, and no such record says which {design.subject} it is of.")
