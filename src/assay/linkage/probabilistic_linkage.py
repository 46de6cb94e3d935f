"""Probabilistic record linkage: exact-match clusters, match probabilities, clustering.

Three steps: exact keys (`exact_match_clusters`), Fellegi-Sunter match probabilities of the remaining pairs
(`match_model`), and constrained clustering (`clustering`). The result does not depend on the order of the input:
entries are sorted by name, and a person is named after the first of its entries.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.duckdb_connections import open_connection
from assay.engine.engine_location import LOCAL_ENGINE, EngineLocation
from assay.linkage.clustering import Joins, cluster_pairs, number_persons
from assay.linkage.exact_match_clusters import (
    STORED_CLUSTER,
    STORED_OTHER_CLUSTER,
    ExactMatchClusters,
    cluster_exact_matches,
    first_positions,
)
from assay.linkage.linkage_database import StatementLog, open_database
from assay.linkage.linkage_specification import LinkageSpecification, default_specification
from assay.linkage.match_model import SPECIFIED, MatchModel, score_pairs, train_model
from assay.linkage.name_profiles import make_name_profiles, make_pairs
from assay.linkage.normalised_records import NormalisedRecords, normalise_records

MEMORY = "1600MB"
LEVELS = ("low", "main", "high")
"""Names of the three thresholds."""
NO_BIRTHS = np.empty((0, 4), np.int64)
WEIGHTS = pa.schema([
    ("comparison", pa.string()), ("level", pa.int64()), ("says", pa.string()), ("m", pa.float64()), ("u", pa.float64()),
    ("weight", pa.float64()),
])  # fmt: skip
NO_PAIRS = pa.table({
    "left_cluster": pa.array([], pa.int64()), "right_cluster": pa.array([], pa.int64()),
    "probability": pa.array([], pa.float64()), "apart": pa.array([], pa.bool_()),
})  # fmt: skip


@dataclass(frozen=True)
class LinkageResult:
    """Result of record linkage; it identifies entries by reference only, and holds no names or dates of birth.

    Parameters
    ----------
    linked_entries
        One row for each entry: entry, force_code, ref, on_list, `STORED_CLUSTER`, its person at each threshold
        (low, main, high), and `birth_disputed`: its date of birth contradicts the person's others.
    pairs
        Pairs of clusters at or above the floor: `STORED_CLUSTER`, `STORED_OTHER_CLUSTER`, probability, apart, and the
        agreement level of each comparison.
    joins
        Pairs that were joined: `STORED_CLUSTER`, `STORED_OTHER_CLUSTER`, probability.
    splits
        Pairs that were refused: `STORED_CLUSTER`, `STORED_OTHER_CLUSTER`, probability, reason.
    weights
        Match weights, one row for each level of each comparison.
    summary
        Counts of entries, clusters, profiles and pairs, the thresholds, and why joins were refused.
    model
        Settings of the Splink model.
    sql
        The statements run, each distinct form once.
    """

    linked_entries: pa.Table
    pairs: pa.Table
    joins: pa.Table
    splits: pa.Table
    weights: pa.Table
    summary: Mapping[str, Any]
    model: Mapping[str, Any]
    sql: tuple[str, ...]

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The stored tables of the result."""
        rows = {name: getattr(self, name) for name in ("pairs", "joins", "splits", "weights")}
        return {"tied": self.linked_entries, **rows}

    def files(self, specification: LinkageSpecification) -> dict[str, str]:
        """Return the stored files: the Splink model, the specification, and the counts."""
        return {
            "model.json": json.dumps(self.model, indent=1, sort_keys=True) + "\n",
            "linkage.toml": specification.text,
            "told.json": json.dumps(self.summary, indent=1) + "\n",
        }


def link_entries(
    entries: pa.Table,
    other_names: pa.Table,
    specification: LinkageSpecification | None = None,
    *,
    where: EngineLocation = LOCAL_ENGINE,
) -> LinkageResult:
    """Link entries, with their aliases (entry, forenames, surname)."""
    training_log, scoring_log = StatementLog(), StatementLog()
    specification = specification or default_specification()
    rows = entries.sort_by("entry")
    records = normalise_records(rows, other_names, specification)
    # Training runs on one thread, so the steps that do not need the model run meanwhile.
    with ThreadPoolExecutor(1) as executor, open_database(where, scoring_log, memory=MEMORY) as database:
        training = executor.submit(_train_model, records, specification, training_log)
        clusters = cluster_exact_matches(records)
        profile_count = make_name_profiles(database, records, clusters)
        blocking_counts = make_pairs(database, specification, profile_count)
        model = training.result()
        pairs = (
            score_pairs(database, specification, model) if any(count.pairs for count in blocking_counts) else NO_PAIRS
        )
    joins = cluster_pairs(pairs, clusters, **specification.clustering)
    names = rows["entry"].take(pa.array(first_positions(clusters.entry_clusters)))
    summary = {
        "entries": rows.num_rows,
        "exact_match_clusters": len(clusters),
        "holdings": profile_count,
        "taken_for_missing": records.missing,
        "blocking_rules": [vars(count) for count in blocking_counts],
        "model": model.origin,
        "chance_of_two": model.prior_match_probability,
        "thresholds": dict(specification.thresholds),
        "untied": clusters.split_counts,
        "not_joined": joins.refused_counts,
        "births_disputed": int(_disputed(clusters).sum()),
    }
    return LinkageResult(
        linked_entries=_linked_entries(rows, clusters, names, joins, specification),
        pairs=_likely_pairs(pairs, names, specification),
        joins=_name_joins(names, joins.left, joins.right, joins.probability),
        splits=_refused_joins(joins, names),
        weights=match_weights(model, specification),
        summary=summary,
        model=model.settings,
        sql=training_log.concatenate(scoring_log).statements,
    )


