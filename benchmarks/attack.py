"""What can a reader of the released tables work out about suppressed counts, with knowledge that the programme lacks?

The disclosure control of `assay` protects suppressed counts against the sums that it declares. This benchmark plays a
reader who declares nothing. The reader runs the program on other synthetic countries, whose exact counts are known, and
learns from them which counts are always equal and which always add up (every pair and every triple of columns that have
a place in common). Then the reader takes the released tables of a demonstration and narrows each suppressed count down:

1. relations learned: bounds are passed along every equality and sum until nothing moves, and a linear programme looks
   at what is left;
2. numbers beside suppressed counts: a mean, a median, an interval or a q-value that is shown in a row in which a count
   that it declares to rest on is suppressed.

The spread between forces is not attacked here: its statistics are computed from counts as released, so they tell no
more than these do (`tests/disclosure/test_estimates_tell_nothing.py` plays the reader who tries all values).

A suppressed count is *recovered* when one value is left, and *narrowed* when two or three are left. The reader is told
which of the relations do not hold in the demonstration, which no reader knows: what is left is the strongest attack.

    python benchmarks/attack.py                     two demonstrations, of 6 and of 14 forces (several minutes)
    python benchmarks/attack.py --folder DEMO ...   demonstrations that are there already
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor
from pathlib import Path

import networkx as nx
import numpy as np
import pyarrow.parquet as pq

from assay.cli import app
from assay.disclosure import declared_tables, policy
from assay.disclosure.attacker import Attack
from assay.disclosure.sums import sums_of

POLICY = policy("record level")
THRESHOLD, BASE = POLICY.hide_up_to, POLICY.round_to
LARGE = 10**6
LEAST_SUPPORT = 8
"""A relation is believed only if its counts take so many different values above 0, and all its parts stand above 0 at
so many places: with fewer, coincidences abound."""
NARROW = 3
NEARLY = 1e-6
SEED = 20261130
WHOLE = "ALL"
CALIBRATION = ((6, 40, 301), (9, 30, 302))
"""Forces, crimes and seed of the countries that the reader learns from."""
TARGETS = ((6, 60, 401), (14, 60, 402))
ROUNDS = 60

Series = tuple[str, str, tuple[str, ...]]
"""One column of one table, at one value of every part of the key but the place."""
Cell = tuple[Series, str]
"""One count: its column, and its place."""
Bounds = tuple[float, float]


@dataclass
class Tables:
    """The rows of a demonstration, exact and as released, and the keys by which rows are found."""

    exact: Mapping[str, list[dict]]
    released: Mapping[str, list[dict]]


@dataclass
class Outcome:
    """What the reader has: suppressed counts tried, recovered, narrowed, believed wrongly; and by which relation."""

    tried: int = 0
    recovered: int = 0
    narrowed: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)


# The demonstrations


def demonstrate(folder: Path, forces: int, crimes: int, seed: int) -> Path:
    """Make a demonstration with the program's own command, and return its folder."""
    from typer.testing import CliRunner

    options = ["--forces", str(forces), "--crimes", str(crimes), "--seed", str(seed), "--json"]
    with contextlib.redirect_stderr(io.StringIO()):
        done = CliRunner().invoke(app, ["demo", "--out", str(folder), *options])
    if done.exit_code:
        raise SystemExit(f"The demonstration of {forces} forces could not be made: {done.output[-500:]}")
    return folder


def read(folder: Path) -> Tables:
    """The exact and the released rows of every table that is made from records."""
    return Tables(*(
        {path.stem: pq.read_table(path).to_pylist() for path in sorted((folder / stage).glob("*.parquet"))}
        for stage in ("counted", "disclosure")
    ))  # fmt: skip


# Relations that hold in every country that the reader has seen


def series_of(rows: Mapping[str, list[dict]]) -> dict[Series, dict[str, int]]:
    """Every protected count, by place: {(table, column, rest of the key): {place: count}}."""
    found: dict[Series, dict[str, int]] = {}
    forms = declared_tables()
    for name, lines in rows.items():
        form = forms[name]
        rest = [part for part in form.key if part != "place_code"]
        for line in lines:
            key = tuple(str(line[part]) for part in rest)
            place = line["place_code"] if "place_code" in form.key else WHOLE
            for column in form.protected_counts:
                if line.get(column) is not None:
                    found.setdefault((name, column, key), {})[place] = line[column]
    return found


@dataclass(frozen=True)
class Relation:
    """`total` equals the sum of `parts`, wherever all of them stand."""

    total: Series
    parts: tuple[Series, ...]


