"""Time to find groups of connected persons and crimes in a graph of a million links.

    python benchmarks/groups.py [--ties 1000000]

Synthetic ties: suspects and victims of crimes, some of them in several. Connected components by scipy are compared with
networkx on the same edges, and then the whole stage is timed: from the table of ties to the persons and crimes of every
group, without high-degree nodes and with large components divided. The benchmark stops if the components differ.
"""

import argparse
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
import pyarrow as pa

from assay.linkage.groups import detect_groups
from assay.stats.graph_components import components


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def synthetic(ties: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the role, person and crime of each link; two in three crimes have one suspect."""
    random = np.random.default_rng(7)
    crime = random.integers(0, int(ties * 0.62), ties)
    is_repeated = random.random(ties) < 0.12
    person = np.where(is_repeated, random.integers(0, max(ties // 12, 1), ties), np.arange(ties) + ties)
    return random.random(ties) < 0.5, person, crime


def as_table(suspect: np.ndarray, person: np.ndarray, crime: np.ndarray) -> pa.Table:
    force = crime % 44
    return pa.table(
        {
            "tie": pa.array(np.where(suspect, "suspect", "victim")),
            "person_id": pa.array(np.char.add("INV01 V", person.astype(str))),
            "force_code": pa.array(np.char.add("INV", force.astype(str))),
            "crime_ref": pa.array(np.char.add("C", crime.astype(str))),
            "thing_id": pa.nulls(len(crime), pa.string()),
        }
    )


def timed(work: Callable[[], object]) -> tuple[float, object]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def networkx_components(left: np.ndarray, right: np.ndarray) -> int:
    graph = nx.Graph()
    graph.add_edges_from(zip(left.tolist(), right.tolist(), strict=True))
    return sum(1 for _ in nx.connected_components(graph))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ties", type=int, default=1_000_000)
    most_ties = parser.parse_args().ties
    rows = []
    for ties in (most_ties // 100, most_ties // 10, most_ties):
        suspect, person, crime = synthetic(ties)
        _, left = np.unique(person, return_inverse=True)
        right = np.unique(crime, return_inverse=True)[1] + left.max() + 1
        nodes = int(right.max()) + 1
        own_seconds, labels = timed(lambda left=left, right=right, nodes=nodes: components(left, right, nodes))
        peer_seconds, number = timed(lambda left=left, right=right: networkx_components(left, right))
        if len(np.unique(labels)) != number:
            raise SystemExit(f"{len(np.unique(labels))} parts here, {number} by networkx.")
        link_table = as_table(suspect, person, crime)
        whole, found = timed(lambda link_table=link_table: detect_groups(link_table))
        groups = len(set(found["found_persons"]["group_ref"].to_pylist()))
        rows.append(
            [
                f"{ties:,}",
                f"{number:,}",
                f"{own_seconds:.2f}",
                f"{peer_seconds:.2f}",
                f"{peer_seconds / own_seconds:.0f}",
                f"{whole:.2f}",
                f"{groups:,}",
            ]
        )
    table(["ties", "parts", "scipy, s", "networkx, s", "times as long", "the whole stage, s", "groups"], rows)


if __name__ == "__main__":
    main()
