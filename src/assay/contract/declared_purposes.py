"""Draft the declarations of processing for a request: table, scope, purposes, last dates of use and storage.

Everything else follows from the contract: who is in scope, the window, and for which purposes a table is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from assay import contract
from assay.contract.separated_columns import IDENTITIES, TEXT_COLUMNS, TEXTS, unread_fields
from assay.errors import UsageError
from assay.reference import Declaration, Declarations

HIGHEST_TIER = 3
LINKAGE_TABLES = (
    "crimes", "reports", "report_crimes", "involvements", "missing", "assessments", "links", "aliases", "agencies",
)  # fmt: skip
"""Tables that record linkage reads, also for ages."""
CASE_FILE_TABLES = (
    "crimes", "report_crimes", "events", "missing", "assessments", "referrals", "flags", "orders", "notes", "summaries",
    "marks",
)  # fmt: skip
"""Tables from which case files are sampled, whose rows are steps of a file, or that hold ratings."""
SEARCHED_TEXT_TABLES = ("summaries",)
"""Tables whose texts are searched, and from which no fact is derived."""
READ_TEXT_TABLES = ("notes",)
"""Tables whose texts are searched and also read by people."""
HISTORY_TABLES = ("crimes", "reports", "missing", "assessments", "referrals", "summaries")
"""Tables of which the contract takes no row from before the history (rule R14)."""
PART_SCOPES = {
    IDENTITIES: "Every person in the declared tables, in the columns that the contract marks as identities.",
    TEXTS: "Texts of the records in the declared tables; if a sample is drawn, only of those records.",
}


def declare_tables(
    *, legal_basis: str, holder: str, destroy_by: date, used_until: date | None = None,
    identities_destroy_by: date | None = None, tier: int = HIGHEST_TIER, also: Collection[str] = (),
) -> Declarations:  # fmt: skip
    """Return declarations of processing for the tables up to `tier` that assay reads, and for identifiers and texts.

    Parameters
    ----------
    used_until
        Last day on which a table may be used; `destroy_by` if it is not given. Identities may have to be destroyed
        sooner.
    also
        Tables that assay does not read and that people will read.

    Raises
    ------
    UsageError
        For an unknown table, and for a day after `destroy_by`.
    """
    for name, day in (("used_until", used_until), ("identities_destroy_by", identities_destroy_by)):
        if day and day > destroy_by:
            raise UsageError(f"{name} is later than destroy_by, the last day of all data. Give a day up to destroy_by.")
    common_fields = {"legal_basis": legal_basis, "holder": holder}
    declarations = {}
    scopes = dict(_scopes(tier, also))
    for name, in_scope in scopes.items():
        destroy_date = identities_destroy_by or destroy_by if name == IDENTITIES else destroy_by
        last_use_date = min(used_until or destroy_date, destroy_date)
        window = "history" if name in HISTORY_TABLES else "whenever"
        declarations[name] = Declaration(
            name,
            in_scope,
            window,
            _purposes(name, scopes),
            used_until=last_use_date,
            destroy_by=destroy_date,
            **common_fields,
        )
    return declarations


def _scopes(tier: int, also: Collection[str]) -> Iterator[tuple[str, str]]:
    table_names = {name for name, table in contract.requested_tables().items() if table.tier <= tier}
    table_names |= {contract.table(name).name for name in also}
    selected_tables = [table for name, table in contract.tables().items() if name in table_names]
    yield from ((table.name, table.in_scope or table.row) for table in selected_tables)
    yield IDENTITIES, PART_SCOPES[IDENTITIES]
    if _tables_with_texts(table_names):
        yield TEXTS, PART_SCOPES[TEXTS]


def _tables_with_texts(names: Collection[str]) -> list[str]:
    """Return the names of the tables that have a text column which is read."""
    return [name for name in names if set(TEXT_COLUMNS.get(name, ())) - unread_fields(name)]


def _purposes(name: str, declared: Collection[str]) -> tuple[str, ...]:
    """Return the purposes of a table or separated part. Texts that are only searched are never sampled or redacted."""
    read_by_people = any(table_name not in SEARCHED_TEXT_TABLES for table_name in _tables_with_texts(declared))
    if name == IDENTITIES:
        return ("linkage", "texts") if read_by_people else ("linkage",)
    if name == TEXTS:
        return ("texts", "samples") if read_by_people else ("texts",)
    if name in SEARCHED_TEXT_TABLES:
        return ("texts", "samples")
    linked = ("linkage",) if name in LINKAGE_TABLES else ()
    read = ("texts",) if name in READ_TEXT_TABLES else ()
    sampled = ("samples",) if name in CASE_FILE_TABLES else ()
    return (*linked, "facts", *read, *sampled)
