"""Partners' lists of children, with errors in their entries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from assay.synthetic.capture_probabilities import BANDS, Child
from assay.synthetic.hidden_settings import LISTS, HiddenSettings
from assay.synthetic.hidden_years import PopulationYear, year_bounds
from assay.synthetic.local_time import DAY, birth_date, birthday
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_people import LETTERS, People, Person
from assay.synthetic.synthetic_tables import ForceRecords, Row

OVERLAP_COLUMNS = ("on_police_crimes", "on_missing", "on_local_authority")


@dataclass
class Partners:
    """The partner organisations of one force: which of them send a list, and the entries on their lists."""

    records: ForceRecords
    settings: HiddenSettings
    stream: RandomStream
    ends: dict[tuple[str, str], dt.date] = field(default_factory=dict)
    entries: list[tuple[tuple[int, dt.date, int], Row, Row]] = field(default_factory=list)

    def __post_init__(self) -> None:
        draw = self.records.force_stream.substream("partners", "partners", "sent")
        shares = self.settings.supply_probabilities.items()
        self.sent_lists = frozenset(name for name, share in shares if draw.substream(name).happens(share))
        self.people = People(self.stream.substream("people"), f"{self.records.people.prefix}-P")

    def add_child(self, year: PopulationYear, child: Child) -> None:
        """Add an entry to each list that is sent and records the child."""
        names = [name for name in child.lists if name in self.sent_lists]
        if names:
            person = child.person or self._new_person(year, child)
            for name in names:
                self._add_entry(year, child.key, person, name)

    def _new_person(self, year: PopulationYear, child: Child) -> Person:
        """Return a new person with name and birthday for a child in no record of the force."""
        draw = self.stream.substream("born", child.key)
        ages = {years: self.settings.ages[years] for years in BANDS[child.kind.band]}
        born = birth_date(int(draw.weighted(ages)), year.first, draw)
        person = self.people.new_person(born, female=float(child.kind.female), child=True)
        self.people.known.clear()  # not cached: they are not needed again, and a country has very many
        return person

    def _add_entry(self, year: PopulationYear, key: str, person: Person, name: str) -> None:
        """Add a spell from a random day of the year, unless the child is still on the list from the year before."""
        draw = self.stream.substream(name, key, year.number)
        adult = birthday(person.born, 18)
        first = max(year.first, self.ends.get((key, name), year.first - DAY) + DAY)
        days = (min(year.end, adult) - first).days
        if days < 1:
            return
        started = first + draw.integer(0, days - 1) * DAY
        ended = min(started + draw.integer(60, 300) * DAY, adult)
        if ended > year.end:
            self.ends[key, name] = ended
        slip, spelt = self._entered_columns(person, draw)
        entry = {
            "list_kind": name,
            "concern": "cse" if draw.happens(self.settings.concern_cse) else "exploitation_any",
            "sex": person.sex,
            "started_on": started,
            "ended_on": self.records.time_if_extracted(ended),
            **spelt,
        }
        place = (LISTS.index(name), started, draw.integer(0, 10**9))
        self.entries.append((place, entry, {"person": key, "year": year.number, "slip": slip}))

    def write_entries(self) -> None:
        """Write the entries by list and start day, so that the order reveals nothing about a child."""
        for _, entry, truth in sorted(self.entries, key=lambda item: item[0]):
            ref = self.records.ref("Q")
            self.records.add("agencies", entry_ref=ref, **entry)
            self.records.add_truth("agencies", entry_ref=ref, **truth)

    def _entered_columns(self, person: Person, draw: RandomStream) -> tuple[str, Row]:
        """Return the kind of spelling error, if any, and the columns as the partner holds them."""
        right = {
            "forenames": person.forenames,
            "surname": person.surname,
            "date_of_birth": person.born,
            "postcode": None if draw.happens(self.settings.no_postcode) else person.postcode,
        }
        if not draw.happens(self.settings.slips):
            return "", right
        wrong = {kind: right | changed for kind, changed in entry_errors(person, draw).items()}
        weights = {kind: self.settings.slip_kinds[kind] for kind in wrong if wrong[kind] != right}
        if not any(weights.values()):
            return "", right
        kind = draw.weighted(weights)
        return kind, wrong[kind]


def entry_errors(person: Person, stream: RandomStream) -> dict[str, dict[str, Any]]:
    """Return the changed columns of each kind of spelling error for this person."""
    name, short, born = person.surname, person.forenames, person.born
    place = stream.pick([index for index in range(1, len(name) - 1) if name[index] != name[index + 1]])
    swapped = born.replace(month=born.day, day=born.month) if born.day <= 12 else born
    other_postcode = f"ZZ99 {stream.integer(1, 9)}{stream.pick(LETTERS)}{stream.pick(LETTERS)}"
    return {
        "typing": {"surname": name[:place] + name[place + 1] + name[place] + name[place + 2 :]},
        "day_and_month": {"date_of_birth": swapped},
        "no_date_of_birth": {"date_of_birth": None},
        "old_postcode": {"postcode": other_postcode},
        "short_name": {"forenames": short[:3] if len(short) > 3 else f"{short}y"},
    }


def count_patterns(records: ForceRecords) -> None:
    """Add this batch's children to the force's counts by year and by combination of three lists."""
    rows = records.truth.get("hidden", ())
    records.totals.update(_pattern(row["year"], *(row[column] for column in OVERLAP_COLUMNS)) for row in rows)


def _pattern(year: int, *memberships: bool) -> str:
    return f"lists {year} " + "".join(str(int(is_member)) for is_member in memberships)


def overlaps(records: ForceRecords) -> None:
    """Add the true counts of the force's children by year and by combination of three lists."""
    for number, (first, end) in enumerate(year_bounds(records.span), start=1):
        ref = records.ref("OV")
        for crimes, missing, authority in product((True, False), repeat=3):
            children = records.totals[_pattern(number, crimes, missing, authority)]
            if children and (crimes or missing or authority):
                records.add(
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
