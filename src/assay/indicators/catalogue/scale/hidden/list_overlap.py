"""Capture histories: number of children by the lists that they are on, for one place and window.

From names: record linkage decides which entries are one child, at the main threshold and at every other choice. In an
overlap table the sender has linked the lists; `linkage_method` says how, and it cannot be varied here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypedDict

from assay.ingest.other_senders.sender_rows import OverlapsRow, SenderTables
from assay.reference import DataRequest, child_lists
from assay.reference.child_lists import PARTNER


class ListedRow(TypedDict):
    """The columns of the fact `listed` that are read here: one entry of a child on a list in a year of the period."""

    force_code: str
    year: int
    entry: str
    person_id: str
    list_key: str


class OverlapCountsRow(TypedDict):
    """The columns of the table `overlap_counts` of returns that are read here: `READ`, and the force."""

    force_code: str
    overlap_ref: str
    on_police_crimes: bool | None
    on_police_missing: bool | None
    on_police_register: bool | None
    on_local_authority: bool | None
    on_health: bool | None
    on_referral_mechanism: bool | None
    on_voluntary: bool | None
    on_other: bool | None
    definition: str
    data_from: date
    data_to: date
    linkage_method: str
    children: int | None


Patterns = Mapping[frozenset[str], int]
"""Number of children by exact combination of lists (capture history)."""
NAMES, COUNTS = "names", "table of overlaps"
MAIN = "main"
LIST_OF_COLUMN = {
    "on_police_crimes": "police_crimes",
    "on_police_missing": "police_missing",
    "on_police_register": "police_register",
    "on_local_authority": "local_authority",
    "on_health": "health",
    "on_referral_mechanism": "referral_mechanism",
    "on_voluntary": "voluntary",
    "on_other": "other",
}
"""The list of each column of `overlap_counts`."""
READ = ("overlap_ref", *LIST_OF_COLUMN, "definition", "data_from", "data_to", "linkage_method", "children")
"""The columns read from `overlap_counts`."""
LINKED_HERE = "linked here by names, dates of birth and postcodes"
LINKED_ELSEWHERE = {
    "shared_number": "joined by whoever sent it, by a number that the lists share",
    "exact_names_dates": "joined by whoever sent it, by equal names and dates of birth",
    "probabilistic": "joined by whoever sent it, by match probability",
    "by_hand": "joined by whoever sent it, by hand",
}


@dataclass(frozen=True)
class ListSet:
    """Number of children by combination of lists, in one place and window.

    `year`: which year of the period the window is, None for another window. `source`: NAMES or COUNTS. `kinds`: the
    kind of each list, a key of `reference.child_lists`; `names`: its name. `by_choice`: the counts under every other
    linkage threshold or draw (none for an overlap table). `received_kinds`: kinds of lists that were sent, empty or not
    window.
    """

    place: str
    window: tuple[date, date]
    year: int | None
    source: str
    linkage_method: str
    definition: str
    kinds: Mapping[str, str]
    patterns: Patterns
    names: Mapping[str, str] = field(default_factory=dict)
    by_choice: Mapping[str, Patterns] = field(default_factory=dict)
    received_kinds: frozenset[str] = frozenset()

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists with at least one child, in the order of their kinds in the register (`child_lists`)."""
        order = {key: place for place, key in enumerate(child_lists().keys)}
        list_names = {name for pattern in self.patterns for name in pattern}
        return tuple(sorted(list_names, key=lambda name: (order[self.kinds[name]], name)))

    def keys_of(self, side: str) -> frozenset[str]:
        """Return the keys of the lists that one side, police or partners, owns."""
        kinds = child_lists().keys_by_owner(side)
        return frozenset(name for name in self.lists if self.kinds[name] in kinds)

    def any_of(self, side: str) -> bool:
        """Return True if the police (or partners) sent any list.

        If none was sent, absence from their lists is not known.
        """
        return bool(self.keys_of(side)) or not self.received_kinds.isdisjoint(child_lists().keys_by_owner(side))

    def children(self, include: frozenset[str], exclude: frozenset[str] = frozenset()) -> int:
        """Return the number of children on any of the lists `include` and on none of the lists `exclude`."""
        return sum(count for pattern, count in self.patterns.items() if pattern & include and not pattern & exclude)

    def name(self, key: str) -> str:
        """Return the name of a list."""
        return self.names.get(key) or child_lists().get(self.kinds[key]).name

    @property
    def window_words(self) -> str:
        """Format the window: '1 April 2025 to 31 March 2026'."""
        first, last = self.window[0], self.window[1] - timedelta(days=1)
        return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def period_years(request: DataRequest) -> list[tuple[date, date]]:
    """Return the years of the period as half-open intervals from its first day; the last may be shorter than a year."""
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
"""The tables that a force must send so that the absence of a child from its lists is known."""
PARTNER_TABLE = "agencies"


def received_lists(tables: Collection[str]) -> frozenset[str]:
    """Return the kinds of lists that a force sent, from the names of its tables."""
    police = {key for key, needed in NEEDS.items() if needed <= set(tables)}
    return frozenset(police | {*child_lists().keys_by_owner(PARTNER)} if PARTNER_TABLE in tables else police)


