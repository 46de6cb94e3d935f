"""Attack suppressed counts of a release with constraints that were learned from other synthetic countries.

The disclosure control of `assay` protects suppressed counts against the additivity constraints that it declares. This
benchmark is an attacker who does not use the declarations. The attacker runs the program on other synthetic countries,
whose exact counts are known, and learns which counts are always equal and which always add up (every pair and every
triple of columns that have a place in common). Then the attacker takes the released tables of a demonstration and
narrows the feasibility interval of each suppressed count:

1. learned constraints: bounds are propagated along every equality and sum until none changes, and a linear programme
   narrows the rest;
2. numbers beside suppressed counts: a mean, a median, an interval or a q-value that is shown in a row in which a count
   that it declares to rest on is suppressed.

3. policy and constraints: a reader knows the policy and every declared constraint and assumes the usual ones, in a
   linear programme that shares no code with the program's own (`tests/sdc/released_attack.py`). Here a count is narrow
   if its interval is narrower than the minimum width of the policy. One reader assumes the default constraints that are
   true, which no real reader knows; another also the false ones that the released counts do not contradict.

The spread between forces is not attacked here: its statistics are computed from counts as released, so they reveal no
more than these do (`tests/sdc/test_estimates_reveal_nothing.py` is an attacker who tries all values).

A suppressed count is *recovered* if one value is left, and *narrowed* if two or three are left. The attacker is told
which constraints do not hold in the demonstration, which no real attacker knows: this is the strongest attack.

    python benchmarks/attack.py                     two demonstrations, of 6 and of 14 forces (several minutes)
    python benchmarks/attack.py --folder DEMO ...   existing demonstrations
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from pathlib import Path

import networkx as nx
import numpy as np
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "sdc"))

from released_attack import attack, attack_released

from assay.cli import app
from assay.sdc import declared_tables, policy
from assay.sdc.additivity_constraints import was_counted
from assay.sdc.disclosure_control import is_force_count
from assay.sdc.duplicate_cells import equal_ordered_counts
from assay.sdc.linear_programming_attack import Attack
from assay.sdc.linked_tables import sums_between
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, sums_of
from assay.sdc.usual_constraints import true_constraints

POLICY = policy("record level")
SUPPRESSION_THRESHOLD, ROUNDING_BASE = POLICY.suppression_threshold, POLICY.rounding_base
NO_BOUND = 10**6
MIN_SUPPORT = 8
"""A constraint is accepted only if its counts have this many different values above 0, and all its parts are above 0 in
this many places: with fewer, many constraints are coincidences."""
MAX_VALUES_NARROWED = 3
TOLERANCE = 1e-6
SEED = 20261130
ALL_PLACES = "ALL"
CALIBRATION = ((6, 40, 301), (9, 30, 302))
"""Forces, crimes and seed of the countries that the attacker learns from."""
TARGETS = ((6, 60, 401), (14, 60, 402))
"""Forces, crimes and seed of the demonstrations that are attacked."""
MAX_ROUNDS = 60

Series = tuple[str, str, tuple[str, ...]]
"""One count column of one table, under fixed values of all key columns except the place."""
Cell = tuple[Series, str]
"""One count: its series and its place."""
Bounds = tuple[float, float]
"""The feasibility interval of a count: its lowest and highest possible value."""
CellSum = tuple[Cell, list[Cell]]
"""A total and its parts."""


@dataclass
class Tables:
    """The rows of a demonstration by table, exact and as released."""

    exact: Mapping[str, list[dict]]
    released: Mapping[str, list[dict]]


@dataclass
class Outcome:
    """Numbers of suppressed counts that were attacked, recovered, narrowed, and contradicted by the attack.

    `examples` are the series of those that were recovered or narrowed.
    """

    attacked: int = 0
    recovered: int = 0
    narrowed: int = 0
    contradicted: int = 0
    examples: list[str] = field(default_factory=list)


# The demonstrations


def demonstrate(folder: Path, forces: int, crimes: int, seed: int) -> Path:
    """Create a demonstration with `assay demo`, and return its folder."""
    from typer.testing import CliRunner

    options = ["--forces", str(forces), "--crimes", str(crimes), "--years", "1", "--seed", str(seed), "--json"]
    with contextlib.redirect_stderr(io.StringIO()):
        result = CliRunner().invoke(app, ["demo", "--out", str(folder), *options])
    if result.exit_code:
        raise SystemExit(f"The demonstration of {forces} forces could not be created: {result.output[-500:]}")
    return folder


def read_tables(folder: Path) -> Tables:
    """Read the exact and the released rows of every table that is computed from records."""
    return Tables(*(
        {path.stem: pq.read_table(path).to_pylist() for path in sorted((folder / stage).glob("*.parquet"))}
        for stage in ("counted", "disclosure")
    ))  # fmt: skip


# Constraints that hold in every country that the attacker has seen


def series_of(rows: Mapping[str, list[dict]]) -> dict[Series, dict[str, int]]:
    """Return the protected counts by place, for each column of a table and each combination of its other key
    columns."""
    series: dict[Series, dict[str, int]] = {}
    forms = declared_tables()
    for name, lines in rows.items():
        form = forms[name]
        rest = [part for part in form.key if part != "place_code"]
        for line in lines:
            key = tuple(str(line[part]) for part in rest)
            place = line["place_code"] if "place_code" in form.key else ALL_PLACES
            for column in form.protected_counts:
                if line.get(column) is not None:
                    series.setdefault((name, column, key), {})[place] = line[column]
    return series


@dataclass(frozen=True)
class Constraint:
    """An additivity constraint: in every place with all its counts known, `total` is the sum of `parts`."""

    total: Series
    parts: tuple[Series, ...]


def learn_constraints(countries: Sequence[Mapping[Series, dict[str, int]]]) -> list[Constraint]:
    """Return the equalities and the two-part sums that hold in every place of every synthetic country.

    Series are compared by a random linear hash of their counts: the hash of a sum is the sum of the hashes, so all
    pairs are looked up in one sorted array. Each candidate is then verified count by count.
    """
    common = sorted(set.intersection(*(set(country) for country in countries)))
    places = [
        (number, place)
        for number, country in enumerate(countries)
        for place in sorted({constraint for series in common for constraint in country[series]} - {ALL_PLACES})
    ]
    counts = np.array([[countries[n][series].get(place, 0) for n, place in places] for series in common], np.int64)
    is_counted = np.array([[place in countries[n][series] for n, place in places] for series in common])
    has_support = np.array([len(set(row.tolist()) - {0}) >= MIN_SUPPORT for row in counts])
    weights = np.random.default_rng(SEED).integers(1, 2**40, len(places))
    constraints: list[Constraint] = []
    # Only series that were counted in the same places are compared.
    for pattern in {row.tobytes() for row in is_counted}:
        rows = [i for i in range(len(common)) if has_support[i] and is_counted[i].tobytes() == pattern]
        if len(rows) >= 2:
            constraints += _constraints_between([common[i] for i in rows], counts[rows], counts[rows] @ weights)
    return constraints


def _constraints_between(series: Sequence[Series], counts: np.ndarray, hashes: np.ndarray) -> list[Constraint]:
    groups: dict[int, list[int]] = {}
    for i, value in enumerate(hashes.tolist()):
        groups.setdefault(value, []).append(i)
    constraints = [
        Constraint(series[first], (series[other],)) for first, *further in groups.values() for other in further
    ]
    # One of each group of equal series represents all of them in sums.
    representatives = np.array([group[0] for group in groups.values()])
    order = representatives[np.argsort(hashes[representatives])]
    values = hashes[order]
    for position, first in enumerate(order):
        sums = values[position:] + hashes[first]
        candidates = np.searchsorted(values, sums)
        is_match = (candidates < len(values)) & (values[np.minimum(candidates, len(values) - 1)] == sums)
        for match in np.flatnonzero(is_match):
            total, second = order[candidates[match]], order[position + match]
            has_support = ((counts[first] > 0) & (counts[second] > 0)).sum() >= MIN_SUPPORT
            if has_support and (counts[total] == counts[first] + counts[second]).all():
                constraints.append(Constraint(series[total], (series[first], series[second])))
    return constraints


# What the attacker knows of the target


def known_bounds(row: Mapping, column: str) -> Bounds:
    """Return the bounds of a released count from its cell status and rounding alone, without using any sum."""
    marks = (row.get("suppressed_cells") or "").split()
    if column in marks:
        return 1, SUPPRESSION_THRESHOLD
    if any(mark.endswith(f":{column}") for mark in marks):
        return 0, NO_BOUND
    value = row[column]
    half = ROUNDING_BASE // 2
    return (0, 0) if value == 0 else (max(value - half, SUPPRESSION_THRESHOLD + 1), value + half)


def bounds_of(tables: Tables) -> dict[Cell, Bounds]:
    """Return the bounds that a reader knows for each count of the released tables; other counts have none."""
    forms = declared_tables()
    bounds = {}
    for name, lines in tables.released.items():
        form = forms.get(name)
        if form is None or not form.protected_counts:
            continue
        rest = [part for part in form.key if part != "place_code"]
        for line in lines:
            key = tuple(str(line[part]) for part in rest)
            place = line["place_code"] if "place_code" in form.key else ALL_PLACES
            for column in form.protected_counts:
                if was_counted(line, column):
                    bounds[(name, column, key), place] = known_bounds(line, column)
    return bounds


def sums_between_cells(tables: Tables, constraints: Sequence[Constraint], cells: Collection[Cell]) -> list[CellSum]:
    """Return every sum known to an attacker: the learned constraints in each place, and the declared constraints.

    A learned constraint says nothing of a place in which one of its counts was not made, and a total does not include
    such a place.
    """
    places = sorted({place for _, place in cells})
    learned = [
        ((constraint.total, place), [(part, place) for part in constraint.parts])
        for constraint in constraints
        for place in places
    ]
    forms = {
        name: form for name, form in declared_tables().items() if name in tables.released and form.protected_counts
    }
    declared = [
        (_cell(forms, constraint.total), [part for item in constraint.parts if (part := _cell(forms, item)) in cells])
        for name, form in forms.items()
        for constraint in sums_of(form, tables.released[name], forms)
        if not any(item[2].startswith(DIFFERENCE_PREFIX) for item in constraint.parts)
    ]
    return [
        (total, parts)
        for total, parts in (*learned, *declared)
        if parts and total in cells and all(part in cells for part in parts)
    ]


def _cell(forms: Mapping, declared: tuple) -> Cell:
    """Convert a cell of `assay.sdc.sum_ranges` to a series and its place."""
    table, key, column = declared
    key_values = dict(zip(forms[table].key, key, strict=True))
    place = str(key_values.pop("place_code", ALL_PLACES))
    return (table, column, tuple(str(part) for part in key_values.values())), place


def propagate(bounds: Mapping[Cell, Bounds], sums: Sequence[CellSum]) -> dict[Cell, Bounds]:
    """Propagate bounds along every sum until none changes, and return the narrowed bounds."""
    narrowed = dict(bounds)
    for _ in range(MAX_ROUNDS):
        changed = False
        for total, parts in sums:
            low = sum(narrowed[part][0] for part in parts)
            high = sum(narrowed[part][1] for part in parts)
            for part in parts:
                others_low, others_high = low - narrowed[part][0], high - narrowed[part][1]
                changed |= _narrow(narrowed, part, narrowed[total][0] - others_high, narrowed[total][1] - others_low)
            changed |= _narrow(narrowed, total, low, high)
        if not changed:
            break
    return narrowed


def _narrow(bounds: dict[Cell, Bounds], cell: Cell, low: float, high: float) -> bool:
    before = bounds[cell]
    after = max(before[0], low), min(before[1], high)
    if after == before or after[0] > after[1]:  # an empty interval: the constraint is a coincidence and does not hold
        return False
    bounds[cell] = after
    return True


def solve_programme(bounds: dict[Cell, Bounds], sums: Sequence[CellSum], targets: Collection[Cell]) -> None:
    """Narrow the bounds of the target counts further, by linear programming in each connected component of the sums."""
    graph = nx.Graph((total, part) for total, parts in sums for part in parts)
    for component in nx.connected_components(graph):
        wide = [
            cell for cell in component
            if cell in targets and bounds[cell][1] - bounds[cell][0] >= MAX_VALUES_NARROWED
        ]  # fmt: skip
        if not wide:
            continue
        index = {cell: i for i, cell in enumerate(sorted(component))}
        signs = [{index[total]: -1} | {index[part]: 1 for part in parts} for total, parts in sums if total in index]
        attack = Attack([tuple(map(int, bounds[cell])) for cell in index], signs)
        for i in attack.find_narrow_counts([index[cell] for cell in wide], min_width=MAX_VALUES_NARROWED):
            if attack.binding_counts(i, min_width=MAX_VALUES_NARROWED):
                cell = list(index)[i]
                bounds[cell] = ceil(attack.low[i] - TOLERANCE), floor(attack.high[i] + TOLERANCE)


def attack_constraints(tables: Tables, constraints: Sequence[Constraint]) -> Outcome:
    """Narrow every primary suppressed count by the declared sums and the learned constraints."""
    known = bounds_of(tables)
    truth = {
        (series, place): count for series, counts in series_of(tables.exact).items() for place, count in counts.items()
    }
    sums = [cell_sum for cell_sum in sums_between_cells(tables, constraints, known) if _holds(cell_sum, truth)]
    targets = {cell for cell, bounds in known.items() if bounds == (1, SUPPRESSION_THRESHOLD) and cell in truth}
    narrowed = propagate(known, sums)
    solve_programme(narrowed, sums, targets)
    outcome = Outcome(attacked=len(targets))
    for cell in sorted(targets):
        _count_outcome(outcome, cell, narrowed[cell], truth[cell])
    return outcome


def _holds(cell_sum: CellSum, truth: Mapping[Cell, int]) -> bool:
    """Return True unless the exact counts contradict a sum. So the attacker is not misled by coincidences."""
    total, parts = cell_sum
    known = total in truth and all(part in truth for part in parts)
    return not known or truth[total] == sum(truth[part] for part in parts)


def _count_outcome(outcome: Outcome, cell: Cell, bounds: Bounds, truth: int) -> None:
    low, high = bounds
    if not low <= truth <= high:
        outcome.contradicted += 1
    elif high == low:
        outcome.recovered += 1
        outcome.examples.append(_name_series(cell))
    elif high - low < MAX_VALUES_NARROWED:
        outcome.narrowed += 1
        outcome.examples.append(_name_series(cell))


def _name_series(cell: Cell) -> str:
    (table, column, key), _ = cell
    return f"{table}.{column} [{' | '.join(key)}]"


# A reader who knows the policy and the constraints


def attack_by_policy(tables: Tables) -> dict[str, tuple[int, int]]:
    """Return, for each set of known constraints, how many suppressed counts were attacked, and how many are narrow."""
    forms = {name: form for name, form in declared_tables().items() if name in tables.released and form.protects}
    rows, exact = (
        {name: [row for row in lines[name] if not is_force_count(row, POLICY)] for name in forms}
        for lines in (tables.released, tables.exact)
    )
    declared = [*sums_between(rows, forms)]
    true = [*equal_ordered_counts(exact, forms), *true_constraints(exact, forms)]
    readers = {
        "declared constraints": attack(rows, forms, POLICY, declared, []),
        "and default constraints that are true": attack(rows, forms, POLICY, [*declared, *true], []),
        "and default constraints that are not contradicted": attack_released(rows, forms, POLICY, true),
    }
    return {name: (found.attacked, len(found.narrow)) for name, found in readers.items()}


# Numbers that are shown beside suppressed counts


def numbers_beside_suppressed(tables: Tables) -> Counter[str]:
    """Count, by column, the figures that are shown although a count that they are based on is suppressed in the same
    row."""
    forms = declared_tables()
    numbers_shown: Counter[str] = Counter()
    for name, lines in tables.released.items():
        form = forms.get(name)
        if form is None or not form.protects:
            continue
        numbers = [
            constraint
            for constraint in form.columns
            if constraint.kind in ("number", "share", "whole", "flag") and not constraint.of
        ]
        for line, column in itertools.product(lines, numbers):
            # A missing-data bound uses the lowest or highest value of a suppressed count, as an attacker would.
            evidence_keys = (
                set() if column.bound else {*column.base_counts, *column.numerator_counts, *column.zero_or_sufficient}
            )
            if evidence_keys & set((line.get("suppressed_cells") or "").split()) and line.get(column.name) is not None:
                numbers_shown[f"{name}.{column.name}"] += 1
    return numbers_shown


def main() -> None:
    """Create or read the demonstrations, attack them, and print the results."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, action="append", help="an existing demonstration to attack")
    parser.add_argument("--learn", type=Path, action="append", help="an existing demonstration to learn from")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        sources = options.learn or [
            demonstrate(home / f"learn{n}", *constraint) for n, constraint in enumerate(CALIBRATION)
        ]
        targets = options.folder or [demonstrate(home / f"target{n}", *target) for n, target in enumerate(TARGETS)]
        constraints = learn_constraints([series_of(read_tables(folder).exact) for folder in sources])
        print(f"{len(constraints):,} constraints learned from {len(sources)} countries.")
        for number, folder in enumerate(targets, 1):
            print_results(number, read_tables(folder), constraints)


def print_results(number: int, tables: Tables, constraints: Sequence[Constraint]) -> None:
    """Print the results of the attack on one demonstration."""
    forces = len({row["place_code"] for row in tables.released["ladders"]} - {ALL_PLACES})
    print(f"\nDemonstration {number}: {forces} forces")
    outcome = attack_constraints(tables, constraints)
    print(
        f"  Learned constraints: {outcome.attacked:,} suppressed counts attacked, {outcome.recovered:,} recovered, "
        f"{outcome.narrowed:,} narrowed to three values or fewer, {outcome.contradicted:,} contradicted."
    )
    for example, times in Counter(outcome.examples).most_common(8):
        print(f"      {times} x {example}")
    for reader, (attacked, narrow) in attack_by_policy(tables).items():
        print(
            f"  A reader of the policy, {reader}: {attacked:,} attacked, "
            f"{narrow:,} narrower than {POLICY.protection_level}."
        )
    numbers = numbers_beside_suppressed(tables)
    print(f"  Numbers shown although a count under them is suppressed: {sum(numbers.values()):,}.")
    for column, times in numbers.most_common(20):
        print(f"      {times:,} x {column}")


if __name__ == "__main__":
    main()
