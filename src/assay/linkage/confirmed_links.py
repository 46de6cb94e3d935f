"""Persons confirmed by an exact match or by a reviewer's verdict.

Likeness alone confirms nobody. Confirmed are the entries of one knot (exact keys: a force's own number, or the same
names and date of birth), and knots of which somebody who may see identities said that they are the same person. A
verdict "different" among entries that would so be one person shows that some verdict is wrong: there none counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.reviewed_pairs import DIFFERENT_PERSONS, SAME_PERSON
from assay.linkage.person_assignment import connect_persons

VERDICTS = pa.schema([(name, pa.string()) for name in ("pair_ref", "entry", "other_entry", "verdict")])
"""What somebody said of a pair, by the first entries of its two knots as they were called then."""


@dataclass(frozen=True)
class ConfirmedPersons:
    """`entries`: one row an entry (entry, knot, confirmed): confirmed names the person by the first of its entries.
    `contradicted`: how many persons have verdicts that contradict one another."""

    entries: pa.Table
    contradicted: int


def confirm_persons(linked_entries: pa.Table, verdicts: pa.Table) -> ConfirmedPersons:
    """Return confirmed persons from exact-match clusters and review verdicts."""
    answers = verdicts["verdict"]
    matches, non_matches = (
        _cluster_pairs(linked_entries, verdicts.filter(pc.equal(answers, cluster)))
        for cluster in (SAME_PERSON, DIFFERENT_PERSONS)
    )
    persons = connect_persons(linked_entries, matches)
    cluster_persons = dict(zip(linked_entries["knot"].to_pylist(), persons.to_pylist(), strict=True))
    contradicted = {
        cluster_persons[cluster]
        for cluster, other_cluster in _pairs(non_matches)
        if cluster_persons[cluster] == cluster_persons[other_cluster]
    }
    if contradicted:
        is_consistent = [cluster_persons[cluster] not in contradicted for cluster, _ in _pairs(matches)]
        persons = connect_persons(linked_entries, matches.filter(pa.array(is_consistent, pa.bool_())))
    entries = linked_entries.select(["entry", "knot"]).append_column("confirmed", persons)
    return ConfirmedPersons(entries, len(contradicted))


def _cluster_pairs(linked_entries: pa.Table, verdicts: pa.Table) -> pa.Table:
    """The pairs of knots that verdicts speak of now (knot, other_knot)."""
    clusters = dict(zip(linked_entries["entry"].to_pylist(), linked_entries["knot"].to_pylist(), strict=True))
    entry_pairs = zip(verdicts["entry"].to_pylist(), verdicts["other_entry"].to_pylist(), strict=True)
    cluster_pairs = [
        (clusters[entry], clusters[other_entry])
        for entry, other_entry in entry_pairs
        if entry in clusters and other_entry in clusters
    ]
    schema = pa.schema([("knot", pa.string()), ("other_knot", pa.string())])
    return pa.Table.from_pylist([dict(zip(schema.names, pair, strict=True)) for pair in cluster_pairs], schema)


def _pairs(table: pa.Table) -> list[tuple[str, str]]:
    return list(zip(table["knot"].to_pylist(), table["other_knot"].to_pylist(), strict=True))
