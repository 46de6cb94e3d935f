"""Which children stand on which lists, in one place and one window: from names, or from a table of overlaps?

From names: everybody whom linkage takes for one child is one, at the main threshold and again at every other choice.
From a table of overlaps somebody else joined the lists; how is told by `linkage`, and cannot be varied here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from assay.reference import Request, child_lists
from assay.reference.child_lists import PARTNER

Row = Mapping[str, Any]
Patterns = Mapping[frozenset[str], int]
"""How many children stand on exactly these lists."""
NAMES, COUNTS = "names", "table of overlaps"
MAIN = "main"
OF_CONTRACT = {
    "on_police_crimes": "police_crimes",
    "on_police_missing": "police_missing",
    "on_police_register": "police_register",
    "on_local_authority": "local_authority",
    "on_health": "health",
    "on_referral_mechanism": "referral_mechanism",
    "on_voluntary": "voluntary",
    "on_other": "other",
}
"""The columns of `overlap_counts`, and the lists that they are."""
READ = ("overlap_ref", *OF_CONTRACT, "definition", "data_from", "data_to", "linkage_method", "children")
"""What is read of `overlap_counts`."""
LINKED_HERE = "linked here by names, dates of birth and postcodes"
LINKED_ELSEWHERE = {
    "shared_number": "joined by whoever sent it, by a number that the lists share",
    "exact_names_dates": "joined by whoever sent it, by equal names and dates of birth",
    "probabilistic": "joined by whoever sent it, by likeness",
    "by_hand": "joined by whoever sent it, by hand",
}


@dataclass(frozen=True)
class Lists:
    """Children by list in one place and window. `year`: which year of the period it is, None for another window.

    `made_of`: NAMES or COUNTS. `kinds`: of each list its kind, a key of `reference.child_lists`; `names`: in words.
    `by_choice`: the same children by every other choice of who is one (empty for a table of overlaps). `came`: kinds of
    lists that were sent, also where nobody stands on them in this window.
    """

    place: str
    window: tuple[date, date]
    year: int | None
    made_of: str
    linkage: str
    definition: str
    kinds: Mapping[str, str]
    patterns: Patterns
    names: Mapping[str, str] = field(default_factory=dict)
    by_choice: Mapping[str, Patterns] = field(default_factory=dict)
    came: frozenset[str] = frozenset()

    @property
    def lists(self) -> tuple[str, ...]:
        """Lists on which somebody stands, in the commission's order of their kinds."""
        order = {key: place for place, key in enumerate(child_lists().keys)}
        there = {name for on in self.patterns for name in on}
        return tuple(sorted(there, key=lambda name: (order[self.kinds[name]], name)))

    def of(self, whose: str) -> frozenset[str]:
        """The lists of the police, or of partners."""
        kinds = child_lists().of(whose)
        return frozenset(name for name in self.lists if self.kinds[name] in kinds)

    def any_of(self, whose: str) -> bool:
        """Whether any list of the police, or of partners, was sent: without one nobody is known not to be on it."""
        return bool(self.of(whose)) or not self.came.isdisjoint(child_lists().of(whose))

    def children(self, wanted: frozenset[str], without: frozenset[str] = frozenset()) -> int:
        """Children on any of some lists, and on none of others."""
        return sum(count for on, count in self.patterns.items() if on & wanted and not on & without)

    def name(self, key: str) -> str:
        """A list in words."""
        return self.names.get(key) or child_lists().get(self.kinds[key]).name

    @property
    def window_words(self) -> str:
        """'1 April 2025 to 31 March 2026'."""
        first, last = self.window[0], self.window[1] - timedelta(days=1)
        return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def years_of(request: Request) -> list[tuple[date, date]]:
    """The years of the period, half-open, counted from its first day; what is left at the end counts as one."""
    first, found = request.period_from, []
    while first < request.period_to:
        after = min(_a_year_later(first), request.period_to)
        found.append((first, after))
        first = after
    return found


def _a_year_later(day: date) -> date:
    return date(day.year + 1, 3, 1) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


NEEDS = {
    "police_crimes": frozenset({"crimes", "involvements", "flags"}),
    "police_missing": frozenset({"missing", "involvements", "flags"}),
    "police_register": frozenset({"registers", "involvements"}),
}
"""The tables that a force must send before it is known that a child is not on one of its own lists."""
OF_PARTNERS = "agencies"


def lists_that_came(tables: Collection[str]) -> frozenset[str]:
    """Kinds of lists that a force sent, from the names of the tables that it sent."""
    police = {key for key, needed in NEEDS.items() if needed <= set(tables)}
    return frozenset(police | {*child_lists().of(PARTNER)} if OF_PARTNERS in tables else police)


