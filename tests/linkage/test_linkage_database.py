"""Does linkage give the same persons on both engines, with the statements recorded?"""

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from linked import ALIASES, HOME, PHONE, SCHEMA, entry, linked

from assay.engine.engine_location import EngineLocation
from assay.engine.provenance.content_hashes import content_hash
from assay.errors import UsageError
from assay.linkage.linkage_database import MAXIMUM_CHARACTERS, StatementLog, open_database
from assay.linkage.probabilistic_linkage import link_entries
from assay.synthetic.linkage_population import NOISES, linkage_population
from engine.both_engines import SMALL, needs_spark
from other_processes import said_by

HERE = {"postcode": HOME, "phone": PHONE}


def small_country(records):
    """The records of a synthetic country with much noise, as linkage reads them, and their other names."""
    population = linkage_population(records, NOISES["heavy"], 3)
    ids = pc.binary_join_element_wise("E", population.entries["entry"].cast(pa.string()), "")
    numbers = pc.binary_join_element_wise(population.entries["force_code"], population.entries["person_ref"], " ")
    result = {"entry": ids, "ref": ids, "on_list": pa.array([False] * len(ids)), "number": numbers}
    columns = {name: result.get(name, population.entries[name] if name in population.entries.column_names else None)
               for name in SCHEMA.names}  # fmt: skip
    rows = pa.table(
        {name: pa.nulls(len(ids), pa.string()) if column is None else column for name, column in columns.items()}
    )
    other = population.aliases.set_column(
        0, "entry", pc.binary_join_element_wise("E", population.aliases["entry"].cast(pa.string()), "")
    )
    return rows.cast(SCHEMA), other.select(ALIASES.names)


@pytest.mark.parametrize(
    "where", [pytest.param(EngineLocation("spark", settings=SMALL), marks=needs_spark)], ids=["spark"]
)
def test_spark_finds_the_same_pairs_and_the_same_persons_as_one_machine(where):
    country = small_country(600)
    here, other_result = link_entries(*country), link_entries(*country, where=where)
    assert here.pairs.num_rows > 100
    assert {name: content_hash(table) for name, table in other_result.tables.items()} == {
        name: content_hash(table) for name, table in here.tables.items()
    }
    assert other_result.summary == here.summary


def test_linkage_tells_every_kind_of_statement_that_it_ran_and_no_name_that_is_drawn_anew():
    rows = [entry("a", **HERE), entry("b", surname="Lanten", force="INV02", **HERE)]
    result, second_sql = linked(*rows).sql, linked(*rows).sql
    assert result == second_sql
    whole = "\n".join(result)
    assert "create table holdings as" in whole
    assert "__splink__df_predict AS" in whole
    assert "Lanten" not in whole


LINKED = """
from linked import entry, linked
names = ("Hazel", "Rowan", "Ivy", "Olive", "Basil", "Laurel")
rows = [entry(f"{name}{place}", name, family) for name in names for place, family in enumerate(("Lantern", "Lanterns"))]
print("\\n;\\n".join(linked(*rows).sql))
"""


def test_another_process_runs_the_same_statements_of_linkage_in_the_same_order():
    first, *other_statements = (said_by(LINKED, seed=seed) for seed in (1, 2, 3))
    assert "__splink__df_tf_" in first
    assert other_statements == [first, first]


def test_a_statement_that_is_run_again_with_other_numbers_is_told_once():
    statement_log = StatementLog()
    for number in range(3):
        statement_log.log(f"select {number} + 0.5 from __splink__df_predict_1a2b3c4d{number}")
    statement_log.log("drop table __splink__df_predict_1a2b3c4d0")
    assert statement_log.statements == ("select 0 + 0.5 from __splink__df_predict\n-- run 3 times, with other numbers",)


def test_statements_beyond_what_a_receipt_can_bear_are_counted():
    statement_log = StatementLog()
    for letter in "abc":
        statement_log.log(f"select '{letter * (MAXIMUM_CHARACTERS // 2)}'")
    *statement_texts, last = statement_log.statements
    assert len(statement_texts) == 1
    assert last == "-- and 2 more statements, too long to be kept"


def test_an_engine_that_there_is_not_is_refused_with_those_that_there_are():
    with (
        pytest.raises(UsageError, match="choose duckdb or spark"),
        open_database(EngineLocation("abacus"), StatementLog()),
    ):
        pass
