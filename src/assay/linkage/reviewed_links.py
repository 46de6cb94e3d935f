"""Stage output with the reviewers' verdicts on pairs that may be one person.

The stage `reviewed` has one row for each pair, identified by the first entries of its two exact-match clusters. A later
verdict on the same pair replaces the earlier one; the provenance record names the files that were read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from assay import linkage as persons
from assay.engine.provenance import content_hash, file_hash, read_receipt, read_stage
from assay.engine.provenance.receipts import RECEIVED_PREFIX
from assay.engine.stage_runner import StageOutput, StageRunner
from assay.linkage.clerical_review import pair_refs
from assay.linkage.confirmed_links import VERDICTS
from assay.linkage.exact_match_clusters import STORED_CLUSTER, STORED_OTHER_CLUSTER

REVIEWED = "reviewed"


def read_verdicts(folder: Path) -> pa.Table:
    """Return every stored verdict of an inspection."""
    exists = (folder / REVIEWED / "verdicts.parquet").is_file()
    return read_stage(folder, REVIEWED, "verdicts") if exists else VERDICTS.empty_table()


def save_verdicts(folder: Path, path: Path, answers: Mapping[str, str], pairs: pa.Table) -> int:
    """Store the verdicts of a file; return how many refer to no current pair."""
    cluster_pairs = zip(pairs[STORED_CLUSTER].to_pylist(), pairs[STORED_OTHER_CLUSTER].to_pylist(), strict=True)
    clusters_by_ref = dict(zip(pair_refs(pairs), cluster_pairs, strict=True))
    verdicts = {row["pair_ref"]: row for row in read_verdicts(folder).to_pylist()}
    for ref, verdict in answers.items():
        if ref in clusters_by_ref:
            row = (ref, *clusters_by_ref[ref], verdict)
            verdicts[ref] = dict(zip(VERDICTS.names, row, strict=True))
    _write_verdicts(folder, path, pa.Table.from_pylist([verdicts[ref] for ref in sorted(verdicts)], VERDICTS))
    return sum(ref not in clusters_by_ref for ref in answers)


def _write_verdicts(folder: Path, path: Path, verdicts: pa.Table) -> None:
    runner, previous_receipt, linkage_receipt = (
        StageRunner(folder),
        read_receipt(folder, REVIEWED),
        read_receipt(folder, "persons"),
    )
    received_files = {
        name: value
        for name, value in (previous_receipt.inputs.items() if previous_receipt else ())
        if name.startswith(RECEIVED_PREFIX)
    }
    runner.run_stage(
        REVIEWED,
        lambda: StageOutput({"verdicts": verdicts}, verdicts.num_rows, verdicts.num_rows),
        packages=(persons,),
        inputs=received_files | dict([runner.record_received_file(path.name, file_hash(path))]),
        settings={
            "verdicts": content_hash(verdicts),
            "pairs": linkage_receipt.outputs["pairs.parquet"] if linkage_receipt else None,
        },
    )
