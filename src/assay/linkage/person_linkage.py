"""Input and output tables of record linkage, and the two ways to run it (probabilistic, exact keys)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from assay.engine.engine_location import LOCAL_ENGINE, EngineLocation
from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import left_join
from assay.linkage.exact_matching import match_exactly
from assay.linkage.linkage_page import linkage_page, weights_chart
from assay.linkage.linkage_records import alias_names, involvement_entries, linkage_entries
from assay.linkage.linkage_specification import LinkageSpecification, default_specification
from assay.linkage.person_ages import ENTRY, ages_of_persons, event_ages, involvement_ages
from assay.linkage.probabilistic_linkage import LinkageResult, link_entries
from assay.linkage.shared_identifiers import find_shared_identifiers


def _schema(columns: str) -> pa.Schema:
    types = {"": pa.string(), "yes": pa.bool_(), "int": pa.int64()}
    parts = (column.partition(":") for column in f"force_code {columns}".split())
    return pa.schema([(name, types[kind]) for name, _, kind in parts])


INPUT_TABLES = (
    "involvements",
    "crimes",
    "reports",
    "report_crimes",
    "missing",
    "assessments",
    "aliases",
    "agencies",
    "links",
)
"""Tables of a return that linkage reads, beside the separated identifiers."""

IDENTITY_TABLES = {
    "involvements": "identities", "aliases": "identities_aliases", "agencies": "identities_agencies",
    "links": "link_identities",
}  # fmt: skip
"""Name of the table of separated identifiers that belongs to each table of a return."""

OUTPUT_SCHEMAS = {
    "people": _schema("involvement_ref person_id dated:yes age_at_offence_low:int age_at_offence_high:int "
                    "age_at_report:int adult_from:int"),
    "list_people": _schema("entry_ref person_id"),
    "ages_then": _schema("table_name record_ref age:int"),
    "things": _schema("link_ref thing_kind thing_id"),
}  # fmt: skip
"""Schemas of the output tables, which later stages read."""
OUTPUT_TABLES = tuple(OUTPUT_SCHEMAS)

PAGE = "linkage.html"
DIAGNOSTIC_TABLES = ("tied", "pairs", "joins", "splits", "weights")
"""Tables on the quality and the uncertainty of linkage."""


@dataclass(frozen=True)
class PersonLinkage:
    """Output and diagnostic tables of record linkage, and its files."""

    tables: Mapping[str, pa.Table]
    files: Mapping[str, str]
    linked: LinkageResult


def link_persons(
    engine: ExpressionEngine,
    tables: Mapping[str, ibis.Table],
    specification: LinkageSpecification | None = None,
    *,
    where: EngineLocation = LOCAL_ENGINE,
) -> PersonLinkage:
    """Link persons and derive their ages; `where` says on which engine the expressions run.

    `tables` holds the tables of `INPUT_TABLES`, `incomplete`, and the identifiers (`IDENTITY_TABLES`).

    Returns
    -------
    PersonLinkage
        `people`: one row for each involvement, with person_id and its ages (`ages_of_persons`). `list_people`: one row
        for each entry of a partner's list. `ages_then`: see `event_ages`. `things`: see `find_shared_identifiers`.
        Also the diagnostic tables and files.
    """
    specification = specification or default_specification()
    linked = link_entries(
        engine.run(linkage_entries(tables)), engine.run(alias_names(tables)), specification, where=where
    )
    record_ids, list_ids = (_person_ids(linked.linked_entries, on_list) for on_list in (False, True))
    record_persons = engine.table("linked", record_ids)
    list_ids = list_ids.drop_columns("birth_disputed")
    outputs = {
        "people": engine.run(ages_of_persons(tables, record_persons)),
        "list_people": list_ids.rename_columns(["force_code", "entry_ref", "person_id"]),
        "ages_then": engine.run(event_ages(tables)),
        "things": engine.run(find_shared_identifiers(tables)),
    }
    files = {
        **linked.files(specification),
        PAGE: linkage_page(linked, specification),
        "weights.svg": weights_chart(linked.weights),
    }
    return PersonLinkage({**outputs, **linked.tables}, files, linked)


def _person_ids(linked_entries: pa.Table, on_list: bool) -> pa.Table:
    rows = linked_entries.filter(pc.equal(linked_entries["on_list"], on_list))
    rows = rows.select(["force_code", "ref", "main", "birth_disputed"])
    rows = rows.rename_columns([*ENTRY, "person_id", "birth_disputed"])
    return rows.sort_by([(name, "ascending") for name in ENTRY])


def match_persons_exactly(tables: Mapping[str, ibis.Table]) -> dict[str, ibis.Table]:
    """Return the output tables as expressions, with persons matched by exact keys alone.

    `tables` holds the tables of `INPUT_TABLES` and the identifiers, without aliases. If the identifiers of partners'
    lists are missing, lists are not linked and `list_people` is not returned.
    """
    has_list_identities = IDENTITY_TABLES["agencies"] in tables
    matched_entries = match_exactly(linkage_entries(tables) if has_list_identities else involvement_entries(tables))
    record_persons = matched_entries.filter(~matched_entries.on_list).select(
        "force_code", "person_id", involvement_ref=matched_entries.ref
    )
    outputs = {
        "people": left_join(record_persons, involvement_ages(tables), ENTRY),
        "ages_then": event_ages(tables),
        "things": find_shared_identifiers(tables),
    }
    if has_list_identities:
        outputs["list_people"] = matched_entries.filter(matched_entries.on_list).select(
            "force_code", "person_id", entry_ref=matched_entries.ref
        )
    return outputs