def _train_model(
    records: NormalisedRecords, specification: LinkageSpecification, statement_log: StatementLog
) -> MatchModel:
    """Train the model on a sample of entries, each as a cluster of its own.

    Training always runs on one thread of one machine, whatever the engine, so that the weights are the same everywhere.
    """
    sample = _sample_entries(records, int(specification.learning["most_entries"]))
    singleton_clusters = ExactMatchClusters(np.arange(sample.rows.num_rows), NO_BIRTHS, {})
    with open_database(LOCAL_ENGINE, statement_log, threads=1, memory=MEMORY) as database:
        make_name_profiles(database, sample, singleton_clusters)
        make_pairs(database, specification, len(singleton_clusters))
        return train_model(database, specification, len(singleton_clusters))


def _sample_entries(records: NormalisedRecords, maximum: int) -> NormalisedRecords:
    """Return at most `maximum` entries with their aliases, selected by the hash of the entry name."""
    count = records.rows.num_rows
    if count <= maximum:
        return records
    connection = open_connection()
    connection.register("drawn_from", records.rows.select(["entry"]).append_column("place", pa.array(np.arange(count))))
    order = connection.sql(f"select place from drawn_from order by md5(entry), entry limit {maximum}").to_arrow_table()
    connection.close()
    rows = pa.array(np.sort(order["place"].to_numpy()))
    positions = pc.index_in(records.aliases["place"], value_set=rows)
    aliases = records.aliases.set_column(0, "place", positions).filter(pc.is_valid(positions))
    return NormalisedRecords(records.rows.take(rows), aliases, {})


def _linked_entries(
    rows: pa.Table,
    clusters: ExactMatchClusters,
    names: pa.ChunkedArray,
    joins: Joins,
    specification: LinkageSpecification,
) -> pa.Table:
    columns = {name: rows[name] for name in ("entry", "force_code", "ref", "on_list")}
    columns[STORED_CLUSTER] = names.take(pa.array(clusters.entry_clusters))
    for level in LEVELS:
        person = number_persons(joins, joins.probability >= specification.thresholds[level], len(clusters))
        columns[level] = names.take(pa.array(first_positions(person)[person][clusters.entry_clusters]))
    return pa.table({**columns, "birth_disputed": pa.array(_disputed(clusters))})


def _disputed(clusters: ExactMatchClusters) -> np.ndarray[Any, np.dtype[np.bool_]]:
    if clusters.disputed is None:
        return np.zeros(len(clusters.entry_clusters), dtype=bool)
    return clusters.disputed


def _likely_pairs(pairs: pa.Table, names: pa.ChunkedArray, specification: LinkageSpecification) -> pa.Table:
    """Return the likely pairs with the label of the agreement level of each comparison."""
    columns = {
        STORED_CLUSTER: names.take(pairs["left_cluster"]),
        STORED_OTHER_CLUSTER: names.take(pairs["right_cluster"]),
        "probability": pairs["probability"],
        "apart": pairs["apart"],
    }
    for number, comparison in enumerate(specification.comparisons):
        labels = pa.array([level.label for level in comparison.levels], pa.string())
        column = f"c{number}"
        level_labels = labels.take(pairs[column]) if column in pairs.column_names else labels.slice(0, 0)
        columns[level_column(comparison.name)] = level_labels
    return pa.table(columns)


def level_column(comparison: str) -> str:
    """Return the name of the column with the agreement level of a comparison."""
    return f"level of {comparison}"


def _name_joins(names: pa.ChunkedArray, left: Any, right: Any, probability: Any) -> pa.Table:
    columns = {STORED_CLUSTER: names.take(pa.array(left)), STORED_OTHER_CLUSTER: names.take(pa.array(right))}
    rows = pa.table({**columns, "probability": pa.array(probability, pa.float64())})
    return rows.sort_by([(STORED_CLUSTER, "ascending"), (STORED_OTHER_CLUSTER, "ascending")])


def _refused_joins(joins: Joins, names: pa.ChunkedArray) -> pa.Table:
    left, right, probability, reason = (
        (list(values) for values in zip(*joins.refused, strict=True)) if joins.refused else ([], [], [], [])
    )
    rows = pa.table({
        STORED_CLUSTER: names.take(pa.array(left, pa.int64())),
        STORED_OTHER_CLUSTER: names.take(pa.array(right, pa.int64())),
        "probability": pa.array(probability, pa.float64()),
        "reason": pa.array(reason, pa.string()),
    })  # fmt: skip
    return rows.sort_by([(STORED_CLUSTER, "ascending"), (STORED_OTHER_CLUSTER, "ascending")])


def match_weights(model: MatchModel, specification: LinkageSpecification) -> pa.Table:
    """Return the match weights, one row for each level of each comparison."""
    rows = []
    for comparison, trained_comparison in zip(specification.comparisons, model.settings["comparisons"], strict=True):
        for number, (level, trained_level) in enumerate(
            zip(comparison.levels, trained_comparison["comparison_levels"], strict=True)
        ):
            m, u = trained_level.get("m_probability"), trained_level.get("u_probability")
            is_known = level.m is not None and m is not None and u is not None
            rows.append({
                "comparison": comparison.name, "level": number, "says": level.label,
                "m": m if is_known else None, "u": u if is_known else None,
                "weight": float(f"{np.log2(m / u):.6g}") if is_known else 0.0,
            })  # fmt: skip
    return pa.Table.from_pylist(rows, WEIGHTS)


__all__ = ["LEVELS", "SPECIFIED", "LinkageResult", "level_column", "link_entries", "match_weights"]
