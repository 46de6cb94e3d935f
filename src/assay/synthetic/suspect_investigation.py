"""Whom did the police identify, was the prosecutor asked early, and which other children did they look for?"""

from __future__ import annotations

import datetime as dt

from assay.synthetic.calibration import figure
from assay.synthetic.case_dossier import Dossier, moment
from assay.synthetic.local_time import born_to_be, within
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Suspect
from assay.synthetic.synthetic_people import Person
from assay.synthetic.synthetic_tables import Book

STRANGERS = ("stranger", "known_online_only")
MEANS = ("phone_or_online", "cctv", "intelligence", "id_procedure", "victim_or_witness")
MET = ("suspect_arrested", "suspect_interviewed_under_caution")


def early_advice(files: list[Dossier], chance: Chance) -> None:
    """On crimes with a named suspect: whether the prosecutor was asked early, before any file was sent."""
    for one in files:
        if not one.case.named:
            continue
        draw = chance.stream(one.case.ref)
        sent = one.of("file_submitted", "charge_decision")
        limit = min([one.until, *(moment(row["happened_at"]) for row in sent), one.opened + dt.timedelta(days=60)])
        wanted = draw.happens(one.book.force.rate("early_advice", one.case.recorded)) and not one.case.closed_too_soon
        asked = (
            wanted
            and one.opened < limit
            and one.enter("early_advice_requested", within(one.opened, limit, draw), by_role="specialist_investigator")
        )
        one.book.know("early_advice", crime_ref=one.case.ref, suspects=len(one.case.named), asked=bool(asked))


def looked_for(book: Book) -> None:
    """A step to identify somebody who has no number names their row on the crime."""
    unnamed: dict[str, str] = {}
    for row in book.rows("involvements"):
        if row["role"] == "suspect" and not row.get("person_ref"):
            unnamed.setdefault(row["crime_ref"], row["involvement_ref"])
    for row in book.rows("events"):
        if row["kind"] == "identification_attempted" and not row.get("person_ref"):
            row["involvement_ref"] = unnamed.get(row["crime_ref"])


def identified(files: list[Dossier], chance: Chance) -> None:
    """Suspects who were only described at first, and how they came to be known by name."""
    for one in files:
        for suspect in one.case.suspects:
            if suspect.person and suspect.relationship in STRANGERS:
                _identified(one, suspect, suspect.person, chance.stream(one.case.ref, suspect.person.key))


def _identified(one: Dossier, suspect: Suspect, person: Person, chance: Chance) -> None:
    ref = one.ref(person)
    first = [moment(row["happened_at"]) for row in one.steps if row.get("person_ref") == ref]
    limit = min([one.until, *first])
    if limit <= one.opened or not chance.happens(one.book.force.rate("identified_later", one.case.recorded)):
        return
    known = within(one.opened, limit, chance)
    if chance.happens(0.7):
        means, tried = chance.pick(MEANS), within(one.opened, known, chance)
        one.enter("identification_attempted", tried, by_role="investigator", detail=means, person_ref=ref)
    one.enter("suspect_identified", known, by_role="investigator", person_ref=ref)


def linked_children(files: list[Dossier], chance: Chance) -> None:
    """Other children whom a suspect could reach: whether anybody looked for them, and spoke with them."""
    for one in files:
        for person in one.case.named:
            draw, ref = chance.stream(one.case.ref, person.key), one.ref(person)
            met = [row for row in one.of(*MET) if row.get("person_ref") == ref]
            if met and draw.happens(figure("child_within_reach")):
                _within_reach(one, person, ref, draw)


def _within_reach(one: Dossier, person: Person, ref: str, chance: Chance) -> None:
    """One child within reach; what the police do not know of them stands in the truth alone."""
    book, asked = one.book, chance.happens(one.book.force.rate("linked_child_contacted", one.case.recorded))
    checked = [row for row in one.of("other_children_check_done") if row.get("person_ref") == ref]
    contacted = None
    if checked and asked:
        since = moment(checked[0]["happened_at"])
        spoken = within(since, min(one.until, since + dt.timedelta(days=45)), chance)
        if since < spoken and book.seen(spoken):
            born = born_to_be(chance.whole(6, 16), spoken.date(), chance)
            child = book.people.new(born, female=0.6, child=True)
            channel = chance.weighted({"in_person": 6, "phone": 2, "video": 0.5})
            names = {"person_ref": child.ref, "by_role": "safeguarding_officer", "detail": channel}
            contacted = one.enter("linked_child_contacted", spoken, **names)
    names = {"crime_ref": one.case.ref, "suspect": person.key}
    book.know("within_reach", **names, checked=bool(checked), contacted=bool(contacted))