def learn(countries: Sequence[Mapping[Series, dict[str, int]]]) -> list[Relation]:
    """Equalities and sums of two parts that hold at every place of every country.

    Columns are compared through a random linear hash of their counts, under which the hash of a sum is the sum of the
    hashes: all pairs are looked up in one sorted array. Each relation found is then checked count by count.
    """
    common = sorted(set.intersection(*(set(country) for country in countries)))
    places = [(number, place) for number, country in enumerate(countries)
              for place in sorted({one for series in common for one in country[series]} - {WHOLE})]  # fmt: skip
    counts = np.array([[countries[n][series].get(place, 0) for n, place in places] for series in common], np.int64)
    there = np.array([[place in countries[n][series] for n, place in places] for series in common])
    rich = np.array([len(set(row.tolist()) - {0}) >= LEAST_SUPPORT for row in counts])
    weights = np.random.default_rng(SEED).integers(1, 2**40, len(places))
    found: list[Relation] = []
    for pattern in {row.tobytes() for row in there}:
        chosen = [at for at in range(len(common)) if rich[at] and there[at].tobytes() == pattern]
        if len(chosen) < 2:
            continue
        found += _relations([common[at] for at in chosen], counts[chosen], counts[chosen] @ weights)
    return found


def _relations(names: Sequence[Series], counts: np.ndarray, hashes: np.ndarray) -> list[Relation]:
    groups: dict[int, list[int]] = {}
    for at, one in enumerate(hashes.tolist()):
        groups.setdefault(one, []).append(at)
    found = [Relation(names[first], (names[other],)) for first, *others in groups.values() for other in others]
    # One of each group of equals stands for all of them.
    heads = np.array([group[0] for group in groups.values()])
    order = heads[np.argsort(hashes[heads])]
    values = hashes[order]
    for place, first in enumerate(order):
        sums = values[place:] + hashes[first]
        at = np.searchsorted(values, sums)
        hit = (at < len(values)) & (values[np.minimum(at, len(values) - 1)] == sums)
        for which in np.flatnonzero(hit):
            total, second = order[at[which]], order[place + which]
            together = ((counts[first] > 0) & (counts[second] > 0)).sum() >= LEAST_SUPPORT
            if together and (counts[total] == counts[first] + counts[second]).all():
                found.append(Relation(names[total], (names[first], names[second])))
    return found


# What the reader knows of the target


