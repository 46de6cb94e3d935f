"""What does one invented force hold in its systems, before any of it is sent?"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from assay.synthetic import (
    disruption_records,
    exploited_child_records,
    force_tables,
    hidden_population,
    missing_children,
    partner_lists,
    safeguarding_records,
    synthetic_texts,
)
from assay.synthetic.calibration import mixes
from assay.synthetic.crime_records import person_row, record
from assay.synthetic.follow_up import afterwards
from assay.synthetic.investigation_steps import investigate
from assay.synthetic.local_time import DAY, Span, after, age, minute
from assay.synthetic.network_settings import NetworkSettings
from assay.synthetic.offence_sampling import BY_A_CHILD
from assay.synthetic.offender_networks import Network, cases_of, held_of
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_case import Case, new_case
from assay.synthetic.synthetic_country import Force
from assay.synthetic.synthetic_people import People, Person
from assay.synthetic.synthetic_tables import Book

NO_NETWORKS = NetworkSettings()
MOST_CRIMES = 4000
HISTORY, FOLLOW_UP = 0.05, 0.02  # shares of exploited children who also have such a crime


def holdings(
    force: Force,
    span: Span,
    seed: int,
    abroad: list[Person],
    *,
    networks: Sequence[Network] = (),
    settings: NetworkSettings = NO_NETWORKS,
) -> Iterator[Book]:
    """Every table of one force, and the truth about it, division by division; `abroad` are people whom several forces
    know, `networks` those that work in this force: their crimes stand in the first division.

    A division has at most so many crimes that it lies easily in memory. What the force says of itself comes with the
    last.
    """
    numbers: dict[str, int] = {}
    totals: Counter[str] = Counter()
    here: dict[str, Person] = {}
    parts = divisions(force.crimes)
    for place, crimes in enumerate(parts):
        last = place == len(parts) - 1
        chance = Chance(seed, "force", force.code, *([place] if place else []))
        prefix = f"{force.code}.{place}" if place else force.code
        people = People(chance.stream("people"), prefix, abroad, numbers=numbers, here=here)
        book = Book(force, span, chance.stream("book"), people, numbers=numbers, totals=totals)
        book.crimes, book.last, book.whole = crimes, last, Chance(seed, "force", force.code)
        _fill(book, chance, () if place else networks, settings)
        yield book


def divisions(crimes: int) -> list[int]:
    """How many crimes each division of a force has."""
    number = -(-crimes // MOST_CRIMES)
    return [crimes * (place + 1) // number - crimes * place // number for place in range(number)]


def _fill(book: Book, chance: Chance, networks: Sequence[Network], settings: NetworkSettings) -> None:
    found = (_case(book, chance.stream("crime", place)) for place in range(book.crimes))
    usual = [case for case in found if case]
    together = [(one, _of_network(book, one, settings, chance.stream("network", one.key))) for one in networks]
    cases = usual + [case for _, mine in together for case in mine]
    _before_and_after(book, cases, chance.stream("other crimes"))
    safeguarding_records.safeguarding(book, cases, chance.stream("safeguarding"))
    missing_children.children_missing(book, cases, chance.stream("missing"))
    disruption_records.orders(book, cases, chance.stream("orders"))
    disruption_records.groups(book, usual, chance.stream("groups"))
    for network, mine in together:
        held_of(book, network, mine, settings, chance.stream("held", network.key))
    disruption_records.aliases(book, chance.stream("aliases"))
    disruption_records.court(book, chance.stream("court"))
    synthetic_texts.episode_notes(book, chance.stream("episode notes"))
    synthetic_texts.summaries(book, chance.stream("summaries"))
    _count(book, cases)
    hidden_population.hidden_children(book, cases, chance.stream("partners"))
    partner_lists.count_patterns(book)
    afterwards(book, cases, chance.stream("afterwards"))
    if book.last:
        force_tables.audits(book, cases, chance.stream("audits"))
        _say(book, chance)
    _nominals(book, chance.stream("nominals"))


def _case(book: Book, chance: Chance) -> Case | None:
    """One crime of the period with its record, steps, devices and notes; none if it is not entered yet."""
    recorded_on = book.span.period_from + chance.whole(0, book.span.days - 1) * DAY
    operation = book.force.operation
    by_police = operation is not None and chance.stream("operation").happens(operation[1].share)
    if operation and by_police:
        recorded_on = operation[0] + chance.stream("operation", "day").whole(0, operation[1].days - 1) * DAY
    if book.force.unentered and recorded_on >= book.span.period_to - book.force.nuisances.unentered_days * DAY:
        return None
    case = new_case(book, chance, recorded_on, by_police=by_police)
    _write_down(book, case, chance)
    return case


def _write_down(book: Book, case: Case, chance: Chance) -> None:
    """The record of a crime of the period, its steps, devices and notes."""
    record(book, case, chance.stream("record"))
    investigate(book, case, chance.stream("steps"))
    disruption_records.exhibits(book, case, chance.stream("exhibits"))
    synthetic_texts.case_notes(book, case, chance.stream("notes"))


def _of_network(book: Book, network: Network, settings: NetworkSettings, chance: Chance) -> list[Case]:
    """The crimes of a network in this force, written down like any others."""
    cases = cases_of(book, network, settings, chance)
    for case in cases:
        _write_down(book, case, chance.stream(case.ref))
    return cases


def _count(book: Book, cases: list[Case]) -> None:
    """What the force will know of itself as a whole."""
    book.totals["groups"] += len(book.rows("groups"))
    book.totals["children"] += len(exploited_child_records.exploited_children(book, cases))
    book.totals["crimes"] += len(cases)
    book.totals["suspects"] += len({person.key for case in cases for person in case.named})
    book.totals["recorded_in_24h"] += sum(case.recorded - case.reported <= DAY for case in cases)


def _say(book: Book, chance: Chance) -> None:
    force_tables.say_of_itself(book, chance.stream("profile"))
    partner_lists.overlaps(book)
    force_tables.teams(book, chance.stream("teams"))


def _before_and_after(book: Book, cases: list[Case], chance: Chance) -> None:
    """Of exploited children: crimes of the history, of the follow-up, and those of which they were suspected."""
    span = book.span
    before, later = (span.period_from - span.history_from).days, (span.extracted_at.date() - span.period_to).days
    for child in exploited_child_records.exploited_children(book, cases):
        draw = chance.stream(child.key)
        if draw.happens(HISTORY):
            _further(book, child, span.period_from - draw.whole(1, before - 1) * DAY, draw.stream("before"))
        if draw.happens(FOLLOW_UP):
            _further(book, child, span.period_to + draw.whole(1, later - 2) * DAY, draw.stream("later"))
        if draw.happens(book.force.rate("child_as_suspect")):
            _as_suspect(book, child, draw.stream("suspect"))


def _further(book: Book, child: Person, recorded_on: dt.date, chance: Chance) -> None:
    """A crime against a child who is known already, recorded outside the period."""
    if not 12 <= age(child.born, recorded_on) < 18:
        return
    case = new_case(book, chance, recorded_on, child)
    if case.first_day and age(child.born, case.first_day) < 6:
        return
    record(book, case, chance.stream("record"), in_period=False)
    investigate(book, case, chance.stream("steps"))


def _as_suspect(book: Book, child: Person, chance: Chance) -> None:
    """A crime of another kind of which an exploited child is suspected."""
    span = book.span
    happened = minute(span.period_from + chance.whole(10, span.days - 40) * DAY, chance)
    recorded = after(happened, chance.whole(0, 5), chance)
    if not 10 <= age(child.born, happened.date()) < 18:
        return
    ref, ended = book.ref("C"), after(recorded, chance.whole(20, 120), chance)
    outcome = chance.weighted({"8": 3, "22": 3, "15": 3, "10": 1}) if book.seen(ended) else "NOA"
    book.add(
        "crimes",
        crime_ref=ref,
        scope_reason="child_as_suspect",
        offence_code=chance.pick(BY_A_CHILD),
        reported_at=recorded,
        recorded_at=recorded,
        occurred_from=happened,
        source_of_report="friend_or_public",
        investigating_team=chance.weighted(mixes()["team"]),
        outcome_code=outcome,
        outcome_at=book.by_now(ended),
        closed_at=ended.date() if book.seen(ended) else None,
    )
    held = _held_as_victim(book, child)
    _of_the_child(book, child, held, ref, outcome, chance)
    considered = after(recorded, chance.whole(1, 15), chance)
    first = chance.happens(book.force.rate("exploitation_considered")) and considered < ended
    if first:
        names = {"crime_ref": ref, "person_ref": held}
        detail = chance.pick(("section_45_defence", "referral_mechanism", "diversion", "exploitation_in_general"))
        book.step("exploitation_considered", considered, by_role="investigator", detail=detail, **names)
    book.know("criminalised", person=child.key, crime_ref=ref, considered_first=first, outcome=outcome)


def _held_as_victim(book: Book, child: Person) -> str:
    """The number under which a crime names the child as its victim: by it the force can tell that they are one."""
    parts = (row for row in book.rows("involvements") if row["role"] == "victim")
    return next((str(row["person_ref"]) for row in parts if row.get("person_ref") in child.refs), child.ref)


def _of_the_child(book: Book, child: Person, held: str, ref: str, outcome: str, chance: Chance) -> None:
    row = person_row(child, book.force, chance) | {"person_ref": held, "date_of_birth": child.born}
    names = {"crime_ref": ref, "suspect_known_as": "named", "suspect_outcome_code": outcome}
    book.add("involvements", involvement_ref=book.ref("V"), role="suspect", **names, **row)
    book.add("involvements", involvement_ref=book.ref("V"), crime_ref=ref, role="victim", sex_missing_reason="SYSTEM")


def _nominals(book: Book, chance: Chance) -> None:
    """One row with role nominal for every number that other tables name and that stands in no involvement."""
    by_ref = {ref: person for person in book.people.known for ref in person.refs}
    held = {row.get("person_ref") for row in book.rows("involvements")}
    named = [row.get("person_ref") for table in sorted(book.tables) for row in book.tables[table]]
    for ref in dict.fromkeys(ref for ref in named if ref and ref not in held):
        row = person_row(by_ref[ref], book.force, chance) | {"person_ref": ref}
        book.add("involvements", involvement_ref=book.ref("V"), role="nominal", **row)
