"""Draft the manifest `return.toml`, with a section for each requested table.

The draft states nothing that only the force can know: whether a table is complete, why a column is not sent, which
query made the file. Such a key is a comment with TODO. Until it is filled, the table is read as not complete, or the
return is not accepted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assay import contract
from assay.ingest.preparation.mapping_draft import TODO_PREFIX, TableDraft, printable_line, toml_string
from assay.ingest.preparation.split_proposal import SplitTable
from assay.reference import DataRequest

REASONS = ("not_held", "not_extractable", "on_paper", "not_lawful")
REASON_CHOICES = f"one of {', '.join(REASONS)}"
HEAD = (
    "# Drafted by assay prepare. Take '# TODO: ' away from a line and write what holds. The words are explained in the",
    "# contract of the data return, section 2.",
)


def manifest_text(
    request: DataRequest,
    force_code: str,
    tables: Sequence[TableDraft | SplitTable],
    system: str,
    requested_tables: Sequence[str],
) -> str:
    """Return the text of `return.toml`, with a section for each requested table.

    Parameters
    ----------
    tables
        The tables of the export: those that are one file, and those that split files make.
    """
    found = {table.name: table for table in tables}
    lines = [*HEAD, "", *_return_section(request, force_code)]
    for name in requested_tables:
        lines += ["", f"[tables.{name}]"]
        lines += _supplied_table_section(found[name], system) if name in found else _absent_table_section()
    if "events" in requested_tables:
        lines += ["", *_kinds_section(found.get("events"))]
    return "\n".join(lines) + "\n"


def _return_section(request: DataRequest, force_code: str) -> Iterator[str]:
    yield "[return]"
    yield f"spec_version = {toml_string(contract.SPEC_VERSION)}"
    yield f"request = {toml_string(request.key)}"
    yield f"force_code = {toml_string(force_code)}"
    yield f"period_from = {request.period_from}"
    yield f"period_to = {request.period_to}"
    yield f"history_from = {request.history_from}"
    yield f'{TODO_PREFIX}extracted_at = "{request.period_to}T06:00"  # the minute at which the data were extracted'
    yield "edition = 1"
    yield f'{TODO_PREFIX}contact_post = "Data officer"  # the post, never a name, that receives the letter'


def _absent_table_section() -> Iterator[str]:
    yield 'supplied = "none"'
    yield f'{TODO_PREFIX}reason = "not_held"  # {REASON_CHOICES}'


def _supplied_table_section(table: TableDraft | SplitTable, system: str) -> Iterator[str]:
    yield from _supplied_lines(table)
    yield f'{TODO_PREFIX}complete = "no"  # yes only if the file holds every row in scope'
    yield (
        f"system = {toml_string(system)}" if system else f'{TODO_PREFIX}system = ""  # the record system of the table'
    )
    yield f'{TODO_PREFIX}searchable = "yes"  # yes, part or no: can a query select the rows'
    yield f'{TODO_PREFIX}query = ""  # the query or the steps that produced the file, and the local categories used'
    yield _rows_line(table)
    yield "# add covers_from, covers_to and extracted_at here if they differ for this table"
    yield from _columns_not_sent_section(table)


def _rows_line(table: TableDraft | SplitTable) -> str:
    if isinstance(table, SplitTable):
        note = (
            f"made from {printable_line(table.source_text)} by mapping.toml; compare the number with the "
            "count of your system"
        )
        return f"rows = {table.rows}  # {note}"
    return (
        f"rows = {table.proposal.export.records}  # counted in the file; compare the number with the count of "
        "your system"
    )


def _supplied_lines(table: TableDraft | SplitTable) -> Iterator[str]:
    if not table.missing_column_names("yes", "if known"):
        yield (
            f'{TODO_PREFIX}supplied = "whole"  # every column was found; or part, with a reason, if rows are missing'
        )
        return
    yield 'supplied = "part"'
    yield f'{TODO_PREFIX}reason = "not_extractable"  # {REASON_CHOICES}'
    yield f'{TODO_PREFIX}reason_note = ""  # what is left out, in one sentence that names no person'


def _columns_not_sent_section(table: TableDraft | SplitTable) -> Iterator[str]:
    column_names = table.missing_column_names("yes", "if known")
    source = table.source_text if isinstance(table, SplitTable) else table.proposal.export.file
    if column_names:
        yield ""
        yield f"[tables.{table.name}.columns_not_sent]"
        yield (
            f"# Not found in {printable_line(source)}. For each: {REASON_CHOICES}; or name its column in mapping.toml."
        )
        yield from (f'{TODO_PREFIX}{name} = "not_held"' for name in column_names)


def _kinds_section(events: TableDraft | SplitTable | None) -> Iterator[str]:
    yield "[tables.events.kinds]"
    yield (
        "# yes if the file holds every step of the kind in scope, no if some may be missing. Not listed: not supplied."
    )
    for kind, rows in _kind_counts(events).items():
        yield f'{TODO_PREFIX}{kind} = "no"  # {rows} rows'


def _kind_counts(events: TableDraft | SplitTable | None) -> Mapping[str, int]:
    """Return the kinds of event in the file whose words are known, with their number of rows."""
    if isinstance(events, SplitTable):
        return events.kinds
    match = events.proposal.matches.get("kind") if events else None
    if events is None or match is None:
        return {}
    known = {value.casefold(): value for value in contract.list_values("event_kind")}
    translations = events.meanings["kind"].translations
    previous_translations = {
        force_word: kind_name
        for previous in events.previous_mappings
        for force_word, kind_name in previous.translations("events", "kind").items()
    }
    found: dict[str, int] = {}
    for word, rows in events.proposal.export.shape(match.heading).values.items():
        kind = known.get(previous_translations.get(word, translations.get(word, word)).casefold())
        if kind:
            found[kind] = found.get(kind, 0) + rows
    return dict(sorted(found.items()))
