"""How are many small countries run through persons, facts, answers and comparison, without writing each statement anew?

Writing the statements takes seconds and depends on no record: it is the same work for every country. So they are
written once, kept, and run again on the tables of each country. A test holds what comes out against the stages of an
inspection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.commission import Body
from assay.comparison.indicators import compare_indicators
from assay.engine.expressions import Expressions
from assay.engine.on_duckdb import OnDuckDB
from assay.enquiries.askable import Sent, not_askable
from assay.enquiries.measured import LADDERS, as_table, rows_of_ladder
from assay.enquiries.measures import indicators
from assay.measure import ladder
from assay.persons import READ, persons
from assay.records.facts import facts
from assay.records.tables import lookups
from assay.returns import apart, contract

SAID = ("returns", "covers", "kinds", "columns", "incomplete")
"""What a return says of itself, as far as facts and answers read it."""
IDENTITIES = "identities"
FACT = "fact_"


@dataclass(frozen=True)
class Statements:
    """What is run on a country: tables that are worked out one after another, then the ladder of each indicator."""

    steps: Sequence[tuple[str, str]]
    ladders: Mapping[str, str]

    @classmethod
    def written(cls, returned: Sequence[Mapping[str, pa.Table]], bodies: Mapping[str, Body]) -> Statements:
        """Written for the tables of these returns; they hold for the returns of any other bodies too."""
        with Expressions() as engine:
            held = {name: engine.table(name, rows) for name, rows in _given(returned, bodies).items()}
            found = persons({name: held[name] for name in (*READ, IDENTITIES, "incomplete")})
            held |= {name: engine.keep(name, table) for name, table in found.items()}
            known = {name: engine.keep(FACT + name, fact) for name, fact in facts(held, engine.keep).items()}
            ladders = {form.key: engine.sql(ladder(form, known[form.record])) for form in indicators()}
            steps = tuple(_name_and_question(statement) for statement in engine.statements)
        return cls(steps, ladders)

    def run(self, returned: Sequence[Mapping[str, pa.Table]], bodies: Mapping[str, Body]) -> dict[str, pa.Table]:
        """The tables `ladders`, `standing` and `indicator_spread` of one country."""
        machine = OnDuckDB(1, "1GB")
        try:
            for name, rows in _given(returned, bodies).items():
                machine.hold(name, rows)
            for name, sql in self.steps:
                machine.keep(name, sql)
            counted = {key: machine.answer(sql) for key, sql in self.ladders.items()}
        finally:
            machine.close()
        ladders = _ladders(counted, returned, bodies)
        return {"ladders": ladders, **compare_indicators(indicators(), ladders, bodies)}


def _name_and_question(statement: str) -> tuple[str, str]:
    """'create table NAME as' and a line break, then the question: how the engine notes what it kept."""
    head, _, question = statement.partition("\n")
    return head.removeprefix("create table ").removesuffix(" as"), question


def _given(returned: Sequence[Mapping[str, pa.Table]], bodies: Mapping[str, Body]) -> dict[str, pa.Table]:
    """The tables of all returns, one under another, as a run gives them to facts: identities lie apart."""
    names = (*contract.tables(), *SAID)
    given = {n: pa.concat_tables([apart.kept(one)[n] for one in returned]) for n in names}
    named = [apart.identities(one)["involvements"] for one in returned]
    return {**given, IDENTITIES: pa.concat_tables(named), **lookups(bodies.values())}


def _ladders(
    counted: Mapping[str, pa.Table], returned: Sequence[Mapping[str, pa.Table]], bodies: Mapping[str, Body]
) -> pa.Table:
    told = {name: pa.concat_tables([one[name] for one in returned]) for name in ("covers", "kinds", "columns")}
    sent, places = Sent.of(told), sorted(set(told["covers"]["force_code"].to_pylist()))
    unrated = [code for code in places if code in bodies and not bodies[code].rated]
    rows: list[dict[str, Any]] = []
    for form in indicators():
        barred = not_askable(form, sent, places)
        rows += rows_of_ladder(form, counted[form.key], barred, places, unrated)
    return as_table(rows, LADDERS)
