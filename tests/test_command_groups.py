"""Are the commands grouped by user, do earlier names still work, and does an error name the next command?"""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

from assay import cli
from assay.cli import app, first_commands, main
from assay.cli.command_groups import app_for
from assay.cli.command_table import (
    COMMANDS,
    EARLIER_GROUPS,
    command_paths,
    commands_in_order,
    renamed_commands,
    shortest_name,
)
from assay.cli.first_commands import USERS
from assay.cli.next_command import add_next_command
from assay.errors import EvidenceError, UsageError

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
NOT_YET_WRITTEN: set[str] = set()
"""Commands that the table holds a place for."""
EARLIER_NAMES = {**renamed_commands(), **EARLIER_GROUPS}


def ended(capsys, *words):
    """The exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    streams = capsys.readouterr()
    return caught.value.code or 0, streams.out, streams.err


def every_command(group=None, name=""):
    """The full name of every command of the program that is no group."""
    for word, command in (group or typer.main.get_command(app)).commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, word)
        else:
            yield f"{name} {word}".strip()


def test_the_table_holds_every_command_once():
    commands = [*every_command(), *(NOT_YET_WRITTEN - set(every_command()))]
    assert Counter(commands) == Counter(command_paths())


@pytest.mark.parametrize("group", COMMANDS)
def test_the_help_of_a_group_has_its_panels_and_commands_in_the_order_of_the_table(capsys, group):
    _, output, _ = ended(capsys, *group.split(), "--help")
    panels = [panel for panel in COMMANDS[group] if panel]
    places = [output.index(f"─ {panel} ─") for panel in panels]
    assert places == sorted(places)
    listed = re.findall(r"^│ ([a-z][a-z-]+)  ", output, re.M)
    assert listed == [name for name in commands_in_order(group) if name in listed]
    assert set(commands_in_order(group)) - set(listed) <= NOT_YET_WRITTEN


def test_the_help_of_look_has_the_options_of_the_report(capsys):
    _, text, _ = ended(capsys, "look", "--help")
    assert all(option in text for option in ("--out", "--definition", "--similar", "--table", "--pdf"))


def test_a_command_named_in_full_is_the_only_one_that_is_built_and_has_the_same_options():
    whole = typer.main.get_command(app)
    for path in command_paths():
        found, expected = typer.main.get_command(app_for([*path.split(), "x"])), whole
        for word in path.split():
            assert list(found.commands) == [word]
            found, expected = found.commands[word], expected.commands[word]
        assert (found.help, found.rich_help_panel) == (expected.help, expected.rich_help_panel)
        assert list(map(described, found.params)) == list(map(described, expected.params))


def test_building_one_command_leaves_the_app_whole():
    app_for(["inspect", "verify", "folder"])
    assert len(typer.main.get_command(app).commands["inspect"].commands) > 1


def described(param):
    return param.name, param.opts, param.required, param.help, str(param.default)


@pytest.mark.parametrize("words", [[], ["--help"], ["inspect"], ["inspect", "--help"], ["look"], ["workbench", "folder"],
                                   ["burden"], ["vrify"]])  # fmt: skip
def test_all_commands_are_built_unless_one_is_named_in_full(words):
    assert app_for(words) is app


def test_every_group_says_in_its_help_what_it_is_for():
    root = typer.main.get_command(app)
    assert [name for name in COMMANDS if name and not root.commands[name].help] == []


@pytest.mark.parametrize(("earlier_name", "path"), EARLIER_NAMES.items())
def test_an_earlier_name_calls_the_same_command_and_says_its_name_of_today(capsys, earlier_name, path):
    code, _, errors = ended(capsys, *earlier_name.split(), "--no-such-option")
    assert code == 2
    assert errors.splitlines()[0] == f"assay: the command 'assay {earlier_name}' is now 'assay {shortest_name(path)}'."
    assert f"Usage: assay {path} " in errors


def test_an_earlier_name_gives_the_same_answer_on_standard_output(capsys):
    _, earlier_output, errors = ended(capsys, "burden", "--json")
    _, output, other_errors = ended(capsys, "inspect", "burden", "--json")
    assert json.loads(earlier_output) == json.loads(output)
    assert (len(errors.splitlines()), other_errors) == (1, "")


def test_an_earlier_name_ends_with_the_same_exit_code(capsys):
    claim = ["recorded offences doubled", "--series", "csa11", "--from", "2021/22", "--to", "2024/25"]
    assert ended(capsys, "claim", *claim)[0] == ended(capsys, "look", "claim", *claim)[0] == 7


def test_no_earlier_name_stands_in_the_help():
    paths = set(every_command())
    names = [name for name in EARLIER_NAMES if name not in COMMANDS]
    assert [name for name in names if name in paths] == []


@pytest.mark.parametrize("words", [("workbench", "--help"), ("workbench", "start", "--help"), ("urgent", "find", "--help"),
                                   ("demo", "--help"), ("signature", "sign", "--help")])  # fmt: skip
def test_a_name_of_today_is_not_taken_for_an_earlier_one(capsys, words):
    assert ended(capsys, *words)[::2] == (0, "")


@pytest.mark.parametrize("folder", ["demo", "inspection", "./start"])
def test_the_workbench_of_a_folder_starts_under_its_earlier_name(capsys, monkeypatch, tmp_path, folder):
    monkeypatch.chdir(tmp_path)
    Path(folder).mkdir()
    code, _, errors = ended(capsys, "workbench", folder, "--port", "8001")
    assert code == 2
    assert "is now 'assay workbench start'" in errors
    assert "is not the folder of an inspection" in errors


def test_look_without_a_command_makes_the_report(capsys, tmp_path):
    code, _, errors = ended(capsys, "look", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out"))
    assert code == 3
    assert "none.csv: the file is not there" in errors


@pytest.mark.parametrize(("typed", "command"), [
    ("estimate", "assay casefile estimate"), ("vrify", "assay inspect verify"), ("publishd", "assay look"),
    ("workbnech", "assay workbench"), ("answers", "assay urgent answer"), ("xyzzy", "assay --help"),
])  # fmt: skip
def test_a_word_that_is_no_command_is_answered_with_the_command_that_was_meant(capsys, typed, command):
    code, _, errors = ended(capsys, typed)
    assert code == 2
    assert errors.startswith(f"assay: There is no command 'assay {typed}'.")
    assert command in errors


def test_assay_alone_without_a_terminal_shows_five_commands_of_every_user(capsys):
    code, output, errors = ended(capsys)
    assert (code, errors) == (0, "")
    assert [len(user.commands) for user in USERS] == [5, 5, 5]
    assert all(f"  {typed}\n" in output for user in USERS for typed, _ in user.commands)


@pytest.mark.parametrize("answer", ["2", "check", " Check "])
def test_assay_alone_at_a_terminal_asks_who_you_are_and_shows_five_commands(capsys, monkeypatch, answer):
    monkeypatch.setattr(cli, "is_terminal", lambda: True)
    monkeypatch.setattr(first_commands.typer, "prompt", lambda *_, **__: answer)
    _, output, _ = ended(capsys)
    assert "Who are you?" in output
    assert [line.split()[1] for line in output.splitlines() if line.startswith("  assay ")] == [
        "check", "prepare", "self-audit", "bundle", "contract"]  # fmt: skip


def test_an_answer_that_is_no_user_shows_the_commands_of_every_user():
    lines = first_commands.first_command_lines("nobody")
    assert sum(line.startswith("  assay ") for line in lines) == 15


def test_every_first_command_is_a_command_with_its_options():
    root, known = typer.main.get_command(app), set(every_command())
    for typed in (typed for user in USERS for typed, _ in user.commands):
        _, *words = typed.split()
        path = next((name for name in (" ".join(words[:2]), words[0]) if name in known), "look report")
        if words[0] in NOT_YET_WRITTEN and words[0] not in known:
            continue
        command = root
        for word in path.split():
            command = command.commands[word]
        options = {name for param in command.params for name in param.opts}
        assert {word for word in words if word.startswith("--")} <= options, typed


@pytest.mark.parametrize(("words", "completed"), [
    ("assay inspect rec", {"receive", "receive-evidence"}), ("assay casef", {"casefile"}), ("assay publ", set()),
    ("assay look cl", {"claim"}),
])  # fmt: skip
def test_the_shell_completes_names_of_today_and_no_earlier_name(words, completed):
    environment = {"_ASSAY_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = CliRunner().invoke(app, [], env=environment, prog_name="assay")
    assert set(done.stdout.split()) == completed


def test_the_lines_that_complete_commands_in_a_shell_are_printed():
    line = f"{sys.executable} -m assay.cli --show-completion; exit $?"  # the shell is found among the parent processes
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "_ASSAY_COMPLETE=complete_bash" in done.stdout


@pytest.mark.parametrize(("words", "next_command"), [
    (("inspect", "new", "x", "--request", "none.toml"), "See: assay inspect new --help"),
    (("sample", "nowhere", "none.toml"), "See: assay casefile sample --help"),
    (("look", "none.csv"), "See: assay look --help"),
    (("prepare", "x", "--request", "none.toml", "--force", "INV01"), "See: assay prepare --help"),
    (("inspect", "receive", "nowhere", "x"), "Create one: assay inspect new"),
])  # fmt: skip
def test_an_error_names_the_next_command(capsys, monkeypatch, tmp_path, words, next_command):
    monkeypatch.chdir(tmp_path)
    code, _, errors = ended(capsys, *words)
    assert code in (2, 3)
    assert errors.splitlines()[-1].startswith("assay: ")
    assert next_command in errors.splitlines()[-1]


@pytest.mark.parametrize(("message", "sentence"), [
    ("It holds no return: assay inspect receive F RETURNS", "It holds no return: assay inspect receive F RETURNS"),
    ("The disk is full: make room, and start the same command again.",
     "The disk is full: make room, and start the same command again."),
    ("The file is not there.", "The file is not there. See: assay inspect run --help"),
    ("No column is called assay", "No column is called assay. See: assay inspect run --help"),
])  # fmt: skip
def test_only_a_message_that_names_no_command_gets_one(message, sentence):
    assert add_next_command(UsageError(message), ["inspect", "run", "F"]) == sentence


def test_evidence_that_does_not_hold_is_shown_by_verify():
    message = add_next_command(EvidenceError("The chain is broken."), ["inspect", "run", "F"])
    assert message == "The chain is broken. See everything that differs: assay inspect verify FOLDER"


def test_no_text_of_the_project_names_a_command_by_an_earlier_name():
    """CHANGELOG.md describes the past, and the table of earlier names stands on the page of the command line."""
    exempt_files = {"CHANGELOG.md", "docs/reference/command-line.md", "tests/test_command_groups.py"}
    names = sorted((name for name in EARLIER_NAMES if name != "workbench"), key=len, reverse=True)
    earlier_command = re.compile(rf"(?<![\w.])assay (?:{'|'.join(names)})(?![\w-])(?! and )")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    found = []
    for name in listed.split("\0"):
        path = ROOT / name
        if path.suffix not in {".md", ".py", ".toml", ".html", ".csv", ".po", ".sh", ""} or not path.is_file():
            continue
        if name not in exempt_files:
            text = re.sub(r'"\n\s*f?"', "", path.read_text(encoding="utf-8"))
            found += [f"{name}: {match[0]}" for match in earlier_command.finditer(text)]
    assert "\n".join(found) == ""
