"""Which tables come of it: what is known, what the lists allow, list by list, pair by pair, and year by year?

`hidden` holds one row a place and window, and one of all places (`ALL`); `hidden_methods` stays inside. None of them
holds a middle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pyarrow as pa

from assay.engine.worker_processes import cores, streamed
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.hidden.hidden_changes import Changed, changes
from assay.indicators.catalogue.scale.hidden.hidden_range import Said, said
from assay.indicators.catalogue.scale.hidden.list_overlap import Lists
from assay.indicators.catalogue.scale.hidden.national_hidden_total import Together, together
from assay.reference import child_lists, definitions, list_dependences
from assay.reference.child_lists import PARTNER, POLICE
from assay.stats.multiple_systems.ensemble import Kind

ACROSS = "ACROSS"
"""The place of a table of overlaps that was sent for all forces at once."""
ASKED_FIRST = ("local_authority", "health", "referral_mechanism", "education", "voluntary")
"""Partners' lists in the order in which they are asked for."""
MANY = 12
"""So many places and windows are asked in several processes; each takes a second or more."""
TOO_FEW_TOGETHER = "the forces that can be estimated hold fewer than 80 in 100 of the children on any list"
NOBODY = "no list and no table of overlaps with a child on it came from here"
TEXT, COUNT, NUMBER = pa.string(), pa.int64(), pa.float64()
SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema([(word.strip("#~"), {"#": COUNT, "~": NUMBER}.get(word[0], TEXT)) for word in words.split()])
    for name, words in {
        "hidden": "place_code window_from window_to #year made_of linkage definition counted #lists #known_to_police "
        "#police_only #both #known_to_partners #partners_only #on_any verdict ~low ~high refusal ask_for ~fold "
        "#methods leaning linkage_share #places #places_estimated",
        "hidden_methods": "place_code window_from method ~low ~high",
        "hidden_lists": "place_code window_from list_key name whose #children",
        "hidden_pairs": "place_code window_from first second #both sign reason",
        "hidden_changes": "place_code earlier_from later_from direction ~probability_fewer ~low ~high refusal",
    }.items()
}
"""The tables; `#` before a name: a whole number, `~`: a number."""
Row = dict[str, Any]
Step = Callable[[int, int], None]


def hidden(
    every: Sequence[Lists], places: Sequence[str], years: Sequence[tuple[date, date]], *, step: Step = lambda *_: None
) -> dict[str, pa.Table]:
    """The tables of `SCHEMAS`. `every`: the lists of each place and window; `places`: all that were asked, and `years`
    of the period: one of which nothing came has a row that says so. `step` is told how many are done."""
    found = []
    for done, one in enumerate(streamed(every, _saying, cores() if len(every) >= MANY else 1), start=1):
        found.append(one)
        step(done, len(every))
    there = {(one.lists.place, one.lists.window) for one in found}
    absent = [_absent(place, window, n) for place in places for n, window in enumerate(years, start=1)
              if (place, window) not in there]  # fmt: skip
    rows = {
        "hidden": [*(_row(one) for one in found), *absent, *_all_places(found, years, len(places))],
        "hidden_methods": [row for one in found for row in _methods(one)],
        "hidden_lists": [row for one in every for row in _lists(one)],
        "hidden_pairs": [row for one in every for row in _pairs(one)],
        "hidden_changes": [_change(one) for one in changes(found)],
    }
    return {name: _table(name, told) for name, told in rows.items()}


def _saying() -> Callable[[Lists], Said]:
    return said


def _table(name: str, rows: Iterable[Row]) -> pa.Table:
    schema = SCHEMAS[name]
    keys = schema.names[:4]
    ordered = sorted(rows, key=lambda row: tuple(str(row.get(key)) for key in keys))
    return pa.Table.from_pylist([{key: row.get(key) for key in schema.names} for row in ordered], schema=schema)


def _place(one: Lists) -> str:
    return ACROSS if one.place == EVERYWHERE else one.place


def _row(one: Said) -> Row:
    held = one.lists
    usable = [m for m in one.methods if m.low is not None]
    return {
        "place_code": _place(held),
        "window_from": held.window[0].isoformat(),
        "window_to": held.window[1].isoformat(),
        "year": held.year,
        "made_of": held.made_of,
        "linkage": held.linkage,
        "definition": held.definition,
        "counted": definitions().get(held.definition).term if held.definition in definitions() else held.definition,
        "lists": len(held.lists),
        **known(held),
        "verdict": one.kind.value,
        "low": one.low,
        "high": one.high,
        "refusal": one.refusal or None,
        "ask_for": ask_for(held) if one.refusal else None,
        "fold": one.fold,
        "methods": len(usable) if one.low is not None else None,
        "leaning": one.leaning or None,
        "linkage_share": one.linkage_share or None,
    }


