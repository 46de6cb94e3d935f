"""Who is the same person among these entries, how sure is that, and what was kept apart?

Exact keys first (`knots`), then likeness (`model`) on what is left, then joining that holds together (`joining`). The
order in which entries come changes nothing: they are taken by name, and a person is named by the first of its entries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.engine_location import HERE, Where
from assay.engine.table_store import SETTINGS
from assay.linkage.clustering import Joins, join, persons_of
from assay.linkage.exact_match_clusters import Knots, first_of_each, tie
from assay.linkage.linkage_database import Noted, database
from assay.linkage.linkage_specification import Form, form
from assay.linkage.match_model import WRITTEN, Model, learn, score
from assay.linkage.name_profiles import make_holdings, make_pairs
from assay.linkage.normalised_records import Plain, plain

MEMORY = "1600MB"
LEVELS = ("low", "main", "high")
"""The three thresholds, by name."""
NO_BIRTHS = np.empty((0, 4), np.int64)
WEIGHTS = pa.schema([
    ("comparison", pa.string()), ("level", pa.int64()), ("says", pa.string()), ("m", pa.float64()), ("u", pa.float64()),
    ("weight", pa.float64()),
])  # fmt: skip
NO_PAIRS = pa.table({
    "knot_l": pa.array([], pa.int64()), "knot_r": pa.array([], pa.int64()), "probability": pa.array([], pa.float64()),
    "apart": pa.array([], pa.bool_()),
})  # fmt: skip


@dataclass(frozen=True)
class Linked:
    """What linkage found; every reference is the name of an entry, and no table holds a name or a date of birth.

    `tied`: one row an entry (entry, force_code, ref, on_list, knot, low, main, high): what ties it for certain, and the
    person that it is at each threshold. `pairs`: what was likely (knot, other_knot, probability, apart, and the level
    of each comparison). `joins`: what was joined (knot, other_knot, probability). `splits`: what was not, and why
    (knot, other_knot, probability, reason). `weights`: the model, one row a level. `told`: what else was counted.
    `sql`: the statements that were run, each shape once.
    """

    tied: pa.Table
    pairs: pa.Table
    joins: pa.Table
    splits: pa.Table
    weights: pa.Table
    told: Mapping[str, Any]
    model: Mapping[str, Any]
    sql: tuple[str, ...]

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The tables that are kept of it."""
        return {name: getattr(self, name) for name in ("tied", "pairs", "joins", "splits", "weights")}

    def files(self, used: Form) -> dict[str, str]:
        """The files that are kept of it: the model as Splink reads it, the form, and what was counted."""
        return {
            "model.json": json.dumps(self.model, indent=1, sort_keys=True) + "\n",
            "linkage.toml": used.text,
            "told.json": json.dumps(self.told, indent=1) + "\n",
        }


def link(entries: pa.Table, other_names: pa.Table, used: Form | None = None, *, where: Where = HERE) -> Linked:
    """Link entries (`entries.COLUMNS`) with the other names that are told of them (entry, forenames, surname)."""
    learned, noted = Noted(), Noted()
    used = used or form()
    rows = entries.sort_by("entry")
    prepared = plain(rows, other_names, used)
    # The model is learned on one thread: what has no need of it is worked out meanwhile.
    with ThreadPoolExecutor(1) as beside, database(where, noted, memory=MEMORY) as at:
        learning = beside.submit(_learned, prepared, used, learned)
        knots = tie(prepared)
        holdings = make_holdings(at, prepared, knots)
        counted = make_pairs(at, used, holdings)
        model = learning.result()
        scored = score(at, used, model) if any(one.pairs for one in counted) else NO_PAIRS
    joins = join(scored, knots, **used.together)
    names = rows["entry"].take(pa.array(first_of_each(knots.of_entry)))
    told = {
        "entries": rows.num_rows,
        "knots": len(knots),
        "holdings": holdings,
        "taken_for_missing": prepared.missing,
        "blocking_rules": [vars(one) for one in counted],
        "model": model.came_about,
        "chance_of_two": model.chance_of_two,
        "thresholds": dict(used.thresholds),
        "untied": knots.split,
        "not_joined": joins.split,
    }
    return Linked(
        tied=_tied(rows, knots, names, joins, used),
        pairs=_pairs(scored, names, used),
        joins=_named(names, joins.left, joins.right, joins.probability),
        splits=_splits(joins, names),
        weights=weights_of(model, used),
        told=told,
        model=model.settings,
        sql=learned.and_then(noted).statements,
    )


