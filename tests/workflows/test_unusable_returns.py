"""Is a return that cannot be read, or of which no table can be used, refused by itself, beside returns that are good?"""

import shutil
from types import SimpleNamespace

import pytest

from assay.engine.provenance import Ledger
from assay.ingest.inspection_folder import new_inspection
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns
from assay.workflows.receive import return_intake
from assay.workflows.receive.return_intake import receive_returns

BAD, FORCES = "INV02", ("INV01", "INV02", "INV03")


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """The folder of three sound returns of synthetic forces, and their request."""
    folder = tmp_path_factory.mktemp("synthetic") / "sent"
    generate_returns(folder, world=read_world("plain").sized(forces=3, crimes=5), seed=3)
    return folder


@pytest.fixture
def intake(sound, tmp_path):
    shutil.copytree(sound, tmp_path / "sent")
    new_inspection(tmp_path / "inspection", tmp_path / "sent" / "request.toml")
    return SimpleNamespace(
        folder=tmp_path / "inspection", returns=tmp_path / "sent" / "returns", bad=tmp_path / "sent" / "returns" / BAD
    )


def received(intake):
    """The result, and its lines for the terminal."""
    result = receive_returns(intake.folder, [intake.returns])
    return result, result.summary_lines()


def stages(intake):
    return sorted(path.name for path in (intake.folder / "returns").iterdir())


def forbid(monkeypatch, name):
    """Let the file of this name be one that nobody may open, whoever runs the test."""
    read_hash = return_intake.file_hash

    def checked_hash(path, *more):
        if path.parent.name == BAD and path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return read_hash(path, *more)

    monkeypatch.setattr(return_intake, "file_hash", checked_hash)


def test_a_file_that_nobody_may_open_refuses_its_return_alone_and_is_named_at_the_end(intake, monkeypatch):
    forbid(monkeypatch, "crimes.csv")
    result, lines = received(intake)
    assert [found.name for found in result.refused] == [BAD]
    assert lines[0] == "Accepted: 2 of 3 returns."
    assert lines[3] == (
        "  INV02: refused. crimes.csv cannot be read (R04), so nothing of the return was accepted. Ask for permission to "
        "open it, or for a new copy, and receive it again."
    )
    assert not result.all_usable
    assert stages(intake) == ["INV01", "INV03"]
    kinds = [entry.kind for entry in Ledger(intake.folder / "ledger.jsonl").entries()]
    assert (kinds.count("return accepted"), kinds.count("return refused")) == (2, 1)


def test_the_return_is_accepted_once_its_file_can_be_read(intake, monkeypatch):
    with monkeypatch.context() as patch:
        forbid(patch, "crimes.csv")
        received(intake)
    result, lines = received(intake)
    assert lines[0] == "Accepted: 3 of 3 returns."
    assert {found.edition for found in result.returns} == {1}


def test_an_error_in_the_folder_of_the_inspection_stops_the_command(intake, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device", str(intake.folder / "returns"))

    monkeypatch.setattr(return_intake, "_write_stages", fail)
    with pytest.raises(OSError, match="No space left"):
        receive_returns(intake.folder, [intake.returns])


def test_a_return_of_which_every_table_is_refused_is_not_accepted_and_takes_no_edition(intake):
    tables = sorted(path for path in intake.bad.iterdir() if path.name != "return.toml")
    for path in tables:
        path.with_suffix(".csv").write_text("a,b\n1,2\n", encoding="utf-8")
        if path.suffix != ".csv":
            path.unlink()
    result, lines = received(intake)
    assert lines[0] == "Accepted: 2 of 3 returns."
    (refused,) = result.refused
    assert refused.refusal.startswith("No table of it can be used, so it takes no edition number: ")
    assert "crimes.csv (R03)" in refused.refusal
    assert stages(intake) == ["INV01", "INV03"]
    assert not (intake.folder / "identities" / BAD).exists()


def test_the_same_edition_is_accepted_after_its_tables_are_corrected(intake, sound):
    for path in intake.bad.glob("*.csv"):
        path.write_text("a,b\n1,2\n", encoding="utf-8")
    for path in intake.bad.glob("*.parquet"):
        path.unlink()
    assert [found.name for found in received(intake)[0].refused] == [BAD]
    shutil.rmtree(intake.bad)
    shutil.copytree(sound / "returns" / BAD, intake.bad)
    result, _ = received(intake)
    assert [(found.force_code, found.edition) for found in result.returns] == [(code, 1) for code in FORCES]


def test_one_usable_table_is_enough(intake):
    for path in intake.bad.glob("*.csv"):
        if path.name != "crimes.csv":
            path.write_text("a,b\n1,2\n", encoding="utf-8")
    result, lines = received(intake)
    assert result.refused == ()
    assert lines[0] == "Accepted: 3 of 3 returns."


def test_a_return_whose_crimes_cannot_be_read_is_not_counted_as_accepted(intake):
    (intake.bad / "crimes.csv").unlink(missing_ok=True)
    (intake.bad / "crimes.parquet").write_bytes(b"PAR1 damaged")
    result, lines = received(intake)
    assert lines[:2] == [
        "Accepted: 2 of 3 returns.",
        "The crimes of INV02 could not be read, so only its other tables can be used. Its sender corrects what the "
        "letter lists, and sends it again as edition 2.",
    ]
    assert not result.all_usable


def test_a_return_that_is_named_twice_or_copied_counts_once_and_its_path_is_named(intake, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(intake.bad, copy)
    result = receive_returns(intake.folder, [intake.bad, intake.bad, intake.returns, copy])
    lines = result.summary_lines()
    assert lines[0] == "Accepted: 3 of 3 returns."
    assert lines[1:4] == [
        f"{path} is the same return again, and counts once." for path in (intake.bad, intake.bad, copy)
    ]
    assert result.all_usable
