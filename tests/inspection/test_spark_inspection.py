"""Does a whole inspection come out row for row the same on Spark and on one machine?

Every fact, every answer of every form, every wait and count, persons and groups: of the same returns, run twice.
"""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assay.engine.where import Where, where_of
from assay.errors import UsageError
from assay.inspection.folder import COVER, make_for
from assay.inspection.receiving import take_in
from assay.inspection.stream import begin_run
from assay.invented import invent, read_world
from engine.both_engines import needs_spark

SECTION = """
[spark]
files = "file://{}"

[spark.settings]
"spark.sql.codegen.wholeStage" = "false"
"""
"""The folder under an address; and no code is compiled for a few rows: that takes longer than to read them."""
STAGES = ("persons", "groups", "records", "enquiries", "comparison", "people", "scale")


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """An inspection of two invented forces that has taken in its returns."""
    place = tmp_path_factory.mktemp("spark")
    world = read_world("plain")
    invent(place, world=replace(world, forces=2, crimes_per_force=12), seed=3)
    inspection = make_for(place / "inspection", place / "request.toml")
    take_in(inspection.folder, sorted((place / "returns").iterdir()))
    return inspection.folder


def on_spark(folder: Path, to: Path, section: str = "") -> Path:
    shutil.copytree(folder, to)
    cover = to / COVER
    cover.write_text(f'engine = "spark"\n{cover.read_text(encoding="utf-8")}\n{section}', encoding="utf-8")
    return to


@pytest.mark.parametrize("engine", [pytest.param("spark", marks=needs_spark)])
def test_every_table_of_an_inspection_is_the_same_on_spark(taken, tmp_path, engine):
    assert engine == "spark"
    there = on_spark(taken, tmp_path / "there", SECTION.format(tmp_path / "there"))
    here = tmp_path / "here"
    shutil.copytree(taken, here)
    for folder in (here, there):
        begin_run(folder, today=date(2026, 11, 2))
    tables = sorted(path.relative_to(here) for stage in STAGES for path in (here / stage).glob("*.parquet"))
    assert len(tables) > 60
    wrong = [str(one) for one in tables if pq.read_table(here / one).to_pylist() != pq.read_table(there / one).to_pylist()]
    assert wrong == []


def test_a_cluster_finds_the_folder_under_its_own_address(tmp_path):
    told = {"engine": "spark", "spark": {"master": "spark://one:7077", "files": "s3a://held/one/", "settings": {"a": "b"}}}
    where = where_of(told, tmp_path, "inspection.toml")
    assert where.seen(tmp_path / "records" / "crime.parquet") == "s3a://held/one/records/crime.parquet"
    assert where.seen(Path("/elsewhere/x.parquet")) == "/elsewhere/x.parquet"
    assert (where.master, where.settings) == ("spark://one:7077", (("a", "b"),))
    assert Where(folder=tmp_path).seen(tmp_path / "x.parquet") == str(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"cluster": "x"}, "cluster is not known there"),
        ({"master": 7077}, "master must be text"),
        ({"settings": {"spark.x": 2}}, "spark.x must be text"),
    ],
)
def test_a_section_that_cannot_be_meant_is_refused_in_words(tmp_path, section, said):
    with pytest.raises(UsageError, match=said):
        where_of({"engine": "spark", "spark": section}, tmp_path, "inspection.toml")


def test_the_default_changes_nothing_that_a_stage_rests_on(tmp_path):
    assert where_of({}, tmp_path, "inspection.toml").rests_on == {}
    assert where_of({"engine": "spark"}, tmp_path, "inspection.toml").rests_on == {"engine": "spark"}
