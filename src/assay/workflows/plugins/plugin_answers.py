"""Evaluate the indicators and definitions of a plug-in on the records of an inspection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.engine.expressions import ExpressionEngine
from assay.indicators import Count, Form
from assay.indicators.conditions import column_types
from assay.indicators.indicator_answers import evaluate_indicators
from assay.ingest.other_senders import Table
from assay.reference import Organisation
from assay.workflows.plugins.plugin_file import Definition, Plugin, check_against

ANSWER_TABLES = ("answers", "ladders", "excluded_records", "counts_by_definition")
"""Columns that are stored of the answers to indicators and definitions."""


def evaluate_plugin(
    plugin: Plugin,
    expressions: ExpressionEngine,
    facts: Mapping[str, Any],
    sender_tables: Mapping[str, pa.Table],
    declarations: Mapping[str, pa.Table],
    organisations: Mapping[str, Organisation],
    empty_senders: Mapping[str, Collection[str]],
) -> dict[str, pa.Table]:
    """Return the tables `ANSWER_TABLES` for the indicators and definitions of a plug-in.

    A force that neither sent a table nor declared that it has no record is not askable: there is no figure, and the
    sentence says why.

    Parameters
    ----------
    sender_tables
        The plug-in's own tables as received, every sender together.
    declarations
        The declarations of each return about itself.
    empty_senders
        By table, the senders that declare that they have no record of it.
    """
    fact_tables = dict(facts)
    for name, table in plugin.tables.items():
        fact_tables[name] = expressions.table(name, to_records(sender_tables[name], table))
    check_against(plugin, lambda record: column_types(fact_tables[record]) if record in fact_tables else None)
    indicators = [_require_record(form, plugin) for form in plugin.indicators]
    measures = [
        *indicators,
        *(_require_record(count_beside_definitions(definition), plugin) for definition in plugin.definitions),
    ]
    manifests = _with_manifests(declarations["covers"], plugin, sender_tables, empty_senders)
    answers = evaluate_indicators(
        measures, fact_tables, expressions, {**declarations, "covers": manifests}, organisations
    )
    return {name: answers[name] for name in ANSWER_TABLES}


def to_records(rows: pa.Table, table: Table) -> pa.Table:
    """Return rows from senders as records: with `force_code`, and their key as `record_ref`."""
    parts = [pc.cast(rows[name], pa.string()) for name in table.key]
    record_refs = pc.binary_join_element_wise(*parts, " ") if len(parts) > 1 else parts[0]
    records = rows.drop_columns(["sender", "file_line"])
    return records.append_column("force_code", rows["sender"]).append_column("record_ref", record_refs)


def count_beside_definitions(definition: Definition) -> Count:
    """Count the records that a plug-in's definition and each current definition include, as equals."""
    in_use = {
        predicate.key: predicate.condition for predicate in reference.predicates().for_record_kind(definition.record)
    }
    return replace(definition.count, definitions={definition.key: definition.condition, **in_use}, examples=())


def _require_record(form: Form, plugin: Plugin) -> Form:
    return replace(form, needs=(*form.needs, form.record)) if form.record in plugin.tables else form


def _with_manifests(
    manifests: pa.Table,
    plugin: Plugin,
    sender_tables: Mapping[str, pa.Table],
    empty_senders: Mapping[str, Collection[str]],
) -> pa.Table:
    """Add the tables of the plug-in to what each return declares as supplied."""
    rows: Iterable[dict[str, Any]] = (
        {
            "force_code": force,
            "table_name": name,
            "supplied": "whole" if supplied else "none",
            "reason": "",
            "used": supplied,
        }
        for name in plugin.tables
        for force in sorted(set(manifests["force_code"].to_pylist()))
        for supplied in (force in empty_senders[name] or force in set(sender_tables[name]["sender"].to_pylist()),)
    )
    return pa.concat_tables([manifests, pa.Table.from_pylist(list(rows), schema=manifests.schema)])