def _learned(prepared: Plain, used: Form, noted: Noted) -> Model:
    """The model, from entries that are drawn by a hash of their names, each as if nothing tied it to another.

    On one thread of one machine, whatever the engine: so that the weights are the same everywhere.
    """
    chosen = _some(prepared, int(used.learning["most_entries"]))
    alone = Knots(np.arange(chosen.rows.num_rows), NO_BIRTHS, {})
    with database(HERE, noted, threads=1, memory=MEMORY) as at:
        make_holdings(at, chosen, alone)
        make_pairs(at, used, len(alone))
        return learn(at, used, len(alone))


def _some(prepared: Plain, most: int) -> Plain:
    """As many entries as that, with their other names."""
    count = prepared.rows.num_rows
    if count <= most:
        return prepared
    at = duckdb.connect(":memory:", config=SETTINGS)
    at.register("drawn_from", prepared.rows.select(["entry"]).append_column("place", pa.array(np.arange(count))))
    order = at.sql(f"select place from drawn_from order by md5(entry), entry limit {most}").to_arrow_table()
    at.close()
    places = pa.array(np.sort(order["place"].to_numpy()))
    told = pc.index_in(prepared.other["place"], value_set=places)
    other = prepared.other.set_column(0, "place", told).filter(pc.is_valid(told))
    return Plain(prepared.rows.take(places), other, {})


def _tied(rows: pa.Table, knots: Knots, names: pa.ChunkedArray, joins: Joins, used: Form) -> pa.Table:
    columns = {name: rows[name] for name in ("entry", "force_code", "ref", "on_list")}
    columns["knot"] = names.take(pa.array(knots.of_entry))
    for level in LEVELS:
        person = persons_of(joins, joins.probability >= used.thresholds[level], len(knots))
        columns[level] = names.take(pa.array(first_of_each(person)[person][knots.of_entry]))
    return pa.table(columns)


def _pairs(scored: pa.Table, names: pa.ChunkedArray, used: Form) -> pa.Table:
    """Each likely pair, and in words which level of each comparison fits."""
    found = {
        "knot": names.take(scored["knot_l"]),
        "other_knot": names.take(scored["knot_r"]),
        "probability": scored["probability"],
        "apart": scored["apart"],
    }
    for place, comparison in enumerate(used.comparisons):
        says = pa.array([level.says for level in comparison.levels], pa.string())
        column = f"c{place}"
        fits = says.take(scored[column]) if column in scored.column_names else says.slice(0, 0)
        found[level_of(comparison.of)] = fits
    return pa.table(found)


def level_of(comparison: str) -> str:
    """The column that tells, in words, which level of a comparison fits; it holds no value of either record."""
    return f"level of {comparison}"


def _named(names: pa.ChunkedArray, left: Any, right: Any, probability: Any) -> pa.Table:
    columns = {"knot": names.take(pa.array(left)), "other_knot": names.take(pa.array(right))}
    rows = pa.table({**columns, "probability": pa.array(probability, pa.float64())})
    return rows.sort_by([("knot", "ascending"), ("other_knot", "ascending")])


def _splits(joins: Joins, names: pa.ChunkedArray) -> pa.Table:
    left, right, probability, reason = (list(part) for part in zip(*joins.refused, strict=True)) if joins.refused else (
        [], [], [], [])  # fmt: skip
    rows = pa.table({
        "knot": names.take(pa.array(left, pa.int64())),
        "other_knot": names.take(pa.array(right, pa.int64())),
        "probability": pa.array(probability, pa.float64()),
        "reason": pa.array(reason, pa.string()),
    })  # fmt: skip
    return rows.sort_by([("knot", "ascending"), ("other_knot", "ascending")])


def weights_of(model: Model, used: Form) -> pa.Table:
    """One row a level: comparison, level (0 from the top), says, m and u (a share of pairs), weight (the logarithm to
    base 2 of how much more often it fits among pairs that are one person), and how the model came about."""
    found = []
    for comparison, told in zip(used.comparisons, model.settings["comparisons"], strict=True):
        for place, (level, learned) in enumerate(zip(comparison.levels, told["comparison_levels"], strict=True)):
            m, u = learned.get("m_probability"), learned.get("u_probability")
            known = level.m is not None and m is not None and u is not None
            found.append({
                "comparison": comparison.of, "level": place, "says": level.says,
                "m": m if known else None, "u": u if known else None,
                "weight": float(f"{np.log2(m / u):.6g}") if known else 0.0,
            })  # fmt: skip
    return pa.Table.from_pylist(found, WEIGHTS)


__all__ = ["LEVELS", "WRITTEN", "Linked", "level_of", "link", "weights_of"]
