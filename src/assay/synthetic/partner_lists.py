"""What do partners send of the children on their lists, and how do they spell them?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from assay.synthetic.capture_probabilities import BANDS, Child
from assay.synthetic.hidden_settings import LISTS, HiddenSettings
from assay.synthetic.hidden_years import Year, years_of
from assay.synthetic.local_time import DAY, birthday, born_to_be
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_people import LETTERS, People, Person
from assay.synthetic.synthetic_tables import Book, Row

THREE = ("on_police_crimes", "on_missing", "on_local_authority")


@dataclass
class Partners:
    """The partners of one force: which of them send a list, and what they have entered so far."""

    book: Book
    settings: HiddenSettings
    chance: Chance
    ends: dict[tuple[str, str], dt.date] = field(default_factory=dict)
    entries: list[tuple[tuple[int, dt.date, int], Row, Row]] = field(default_factory=list)

    def __post_init__(self) -> None:
        draw = self.book.whole.stream("partners", "partners", "sent")
        shares = self.settings.sent.items()
        self.sent = frozenset(name for name, share in shares if draw.stream(name).happens(share))
        self.people = People(self.chance.stream("people"), f"{self.book.people.prefix}-P")

    def enter(self, year: Year, child: Child) -> None:
        """One entry on each list that is sent and on which the child stands."""
        names = [name for name in child.on if name in self.sent]
        if names:
            person = child.person or self._named(year, child)
            for name in names:
                self._enter(year, child.key, person, name)

    def _named(self, year: Year, child: Child) -> Person:
        """A name and a birthday for somebody whom no record of the force names."""
        draw = self.chance.stream("born", child.key)
        ages = {years: self.settings.ages[years] for years in BANDS[child.kind.band]}
        born = born_to_be(int(draw.weighted(ages)), year.first, draw)
        person = self.people.new(born, female=float(child.kind.female), child=True)
        self.people.known.clear()  # nobody asks for them again, and a country has very many
        return person

    def _enter(self, year: Year, key: str, person: Person, name: str) -> None:
        """One spell from some day of the year, unless the child is on the list still from the year before."""
        draw = self.chance.stream(name, key, year.number)
        adult = birthday(person.born, 18)
        first = max(year.first, self.ends.get((key, name), year.first - DAY) + DAY)
        days = (min(year.end, adult) - first).days
        if days < 1:
            return
        started = first + draw.whole(0, days - 1) * DAY
        ended = min(started + draw.whole(60, 300) * DAY, adult)
        if ended > year.end:
            self.ends[key, name] = ended
        slip, spelt = self._spelt(person, draw)
        entry = {
            "list_kind": name,
            "concern": "cse" if draw.happens(self.settings.concern_cse) else "exploitation_any",
            "sex": person.sex,
            "started_on": started,
            "ended_on": self.book.by_now(ended),
            **spelt,
        }
        place = (LISTS.index(name), started, draw.whole(0, 10**9))
        self.entries.append((place, entry, {"person": key, "year": year.number, "slip": slip}))

    def send(self) -> None:
        """Every entry, list after list by the day on which it begins: the order tells nothing about a child."""
        for _, entry, truth in sorted(self.entries, key=lambda one: one[0]):
            ref = self.book.ref("Q")
            self.book.add("agencies", entry_ref=ref, **entry)
            self.book.know("agencies", entry_ref=ref, **truth)

    def _spelt(self, person: Person, draw: Chance) -> tuple[str, Row]:
        """What went wrong in the spelling, if anything, and the columns as the partner holds them."""
        right = {
            "forenames": person.forenames,
            "surname": person.surname,
            "date_of_birth": person.born,
            "postcode": None if draw.happens(self.settings.no_postcode) else person.postcode,
        }
        if not draw.happens(self.settings.slips):
            return "", right
        wrong = {kind: right | changed for kind, changed in slips(person, draw).items()}
        weights = {kind: self.settings.slip_kinds[kind] for kind in wrong if wrong[kind] != right}
        if not any(weights.values()):
            return "", right
        kind = draw.weighted(weights)
        return kind, wrong[kind]


def slips(person: Person, chance: Chance) -> dict[str, dict[str, Any]]:
    """Each way to spell this person wrongly: the columns that change."""
    name, short, born = person.surname, person.forenames, person.born
    place = chance.pick([at for at in range(1, len(name) - 1) if name[at] != name[at + 1]])
    swapped = born.replace(month=born.day, day=born.month) if born.day <= 12 else born
    moved = f"ZZ99 {chance.whole(1, 9)}{chance.pick(LETTERS)}{chance.pick(LETTERS)}"
    return {
        "typing": {"surname": name[:place] + name[place + 1] + name[place] + name[place + 2 :]},
        "day_and_month": {"date_of_birth": swapped},
        "no_date_of_birth": {"date_of_birth": None},
        "old_postcode": {"postcode": moved},
        "short_name": {"forenames": short[:3] if len(short) > 3 else f"{short}y"},
    }


def count_patterns(book: Book) -> None:
    """The children of this division on each pattern of three lists, year by year, added to those of the force."""
    rows = book.truth.get("hidden", ())
    book.totals.update(_pattern(row["year"], *(row[column] for column in THREE)) for row in rows)


def _pattern(year: int, *on: bool) -> str:
    return f"lists {year} " + "".join(str(int(each)) for each in on)


def overlaps(book: Book) -> None:
    """For each year one set of counts: the children of the force on each pattern of three lists, as they truly are."""
    for number, (first, end) in enumerate(years_of(book.span), start=1):
        ref = book.ref("OV")
        for crimes, missing, authority in product((True, False), repeat=3):
            children = book.totals[_pattern(number, crimes, missing, authority)]
            if children and (crimes or missing or authority):
                book.add(
                    "overlap_counts",
                    overlap_ref=ref,
                    on_police_crimes=crimes,
                    on_police_missing=missing,
                    on_local_authority=authority,
                    definition="CSE_2017",
                    data_from=first,
                    data_to=end,
                    linkage_method="shared_number",
                    children=children,
                )