def known_bounds(row: Mapping, column: str) -> Bounds:
    """What one released count says by itself."""
    words = (row.get("hidden") or "").split()
    if column in words:
        return 1, THRESHOLD
    if any(word.endswith(f":{column}") for word in words):
        return 0, LARGE
    value = row.get(column)
    if value is None:
        return 0, LARGE
    return (0, 0) if value == 0 else (max(value - BASE // 2, THRESHOLD + 1), value + BASE // 2)


def bounds_of(tables: Tables) -> dict[Cell, Bounds]:
    """The bounds of every count that stands in the released tables."""
    forms = declared_tables()
    found = {}
    for name, lines in tables.released.items():
        form = forms.get(name)
        if form is None or not form.protected_counts:
            continue
        rest = [part for part in form.key if part != "place_code"]
        for line in lines:
            key = tuple(str(line[part]) for part in rest)
            place = line["place_code"] if "place_code" in form.key else WHOLE
            for column in form.protected_counts:
                found[(name, column, key), place] = known_bounds(line, column)
    return found


def lines_of(tables: Tables, relations: Sequence[Relation], cells: Collection[Cell]) -> list[tuple[Cell, list[Cell]]]:
    """Each sum that a reader knows, as its total and its parts: those learned, at every place, and those declared."""
    places = sorted({place for _, place in cells})
    learned = [((one.total, place), [(part, place) for part in one.parts]) for one in relations for place in places]
    forms = {name: one for name, one in declared_tables().items() if name in tables.released and one.protected_counts}
    declared = [
        (_cell(forms, one.total), [_cell(forms, part) for part in one.parts])
        for name, form in forms.items()
        for one in sums_of(form, tables.released[name], forms)
    ]
    return [line for line in (*learned, *declared) if line[0] in cells and all(part in cells for part in line[1])]


def _cell(forms: Mapping, declared: tuple) -> Cell:
    """A cell of the programme as a series and its place."""
    table, key, column = declared
    named = dict(zip(forms[table].key, key, strict=True))
    place = str(named.pop("place_code", WHOLE))
    return (table, column, tuple(str(part) for part in named.values())), place


def propagate(bounds: Mapping[Cell, Bounds], lines: Sequence[tuple[Cell, list[Cell]]]) -> dict[Cell, Bounds]:
    """Pass bounds along every sum until nothing moves, and return the narrowed bounds."""
    held = dict(bounds)
    for _ in range(ROUNDS):
        moved = False
        for total, parts in lines:
            low = sum(held[part][0] for part in parts)
            high = sum(held[part][1] for part in parts)
            for part in parts:
                others_low, others_high = low - held[part][0], high - held[part][1]
                moved |= _narrow(held, part, held[total][0] - others_high, held[total][1] - others_low)
            moved |= _narrow(held, total, low, high)
        if not moved:
            break
    return held


def _narrow(held: dict[Cell, Bounds], cell: Cell, low: float, high: float) -> bool:
    before = held[cell]
    now = max(before[0], low), min(before[1], high)
    if now == before or now[0] > now[1]:  # a coincidence: the reader does not believe it here
        return False
    held[cell] = now
    return True


def programme(bounds: dict[Cell, Bounds], lines: Sequence[tuple[Cell, list[Cell]]], wanted: Collection[Cell]) -> None:
    """Narrow what propagation has left with the linear programme, one connected group of sums at a time."""
    joined = nx.Graph((total, part) for total, parts in lines for part in parts)
    for group in nx.connected_components(joined):
        asked = [cell for cell in group if cell in wanted and bounds[cell][1] - bounds[cell][0] >= NARROW]
        if not asked:
            continue
        order = {cell: at for at, cell in enumerate(sorted(group))}
        signs = [{order[total]: -1} | {order[part]: 1 for part in parts} for total, parts in lines if total in order]
        reader = Attack([tuple(map(int, bounds[cell])) for cell in order], signs)
        for at in reader.look([order[cell] for cell in asked], enough=NARROW):
            if reader.stopping(at, enough=NARROW):
                cell = list(order)[at]
                bounds[cell] = ceil(reader.low[at] - NEARLY), floor(reader.high[at] + NEARLY)


def attack_relations(tables: Tables, relations: Sequence[Relation]) -> Outcome:
    """Narrow every suppressed count down by the sums that are declared and those that were learned."""
    known = bounds_of(tables)
    truth = {(series, place): count for series, by in series_of(tables.exact).items() for place, count in by.items()}
    lines = [line for line in lines_of(tables, relations, known) if _holds(line, truth)]
    tried = {cell for cell, bounds in known.items() if bounds == (1, THRESHOLD) and cell in truth}
    after = propagate(known, lines)
    programme(after, lines, tried)
    outcome = Outcome(tried=len(tried))
    for cell in sorted(tried):
        _judge(outcome, cell, after[cell], truth[cell])
    return outcome


def _holds(line: tuple[Cell, list[Cell]], truth: Mapping[Cell, int]) -> bool:
    """Return True unless the exact counts contradict a sum: the reader is spared relations that are coincidences."""
    total, parts = line
    known = total in truth and all(part in truth for part in parts)
    return not known or truth[total] == sum(truth[part] for part in parts)


def _judge(outcome: Outcome, cell: tuple, left: Bounds, truth: int) -> None:
    low, high = left
    if not low <= truth <= high:
        outcome.wrong += 1
    elif high == low:
        outcome.recovered += 1
        outcome.examples.append(_named(cell))
    elif high - low < NARROW:
        outcome.narrowed += 1
        outcome.examples.append(_named(cell))


def _named(cell: tuple) -> str:
    (table, column, key), _ = cell
    return f"{table}.{column} [{' | '.join(key)}]"


# Numbers that are shown beside suppressed counts


def shown_beside(tables: Tables) -> Counter[str]:
    """How often a number is shown although a count that it declares to rest on is suppressed in its row."""
    forms = declared_tables()
    found: Counter[str] = Counter()
    for name, lines in tables.released.items():
        form = forms.get(name)
        if form is None or not form.protects:
            continue
        numbers = [one for one in form.columns if one.kind in ("number", "share", "whole", "flag") and not one.of]
        for line, column in itertools.product(lines, numbers):
            # A bound takes each suppressed count at its lowest or highest, as a reader would.
            rests_on = set() if column.bound else {*column.over, *column.part, *column.none_or_enough}
            if rests_on & set((line.get("hidden") or "").split()) and line.get(column.name) is not None:
                found[f"{name}.{column.name}"] += 1
    return found


def main() -> None:
    """Make or read the demonstrations, attack them, and print what was found."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--folder", type=Path, action="append", help="a demonstration that is there already")
    asked.add_argument("--learn", type=Path, action="append", help="a demonstration to learn relations from")
    said = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        learned_from = said.learn or [demonstrate(Path(place) / f"learn{n}", *one) for n, one in enumerate(CALIBRATION)]
        targets = said.folder or [demonstrate(Path(place) / f"target{n}", *one) for n, one in enumerate(TARGETS)]
        relations = learn([series_of(read(folder).exact) for folder in learned_from])
        print(f"{len(relations):,} relations learned from {len(learned_from)} countries.")
        for number, folder in enumerate(targets, 1):
            report(number, read(folder), relations)


def report(number: int, tables: Tables, relations: Sequence[Relation]) -> None:
    """Print what the reader has of one demonstration."""
    forces = len({row["place_code"] for row in tables.released["ladders"]} - {WHOLE})
    print(f"\nDemonstration {number}: {forces} forces")
    outcome = attack_relations(tables, relations)
    print(f"  Relations learned: {outcome.tried:,} suppressed counts tried, {outcome.recovered:,} recovered, "
          f"{outcome.narrowed:,} narrowed to three or fewer, {outcome.wrong:,} believed wrongly.")  # fmt: skip
    for example, times in Counter(outcome.examples).most_common(8):
        print(f"      {times} x {example}")
    beside = shown_beside(tables)
    print(f"  Numbers shown although a count that they rest on is suppressed: {sum(beside.values()):,}.")
    for column, times in beside.most_common(20):
        print(f"      {times:,} x {column}")


if __name__ == "__main__":
    main()
