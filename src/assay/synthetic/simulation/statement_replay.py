"""Run many small countries through linkage, facts, answers and comparison with SQL statements that are built once.

Building the statements takes seconds and is the same for every country, so they are built once and run on the tables of
each country. Record linkage is by exact keys only (`assay inspect run --persons exact`), because estimating a model for
every country would take most of the time and is not evaluated here. A test compares the results with the stages of an
inspection run in this way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from assay import contract
from assay.compare.failure_mode_tests import compare_with_failure_modes
from assay.engine.duckdb_engine import DuckDBBackend
from assay.engine.expressions import ExpressionEngine
from assay.facts.fact_inputs import build_lookup_tables
from assay.facts.fact_tables import derive_fact_tables
from assay.indicators import count_rungs, wait_counts
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.indicators.indicator_answerability import SubmittedData, unanswerable_places
from assay.indicators.indicator_answers import LADDERS, as_table, incomplete_places, ladder_table_rows
from assay.indicators.indicator_catalogue import indicators, waits
from assay.linkage import IDENTITY_TABLES, INPUT_TABLES, match_persons_exactly
from assay.linkage.groups import detect_groups, involvement_ties
from assay.privacy import separated_identifiers
from assay.reference import Organisation
from assay.sdc import policy
from assay.sdc.released_rows.indicator_rows import LaddersRow
from assay.workflows.run.assessment_narratives import STAGE as NARRATIVES
from assay.workflows.run.assessment_narratives import detect_copied_narratives
from assay.workflows.run.definition_trials import POLICY, rounding_of

MANIFEST_TABLES = ("returns", "covers", "kinds", "columns", "incomplete")
"""The manifest tables that facts and answers read."""
LINKAGE_TABLES = {name: table_name for name, table_name in IDENTITY_TABLES.items() if name != "aliases"}
"""The tables that linkage by exact keys reads."""
PEOPLE = "select force_code, involvement_ref, person_id from people"
FACT, CREATE_TABLE = "fact_", "create table "


@dataclass(frozen=True)
class SqlStatements:
    """The SQL statements for a country, in the order in which they run.

    Tables of persons, ties between persons for group detection, fact tables, then the ladder of each indicator.
    """

    persons: Sequence[tuple[str, str]]
    ties: str
    facts: Sequence[tuple[str, str]]
    ladders: Mapping[str, str]
    waits: Mapping[str, str]

    @classmethod
    def build(
        cls, returned: Sequence[Mapping[str, pa.Table]], organisations: Mapping[str, Organisation]
    ) -> SqlStatements:
        """Build the statements for the tables of these returns; they can also run on returns of other forces."""
        with ExpressionEngine() as engine:
            inputs = {name: engine.table(name, rows) for name, rows in fact_inputs(returned, organisations).items()}
            found = match_persons_exactly(
                {name: inputs[name] for name in (*INPUT_TABLES, *LINKAGE_TABLES.values(), "incomplete")}
            )
            inputs |= {name: engine.create_table(name, table) for name, table in found.items()}
            first = len(engine.statements)
            tie_query = involvement_ties(inputs)
            inputs |= {name: engine.table(name, rows) for name, rows in detect_groups(engine.run(tie_query)).items()}
            known = {
                name: engine.create_table(FACT + name, fact)
                for name, fact in derive_fact_tables(inputs, engine.create_table).items()
            }
            ladders = {form.key: engine.sql(count_rungs(form, known[form.record])) for form in indicators()}
            wait_queries = {form.key: engine.sql(wait_counts(form, known[form.record])) for form in waits()}
            tables = [
                _name_and_query(statement) for statement in engine.statements if statement.startswith(CREATE_TABLE)
            ]
            return cls(tables[:first], engine.sql(tie_query), tables[first:], ladders, wait_queries)

    def run(
        self, returned: Sequence[Mapping[str, pa.Table]], organisations: Mapping[str, Organisation]
    ) -> dict[str, pa.Table]:
        """Run the statements for one country; return estimates, groups, and the counts of each waiting time."""
        machine = DuckDBBackend(1, "4GB")
        try:
            for name, rows in fact_inputs(returned, organisations).items():
                machine.register(name, rows)
            for name, sql in self.persons:
                machine.create_table(name, sql)
            groups = detect_groups(machine.query(self.ties))
            for name, rows in groups.items():
                machine.register(name, rows)
            for name, sql in self.facts:
                machine.create_table(name, sql)
            answers = {key: machine.query(sql) for key, sql in self.ladders.items()}
            wait_counts_by_key = {key: machine.query(sql) for key, sql in self.waits.items()}
            people = machine.query(PEOPLE)
        finally:
            machine.close()
        ladders = _ladders(answers, returned, organisations)
        compared = compare_with_failure_modes(
            indicators(), ladders, organisations, MEASURES_OF_MODE, policy=rounding_of(policy(POLICY))
        )
        return {"ladders": ladders, **compared, **wait_counts_by_key, "people": people, **groups}


def _name_and_query(statement: str) -> tuple[str, str]:
    """Split a statement of the engine's log, 'create table NAME as' and a line break, then the query."""
    head, _, question = statement.partition("\n")
    return head.removeprefix(CREATE_TABLE).removesuffix(" as"), question


def fact_inputs(
    returned: Sequence[Mapping[str, pa.Table]], organisations: Mapping[str, Organisation]
) -> dict[str, pa.Table]:
    """Return the tables of all returns, concatenated as in a run, with identities in tables of their own."""
    names = (*contract.tables(), *MANIFEST_TABLES)
    return_tables = {
        n: pa.concat_tables([separated_identifiers.tables_without_identifiers(tables)[n] for tables in returned])
        for n in names
    }
    identity_tables = [separated_identifiers.identity_tables(tables) for tables in returned]
    identities = {
        table_name: pa.concat_tables([tables[name] for tables in identity_tables])
        for name, table_name in LINKAGE_TABLES.items()
    }
    narratives = [
        detect_copied_narratives(separated_identifiers.text_tables(tables)["assessments"], tables["assessments"])
        for tables in returned
    ]
    words = {NARRATIVES: pa.concat_tables(narratives)}
    return {**return_tables, **identities, **words, **build_lookup_tables(organisations.values())}


def _ladders(
    answers: Mapping[str, pa.Table],
    returned: Sequence[Mapping[str, pa.Table]],
    organisations: Mapping[str, Organisation],
) -> pa.Table:
    manifest_tables = {
        name: pa.concat_tables([tables[name] for tables in returned]) for name in ("covers", "kinds", "columns")
    }
    supply, places = (
        SubmittedData.from_returns(manifest_tables),
        sorted(set(manifest_tables["covers"]["force_code"].to_pylist())),
    )
    unrated = [code for code in places if code in organisations and not organisations[code].rated]
    rows: list[LaddersRow] = []
    for form in indicators():
        barred = unanswerable_places(form, supply, places)
        incomplete = incomplete_places(form, supply, places)
        rows += ladder_table_rows(form, answers[form.key], barred, places, unrated, incomplete)
    return as_table(rows, LADDERS)
