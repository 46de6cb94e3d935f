"""Reconcile the number of records of each file with the numbers of rows accepted and set aside.

The records of a file are counted independently of the reader (`file_readers`); here the two counts are compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from assay.errors import EvidenceError
from assay.ingest.staging_store import StagingStore
from assay.ingest.table_reader import TableReading


class RecordCounts(NamedTuple):
    """The record counts of one table.

    `records` is None if they could not be counted; `rows_stated` is the number in the manifest; `refused_rule` is '' if
    the table was not refused.
    """

    table_name: str
    file: str
    records: int | None
    rows_stated: int | None
    accepted: int
    set_aside: int
    refused_rule: str


def reconcile_records(store: StagingStore, readings: Iterable[TableReading]) -> list[RecordCounts]:
    """Return the counts of each table; raise EvidenceError if they do not add up.

    A refused table has no accepted rows and none set aside.
    """
    rows = []
    for reading in readings:
        refused = store.refused.get(reading.table, "")
        accepted = store.query_number(f"select count(*) from {reading.table}")
        set_aside = (
            0 if refused else store.query_number(f"select count(*) from aside where table_name = '{reading.table}'")
        )
        if store.is_supplied(reading.table) and accepted + set_aside != reading.records:
            raise EvidenceError(
                f"{reading.file}: {reading.records} records were counted in the file, and {accepted} accepted "
                f"and {set_aside} set aside make another sum. The return was not used. Report this error, "
                "without any content of the return."
            )
        rows_stated = store.manifest.table(reading.table).rows
        rows.append(
            RecordCounts(reading.table, reading.file, reading.records, rows_stated, accepted, set_aside, refused)
        )
    return rows