def known(held: Lists) -> dict[str, int | None]:
    """Children by who knows them: the police, partners, both, one alone, anybody. Where no list of the police came, or
    none of partners, nobody is counted as on one or as on both: that is not known, and no zero. The others are then
    counted as alone, so that the counts add up to all."""
    police, partners = held.of(POLICE), held.of(PARTNER)
    to_police, to_partners = held.children(police), held.children(partners)
    alone, others = held.children(police, partners), held.children(partners, police)
    police_came, partners_came = held.any_of(POLICE), held.any_of(PARTNER)
    return {
        "known_to_police": to_police if police_came else None,
        "police_only": alone if police_came else None,
        "both": to_police - alone if police_came and partners_came else None,
        "known_to_partners": to_partners if partners_came else None,
        "partners_only": others if partners_came else None,
        "on_any": to_police + others,
    }


def ask_for(held: Lists) -> str:
    """Which lists to ask for: those of partners that are not here, the first first."""
    return _asked(lacking(held))


def lacking(held: Lists) -> list[str]:
    """Kinds of partners' lists that are not here, in the order in which they are asked for."""
    there = {held.kinds[key] for key in held.lists}
    return [key for key in ASKED_FIRST if key not in there]


def _asked(keys: Sequence[str]) -> str:
    names = [child_lists().get(key).name for key in keys]
    if not names:
        return "No further list: more children on several of those that came would be needed."
    first = f"Ask first for {names[0]}"
    return f"{first}; then for {', '.join(names[1:])}." if names[1:] else f"{first}."


def _absent(place: str, window: tuple[date, date], year: int) -> Row:
    nothing = dict.fromkeys(("known_to_police", "police_only", "both", "known_to_partners", "partners_only", "on_any"))
    return {
        "place_code": place, "window_from": window[0].isoformat(), "window_to": window[1].isoformat(), "year": year,
        **nothing, "lists": 0, "verdict": Kind.NO_ESTIMATE.value, "refusal": NOBODY[0].upper() + NOBODY[1:] + ".",
        "ask_for": _asked(ASKED_FIRST),
    }  # fmt: skip


def _all_places(found: Sequence[Said], years: Sequence[tuple[date, date]], places: int) -> Iterator[Row]:
    for number, window in enumerate(years, start=1):
        mine = [one for one in found if one.lists.window == window and one.lists.place != EVERYWHERE]
        if mine:
            yield _together(together(mine, [key for one in mine for key in lacking(one.lists)]), number, places)


def _together(one: Together, year: int, places: int) -> Row:
    first, after = one.window[0].window
    counts = [known(held) for held in one.window]
    enough = one.low is not None and one.high is not None
    kind = Kind.NO_ESTIMATE
    if one.low is not None and one.high is not None:
        kind = Kind.RANGE if one.high / one.low <= 3 else Kind.ORDER_OF_MAGNITUDE
    return {
        "place_code": EVERYWHERE,
        "window_from": first.isoformat(),
        "window_to": after.isoformat(),
        "year": year,
        "made_of": " and ".join(sorted({held.made_of for held in one.window})),
        "lists": len({held.kinds[key] for held in one.window for key in held.lists}),
        **{name: _sum_of_known(row[name] for row in counts) for name in counts[0]},
        "verdict": kind.value,
        "low": one.low,
        "high": one.high,
        "refusal": None if enough else f"Not estimated: {TOO_FEW_TOGETHER}.",
        "ask_for": None if enough else _missing_words(one),
        "places": places,
        "places_estimated": one.estimated,
    }


def _sum_of_known(counts: Iterable[int | None]) -> int | None:
    known_ones = [count for count in counts if count is not None]
    return sum(known_ones) if known_ones else None


def _missing_words(one: Together) -> str:
    told = [f"{child_lists().get(key).name} ({number} of {one.places} forces)" for key, number in one.lacking]
    return f"The lists that were missing: {'; '.join(told)}." if told else _asked(())


def _methods(one: Said) -> Iterator[Row]:
    for told in one.methods:
        yield {"place_code": _place(one.lists), "window_from": one.lists.window[0].isoformat(), **vars(told)}


def _lists(held: Lists) -> Iterator[Row]:
    for key in held.lists:
        yield {
            "place_code": _place(held),
            "window_from": held.window[0].isoformat(),
            "list_key": key,
            "name": held.name(key),
            "whose": child_lists().get(held.kinds[key]).whose,
            "children": held.children(frozenset({key})),
        }


def _pairs(held: Lists) -> Iterator[Row]:
    both: dict[tuple[str, str], int] = defaultdict(int)
    for on, count in held.patterns.items():
        for pair in combinations(sorted(on), 2):
            both[pair] += count
    declared = {frozenset((one.first, one.second)): one for one in list_dependences()}
    for first, second in combinations(held.lists, 2):
        pair = (min(first, second), max(first, second))
        told = declared.get(frozenset((held.kinds[first], held.kinds[second])))
        yield {
            "place_code": _place(held),
            "window_from": held.window[0].isoformat(),
            "first": first,
            "second": second,
            "both": both[pair],
            "sign": told.sign if told else "not_known",
            "reason": told.reason if told else "Nothing was declared of this pair.",
        }


def _change(one: Changed) -> Row:
    return {
        "place_code": _place(one.earlier),
        "earlier_from": one.earlier.window[0].isoformat(),
        "later_from": one.later.window[0].isoformat(),
        "direction": one.direction,
        "probability_fewer": one.probability_fewer,
        "low": one.low,
        "high": one.high,
        "refusal": one.refusal or None,
    }
