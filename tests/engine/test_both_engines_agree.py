"""Do DuckDB and Spark give the same facts and answers, with Spark reading copies at another address?

One small country, taken in as returns are; Spark finds its files under `files`, as a cluster does. What a force sent was
copied there; what the stages made is put there while it is asked for. Few rows: so no code is compiled for them.
"""

import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import ibis
import pyarrow.parquet as pq
import pytest

from assay.engine import ExpressionEngine
from assay.engine.portable_expressions import union_all
from assay.errors import EvidenceError, UsageError
from assay.facts.inspection_run import InspectionRun
from assay.indicators import add_answers, count_rungs, definition_counts, wait_counts
from assay.indicators.indicator_catalogue import counts, forms, indicators, waits
from assay.ingest.inspection_folder import new_inspection
from assay.linkage.linkage_database import StatementLog, open_database
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.run import pipeline_stages
from engine.both_engines import SMALL, home_of_a_cluster, needs_spark
from killed_runs import synthetic

pytestmark = needs_spark

NO_ROWS = {"device", "order_on_child"}
"""Facts of which this country holds no record: of these only the columns are compared."""


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """An inspection that took in its returns, a copy of them elsewhere, and Spark, which reads the copy."""
    place = tmp_path_factory.mktemp("country")
    path = synthetic(place / "sent", forces=2, crimes=12)
    folder = new_inspection(place / "inspection", path / "request.toml").folder
    receive_returns(folder, sorted((path / "returns").iterdir()))
    run, copy = InspectionRun(folder, lambda *_: None, date(2026, 11, 2)), place / "copy"
    shutil.copytree(folder / "returns", copy / "returns")
    where = replace(run.inspection.engine_location, engine="spark", files=copy.as_uri(), settings=SMALL)
    return SimpleNamespace(folder=folder, copy=copy, where=where, here=run)


@pytest.fixture(scope="module")
def inspected(accepted):
    """A run that went as far as the facts on one machine, and a run on Spark; where Spark reads lies an older table."""
    run = accepted.here
    for part in ("returns", "identities", "texts"):
        run.stage_runner.watch_stages(part)
    for stage in (
        pipeline_stages.run_linkage_stage,
        pipeline_stages.run_groups_stage,
        pipeline_stages.read_narratives,
        pipeline_stages.run_facts_stage,
    ):
        stage(run)
    (accepted.copy / "persons").mkdir()
    (accepted.copy / "persons" / "things.parquet").write_bytes(b"of an earlier run")
    spark_run = InspectionRun(accepted.folder, lambda *_: None, date(2026, 11, 2))
    spark_run.inspection = replace(run.inspection, engine_location=accepted.where)
    return SimpleNamespace(**vars(accepted), there=spark_run)


@pytest.fixture(scope="module")
def facts(inspected):
    """By name the facts that were worked out on one machine, and those of Spark."""
    computed = pipeline_stages.derive_facts(inspected.there).tables
    return {
        name: (pq.read_table(inspected.folder / "records" / f"{name}.parquet"), computed[name]) for name in computed
    }


def all_answers(run):
    """What every form is answered on the engine of a run: each record, each ladder, each wait and each count."""
    paths = sorted((run.folder / "records").glob("*.parquet"))
    with run.open_engine() as at_work:
        known = {path.stem: run.open_table(at_work, path.stem, [path], "enquiries") for path in paths}
        found = {
            "answers": at_work.run(union_all([_answers(form, known) for form in indicators()])),
            "ladders": at_work.run(
                union_all([_with_form_key(form, count_rungs(form, known[form.record])) for form in indicators()])
            ),
        }
        found |= {form.key: at_work.run(wait_counts(form, known[form.record])) for form in waits()}
        return found | {form.key: at_work.run(definition_counts(form, known[form.record])) for form in counts()}


def _answers(form, known):
    rows = add_answers(form, known[form.record])
    return _with_form_key(form, rows.select("force_code", "record_ref", "answer", "reason"))


def _with_form_key(form, rows):
    return rows.mutate(form=ibis.literal(form.key))


def test_every_fact_is_the_same_row_for_row(facts):
    assert [name for name, (here, other) in facts.items() if here.to_pylist() != other.to_pylist()] == []
    assert [name for name, (here, on_spark) in facts.items() if here.schema.names != on_spark.schema.names] == []
    assert {name for name, (here, _) in facts.items() if not here.num_rows} - {"orphans"} == NO_ROWS