def from_names(
    entries: Iterable[Row],
    persons: Mapping[str, Mapping[str, str]],
    request: Request,
    sent: Mapping[str, Collection[str]],
) -> list[Lists]:
    """One `Lists` a force and year. `entries`: rows of the fact `listed`; `persons`: by choice, of each entry its
    person, where linkage knows it; an entry that it does not know keeps its own. `sent`: by force, the names of the
    tables that it sent."""
    rows = list(entries)
    choices = (MAIN, *(choice for choice in persons if choice != MAIN))
    found = {choice: _patterns(rows, persons.get(choice, {})) for choice in choices}
    years = years_of(request)
    made = []
    for (place, year), patterns in sorted(found[MAIN].items()):
        lists = {name for on in patterns for name in on}
        made.append(
            Lists(
                place,
                years[year - 1],
                year,
                NAMES,
                LINKED_HERE,
                "CSE_2017",
                {name: name for name in lists},
                patterns,
                by_choice={choice: found[choice][place, year] for choice in choices if choice != MAIN},
                came=lists_that_came(sent.get(place, ())),
            )
        )
    return made


def _patterns(rows: Sequence[Row], persons: Mapping[str, str]) -> dict[tuple[str, int], Counter[frozenset[str]]]:
    on: dict[tuple[str, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        person = persons.get(row["entry"], row["person_id"])
        on[row["force_code"], row["year"]][person].add(row["list_key"])
    return {key: Counter(frozenset(lists) for lists in people.values()) for key, people in on.items()}


def from_contract(rows: Iterable[Row], request: Request) -> list[Lists]:
    """The tables of overlaps that stand in forces' returns (`overlap_counts`): one a set."""
    sets: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        sets[row["force_code"], row["overlap_ref"]].append(row)
    made = []
    for (place, _), held in sorted(sets.items()):
        patterns: Counter[frozenset[str]] = Counter()
        for row in held:
            patterns[frozenset(key for column, key in OF_CONTRACT.items() if row[column])] += row["children"]
        # A list whose column is empty in the whole set took no part.
        kinds = {key: key for column, key in OF_CONTRACT.items() if any(row[column] is not None for row in held)}
        made.append(counted(held[0], place, kinds, patterns, {}, request))
    return made


def from_partnerships(sent: Mapping[str, Sequence[Row]], request: Request) -> list[Lists]:
    """The tables of overlaps that partnerships sent themselves (`ingest.other_senders`)."""
    made = []
    for one in sent["overlaps"]:
        mine = {
            name: [row for row in sent[name] if _of(row) == _of(one)] for name in ("overlap_lists", "overlap_patterns")
        }
        on: dict[str, set[str]] = defaultdict(set)
        for row in sent["overlap_on"]:  # a pattern's reference is its sender's, whichever table of overlaps it is of
            if row["sender"] == one["sender"]:
                on[row["pattern_ref"]].add(row["list_ref"])
        patterns: Counter[frozenset[str]] = Counter()
        for row in mine["overlap_patterns"]:
            patterns[frozenset(on[row["pattern_ref"]])] += row["children"]
        kinds = {row["list_ref"]: row["list_kind"] for row in mine["overlap_lists"]}
        names = {row["list_ref"]: row["list_name"] for row in mine["overlap_lists"]}
        made.append(counted(one, one["place_code"], kinds, patterns, names, request))
    return made


def _of(row: Row) -> tuple[str, str]:
    return row["sender"], row["overlap_ref"]


def counted(
    about: Row, place: str, kinds: Mapping[str, str], patterns: Patterns, names: Mapping[str, str], request: Request
) -> Lists:
    """A table of overlaps; `about` has definition, data_from, data_to and linkage_method."""
    window = (about["data_from"], about["data_to"])
    years = years_of(request)
    year = years.index(window) + 1 if window in years else None
    linkage = LINKED_ELSEWHERE[about["linkage_method"]]
    there = {on: count for on, count in patterns.items() if on and count}
    return Lists(place, window, year, COUNTS, linkage, about["definition"], kinds, there, names,
                 came=frozenset(kinds.values()))  # fmt: skip


def chosen(every: Iterable[Lists]) -> list[Lists]:
    """Of each place and window one: that with most lists, and of as many rather names, whose linkage can be varied."""
    best: dict[tuple[str, tuple[date, date]], Lists] = {}
    for one in every:
        held = best.get((one.place, one.window))
        if held is None or _weight(one) > _weight(held):
            best[one.place, one.window] = one
    return [best[key] for key in sorted(best)]


def _weight(one: Lists) -> tuple[int, bool]:
    return len(one.lists), one.made_of == NAMES
