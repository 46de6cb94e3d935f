"""Persons confirmed by an exact match or by a reviewer's verdict.

A match probability alone confirms nobody. Two entries are confirmed as one person if they are in one exact-match
cluster (a force's own number, or the same names and date of birth), or if a reviewer who may see identities decided
that their clusters are the same person. If a verdict "different" contradicts this for two clusters of one confirmed
person, some verdict is wrong, and no verdict on that person is used.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from assay.ingest.reviewed_pairs import DIFFERENT_PERSONS, SAME_PERSON
from assay.linkage.exact_match_clusters import STORED_CLUSTER, STORED_OTHER_CLUSTER
from assay.linkage.person_assignment import connect_persons

VERDICTS = pa.schema([(name, pa.string()) for name in ("pair_ref", "entry", "other_entry", "verdict")])
"""Verdicts on pairs, identified by the first entries of the two clusters at the time of the review."""


@dataclass(frozen=True)
class ConfirmedPersons:
    """Confirmed person of each entry, and the number of persons with contradictory verdicts.

    `entries` has the columns entry, `STORED_CLUSTER`, and confirmed (the person, named after the first of its entries).
    """

    entries: pa.Table
    contradicted: int


def confirm_persons(linked_entries: pa.Table, verdicts: pa.Table) -> ConfirmedPersons:
    """Return confirmed persons from exact-match clusters and review verdicts."""
    answers = verdicts["verdict"]
    matches, non_matches = (
        _cluster_pairs(linked_entries, verdicts.filter(pc.equal(answers, answer)))
        for answer in (SAME_PERSON, DIFFERENT_PERSONS)
    )
    persons = connect_persons(linked_entries, matches)
    cluster_persons = dict(zip(linked_entries[STORED_CLUSTER].to_pylist(), persons.to_pylist(), strict=True))
    contradicted = {
        cluster_persons[cluster]
        for cluster, other_cluster in _pairs(non_matches)
        if cluster_persons[cluster] == cluster_persons[other_cluster]
    }
    if contradicted:
        is_consistent = [cluster_persons[cluster] not in contradicted for cluster, _ in _pairs(matches)]
        persons = connect_persons(linked_entries, matches.filter(pa.array(is_consistent, pa.bool_())))
    entries = linked_entries.select(["entry", STORED_CLUSTER]).append_column("confirmed", persons)
    return ConfirmedPersons(entries, len(contradicted))


def _cluster_pairs(linked_entries: pa.Table, verdicts: pa.Table) -> pa.Table:
    """Return the present clusters of each reviewed pair (`STORED_CLUSTER`, `STORED_OTHER_CLUSTER`)."""
    clusters = dict(zip(linked_entries["entry"].to_pylist(), linked_entries[STORED_CLUSTER].to_pylist(), strict=True))
    entry_pairs = zip(verdicts["entry"].to_pylist(), verdicts["other_entry"].to_pylist(), strict=True)
    cluster_pairs = [
        (clusters[entry], clusters[other_entry])
        for entry, other_entry in entry_pairs
        if entry in clusters and other_entry in clusters
    ]
    schema = pa.schema([(STORED_CLUSTER, pa.string()), (STORED_OTHER_CLUSTER, pa.string())])
    return pa.Table.from_pylist([dict(zip(schema.names, pair, strict=True)) for pair in cluster_pairs], schema)


def _pairs(table: pa.Table) -> list[tuple[str, str]]:
    return list(zip(table[STORED_CLUSTER].to_pylist(), table[STORED_OTHER_CLUSTER].to_pylist(), strict=True))