def from_names(
    entries: Iterable[ListedRow],
    persons: Mapping[str, Mapping[str, str]],
    request: DataRequest,
    submitted_tables: Mapping[str, Collection[str]],
) -> list[ListSet]:
    """Return the overlap of the lists that name children, by linked person: one `ListSet` for each force and year.

    `entries`: rows of the fact `listed`; `persons`: for each alternative linkage, the person of each entry; one without
    one keeps its own. `submitted_tables`: the names of the tables that each force sent.
    """
    rows = list(entries)
    choices = (MAIN, *(choice for choice in persons if choice != MAIN))
    found = {choice: _patterns(rows, persons.get(choice, {})) for choice in choices}
    years = period_years(request)
    list_sets = []
    for (place, year), patterns in sorted(found[MAIN].items()):
        lists = {name for pattern in patterns for name in pattern}
        list_sets.append(
            ListSet(
                place,
                years[year - 1],
                year,
                NAMES,
                LINKED_HERE,
                "CSE_2017",
                {name: name for name in lists},
                patterns,
                by_choice={choice: found[choice][place, year] for choice in choices if choice != MAIN},
                received_kinds=received_lists(submitted_tables.get(place, ())),
            )
        )
    return list_sets


def _patterns(rows: Sequence[ListedRow], persons: Mapping[str, str]) -> dict[tuple[str, int], Counter[frozenset[str]]]:
    lists_by_person: dict[tuple[str, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        person = persons.get(row["entry"], row["person_id"])
        lists_by_person[row["force_code"], row["year"]][person].add(row["list_key"])
    return {key: Counter(frozenset(lists) for lists in people.values()) for key, people in lists_by_person.items()}


def from_contract(rows: Iterable[OverlapCountsRow], request: DataRequest) -> list[ListSet]:
    """Return list sets from the overlap tables in forces' returns (`overlap_counts`).

    A set with a pattern of which the number of children is not known is left out: a pattern that is not sent counts 0.
    """
    sets: dict[tuple[str, str], list[OverlapCountsRow]] = defaultdict(list)
    for row in rows:
        sets[row["force_code"], row["overlap_ref"]].append(row)
    list_sets = []
    for (place, _), set_rows in sorted(sets.items()):
        columns: Sequence[Mapping[str, Any]] = set_rows
        if any(row["children"] is None for row in columns):
            continue
        patterns: Counter[frozenset[str]] = Counter()
        for pattern in columns:
            patterns[frozenset(key for column, key in LIST_OF_COLUMN.items() if pattern[column])] += pattern["children"]
        # A list whose column is empty in the whole set was not included.
        kinds = {key: key for column, key in LIST_OF_COLUMN.items() if any(row[column] is not None for row in columns)}
        list_sets.append(list_set_from_counts(set_rows[0], place, kinds, patterns, {}, request))
    return list_sets


def from_partnerships(submitted_rows: SenderTables, request: DataRequest) -> list[ListSet]:
    """Return list sets from the overlap tables of partnerships (`ingest.other_senders`)."""
    list_sets = []
    for overlap in submitted_rows["overlaps"]:
        key = overlap["sender"], overlap["overlap_ref"]
        list_rows = [row for row in submitted_rows["overlap_lists"] if (row["sender"], row["overlap_ref"]) == key]
        lists_of_pattern: dict[str, set[str]] = defaultdict(set)
        for row in submitted_rows[
            "overlap_on"
        ]:  # pattern references are unique within a sender, over all its overlap tables
            if row["sender"] == overlap["sender"]:
                lists_of_pattern[row["pattern_ref"]].add(row["list_ref"])
        patterns: Counter[frozenset[str]] = Counter()
        for pattern in submitted_rows["overlap_patterns"]:
            if (pattern["sender"], pattern["overlap_ref"]) == key:
                patterns[frozenset(lists_of_pattern[pattern["pattern_ref"]])] += pattern["children"]
        kinds = {listed["list_ref"]: listed["list_kind"] for listed in list_rows}
        names = {listed["list_ref"]: listed["list_name"] for listed in list_rows}
        list_sets.append(list_set_from_counts(overlap, overlap["place_code"], kinds, patterns, names, request))
    return list_sets


def list_set_from_counts(
    metadata: OverlapCountsRow | OverlapsRow,
    place: str,
    kinds: Mapping[str, str],
    patterns: Patterns,
    names: Mapping[str, str],
    request: DataRequest,
) -> ListSet:
    """Return the list set of an overlap table; `metadata` has definition, data_from, data_to and linkage_method."""
    window = (metadata["data_from"], metadata["data_to"])
    years = period_years(request)
    year = years.index(window) + 1 if window in years else None
    linkage = LINKED_ELSEWHERE[metadata["linkage_method"]]
    observed_patterns = {pattern: count for pattern, count in patterns.items() if pattern and count}
    return ListSet(place, window, year, COUNTS, linkage, metadata["definition"], kinds, observed_patterns, names,
                 received_kinds=frozenset(kinds.values()))  # fmt: skip


def best_list_sets(list_sets: Iterable[ListSet]) -> list[ListSet]:
    """Return the best list set of each place and window: the one with most lists.

    Of equals it is the one from names, because its linkage can be varied.
    """
    best: dict[tuple[str, tuple[date, date]], ListSet] = {}
    for list_set in list_sets:
        best_so_far = best.get((list_set.place, list_set.window))
        if best_so_far is None or _weight(list_set) > _weight(best_so_far):
            best[list_set.place, list_set.window] = list_set
    return [best[key] for key in sorted(best)]


def _weight(list_set: ListSet) -> tuple[int, bool]:
    return len(list_set.lists), list_set.source == NAMES
