"""What did people say of pairs that linkage found likely, kept so that it can be read and never lost?

The stage `reviewed`: one row a pair, by the first entries of its two knots. A later verdict on the same pair takes the
place of the earlier; the file that brought it stands in the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from assay import linkage as persons
from assay.engine.provenance import content_hash, file_hash, read_receipt, read_stage
from assay.engine.provenance.receipts import SENT
from assay.engine.stage_runner import Book, Made
from assay.linkage.clerical_review import pair_refs
from assay.linkage.confirmed_links import VERDICTS

REVIEWED = "reviewed"


def verdicts_kept(folder: Path) -> pa.Table:
    """Every verdict that an inspection holds (`VERDICTS`); none before the first was given."""
    there = (folder / REVIEWED / "verdicts.parquet").is_file()
    return read_stage(folder, REVIEWED, "verdicts") if there else VERDICTS.empty_table()


def keep_verdicts(folder: Path, path: Path, told: Mapping[str, str], pairs: pa.Table) -> int:
    """Keep the verdicts of a file beside those that are there; how many were of no pair that linkage finds likely now,
    and so say nothing."""
    knots = zip(pairs["knot"].to_pylist(), pairs["other_knot"].to_pylist(), strict=True)
    of_pair = dict(zip(pair_refs(pairs), knots, strict=True))
    found = {row["pair_ref"]: row for row in verdicts_kept(folder).to_pylist()}
    for ref, verdict in told.items():
        if ref in of_pair:
            row = (ref, *of_pair[ref], verdict)
            found[ref] = dict(zip(VERDICTS.names, row, strict=True))
    _write(folder, path, pa.Table.from_pylist([found[ref] for ref in sorted(found)], VERDICTS))
    return sum(ref not in of_pair for ref in told)


def _write(folder: Path, path: Path, verdicts: pa.Table) -> None:
    book, before, linkage = Book(folder), read_receipt(folder, REVIEWED), read_receipt(folder, "persons")
    sent = {name: value for name, value in (before.inputs.items() if before else ()) if name.startswith(SENT)}
    book.stage(
        REVIEWED,
        lambda: Made({"verdicts": verdicts}, verdicts.num_rows, verdicts.num_rows),
        rooms=(persons,),
        inputs=sent | dict([book.sent(path.name, file_hash(path))]),
        settings={
            "verdicts": content_hash(verdicts),
            "pairs": linkage.outputs["pairs.parquet"] if linkage else None,
        },
    )
