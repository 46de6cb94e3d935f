"""How are many small countries run through persons, facts, answers and comparison, without writing each statement anew?

Writing the statements takes seconds and depends on no record: it is the same work for every country. So they are
written once, kept, and run again on the tables of each country. Who is the same person is decided by exact keys alone
(`assay run --persons exact`): learning a model for every country would be the most of the work, and is not what is
tried. A test holds what comes out against the stages of an inspection that is run so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay import contract
from assay.compare.failure_mode_tests import compare_with_failures
from assay.engine.duckdb_engine import OnDuckDB
from assay.engine.expressions import Expressions
from assay.facts.fact_inputs import lookups
from assay.facts.fact_tables import facts
from assay.indicators import ladder, wait_counts
from assay.indicators.failure_mode_measures import SHOWN_BY
from assay.indicators.indicator_answerability import Sent, not_askable
from assay.indicators.indicator_answers import LADDERS, as_table, rows_of_ladder
from assay.indicators.indicator_catalogue import indicators, waits_asked
from assay.linkage import IDENTITIES, READ, persons
from assay.linkage.groups import find, ties
from assay.privacy import separated_identifiers
from assay.reference import Body
from assay.sdc import policy
from assay.workflows.run.assessment_narratives import STAGE as NARRATIVES
from assay.workflows.run.assessment_narratives import narratives_of
from assay.workflows.run.definition_trials import POLICY, shown_under

SAID = ("returns", "covers", "kinds", "columns", "incomplete")
"""What a return says of itself, as far as facts and answers read it."""
OF_LINKAGE = {name: held for name, held in IDENTITIES.items() if name != "aliases"}
"""Exact keys read no other names."""
PEOPLE = "select force_code, involvement_ref, person_id from people"
FACT, KEPT = "fact_", "create table "


@dataclass(frozen=True)
class Statements:
    """What is run on a country: tables of persons that are worked out one after another, the ties between persons of
    which groups are found, the tables of facts, then the ladder of each indicator."""

    persons: Sequence[tuple[str, str]]
    ties: str
    facts: Sequence[tuple[str, str]]
    ladders: Mapping[str, str]
    waits: Mapping[str, str]

    @classmethod
    def written(cls, returned: Sequence[Mapping[str, pa.Table]], bodies: Mapping[str, Body]) -> Statements:
        """Written for the tables of these returns; they hold for the returns of any other bodies too."""
        with Expressions() as engine:
            held = {name: engine.table(name, rows) for name, rows in given_to_facts(returned, bodies).items()}
            found = persons({name: held[name] for name in (*READ, *OF_LINKAGE.values(), "incomplete")})
            held |= {name: engine.keep(name, table) for name, table in found.items()}
            first = len(engine.statements)
            tied = ties(held)
            held |= {name: engine.table(name, rows) for name, rows in find(engine.run(tied)).items()}
            known = {name: engine.keep(FACT + name, fact) for name, fact in facts(held, engine.keep).items()}
            ladders = {form.key: engine.sql(ladder(form, known[form.record])) for form in indicators()}
            counted = {form.key: engine.sql(wait_counts(form, known[form.record])) for form in waits_asked()}
            kept = [_name_and_question(one) for one in engine.statements if one.startswith(KEPT)]
            return cls(kept[:first], engine.sql(tied), kept[first:], ladders, counted)

    def run(self, returned: Sequence[Mapping[str, pa.Table]], bodies: Mapping[str, Body]) -> dict[str, pa.Table]:
        """The tables `ladders`, `standing`, `indicator_spread` and `taken_together` of one country, those of
        `networks.READ`, and of each wait `wait_counts`, under its key."""
        machine = OnDuckDB(1, "4GB")
        try:
            for name, rows in given_to_facts(returned, bodies).items():
                machine.hold(name, rows)
            for name, sql in self.persons:
                machine.keep(name, sql)
            groups = find(machine.answer(self.ties))
            for name, rows in groups.items():
                machine.hold(name, rows)
            for name, sql in self.facts:
                machine.keep(name, sql)
            counted = {key: machine.answer(sql) for key, sql in self.ladders.items()}
            waited = {key: machine.answer(sql) for key, sql in self.waits.items()}
            people = machine.answer(PEOPLE)
        finally:
            machine.close()
        ladders = _ladders(counted, returned, bodies)
        compared = compare_with_failures(indicators(), ladders, bodies, SHOWN_BY, shown=shown_under(policy(POLICY)))
        return {"ladders": ladders, **compared, **waited, "people": people, **groups}


def _name_and_question(statement: str) -> tuple[str, str]:
    """'create table NAME as' and a line break, then the question: how the engine notes what it kept."""
    head, _, question = statement.partition("\n")
    return head.removeprefix(KEPT).removesuffix(" as"), question


def given_to_facts(returned: Sequence[Mapping[str, pa.Table]], bodies: Mapping[str, Body]) -> dict[str, pa.Table]:
    """The tables of all returns, one under another, as a run gives them to facts: identities lie apart."""
    names = (*contract.tables(), *SAID)
    given = {n: pa.concat_tables([separated_identifiers.kept(one)[n] for one in returned]) for n in names}
    named = [separated_identifiers.identities(one) for one in returned]
    identities = {held: pa.concat_tables([one[name] for one in named]) for name, held in OF_LINKAGE.items()}
    narratives = [
        narratives_of(separated_identifiers.texts(one)["assessments"], one["assessments"]) for one in returned
    ]
    words = {NARRATIVES: pa.concat_tables(narratives)}
    return {**given, **identities, **words, **lookups(bodies.values())}


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