def test_every_form_gets_the_same_answers_and_counts(inspected):
    here, spark_answers = all_answers(inspected.here), all_answers(inspected.there)
    assert [name for name, rows in here.items() if rows.to_pylist() != spark_answers[name].to_pylist()] == []
    forms_asked = {*here["ladders"]["form"].to_pylist()} | {name for name in here if here[name].num_rows}
    silent = {form.key for form in forms() if form.record in NO_ROWS}
    assert {form.key for form in forms()} - forms_asked == silent


def test_groups_are_the_same_and_a_table_of_an_earlier_run_is_replaced_where_spark_reads(inspected):
    computed = pipeline_stages.derive_groups(inspected.there).tables
    lies = {name: pq.read_table(inspected.folder / "groups" / f"{name}.parquet") for name in computed}
    assert [name for name in computed if computed[name].to_pylist() != lies[name].to_pylist()] == []
    own_file, copied = (folder / "persons" / "things.parquet" for folder in (inspected.folder, inspected.copy))
    assert copied.read_bytes() == own_file.read_bytes()


@pytest.mark.parametrize("spoilt", [b"other bytes", None])
def test_a_return_that_is_another_there_or_is_not_there_is_refused(accepted, tmp_path, spoilt):
    file = accepted.here.table_files("crimes")[0]
    copy = tmp_path / file.relative_to(accepted.folder)
    if spoilt:
        copy.parent.mkdir(parents=True)
        copy.write_bytes(spoilt)
    with (
        ExpressionEngine(where=replace(accepted.where, files=tmp_path.as_uri())) as at_work,
        pytest.raises(EvidenceError),
    ):
        at_work.table("crimes", file)
    assert copy.exists() is bool(spoilt)


def test_an_address_for_which_spark_has_no_jar_is_told_in_words_and_without_what_java_said(accepted):
    where = replace(accepted.where, files="s3a://held/here")
    with (
        ExpressionEngine(where=where) as at_work,
        pytest.raises(UsageError, match="cannot read or write s3a://held/here"),
    ):
        at_work.table("crimes", accepted.here.table_files("crimes")[0])


def test_neither_linkage_nor_a_later_unit_of_work_sets_back_what_an_operator_set(accepted):
    where = replace(accepted.where, settings=(("spark.sql.shuffle.partitions", "7"),))
    with ExpressionEngine(where=where), open_database(where, StatementLog()) as linkage, ExpressionEngine("spark"):
        assert linkage._backend.session.conf.get("spark.sql.shuffle.partitions") == "7"


def test_a_second_cluster_in_one_process_is_refused(accepted):
    with ExpressionEngine(where=accepted.where), pytest.raises(UsageError, match="runs in this process already"):
        ExpressionEngine(where=replace(accepted.where, master="spark://elsewhere:7077"))


ON_A_CLUSTER = """
from pathlib import Path
import pyarrow as pa
from assay.engine import ExpressionEngine
from assay.engine.engine_location import EngineLocation
from assay.linkage.linkage_database import StatementLog, open_database
settings = (("spark.driver.host", "127.0.0.1"), ("spark.driver.bindAddress", "127.0.0.1"),
            ("spark.executor.memory", "512m"), ("spark.sql.shuffle.partitions", "1"))
where = EngineLocation("spark", "local-cluster[1,1,1024]", "{copy}", settings, Path("{folder}"), ("returns",))
with open_database(where, StatementLog(), memory="512MB") as linkage:
    linkage.splink_api()
    linkage.register("names", pa.table({{"first": ["alpha"], "second": ["alpha"]}}))
    similarity = linkage.query("select jaro_winkler(first, second) as similarity from names")["similarity"][0].as_py()
with ExpressionEngine(where=where) as engine:
    crimes = engine.table("crimes", [Path(path) for path in {files!r}])
    print(similarity, engine.run(crimes.aggregate(rows=crimes.count()))["rows"][0].as_py())
"""


def test_a_cluster_with_machines_of_its_own_reads_the_copies_and_knows_the_similarities(accepted, tmp_path):
    files = [str(file) for file in accepted.here.table_files("crimes")]
    text = ON_A_CLUSTER.format(copy=accepted.copy.as_uri(), folder=accepted.folder, files=files)
    home = home_of_a_cluster(tmp_path)
    done = subprocess.run([sys.executable, "-c", text], env=home, capture_output=True, text=True, timeout=300)
    assert done.stdout.split()[-2:] == ["1.0", str(sum(pq.read_metadata(file).num_rows for file in files))], done.stderr
