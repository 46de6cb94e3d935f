"""Of which crimes, children, suspects or groups are the records that gave an answer, or that still wait?

An indicator or a wait asks of its own kind of record. It leads to a file by the crime it names, by the person it is of,
or through the return it came in (a report by its crimes, a referral, flag or order by its person or crime). A person is
taken only in the role that the file is of: what is asked of a suspect leads to the children of that crime, and to no
child by the suspect's own number.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from assay.casefiles.link_paths import has_road, read_roads
from assay.casefiles.sample_designs import FOUND_GROUPS, Design
from assay.errors import UsageError
from assay.indicators import ANSWERS, COUNTED, EVERYWHERE, NOT_KNOWN, STILL_WAITING, Count, Form, Wait, wait_answers
from assay.indicators.indicator_catalogue import form
from assay.reference.time_standards import OVER_RUNS

if TYPE_CHECKING:
    from assay.engine.expressions import Expressions

PAST = "past its limit"
OVERDUE = (*OVER_RUNS, "did not happen")
"""The states of a duty whose limit has passed."""
ROLES = {"child": "victim", "suspect": "suspect"}
"""Of a subject that is a person: their role on a crime, and the facts that hold it."""
OF_A_SUSPECT = ("suspect", "pursuit", "prosecution", "suspected_person", "disruption")
OF_A_CHILD = (
    "victim", "child_victim", "victim_as_child", "exploited_child", "flagged_child", "list_spell", "known_child",
    "missing_episode", "assessment", "order_on_child", "referral", "report", "flag",
)  # fmt: skip
"""Records whose person is always in one role. Others say a role, or name an entry that has one (`ROLE_BY_ENTRY`)."""
ROLE_BY_ENTRY = ("duty", "described")
FOUND, HELD = "found_group", "group"
OF_BODIES = ("force", "sent_table")
"""Records of a body or of what it sent: they have no file to be read."""
CRIME, RECORD = ["force_code", "crime_ref"], ["force_code", "record_ref"]


def form_of(design: Design) -> Form:
    """The indicator or wait of a design; UsageError where it has no answers, or its record has no file."""
    asked = form(design.indicator)
    if isinstance(asked, Count):
        raise UsageError(f"Design {design.key}: {design.indicator} is a count, so no record has an answer to it.")
    if asked.record in OF_BODIES:
        said = f"{design.indicator} asks of each force, not of a {design.subject}: a force has no file to be read."
        raise UsageError(f"Design {design.key}: {said}")
    known = _answers_to(asked)
    wrong = [one for one in design.answers if one not in known]
    if wrong:
        raise UsageError(f"Design {design.key}: answers to {asked.key} are among {', '.join(known)}.")
    if design.over and not isinstance(asked, Wait):
        raise UsageError(f"Design {design.key}: over counts the days of a wait, and {asked.key} is none.")
    if PAST in design.answers and asked.record != "duty":
        said = f"{asked.key} has no limit of its own. In the place of {PAST!r} say from how many days on: over = 90."
        raise UsageError(f"Design {design.key}: {said}")
    return asked


def asks_of_found_groups(design: Design) -> bool:
    """Whether its groups are those that the records show: it says so, or its indicator asks of them."""
    by_indicator = design.subject == HELD and design.indicator and form(design.indicator).record == FOUND
    return design.records == FOUND_GROUPS or bool(by_indicator)


def asked_subjects(design: Design, at_work: Expressions, folder: Path, today: date) -> Any:
    """The subjects of the records that gave the answers asked for: force_code, asked_ref, each once."""
    asked = form_of(design)
    records = at_work.table("asked", folder / "records" / f"{asked.record}.parquet")
    if isinstance(asked, Wait):
        held = _waiting(design, asked, records, at_work, folder)
    else:
        held = _answered(design, at_work, folder)
    chosen = records.semi_join(held, RECORD)
    led = _led(design, asked, chosen, at_work, folder, today)
    return led.filter(~led.asked_ref.isnull()).distinct()


def _answers_to(asked: Form) -> tuple[str, ...]:
    """What may be asked for: the answers of an indicator; or the endings of a wait, and that it goes on."""
    if isinstance(asked, Wait):
        return (STILL_WAITING, PAST, *(label for label, _ in asked.endings), NOT_KNOWN)
    return ANSWERS


def _answered(design: Design, at_work: Expressions, folder: Path) -> Any:
    answers = at_work.table("answers", folder / "enquiries" / "answers.parquet")
    held = answers.filter(answers.indicator == design.indicator)
    return held.filter(held.answer.isin(design.answers)) if design.answers else held


def _waiting(design: Design, wait: Wait, records: Any, at_work: Expressions, folder: Path) -> Any:
    """The records whose wait has come to what the design asks for, in forces where it can be asked."""
    waits = at_work.table("waits", _askable(folder, wait))
    placed = wait_answers(wait, records).semi_join(waits, "force_code")
    if PAST in design.answers:
        placed = placed.join(records.select(*RECORD, "state"), RECORD)
    wanted = [one for one in design.answers if one != PAST]
    kept = placed.ending.isin(wanted) | placed.answer.isin(wanted) if wanted else placed.answer == COUNTED
    if PAST in design.answers:
        overdue = (placed.answer == COUNTED) & placed.state.isin(OVERDUE)
        kept = kept | overdue if wanted else overdue
    found = placed.filter(kept)
    return found.filter(found.days > design.over) if design.over else found


def _askable(folder: Path, wait: Wait) -> pa.Table:
    """The forces that sent what the wait needs."""
    rows = pq.read_table(folder / "enquiries" / "wait_medians.parquet").to_pylist()
    mine = [row for row in rows if row["wait"] == wait.key and not row["not_askable"]]
    codes = sorted({row["place_code"] for row in mine} - {EVERYWHERE})
    return pa.table({"force_code": pa.array(codes, pa.string())})


def _led(design: Design, asked: Form, records: Any, at_work: Expressions, folder: Path, today: date) -> Any:
    """force_code, asked_ref: what the records lead to."""
    if design.subject == HELD:
        return _to_groups(design, asked, records)
    if has_road(asked.record):
        roads = at_work.table("roads", read_roads(folder, asked.record, today))
        records = records.drop(*[name for name in ("crime_ref", "person_id") if name in records.columns])
        records = records.join(roads, RECORD)
    if design.subject == "crime":
        return _to_crimes(design, asked, records)
    return _to_persons(design, asked, records, at_work, folder)


def _to_groups(design: Design, asked: Form, records: Any) -> Any:
    if asked.record not in (FOUND, HELD):
        raise _refused(design, asked)
    return records.select("force_code", asked_ref="record_ref" if asked.record == FOUND else "group_ref")


def _to_crimes(design: Design, asked: Form, records: Any) -> Any:
    if "crime_ref" not in records.columns:
        raise _refused(design, asked)
    return records.select("force_code", asked_ref="crime_ref")


def _to_persons(design: Design, asked: Form, records: Any, at_work: Expressions, folder: Path) -> Any:
    """By the person where they are in the role of the file; by the crime where they are not, or no person is named."""
    columns, other = records.columns, OF_A_SUSPECT if design.subject == "child" else OF_A_CHILD
    by_person, by_crime = "person_id" in columns and asked.record not in other, "crime_ref" in columns
    if not by_person and not by_crime:
        raise _refused(design, asked)
    mine, rest = records, records
    if by_person and asked.record in ROLE_BY_ENTRY:
        mine, rest = _by_role(design, records, at_work, folder)
    elif by_person and by_crime:
        rest = records.filter(records.person_id.isnull())
    found = []
    if by_person:
        found.append(mine.select("force_code", asked_ref="person_id"))
    if by_crime:
        facts = at_work.table("of_role", folder / "records" / f"{ROLES[design.subject]}.parquet")
        of_crime = rest.select(*CRIME).distinct().join(facts.select(*CRIME, "person_id"), CRIME)
        found.append(of_crime.select("force_code", asked_ref="person_id"))
    return found[0] if len(found) == 1 else found[0].union(found[1])


def _by_role(design: Design, records: Any, at_work: Expressions, folder: Path) -> tuple[Any, Any]:
    """The records whose person is entered in the role of the file, and those that go by their crime: of the other role,
    or of nobody. What names no entry and has a person all the same is of a child."""
    people = at_work.table("entered", folder / "records" / "person.parquet")
    entry, own = ["force_code", "involvement_ref"], people.role == ROLES[design.subject]
    other = people.role.isin(tuple(ROLES.values())) & ~own
    mine, others = (people.filter(which).select(*entry) for which in (own, other))
    alone, somebody = records.involvement_ref.isnull(), ~records.person_id.isnull()
    own_entry, other_entry = (records.semi_join(one, entry) for one in (mine, others))
    if design.subject == "child":
        own_entry = own_entry.union(records.filter(alone & somebody))
    return own_entry, other_entry.union(records.filter(alone & ~somebody))


def _refused(design: Design, asked: Form) -> UsageError:
    said = f"{design.indicator} asks of each {asked.record.replace('_', ' ')}, not of a {design.subject}"
    return UsageError(f"Design {design.key}: {said}, and no such record says which {design.subject} it is of.")
