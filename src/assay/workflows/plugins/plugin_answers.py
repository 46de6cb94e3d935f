"""What do the records of an inspection answer to what a plug-in adds?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.engine.expressions import Expressions
from assay.indicators import Count, Form
from assay.indicators.conditions import column_types
from assay.indicators.indicator_answers import measured
from assay.ingest.other_senders import Table
from assay.reference import Body
from assay.workflows.plugins.plugin_file import Definition, Plugin, check_against

LEFT = ("answers", "ladders", "left_out", "counts")
"""What is kept of the answers to indicators and definitions."""


def answered(
    plugin: Plugin,
    at_work: Expressions,
    facts: Mapping[str, Any],
    sent: Mapping[str, pa.Table],
    returned: Mapping[str, pa.Table],
    bodies: Mapping[str, Body],
    none: Mapping[str, Collection[str]],
) -> dict[str, pa.Table]:
    """The tables `LEFT` for the indicators and definitions of a plug-in, from facts that lie in an engine.

    `sent`: its own tables as they came, every sender together. `returned`: what each return declared of itself.
    `none`: by table, the senders that know that they have no record of it: they are asked, and have none. A force that
    neither sent such a table nor said so cannot be asked: its figure is not given, and the sentence says why.
    """
    known = dict(facts)
    for name, table in plugin.tables.items():
        known[name] = at_work.table(name, as_records(sent[name], table))
    check_against(plugin, lambda record: column_types(known[record]) if record in known else None)
    asked = [_needing(form, plugin) for form in plugin.indicators]
    every = [*asked, *(_needing(beside(one), plugin) for one in plugin.definitions)]
    covers = _with_covers(returned["covers"], plugin, sent, none)
    made = measured(every, known, at_work, {**returned, "covers": covers}, bodies)
    return {name: made[name] for name in LEFT}


def as_records(rows: pa.Table, table: Table) -> pa.Table:
    """Rows that were sent, as records: whose they are (`force_code`) and which one (`record_ref`: its key)."""
    parts = [pc.cast(rows[name], pa.string()) for name in table.key]
    ref = pc.binary_join_element_wise(*parts, " ") if len(parts) > 1 else parts[0]
    kept = rows.drop_columns(["sender", "file_line"])
    return kept.append_column("force_code", rows["sender"]).append_column("record_ref", ref)


def beside(definition: Definition) -> Count:
    """The definition beside those in use for the same records: none of them is the right one."""
    in_use = {one.key: one.condition for one in reference.predicates().on(definition.record)}
    return replace(definition.count, definitions={definition.key: definition.condition, **in_use}, examples=())


def _needing(form: Form, plugin: Plugin) -> Form:
    return replace(form, needs=(*form.needs, form.record)) if form.record in plugin.tables else form


def _with_covers(
    covers: pa.Table, plugin: Plugin, sent: Mapping[str, pa.Table], none: Mapping[str, Collection[str]]
) -> pa.Table:
    """What each return says it supplies, with the tables of the plug-in among it."""
    told: Iterable[dict[str, Any]] = (
        {"force_code": force, "table_name": name, "supplied": "whole" if came else "none", "reason": "", "used": came}
        for name in plugin.tables
        for force in sorted(set(covers["force_code"].to_pylist()))
        for came in (force in none[name] or force in set(sent[name]["sender"].to_pylist()),)
    )
    return pa.concat_tables([covers, pa.Table.from_pylist(list(told), schema=covers.schema)])
