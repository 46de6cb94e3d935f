"""Verify that a folder holds what a report printed: its ledger head hash, or the hash of its public receipt.

The ledger head hash covers everything on which the figures rest, up to the release. The hash of the public receipt,
printed on the page of receipts, covers the released figures and the ledger head hash: with it both are checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.engine.provenance import Difference, read_receipt, verify
from assay.workflows.release.report_pack import FIGURES, PUBLIC, figure_errors


def verify_printed(folder: Path, printed: str = "", *, public_key: Path | None = None) -> list[Difference]:
    """Return all that `verify` finds, and each difference from the printed hash."""
    printed_hash = printed.strip().lower()
    receipt = _public_receipt(folder)
    if not printed_hash or receipt.get("receipt_sha256") != printed_hash:
        return verify(folder, head=printed_hash, public_key=public_key)
    try:
        differences = list(_release_differences(folder, receipt))
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        differences = [Difference("report", f"{PUBLIC} cannot be read as a public receipt: it was changed.")]
    return sorted([*verify(folder, head=str(receipt.get("ledger_head", "")), public_key=public_key), *differences])


def _release_differences(folder: Path, receipt: dict[str, Any]) -> Iterator[Difference]:
    tables = receipt["tables"]
    names = [PUBLIC, *(f"{FIGURES}/{name}.json" for name in tables)]
    contents = {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}
    yield from (Difference("report", sentence) for sentence in figure_errors(contents, receipt))
    yield from (Difference("disclosure", sentence) for sentence in _table_differences(folder, tables))


def _table_differences(folder: Path, tables: dict[str, Any]) -> Iterator[str]:
    """Compare the released tables in the inspection with the public receipt."""
    receipt = read_receipt(folder, "disclosure")
    outputs = receipt.outputs if receipt else {}
    for name, table_hashes in tables.items():
        if outputs.get(f"{name}.parquet") != table_hashes.get("content"):
            yield f"disclosure/{name}.parquet is not the table that the public receipt speaks of."


def _public_receipt(folder: Path) -> dict[str, Any]:
    try:
        receipt = json.loads((folder / PUBLIC).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return receipt if isinstance(receipt, dict) else {}
