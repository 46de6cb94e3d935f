"""Tables of the hidden-population estimate: known children, ranges, methods, lists, pairs of lists, changes by year.

`hidden` holds one row for each place and window, and one for all places (`ALL`); `hidden_methods` is never released. No
table holds a midpoint.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

import pyarrow as pa

from assay.engine.worker_processes import available_processors, map_batches
from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.hidden.hidden_changes import YearChange, compare_all_years
from assay.indicators.catalogue.scale.hidden.hidden_range import HiddenRange, estimate_hidden_range, two_figures
from assay.indicators.catalogue.scale.hidden.list_overlap import ListSet
from assay.indicators.catalogue.scale.hidden.narrowing_lists import (
    REQUEST_ORDER,
    is_too_wide,
    missing_kinds,
    narrowing_sentence,
    recapture_shares,
)
from assay.indicators.catalogue.scale.hidden.narrowing_lists import request_sentence as kinds_request_sentence
from assay.reference import child_lists, definitions, list_dependences
from assay.reference.child_lists import PARTNER, POLICE
from assay.stats.multiple_systems.ensemble import VerdictKind

# National range of the number of exploited children, if enough places can be estimated.
#
# Places with an estimate must hold most of the children on any list. The limits of the places are added, because the
# errors of the methods may be the same everywhere (perfectly correlated). A place without an estimate ranges from its
# observed children to that number times the highest ratio of the other places.

MIN_SHARE_COVERED = 0.8


@dataclass(frozen=True)
class NationalTotal:
    """The national total of one window: the sum of the ranges of all places.

    `low` and `high` are None if fewer than 80% of the children on any list are in places with an estimate.
    `missing_lists`: each missing list, with the number of places without it.
    """

    window: tuple[ListSet, ...]
    places: int
    estimated: int
    share: float
    low: float | None
    high: float | None
    missing_lists: tuple[tuple[str, int], ...]


def national_total(found: Sequence[HiddenRange], missing_kinds: Sequence[str]) -> NationalTotal:
    """Sum the ranges of all places of one window; for a place without one, scale its count by the highest ratio."""
    seen = {entry.lists.place: sum(entry.lists.patterns.values()) for entry in found}
    estimated = [entry for entry in found if entry.low is not None and entry.high is not None]
    all_seen, in_held = sum(seen.values()), sum(seen[entry.lists.place] for entry in estimated)
    share = in_held / all_seen if all_seen else 0.0
    low = high = None
    if estimated and share >= MIN_SHARE_COVERED:
        rest = all_seen - in_held
        max_ratio = max(float(entry.high or 0) / max(seen[entry.lists.place], 1) for entry in estimated)
        low = two_figures(sum(float(entry.low or 0) for entry in estimated) + rest, up=False)
        high = two_figures(sum(float(entry.high or 0) for entry in estimated) + rest * max_ratio, up=True)
    missing_counts = tuple(sorted(Counter(missing_kinds).items(), key=lambda entry: (-entry[1], entry[0])))
    return NationalTotal(
        tuple(entry.lists for entry in found), len(found), len(estimated), share, low, high, missing_counts
    )


ACROSS_FORCES = "ACROSS"
"""The place of an overlap table that covers all forces."""
MIN_LISTS_FOR_PROCESSES = 12
"""From this number of places and windows on, several processes are used; each estimate takes a second or more."""
TOO_FEW_ESTIMATED = "the forces that can be estimated hold fewer than 80% of the children on any list"
NO_LISTS_TEXT = "no list and no table of overlaps with a child on it came from here"
TEXT, COUNT, NUMBER = pa.string(), pa.int64(), pa.float64()
SCHEMAS: Mapping[str, pa.Schema] = {
    name: pa.schema([(word.strip("#~"), {"#": COUNT, "~": NUMBER}.get(word[0], TEXT)) for word in words.split()])
    for name, words in {
        "hidden_victims": "place_code window_from window_to #year made_of linkage definition definition_text #lists "
        "#known_to_police #police_only #both_lists #known_to_partners #partners_only #on_any verdict ~low ~high "
        "refusal ask_for ~fold #methods leaning linkage_share #places #places_estimated",
        "hidden_methods": "place_code window_from method ~low ~high",
        "hidden_victims_lists": "place_code window_from list_key name holder #children",
        "hidden_victims_pairs": "place_code window_from first second #both_lists sign reason",
        "hidden_victims_changes": "place_code earlier_from later_from direction ~probability_fewer ~low ~high refusal",
    }.items()
}
"""The tables; `#` before a name: a whole number, `~`: a number."""
Row = dict[str, Any]
Step = Callable[[int, int], None]


def build_hidden_tables(
    list_sets: Sequence[ListSet],
    places: Sequence[str],
    years: Sequence[tuple[date, date]],
    *,
    step: Step = lambda *_: None,
) -> dict[str, pa.Table]:
    """Build the hidden-victim tables (`SCHEMAS`) from the overlap of lists in each place and window.

    Parameters
    ----------
    places
        All places in scope; one without any list has a row that says so.
    years
        The years of the period.
    step
        Called with the number of lists that are done.
    """
    found = []
    for done, entry in enumerate(
        map_batches(list_sets, _estimator, available_processors() if len(list_sets) >= MIN_LISTS_FOR_PROCESSES else 1),
        start=1,
    ):
        found.append(entry)
        step(done, len(list_sets))
    estimated_windows = {(entry.lists.place, entry.lists.window) for entry in found}
    absent = [_row_without_lists(place, window, n) for place in places for n, window in enumerate(years, start=1)
              if (place, window) not in estimated_windows]  # fmt: skip
    rows = {
        "hidden_victims": [
            *(_row(entry, list_sets) for entry in found),
            *absent,
            *_all_places(found, years, len(places)),
        ],
        "hidden_methods": [row for entry in found for row in _methods(entry)],
        "hidden_victims_lists": [row for entry in list_sets for row in _lists(entry)],
        "hidden_victims_pairs": [row for entry in list_sets for row in _pairs(entry)],
        "hidden_victims_changes": [_change(entry) for entry in compare_all_years(found)],
    }
    return {name: _table(name, table_rows) for name, table_rows in rows.items()}


def _estimator() -> Callable[[ListSet], HiddenRange]:
    return estimate_hidden_range


def _table(name: str, rows: Iterable[Row]) -> pa.Table:
    schema = SCHEMAS[name]
    keys = schema.names[:4]
    ordered = sorted(rows, key=lambda row: tuple(str(row.get(key)) for key in keys))
    return pa.Table.from_pylist([{key: row.get(key) for key in schema.names} for row in ordered], schema=schema)


def _place(list_set: ListSet) -> str:
    return ACROSS_FORCES if list_set.place == EVERYWHERE else list_set.place


def _row(estimate: HiddenRange, list_sets: Sequence[ListSet]) -> Row:
    list_set = estimate.lists
    usable = [m for m in estimate.methods if m.low is not None]
    return {
        "place_code": _place(list_set),
        "window_from": list_set.window[0].isoformat(),
        "window_to": list_set.window[1].isoformat(),
        "year": list_set.year,
        "made_of": list_set.source,
        "linkage": list_set.linkage_method,
        "definition": list_set.definition,
        "definition_text": definitions().get(list_set.definition).term
        if list_set.definition in definitions()
        else list_set.definition,
        "lists": len(list_set.lists),
        **known_counts(list_set),
        "verdict": estimate.kind.value,
        "low": estimate.low,
        "high": estimate.high,
        "refusal": estimate.refusal or None,
        "ask_for": _asked_list(estimate, list_sets),
        "fold": estimate.fold,
        "methods": len(usable) if estimate.low is not None else None,
        "leaning": estimate.screening_direction or None,
        "linkage_share": estimate.linkage_share or None,
    }


def _asked_list(estimate: HiddenRange, list_sets: Sequence[ListSet]) -> str | None:
    """Return which list to ask for where nothing is estimated or the range is too wide; None where it is of use."""
    if estimate.refusal:
        return request_sentence(estimate.lists)
    if estimate.low is None or estimate.high is None or not is_too_wide(estimate.low, estimate.high):
        return None
    shares = recapture_shares(
        # The lists of all forces together are no further place, and hold those of the place that is asked.
        (entry for entry in list_sets if entry.place not in (estimate.lists.place, EVERYWHERE)),
        estimate.lists.window,
    )
    return narrowing_sentence(estimate.lists, shares)


def known_counts(list_set: ListSet) -> dict[str, int | None]:
    """Return the numbers of children known to police, to partners, to both, to police only and to partners only.

    None if no list of that side was sent.
    """
    police, partners = list_set.keys_of(POLICE), list_set.keys_of(PARTNER)
    to_police, to_partners = list_set.children(police), list_set.children(partners)
    police_only, partners_only = list_set.children(police, partners), list_set.children(partners, police)
    police_came, partners_came = list_set.any_of(POLICE), list_set.any_of(PARTNER)
    return {
        "known_to_police": to_police if police_came else None,
        "police_only": police_only if police_came else None,
        "both_lists": to_police - police_only if police_came and partners_came else None,
        "known_to_partners": to_partners if partners_came else None,
        "partners_only": partners_only if partners_came else None,
        "on_any": to_police + partners_only,
    }


def request_sentence(list_set: ListSet) -> str:
    """Return the sentence that says which partner lists to request next, the most useful first."""
    return kinds_request_sentence(missing_kinds(list_set))


def _row_without_lists(place: str, window: tuple[date, date], year: int) -> Row:
    empty_counts = dict.fromkeys(
        ("known_to_police", "police_only", "both_lists", "known_to_partners", "partners_only", "on_any")
    )
    return {
        "place_code": place,
        "window_from": window[0].isoformat(),
        "window_to": window[1].isoformat(),
        "year": year,
        **empty_counts,
        "lists": 0,
        "verdict": VerdictKind.NO_ESTIMATE.value,
        "refusal": NO_LISTS_TEXT[0].upper() + NO_LISTS_TEXT[1:] + ".",
        "ask_for": kinds_request_sentence(REQUEST_ORDER),
    }


def _all_places(found: Sequence[HiddenRange], years: Sequence[tuple[date, date]], places: int) -> Iterator[Row]:
    for number, window in enumerate(years, start=1):
        window_estimates = [
            estimate for estimate in found if estimate.lists.window == window and estimate.lists.place != EVERYWHERE
        ]
        if window_estimates:
            yield _total_row(
                national_total(
                    window_estimates, [key for estimate in window_estimates for key in missing_kinds(estimate.lists)]
                ),
                number,
                places,
            )


def _total_row(total: NationalTotal, year: int, places: int) -> Row:
    first, after = total.window[0].window
    counts = [known_counts(list_set) for list_set in total.window]
    enough = total.low is not None and total.high is not None
    kind, is_useful = VerdictKind.NO_ESTIMATE, False
    if total.low is not None and total.high is not None:
        is_useful = not is_too_wide(total.low, total.high)
        kind = VerdictKind.RANGE if is_useful else VerdictKind.ORDER_OF_MAGNITUDE
    return {
        "place_code": EVERYWHERE,
        "window_from": first.isoformat(),
        "window_to": after.isoformat(),
        "year": year,
        "made_of": " and ".join(sorted({list_set.source for list_set in total.window})),
        "lists": len({list_set.kinds[key] for list_set in total.window for key in list_set.lists}),
        **{name: _sum_of_known(row[name] for row in counts) for name in counts[0]},
        "verdict": kind.value,
        "low": total.low,
        "high": total.high,
        "refusal": None if enough else f"Not estimated: {TOO_FEW_ESTIMATED}.",
        "ask_for": None if is_useful else _missing_words(total),
        "places": places,
        "places_estimated": total.estimated,
    }


def _sum_of_known(counts: Iterable[int | None]) -> int | None:
    known_ones = [count for count in counts if count is not None]
    return sum(known_ones) if known_ones else None


def _missing_words(total: NationalTotal) -> str:
    phrases = [
        f"{child_lists().get(key).name} ({number} of {total.places} forces)" for key, number in total.missing_lists
    ]
    if not phrases:
        return kinds_request_sentence(())
    return f"These lists were missing. {' '.join(f'{text[:1].upper()}{text[1:]}.' for text in phrases)}"


def _methods(estimate: HiddenRange) -> Iterator[Row]:
    for limits in estimate.methods:
        yield {
            "place_code": _place(estimate.lists),
            "window_from": estimate.lists.window[0].isoformat(),
            **vars(limits),
        }


def _lists(list_set: ListSet) -> Iterator[Row]:
    for key in list_set.lists:
        yield {
            "place_code": _place(list_set),
            "window_from": list_set.window[0].isoformat(),
            "list_key": key,
            "name": list_set.name(key),
            "holder": child_lists().get(list_set.kinds[key]).owner,
            "children": list_set.children(frozenset({key})),
        }


def _pairs(list_set: ListSet) -> Iterator[Row]:
    pair_counts: dict[tuple[str, str], int] = defaultdict(int)
    for pattern, count in list_set.patterns.items():
        for pair in combinations(sorted(pattern), 2):
            pair_counts[pair] += count
    declared = {frozenset((dependence.first, dependence.second)): dependence for dependence in list_dependences()}
    for first, second in combinations(list_set.lists, 2):
        pair = (min(first, second), max(first, second))
        declaration = declared.get(frozenset((list_set.kinds[first], list_set.kinds[second])))
        yield {
            "place_code": _place(list_set),
            "window_from": list_set.window[0].isoformat(),
            "first": first,
            "second": second,
            "both_lists": pair_counts[pair],
            "sign": declaration.sign if declaration else "not_known",
            "reason": declaration.reason if declaration else "Nothing was declared of this pair.",
        }


def _change(year_change: YearChange) -> Row:
    return {
        "place_code": _place(year_change.previous),
        "earlier_from": year_change.previous.window[0].isoformat(),
        "later_from": year_change.later.window[0].isoformat(),
        "direction": year_change.direction,
        "probability_fewer": year_change.probability_fewer,
        "low": year_change.low,
        "high": year_change.high,
        "refusal": year_change.refusal or None,
    }
