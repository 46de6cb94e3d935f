"""Which engine does an inspection use, and where does it find its files?"""

from pathlib import Path

import pytest

from assay.engine.engine_location import EngineLocation, parse_engine_location
from assay.engine.spark_engine import JARS, SETTINGS, _settings
from assay.errors import UsageError


def test_a_cluster_finds_the_folder_under_its_own_address(tmp_path):
    data = {
        "engine": "spark",
        "spark": {"master": "spark://one:7077", "files": "s3a://held/one/", "settings": {"a": "b"}},
    }
    where = parse_engine_location(data, tmp_path, "inspection.toml")
    assert where.engine_path(tmp_path / "records" / "crime.parquet") == "s3a://held/one/records/crime.parquet"
    assert where.engine_path(Path("/elsewhere/x.parquet")) == "/elsewhere/x.parquet"
    assert (where.master, where.settings) == ("spark://one:7077", (("a", "b"),))
    assert EngineLocation(folder=tmp_path).engine_path(tmp_path / "x.parquet") == str(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ({"cluster": "x"}, "cluster is not known there"),
        ({"master": 7077}, "master must be text"),
        ({"settings": {"spark.x": 2}}, "spark.x must be text"),
    ],
)
def test_a_section_that_cannot_be_meant_is_refused_in_words(tmp_path, section, message):
    with pytest.raises(UsageError, match=message):
        parse_engine_location({"engine": "spark", "spark": section}, tmp_path, "inspection.toml")


def test_the_default_changes_nothing_that_a_stage_rests_on(tmp_path):
    assert parse_engine_location({}, tmp_path, "inspection.toml").stage_settings == {}
    assert parse_engine_location({"engine": "spark"}, tmp_path, "inspection.toml").stage_settings == {"engine": "spark"}


def test_a_setting_on_which_answers_rest_is_refused_and_others_are_added():
    with pytest.raises(UsageError, match=r"spark\.sql\.session\.timeZone is set by assay"):
        _settings(EngineLocation("spark", settings=(("spark.sql.session.timeZone", "CET"),)), "ours.jar")
    own_settings = _settings(EngineLocation("spark", settings=(("spark.executor.memory", "4g"),)), "ours.jar")
    assert (own_settings["spark.executor.memory"], own_settings["spark.driver.host"]) == ("4g", "127.0.0.1")


def test_a_cluster_keeps_its_own_addresses_and_its_own_number_of_parts():
    cluster_settings = _settings(EngineLocation("spark", master="spark://one:7077"), "ours.jar")
    assert SETTINGS.keys() - cluster_settings.keys() == {
        "spark.driver.host", "spark.driver.bindAddress", "spark.sql.shuffle.partitions"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("own_jars", "joined"),
    [("", "ours.jar"), ("store.jar", "store.jar,ours.jar"), ("store.jar, keys.jar", "store.jar,keys.jar,ours.jar")],
)
def test_the_jar_of_similarities_stands_beside_those_that_an_operator_names(own_jars, joined):
    assert _settings(EngineLocation("spark", settings=((JARS, own_jars),)), "ours.jar")[JARS] == joined


def test_what_a_force_sent_is_known_from_what_a_stage_made(tmp_path):
    where = parse_engine_location({"engine": "spark"}, tmp_path, "inspection.toml", ("returns", "identities"))
    assert where.is_received(tmp_path / "returns" / "INV01" / "crimes.parquet")
    assert not where.is_received(tmp_path / "records" / "crime.parquet")
