"""Synthetic sets of linked tables, their release, and an independent attack on it.

Three tables reveal the same records: by force and kind of record; by force, sex and kind; by region. In each a row's
parts make its total, forces make their region and the country, and the two sexes make both.
"""

import random
from dataclasses import replace

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from assay.sdc import policy
from assay.sdc.disclosure_control import protect_counts
from assay.sdc.linked_tables import PriorReleaseRows, unchanged_counts
from assay.sdc.release_tables import Column, Table

POLICY = replace(policy("record level"), organisation_counts=())
PARTS, WHOLE = ("met", "not_met", "not_known"), "records"
COUNTS = (WHOLE, *PARTS)


def form(name, *key, **more):
    columns = [Column(region, "code", "x") for region in (*key, "suppressed_cells")]
    columns += [Column(region, "count", "x", protect=True) for region in COUNTS]
    settings = {"totals": {}, "adds_up_to": {}} | more
    return Table(name, name, name, key, tuple(columns), {WHOLE: PARTS}, curve_source={}, **settings)


FORMS = {
    "regions": form("regions", "region", totals={"region": "ALL"}),
    "forces": form("forces", "region", "force", adds_up_to={region: f"regions.{region}" for region in COUNTS}),
    "sexes": form("sexes", "region", "force", "sex", adds_up_to={region: f"forces.{region}" for region in COUNTS}),
}
KINDS = ("crossed", "nested", "sparse")


def records(seed, kind="nested"):
    """Counts by (region, force, sex, part): few forces or many, busy or sparse."""
    rng = random.Random(f"{seed} {kind}")
    regions = 1 if kind == "crossed" else rng.randint(2, 3)
    mean = 2 if kind == "sparse" else rng.choice([3, 9, 30])
    counts = {}
    for region in range(regions):
        for force in range(rng.randint(2, 4)):
            for sex in ("female", "male"):
                for part in PARTS:
                    busy = 0 if rng.random() < (0.5 if kind == "sparse" else 0.1) else mean
                    counts[f"R{region}", f"F{region}{force}", sex, part] = int(rng.expovariate(1 / busy)) if busy else 0
    return counts


def moved(counts, seed):
    """The same records in a later edition: of one or two forces a few more came, or a few were taken back."""
    rng = random.Random(f"moved {seed}")
    later = dict(counts)
    for cell in rng.sample(sorted(counts), k=rng.randint(1, 2)):
        later[cell] = max(0, later[cell] + rng.choice([-3, -1, 1, 2, 6]))
    return later


def exact(counts):
    """Every count of every table, by (table, key, column), and the sums that hold among them by how they are made."""
    found, sums = {}, []
    places = sorted({cell[:2] for cell in counts})

    def put_count(table, key, count):
        for part in PARTS:
            found[table, key, part] = sum(n for cell, n in counts.items() if cell[3] == part and count(cell))
        found[table, key, WHOLE] = sum(found[table, key, part] for part in PARTS)
        sums.append(((table, key, WHOLE), [(table, key, part) for part in PARTS]))

    regions = sorted({region for region, _ in places})
    put_count("regions", ("ALL",), lambda cell: True)
    for region in regions:
        put_count("regions", (region,), lambda cell, region=region: cell[0] == region)
    for place in places:
        put_count("forces", place, lambda cell, place=place: cell[:2] == place)
        for sex in ("female", "male"):
            put_count("sexes", (*place, sex), lambda cell, region=(*place, sex): cell[:3] == region)
    for column in COUNTS:
        sums.append((("regions", ("ALL",), column), [("regions", (region,), column) for region in regions]))
        for region in regions:
            region_cells = [("forces", place, column) for place in places if place[0] == region]
            sums.append((("regions", (region,), column), region_cells))
        for place in places:
            parts = [("sexes", (*place, sex), column) for sex in ("female", "male")]
            sums.append((("forces", place, column), parts))
    return found, sums


def as_rows(found):
    rows = {name: {} for name in FORMS}
    for (table, key, column), count in found.items():
        row = rows[table].setdefault(key, dict(zip(FORMS[table].key, key, strict=True)) | {"suppressed_cells": ""})
        row[column] = count
    return {name: list(by_place.values()) for name, by_place in rows.items()}


def released(found, before=None, before_released=None):
    """The rows as they leave, by table; beside an earlier edition as it was counted and as it left."""
    released_rows = as_rows(found)
    prior_releases = (
        [PriorReleaseRows(before_released, unchanged_counts(as_rows(before), released_rows, FORMS))] if before else []
    )
    protect_counts(released_rows, FORMS, POLICY, prior_releases)
    return released_rows


def known_ranges(rows):
    """What a reader is told of each count: its lowest and highest value, and whether it is empty."""
    ranges = {}
    for name, table_rows in rows.items():
        for row in table_rows:
            key, words = tuple(row[region] for region in FORMS[name].key), row["suppressed_cells"].split()
            for column in COUNTS:
                value = row[column]
                if column in words:
                    ranges[name, key, column] = (1, 7, True)
                elif value is None:
                    ranges[name, key, column] = (1, 1e6, True)
                else:
                    ranges[name, key, column] = (0, 0, False) if value == 0 else (max(value - 2, 8), value + 2, False)
    return ranges


def attack(editions, sums, equal_cells=()):
    """The range of every empty count by linear programme over all editions, those of `equal_cells` being equal in both."""
    cells = [(number, cell) for number, ranges in enumerate(editions) for cell in ranges]
    place = {cell: position for position, cell in enumerate(cells)}
    matrix = []
    for number, terms in enumerate(sums):
        for total, parts in terms:
            row = np.zeros(len(cells))
            row[place[number, total]] = -1
            for part in parts:
                row[place[number, part]] = 1
            matrix.append(row)
    for cell in equal_cells:
        row = np.zeros(len(cells))
        row[place[0, cell]], row[place[1, cell]] = 1, -1
        matrix.append(row)
    rows = csr_array(np.array(matrix))
    zero = np.zeros(len(matrix))
    bounds = [editions[number][cell][:2] for number, cell in cells]
    ends = {}
    for cell in (cell for cell in cells if editions[cell[0]][cell[1]][2]):
        aim = np.zeros(len(cells))
        aim[place[cell]] = 1
        bounds_found = [linprog(sign * aim, A_eq=rows, b_eq=zero, bounds=bounds) for sign in (1, -1)]
        ends[cell] = (bounds_found[0].fun, -bounds_found[1].fun)
    return ends


def differenced(seed, kind):
    """The attack on two editions, by one who knows which counts did not change."""
    first, first_sums = exact(counts := records(seed, kind))
    then, then_sums = exact(moved(counts, seed))
    before = released(first)
    after = released(then, first, before)
    equal_cells = [cell for cell in first if first[cell] == then[cell]]
    return attack([known_ranges(before), known_ranges(after)], [first_sums, then_sums], equal_cells)
