"""Is the next return read while one is received, without any effect on what is stored?"""

import shutil
import threading

import pytest

from assay.engine.provenance import file_hash
from assay.ingest.accepted_returns import current_returns
from assay.ingest.inspection_folder import new_inspection, open_inspection
from assay.workflows.receive import return_intake
from killed_runs import synthetic


class Read(list):
    """Names of folders."""

    def __init__(self):
        super().__init__()
        self.started = []


FILE_NAMES = ("crimes", "involvements", "flags", "notes", "return", "mapping")


@pytest.fixture(scope="module")
def sent_folder(tmp_path_factory):
    """Three forces that send tables, identities and texts, and few of them."""
    country = synthetic(tmp_path_factory.mktemp("sent") / "country", forces=3, crimes=1)
    for path in (country / "returns").glob("*/*"):
        if path.stem not in FILE_NAMES:
            path.unlink()
    return country


@pytest.fixture
def read(monkeypatch):
    """The folders that were read, in order; `started`: those of them that were read ahead."""
    reads, real = Read(), return_intake.validate_return

    def record_validation(place, *arguments, **keywords):
        reads.append(place.name)
        if threading.current_thread() is not threading.main_thread():
            reads.started.append(place.name)
        return real(place, *arguments, **keywords)

    monkeypatch.setattr(return_intake, "validate_return", record_validation)
    return reads


def accept_in_order(sent_folder, folder, places):
    inspection = new_inspection(folder, sent_folder / "request.toml").folder
    return inspection, return_intake.receive_returns(inspection, places).returns


def table_hashes(inspection):
    """Every table of every return, by its hash."""
    paths = [path for part in ("returns", "identities", "texts") for path in (inspection / part).rglob("*.parquet")]
    return {str(path.relative_to(inspection)): file_hash(path) for path in paths}


def test_one_after_another_or_all_at_once_the_same_tables_lie_there_and_each_was_read_once(sent_folder, tmp_path, read):
    places = sorted((sent_folder / "returns").iterdir())[:2]
    single_intake, _ = accept_in_order(sent_folder, tmp_path / "apart", places[:1])
    return_intake.receive_returns(single_intake, places[1:])
    at_once, _ = accept_in_order(sent_folder, tmp_path / "at-once", places)
    assert table_hashes(at_once) == table_hashes(single_intake) != {}
    assert sorted(read) == ["INV01", "INV01", "INV02", "INV02"]
    return_intake.receive_returns(at_once, places)
    assert len(read) == 4, "what was taken in before is not read again"


def test_a_return_that_is_refused_stops_none_that_was_read_ahead(sent_folder, tmp_path, read):
    places = [tmp_path / name for name in ("INV01", "INV02", "INV03")]
    for place in places:
        shutil.copytree(sent_folder / "returns" / place.name, place)
    (places[1] / "return.toml").write_text("nothing")
    _, found = accept_in_order(sent_folder, tmp_path / "trial", places)
    assert [bool(return_result.refusal) for return_result in found] == [False, True, False]
    assert read == ["INV01", "INV03"]


def test_two_editions_of_one_force_are_read_in_turn_and_another_force_ahead(sent_folder, tmp_path, read):
    """Which edition holds is known only when the first was taken in."""
    second = tmp_path / "second"
    shutil.copytree(sent_folder / "returns" / "INV01", second)
    manifest_path = second / "return.toml"
    manifest_path.write_text(manifest_path.read_text().replace("edition = 1", "edition = 2"))
    inspection, found = accept_in_order(
        sent_folder, tmp_path / "trial", [sent_folder / "returns" / "INV01", second, sent_folder / "returns" / "INV02"]
    )
    assert [(item.edition, item.refusal) for item in found] == [(1, ""), (2, ""), (1, "")]
    assert read.started == ["INV02"]
    assert "return superseded" in (inspection / "ledger.jsonl").read_text()


def test_a_file_that_changed_after_it_was_read_ahead_is_read_again(sent_folder, tmp_path, monkeypatch, read):
    """The second return is changed while the first is written; what was read of it before counts for nothing."""
    places = [tmp_path / name for name in ("INV01", "INV02")]
    for place in places:
        shutil.copytree(sent_folder / "returns" / place.name, place)
    write_stages_original = return_intake._write_stages

    def changing(intake, stage, hashes, arrival):
        if "INV01" in stage:
            intake.prefetch._futures[places[1]].result()
            (places[1] / "flags.csv").write_text((places[1] / "flags.csv").read_text().splitlines()[0] + "\n")
        return write_stages_original(intake, stage, hashes, arrival)

    monkeypatch.setattr(return_intake, "_write_stages", changing)
    inspection, found = accept_in_order(sent_folder, tmp_path / "trial", places)
    assert sorted(read) == ["INV01", "INV02", "INV02"]
    assert found[1].refusal == ""
    receipt = (inspection / "returns" / "INV02" / "edition_1" / "receipt.json").read_text()
    assert file_hash(places[1] / "flags.csv") in receipt


def test_of_a_draft_that_takes_the_place_of_another_the_new_files_are_told(sent_folder, tmp_path):
    draft = shutil.copytree(sent_folder / "returns" / "INV01", tmp_path / "INV01")
    inspection = new_inspection(tmp_path / "trial", sent_folder / "request.toml").folder
    calls = []
    for flags in ((draft / "flags.csv").read_bytes(), (draft / "flags.csv").read_bytes().splitlines()[0] + b"\n"):
        (draft / "flags.csv").write_bytes(flags)
        return_intake.receive_returns(inspection, [draft], in_draft=True)
        (accepted_return,) = current_returns(open_inspection(inspection))
        calls.append(accepted_return.return_edition.files["flags.csv"] == file_hash(draft / "flags.csv"))
    assert calls == [True, True]
