"""Does every command check the path of its output before its work, with a sentence instead of a traceback?"""

import re
from pathlib import Path

import pytest

from assay.cli import main
from assay.cli.output_paths import require_folder
from assay.errors import FULL_DISK, StorageError

pytestmark = pytest.mark.quick

INPUT = Path(__file__)
FOLDER_COMMANDS = (
    ("check", INPUT, "--out"),
    ("demo", "--out"),
    ("contract", "--out"),
    ("look", "report", "--out"),
    ("look", "long-form", "--out"),
    ("self-audit", INPUT, "--out"),
    ("inspect", "request", INPUT, "--out"),
    ("synthetic", "generate"),
)
FILE_COMMANDS = (
    ("layout", "learn", INPUT, "--name", "Records", "--out"),
    ("fieldwork", "survey-form", "staff", "--out"),
    ("look", "database", INPUT),
)


def error_of(words, capsys) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main([str(word) for word in words])
    return int(ended.value.code or 0), re.sub(r"\s+", " ", capsys.readouterr().err)


@pytest.mark.parametrize("words", FOLDER_COMMANDS, ids=str)
def test_a_file_where_a_folder_is_meant_is_one_sentence(words, tmp_path, capsys):
    file = tmp_path / "taken"
    file.write_text("mine", encoding="utf-8")
    code, text = error_of((*words, file), capsys)
    assert code == 2
    assert f"{file} is a file. Name a folder" in text
    code, text = error_of((*words, file / "within"), capsys)
    assert code == 2
    assert f"because {file} is a file. Name another place." in text
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("words", FILE_COMMANDS, ids=str)
def test_a_folder_where_a_file_is_meant_is_one_sentence(words, tmp_path, capsys):
    code, text = error_of((*words, tmp_path), capsys)
    assert code == 2
    assert f"{tmp_path} is a folder. Name a file" in text
    code, text = error_of((*words, tmp_path / "absent" / "file"), capsys)
    assert code == 2
    assert f"The folder {tmp_path / 'absent'} does not exist. Create it" in text


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder in which no account may write")
@pytest.mark.parametrize("words", FOLDER_COMMANDS, ids=str)
def test_a_folder_that_cannot_be_created_is_one_sentence(words, capsys):
    code, text = error_of((*words, "/proc/nowhere/x"), capsys)
    assert code == 10
    assert "/proc/nowhere/x cannot be written. Name a folder in which you may write." in text


def test_a_full_disk_is_named_before_the_work_begins(tmp_path, monkeypatch):
    def full_disk(**_):
        raise OSError(min(FULL_DISK), "no space")

    monkeypatch.setattr("assay.cli.output_paths.TemporaryFile", full_disk)
    with pytest.raises(StorageError, match="The disk is full"):
        require_folder(tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [FOLDER_COMMANDS[0], FILE_COMMANDS[0]], ids=str)
def test_a_path_that_no_file_can_have_is_one_sentence(words, tmp_path, capsys):
    code, text = error_of((*words, tmp_path / ("x" * 300)), capsys)
    assert (code, "no file can have this path" in text) == (2, True)
    (link := tmp_path / "link").symlink_to(tmp_path / "nowhere")
    code, text = error_of((*words, link), capsys)
    assert (code, f"{link} is a link to a place that does not exist" in text) == (2, True)
