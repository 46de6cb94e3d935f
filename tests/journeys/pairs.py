"""Run many small synthetic countries as one list of forces, without files in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyarrow as pa

from assay import contract
from assay.engine import ExpressionEngine
from assay.facts.fact_inputs import build_lookup_tables
from assay.facts.fact_tables import derive_fact_tables
from assay.indicators.indicator_answers import evaluate_indicators
from assay.indicators.indicator_catalogue import indicators
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.linkage import IDENTITY_TABLES, match_persons_exactly
from assay.linkage.groups import detect_groups, involvement_ties
from assay.privacy.separated_identifiers import drop_separated_columns, select_separated_columns
from assay.reference import Organisation
from assay.synthetic.force_records import force_records
from assay.synthetic.return_forms import ReturnForm, first_tier, return_forms, sent_event_kinds
from assay.synthetic.return_sheets import Sheet, sheets
from assay.synthetic.synthetic_country import SyntheticForce, generate_forces
from assay.synthetic.synthetic_data import make_alike
from assay.synthetic.synthetic_people import travellers
from assay.synthetic.world_files import read_world
from facts.tiny import when

FULL, FIRST = "FULL", "FIRST"
"""The pair of a country: who sends all, and who sends the first tier alone; as large and as good as one another."""


@dataclass
class SentReturn:
    """One force: its body, what it sends, and how."""

    organisation: Organisation
    how: ReturnForm
    sheets: Mapping[str, Sheet]


def pair_and_others(seed: int, crimes: int, other_count: int) -> list[SentReturn]:
    """A pair in which nothing is injected, and other forces as they come, all of one synthetic country."""
    world = read_world("plain").sized(forces=6, crimes=crimes)
    forces_made = generate_forces(world, seed)
    model = next((force for force in forces_made[:-1] if not force.failings), None)
    if model is None:
        return []
    neighbours = [force for force in forces_made if force is not model][: other_count + 1]
    pair = make_alike([model, neighbours[0]], (model.code, neighbours[0].code))
    how = return_forms(world, [*pair, *neighbours[1:]], seed)
    abroad = travellers(seed, 5, world.period_from)
    found = [_sent_return(force, how[force.code], f"{seed:02}-{force.code}", seed, abroad) for force in neighbours[1:]]
    for force, name, as_sent in zip(pair, (FULL, FIRST), (_all_of_it, _first_of_it), strict=True):
        found.append(_sent_return(force, as_sent(how[force.code]), f"{seed:02}-{name}", seed, abroad))
    return found


def _all_of_it(how: ReturnForm) -> ReturnForm:
    return replace(how, not_sent={}, columns_not_sent={}, incomplete=frozenset(), damaged="",
                   kinds=dict.fromkeys(sent_event_kinds(), True))  # fmt: skip


def _first_of_it(how: ReturnForm) -> ReturnForm:
    return first_tier(_all_of_it(how))


def _sent_return(force: SyntheticForce, how: ReturnForm, code: str, seed: int, abroad: list) -> SentReturn:
    organisation = replace(force.organisation, code=code, name=code, slug=code.lower(), country="England")
    return SentReturn(organisation, how, sheets(next(force_records(force, how.span, seed, abroad)), how))


def ladders_of(sent_returns: Sequence[SentReturn]) -> pa.Table:
    """The ladders of all of them together; facts and forms that no ladder needs are left out."""
    typed_tables = {
        **{name: _typed(name, sent_returns) for name in contract.tables()},
        **_manifest_tables(sent_returns),
    }
    organisations = {sent_return.organisation.code: sent_return.organisation for sent_return in sent_returns}
    with ExpressionEngine() as at_work:
        without_identities = {
            name: drop_separated_columns(name, rows) for name, rows in typed_tables.items() if name in contract.tables()
        }
        fact_inputs = {
            name: at_work.table(name, rows)
            for name, rows in {
                **typed_tables,
                **without_identities,
                **build_lookup_tables(organisations.values()),
            }.items()
        }
        named_lists = {
            identity_table: select_separated_columns("identities", name, typed_tables[name])
            for name, identity_table in IDENTITY_TABLES.items()
        }
        fact_inputs |= {name: at_work.table(name, rows) for name, rows in named_lists.items()}
        fact_inputs |= {
            name: at_work.create_table(name, rows) for name, rows in match_persons_exactly(fact_inputs).items()
        }
        fact_inputs |= {
            name: at_work.table(name, rows)
            for name, rows in detect_groups(at_work.run(involvement_ties(fact_inputs))).items()
        }
        known = {
            name: at_work.table(name, at_work.run(fact))
            for name, fact in derive_fact_tables(fact_inputs, at_work.create_table).items()
            if name in {indicator.record for indicator in indicators()}
        }
        returned = {name: typed_tables[name] for name in ("covers", "kinds", "columns")}
        return evaluate_indicators(indicators(), known, at_work, returned, organisations)["ladders"]


@cache
def _when(value: str) -> tuple[object, object, object]:
    first, last, day = when("x", value).values()
    return first, last, day


def _typed(name: str, sent_returns: Sequence[SentReturn]) -> pa.Table:
    """A table of the contract from the text that would stand in the files."""
    schema, columns = contract.typed_schema(name), contract.table(name).columns
    cells: dict[str, list[object]] = {field.name: [] for field in schema}
    for sent_return in sent_returns:
        sheet = sent_return.sheets.get(name)
        rows = sheet.rows if sheet else []
        cells["force_code"] += [sent_return.organisation.code] * len(rows)
        cells["line"] += range(2, len(rows) + 2)
        for column in columns:
            position = sheet.columns.index(column.name) if sheet and column.name in sheet.columns else None
            texts = [row[position] if position is not None else "" for row in rows]
            if column.kind == "when":
                parts = [_when(text) if text else (None, None, None) for text in texts]
                for place, field in enumerate(column.field_names):
                    cells[field] += [part[place] for part in parts]
            else:
                cells[column.name] += [_value(column.kind, text) for text in texts]
    return pa.table(cells, schema=schema)


def _value(kind: str, text: str) -> object:
    if not text:
        return None
    if kind in ("date", "time"):
        return _when(text)[2 if kind == "date" else 0]
    return {"yesno": lambda: text == "yes", "int": lambda: int(text), "num": lambda: float(text)}.get(
        kind, lambda: text
    )()


def _manifest_tables(sent_returns: Sequence[SentReturn]) -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("returns", "covers", "kinds", "columns", "incomplete")
    }
    for sent_return in sent_returns:
        span, code = sent_return.how.span, {"force_code": sent_return.organisation.code}
        read_at = _when(f"{span.extracted_at:%Y-%m-%dT%H:%M}")[0]
        rows["returns"].append({**code, "period_from": span.period_from, "period_to": span.period_to,
                                "history_from": span.history_from, "extracted_at": read_at})  # fmt: skip
        for name, table in contract.tables().items():
            was_sent = name in sent_return.sheets
            complete = name not in sent_return.how.incomplete if was_sent else None
            rows["covers"].append({**code, "table_name": name, "supplied": "whole" if was_sent else "none",
                                   "complete": complete, "used": was_sent})  # fmt: skip
            out = sent_return.how.columns_not_sent.get(name, {})
            rows["columns"] += [
                {**code, "table_name": name, "column_name": column, "in_file": was_sent and column not in out}
                for column in table.column_names
            ]
        rows["kinds"] += [{**code, **kind} for kind in _kinds(sent_return)]
    return {
        name: pa.Table.from_pylist(table_rows, schema=RETURN_TABLE_SCHEMAS[name]) for name, table_rows in rows.items()
    }


def _kinds(sent_return: SentReturn) -> list[dict[str, object]]:
    found = []
    for kind in contract.event_kinds().values():
        supplied = kind.key in sent_return.how.kinds if kind.sent_in_events else kind.table in sent_return.sheets
        complete = (
            sent_return.how.kinds.get(kind.key, False)
            if kind.sent_in_events
            else kind.table not in sent_return.how.incomplete
        )
        found.append({"kind": kind.key, "supplied": supplied, "complete": supplied and complete})
    return found
