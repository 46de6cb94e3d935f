"""What was used against suspects, what was seized, and what do crimes and people share?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assay.synthetic.calibration import mixes
from assay.synthetic.local_time import after, age, day
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case
from assay.synthetic.synthetic_country import names
from assay.synthetic.synthetic_people import LETTERS, Person
from assay.synthetic.synthetic_tables import Book

KEPT_FOR_DRAMA = (
    "07700900", "01632960", "01134960", "01144960", "01154960", "01164960", "01174960", "01184960", "01214960",
    "01314960", "01414960", "01514960", "01614960", "02079460", "01914980", "02920180",
)  # fmt: skip
"""The first digits of telephone numbers that are given to nobody: Ofcom, telephone numbers for use in TV and radio
drama programmes. So many that two who share one seldom do so by chance."""


def orders(book: Book, cases: list[Case], chance: Chance) -> None:
    """Warnings and orders on adult suspects of exploitation, and now and then police protection of a child."""
    for case in cases:
        draw = chance.stream(case.ref)
        used = book.force.rate("order_on_suspect")
        for person in case.named if case.exploited else ():
            made = after(case.recorded, draw.exponential(30), draw)
            if age(person.born, made.date()) >= 18 and draw.happens(used) and book.seen(made):
                _order(book, draw.weighted(mixes()["order"]), "suspect", person, case, made, draw)
        child = case.victims[0]
        if draw.happens(0.02) and age(child.born, case.recorded.date()) < 17:
            _order(book, "PPP", "child", child, case, case.recorded + dt.timedelta(hours=2), draw)


def _order(
    book: Book, code: str, served_on: str, person: Person, case: Case, made: dt.datetime, chance: Chance
) -> None:
    days = chance.between(0.5, 2.8) if code == "PPP" else chance.between(120, 900)
    breached = after(made, chance.whole(5, 150), chance) if chance.happens(0.12) and served_on == "suspect" else None
    book.add(
        "orders",
        order_ref=book.ref("O"),
        order_code=code,
        served_on=served_on,
        person_ref=person.ref,
        crime_ref=case.ref,
        made_at=made,
        ended_at=book.by_now(made + dt.timedelta(days=days)),
        breached_at=book.by_now(breached),
    )


def exhibits(book: Book, case: Case, chance: Chance) -> None:
    """Devices taken in one crime, and how long they waited."""
    if not case.named or not chance.happens(0.8 if case.family in ("images", "grooming") else 0.2):
        return
    taken = after(case.recorded, chance.exponential(15), chance)
    if not book.seen(taken) or taken >= case.ends:
        return
    for _ in range(chance.whole(1, 3)):
        ref = book.ref("X")
        owner = "suspect" if chance.happens(0.8) else "victim"
        book.add(
            "exhibits",
            exhibit_ref=ref,
            crime_ref=case.ref,
            item_kind=chance.weighted(mixes()["device"]),
            taken_from=owner,
        )
        handed = after(taken, chance.whole(1, 20), chance)
        examined = after(handed, chance.lognormal(70, 0.8), chance)
        book.step("device_seized", taken, crime_ref=case.ref, exhibit_ref=ref, by_role="investigator")
        if chance.happens(0.9):
            book.step("device_submitted", handed, crime_ref=case.ref, exhibit_ref=ref, by_role="investigator")
            if examined < case.ends:
                book.step("device_examined", examined, crime_ref=case.ref, exhibit_ref=ref, by_role="digital_examiner")


def groups(book: Book, cases: list[Case], chance: Chance) -> None:
    """Groups that the force says it knows, and what their crimes share. Some groups nobody has mapped.

    The crimes of planted networks are not among `cases`: see `networks`.
    """
    several = [case for case in cases if case.exploited and len(case.named) > 1]
    for case in several:
        draw = chance.stream(case.ref)
        _shared(book, case, draw)
        mapped = draw.happens(book.force.rate("groups_mapped"))
        book.know("groups", crime_ref=case.ref, offenders=len(case.named), mapped=mapped)
        if mapped:
            group_of(book, case, case.named, case.victims, draw)
    for case in cases:
        draw = chance.stream("links", case.ref)
        for person in case.named if draw.happens(0.25) else ():
            kind = draw.pick(("vehicle", "phone"))
            link(book, kind, _value(kind, draw), crime_ref=case.ref, person_ref=person.ref)


def group_of(book: Book, case: Case, suspects: Sequence[Person], victims: Sequence[Person], chance: Chance) -> None:
    """A group that the force mapped some time after a crime was recorded, and who is in it."""
    ref = book.ref("G")
    mapped_on = after(case.recorded, chance.whole(10, 60), chance).date()
    if not book.seen(mapped_on):
        mapped_on = case.recorded.date()
    kind = chance.weighted({"network": 7, "organised_crime_group": 2, "gang": 0.5})
    ended_on = mapped_on + dt.timedelta(days=chance.stream("ended", ref).whole(20, 150))
    over = chance.stream("over", ref).happens(0.4) and book.seen(ended_on)
    book.add("groups", group_ref=ref, group_kind=kind, mapped_on=mapped_on, ended_on=ended_on if over else None)
    for place, person in enumerate(suspects):
        role = "facilitator" if place > 1 and chance.happens(0.3) else "offender"
        book.add("group_members", group_ref=ref, person_ref=person.ref, member_role=role)
    for victim in victims:
        book.add("group_members", group_ref=ref, person_ref=victim.ref, member_role="victim")


def _shared(book: Book, case: Case, chance: Chance) -> None:
    place = f"PL{chance.whole(10_000, 99_999)}"
    link(book, "place", place, crime_ref=case.ref)
    for person in case.named:
        link(book, "place", place, crime_ref=case.ref, person_ref=person.ref)


def _value(kind: str, chance: Chance) -> str:
    return telephone(chance) if kind == "phone" else mark(chance)


def telephone(chance: Chance) -> str:
    """A number that is given to nobody."""
    return f"{chance.pick(KEPT_FOR_DRAMA)}{chance.whole(0, 999):03d}"


def mark(chance: Chance) -> str:
    """The form of a registration mark; none that begins with Z was ever issued in Great Britain."""
    letters = "".join(chance.pick(LETTERS) for _ in range(4))
    return f"Z{letters[0]}{chance.whole(10, 99)}{letters[1:]}"


def link(book: Book, kind: str, value: str, **who: str) -> None:
    """One row of what crimes and people share."""
    book.add("links", link_ref=book.ref("K"), link_kind=kind, link_value=value, **who)


def aliases(book: Book, chance: Chance) -> None:
    """Another name for one involvement in forty."""
    for row in list(book.rows("involvements")):
        draw = chance.stream(row["involvement_ref"])
        if row.get("person_ref") and draw.happens(0.025):
            book.add(
                "aliases",
                alias_ref=book.ref("AL"),
                involvement_ref=row["involvement_ref"],
                forenames=draw.pick(names()["forenames"]),
                surname=row["surname"],
            )


def court(book: Book, chance: Chance) -> None:
    """First hearings of those charged, in the few forces that hold them."""
    for row in [event for event in book.rows("events") if event["kind"] == "suspect_charged"]:
        draw = chance.stream(row["event_ref"])
        heard = after(row["happened_at"], draw.whole(10, 45), draw)
        if book.seen(heard) and day(heard).weekday() < 5:
            names_of = {key: row[key] for key in ("crime_ref", "person_ref")}
            book.add(
                "court",
                court_ref=book.ref("CT"),
                stage="first_hearing",
                court_result="adjourned",
                happened_at=heard,
                **names_of,
            )
