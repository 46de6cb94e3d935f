"""Are the documentation pages correct: does every block of code run, and every link and command exist?

A page is run from top to bottom in a folder of its own, which holds nothing that the page does not make, show or name
as brought. `console` blocks may hold commands of `assay` (run) and of `make` (must be targets); `python` blocks are run;
a `text` block under a line that ends with the name of a file is written to that file. No `text` block holds a command of
`assay`, so none is shown that does not run.
"""

import contextlib
import csv
import dataclasses
import hashlib
import importlib.util
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache, partial
from importlib import import_module
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import typer.core
import typer.main

import several_commands
from assay.cli import app, main
from assay.ingest.official_statistics import read_bundle
from assay.synthetic.demo import PARAMETERS_FILE
from made_once import (
    AS_OPTIONS,
    DEMO,
    FRONT_PAGE,
    PUBLISHED,
    alone_in_process,
    shared_by_all,
    with_pages_only,
    without_attack,
    without_pdfs,
    without_secondary_suppression,
    without_spreadsheets,
)

pytestmark = [pytest.mark.independent, pytest.mark.slow]

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "GLOSSARY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
HOW_TOS = sorted((ROOT / "docs" / "how-to").glob("*.md"))
ALLOWED_CODES = {("look", "claim"): (0, 7, 8)}  # a claim that is not supported is an answer, not a failure
FILES_BROUGHT = {"load-official-files.md": "recorded-crime.csv", "use-similar-forces.md": "recorded-crime.csv"}
"""Pages whose reader brings a file, which was downloaded."""
FORCES_BROUGHT = {f"E230000{number}" for number in range(28, 38)}
"""The forces of that file: more than the seven with which each is compared, and all that the pages name."""
PLAY = "assay workbench practice"
"""It makes and runs a country of its own, for two minutes: the journey of returns plays it."""
WORKBENCH = ("workbench",)
"""The group of commands that share a process."""
SERVING = {("workbench", "start"): ("--set-up-only",)}
"""What keeps a command from serving until somebody stops it."""
TRIED_ELSEWHERE = {"run-the-workbench-on-a-server.md": "casefiles/workbench/test_workbench_deployment.py"}
"""Pages whose commands need a machine of their own, and the test that runs them."""
FEW_FORCES = ("add-a-published-table.md",)
"""Pages that add a table to the published figures: those of ten forces suffice. `PUBLISHED` inspects the figures of all."""
WHOLE_REPORT = "release-a-report.md"
"""The page whose report has every page and secondary suppression, and whose pack is attacked when it is verified. On the
others, that would take more than all else that their commands do."""
MADE_ONCE = {DEMO: ("demo", "demo-sent"), PUBLISHED: ("published",)}
"""Commands that are run once for all pages, and the folders that they make; each page gets copies."""
MADE_BEFORE = ("returns", "identities", "texts", "answerability", "persons", "groups", "narratives", "records", "enquiries",
               "redefined", "readings", "comparison", "people", "hidden", "disclosure")  # fmt: skip
"""Stages that a page need not wait for where it inspects the very country of the demonstration. They are laid into its
folder as they stand; the program itself sees by their receipts whether it may keep them, and makes what it may not."""


def relative_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """(language, code) of every fenced block of a page."""
    return ((m[1], m[2]) for m in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S))


def runnable_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Blocks of code of a page; those of commands follow one another where no Python stands between them."""
    return (block for block in blocks(text) if block[0] in ("python", "console", "bash"))


def shown_files(text: str) -> dict[str, str]:
    """The files that a page shows whole: name and content. The line above the block ends with "`NAME`:"."""
    return dict(re.findall(r"`([\w-]+\.\w+)`:\n\n```text\n(.*?)^```$", text, re.M | re.S))


def only_shown(text: str) -> list[str]:
    """The commands of ours that stand in blocks that nobody runs."""
    lines = (line for language, code in blocks(text) if language == "text" for line in code.splitlines())
    return [line for line in lines if line.removeprefix("$ ").startswith("assay ")]


def assay(arguments: list[str], folder: Path) -> tuple[int, str]:
    """The exit code of a command and what it said; in this process, which a page of ten commands begins only once."""
    stream, code = io.StringIO(), 0
    with contextlib.chdir(folder), contextlib.redirect_stdout(stream), contextlib.redirect_stderr(stream):
        try:
            main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, stream.getvalue()


def run_lines(lines: list[str], folder: Path, shared: Path) -> None:
    """The lines of a block in their order; those of the workbench that follow one another share a process."""
    for is_workbench, found in groupby(lines, lambda line: line.split()[:2][-1] in WORKBENCH):
        if is_workbench:
            in_a_process_of_its_own(list(found), folder)
        else:
            for line in found:
                run_command(line, folder, shared)


def run_command(line: str, folder: Path, shared: Path) -> None:
    program, *arguments = shlex.split(line)
    if program == "make":
        targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M)
        assert arguments[0] in targets, f"there is no target {arguments[0]}"
    elif program != "assay":
        pytest.fail(f"{line!r} is no command of ours: mark the block as text")
    elif tuple(arguments) in MADE_ONCE:
        for name in MADE_ONCE[tuple(arguments)]:
            shutil.copytree(shared / name, folder / name)
    else:
        if arguments[:2] == ["inspect", "receive"]:
            lay_before(shared, *map(folder.joinpath, arguments[2:4]))
        words = [word for argument in arguments for word in as_a_shell_reads(argument, folder)]
        code, output = (
            run_once(words, folder, shared)
            if words[:2] == ["inspect", "run"] and len(words) == 3
            else assay(words, folder)
        )
        assert code in ALLOWED_CODES.get(tuple(arguments[:2]), (0,)), f"{line}\n{output}"


def in_a_process_of_its_own(lines: list[str], folder: Path) -> None:
    """Commands of the workbench, one after another: Django is set up for one inspection in each process."""
    commands = [shlex.split(line)[1:] for line in lines]
    program_text = json.dumps([[*words, *SERVING.get(tuple(words[:2]), ())] for words in commands])
    environment = {name: value for name, value in os.environ.items() if name != "ASSAY_WORKBENCH"}  # of another test
    begun = [sys.executable, several_commands.__file__, program_text]
    done = subprocess.run(begun, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{lines}\n{done.stdout}{done.stderr}"


def as_a_shell_reads(command_text: str, folder: Path) -> list[str]:
    """The words that a shell makes of one: the home folder for ~, and every file of a pattern."""
    word = command_text.replace("~", str(Path.home()), 1) if command_text.startswith("~/") else command_text
    return sorted(str(path.relative_to(folder)) for path in folder.glob(word)) if "*" in word else [word]


def lay_before(shared: Path, inspection: Path, returns: Path) -> None:
    """What was made of the same returns already, laid into an inspection that takes in all of them."""
    made_with, path = returns.with_name(PARAMETERS_FILE), shared / "demo-sent" / PARAMETERS_FILE
    if made_with.is_file() and path.is_file() and made_with.read_bytes() == path.read_bytes():
        for name in MADE_BEFORE:
            if not (inspection / name).exists():
                shutil.copytree(shared / "demo" / name, inspection / name)


def run_once(words: list[str], folder: Path, shared: Path) -> tuple[int, str]:
    """Run an inspection, or copy the outcome of the page that ran the same one before."""
    inspection = folder / words[2]
    with alone_in_process(shared, f"run-{inspected_content(inspection)}") as output:
        outcome = output.with_suffix("")
        if output.exists():
            shutil.rmtree(inspection)
            shutil.copytree(outcome, inspection)
            return 0, output.read_text(encoding="utf-8")
        code, output_text = assay(words, folder)
        if code == 0:
            shutil.copytree(inspection, outcome)
            output.write_text(output_text, encoding="utf-8")
    return code, output_text


def inspected_content(inspection: Path) -> str:
    """The hash of every file that a run may read; the ledger and the lock hold times, and no result rests on them."""
    digest = hashlib.sha256()
    for path in sorted(inspection.rglob("*")):
        if path.is_file() and path.name not in ("ledger.jsonl", ".lock"):
            digest.update(
                f"{path.relative_to(inspection).as_posix()}\n".encode() + hashlib.sha256(path.read_bytes()).digest()
            )
    return digest.hexdigest()[:16]


def official_looking_file(path: Path) -> None:
    """A small file in the form of the open data: the carried figures of ten forces and one offence set, from 2019/20 on."""
    names = {
        "financial_year": "Financial Year",
        "quarter": "Financial Quarter",
        "offence_code": "Offence Code",
    }
    names |= {
        "force_code": "Force Name",
        "offence_name": "Offence Description",
        "offences": "Number of Offences",
    }
    outcome_codes = {"17B", "19E", "19H", "20B", "21", "22B"}
    rows = read_bundle().tables["recorded"].select(list(names)).to_pylist()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names.values())
        for row in rows:
            if (
                row["force_code"] in FORCES_BROUGHT
                and row["offence_code"] in outcome_codes
                and row["financial_year"] >= "2019/20"
                and row["offences"] is not None
            ):
                writer.writerow([row[column] for column in names])


@pytest.fixture(scope="session")
def made_before(published, demo, tmp_path_factory):  # in this order: another process makes the second meanwhile
    """The folder of what most pages make first, once for all processes: the demonstration and the published figures."""
    shared = shared_by_all(tmp_path_factory)
    folder = shared / "pages"
    with alone_in_process(shared, "pages") as ready:
        if not ready.exists():
            for folder_made in (published.folder, demo.folder, demo.folder.with_name("demo-sent")):
                shutil.copytree(folder_made, folder / folder_made.name)
            ready.touch()
    return folder


README_FIRST = pytest.mark.first  # it makes the published figures, which other pages copy
RUN = [
    pytest.param(page, marks=README_FIRST if page == ROOT / "README.md" else ())
    for page in PAGES
    if any(runnable_blocks(page.read_text()))
]


def test_an_inspection_is_run_once_for_all_pages_and_another_one_is_run(tmp_path, monkeypatch):
    ran = []

    def run(words, folder):
        ran.append(words[2])
        (folder / words[2] / "report.html").write_text("written by the run")
        return 0, "1 page."

    monkeypatch.setattr(sys.modules[__name__], "assay", run)
    for name, returns in (("first", "crimes"), ("same", "crimes"), ("other", "crimes and events")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "return.csv").write_text(returns)
        (tmp_path / name / "ledger.jsonl").write_text(name)
        assert run_once(["inspect", "run", name], tmp_path, tmp_path) == (0, "1 page.")
    assert ran == ["first", "other"]
    assert (tmp_path / "same" / "report.html").read_text() == "written by the run"


def test_an_inspection_whose_run_failed_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "assay", lambda *_: (3, ""))
    (tmp_path / "trial").mkdir()
    assert [run_once(["inspect", "run", "trial"], tmp_path, tmp_path)[0] for _ in range(2)] == [3, 3]


def test_the_country_that_is_run_once_is_the_one_that_most_pages_inspect():
    """Else each of them would wait for stages of its own."""
    assert sum(" ".join(AS_OPTIONS) in path.read_text() for path in PAGES) >= 4


@pytest.mark.parametrize("page", RUN, ids=relative_name)
def test_every_block_of_code_on_a_page_runs(page, made_before, tmp_path, monkeypatch):
    run_page(page, tmp_path, made_before, monkeypatch)


def run_page(page: Path, folder: Path, made_before: Path, monkeypatch) -> None:
    """Every block of a page, in a folder that holds only what its reader has."""
    monkeypatch.chdir(folder)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder / "home"))
    for name in ("ASSAY_SIGNING_KEY", "XDG_CONFIG_HOME"):  # a key is in that home folder, if the page made one
        monkeypatch.delenv(name, raising=False)
    if page.name in FILES_BROUGHT:
        official_looking_file(folder / FILES_BROUGHT[page.name])
    text = page.read_text(encoding="utf-8")
    for name, content in shown_files(text).items():
        (folder / name).write_text(content, encoding="utf-8")
    known = {"__name__": "page"}  # what a block defines, the blocks below it may use
    for in_python, found in groupby(runnable_blocks(text), lambda block: block[0] == "python"):
        codes = [code for _, code in found]
        if in_python:
            for code in codes:
                exec(compile(code, str(page), "exec"), known)
        else:
            lines = [line for code in codes for line in code.splitlines() if line and line != PLAY]
            with without_costly_parts(page):
                run_lines(lines, folder, made_before)


@contextlib.contextmanager
def with_few_forces() -> Iterator[None]:
    """The published figures by force are those of ten forces only: trends and comparisons of all take 20 seconds."""
    bundle = read_bundle()
    tables = {
        name: rows.filter(pc.is_in(rows["force_code"], pa.array(sorted(FORCES_BROUGHT))))
        for name, rows in bundle.tables.items()
        if name in ("recorded", "outcomes")
    }
    with pytest.MonkeyPatch.context() as patched:
        smaller_bundle = dataclasses.replace(bundle, tables=bundle.tables | tables)
        patched.setattr(import_module("assay.workflows.run.published_pipeline"), "read_bundle", lambda: smaller_bundle)
        yield


@contextlib.contextmanager
def without_costly_parts(page: Path) -> Iterator[None]:
    """What is tested elsewhere and takes long is left out while the commands of a page run."""
    always = [without_pdfs, without_spreadsheets]
    elsewhere = [partial(with_pages_only, FRONT_PAGE), without_secondary_suppression, without_attack]
    with contextlib.ExitStack() as patches:
        smaller_figures = [with_few_forces] if page.name in FEW_FORCES else []
        for part in [*always, *smaller_figures, *(elsewhere if page.name != WHOLE_REPORT else ())]:
            patches.enter_context(part())
        yield


@pytest.mark.parametrize("page", PAGES, ids=relative_name)
def test_no_command_of_ours_is_shown_that_does_not_run(page):
    assert page.name in TRIED_ELSEWHERE or only_shown(page.read_text(encoding="utf-8")) == []


def test_a_page_whose_commands_are_tried_elsewhere_is_read_there():
    for page, test in TRIED_ELSEWHERE.items():
        assert page in (ROOT / "tests" / test).read_text(encoding="utf-8")
    assert "workbench_play" in (ROOT / "tests" / "journeys" / "test_returns_journey.py").read_text(encoding="utf-8")


@cache
def program() -> typer.core.TyperGroup:
    """The command `assay` with its groups; to build it takes as long as to read a page."""
    return typer.main.get_command(app)


def told_wrongly(text: str) -> list[str]:
    """The commands inside sentences that name no command of ours, or an option that it does not have."""
    wrong = []
    for match in re.findall(r"`(assay [^`]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)):
        command, words = program(), match.split()[1:]
        while words and words[0] in getattr(command, "commands", {}):
            command = command.commands[words.pop(0)]
        options = {name for param in command.params for name in param.opts}
        unknown = {word for word in words if word.startswith("--")} - options - {"--help"}
        if unknown or (words and hasattr(command, "commands")):
            wrong.append(match)
    return wrong


@pytest.mark.parametrize("page", HOW_TOS, ids=relative_name)
def test_every_command_inside_a_sentence_of_a_how_to_is_there_with_its_options(page):
    assert told_wrongly(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(("command_text", "wrong"), [("assay grade show FOLDER FORCE", 0), ("assay workbench open-pairs FOLDER --number 3", 0),
                                             ("assay grade FOLDER", 1), ("assay inspect release FOLDER --out x", 1)])  # fmt: skip
def test_a_sentence_that_names_a_command_wrongly_is_seen(command_text, wrong):
    assert len(told_wrongly(f"Then `{command_text}` does it.")) == wrong


@pytest.mark.parametrize(("page", "is_shown"), [("```text\nassay run demo\n```\n", 1), ("```console\nassay run demo\n```\n", 0),
                                            ("```text\nentry,answer\n```\n", 0)])  # fmt: skip
def test_a_command_that_is_only_shown_is_seen(page, is_shown):
    assert len(only_shown(page)) == is_shown


@pytest.mark.parametrize("first", ["assay inspect verify published", "assay inspect show told_of_arrest --folder demo",
                                   "assay signature check similar-forces.csv --public signing/signing-public.toml"])  # fmt: skip
def test_a_page_that_uses_what_it_never_made_does_not_run(first, tmp_path, made_before, monkeypatch):
    (tmp_path / "page.md").write_text(f"```console\n{first}\n```\n")
    with pytest.raises(AssertionError):
        run_page(tmp_path / "page.md", tmp_path, made_before, monkeypatch)


@pytest.mark.parametrize("page", PAGES, ids=relative_name)
def test_every_block_says_what_it_is(page):
    assert {language for language, _ in blocks(page.read_text(encoding="utf-8"))} <= {
        "console",
        "python",
        "text",
    }


LINKED = [*PAGES, ROOT / "CHANGELOG.md", *sorted((ROOT / "benchmarks").rglob("*.md")), ROOT / "models" / "CARDS.md"]


@cache
def parts_of(page: Path) -> frozenset[str]:
    """The anchors of a page, as a reader of Markdown makes them of its headings: the second of one name is name-1."""
    found: Counter[str] = Counter()
    anchors = set()
    for heading in re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S), re.M
    ):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-")
        anchors.add(f"{anchor}-{found[anchor]}" if found[anchor] else anchor)
        found[anchor] += 1
    return frozenset(anchors)


def leads_nowhere(page: Path, text: str) -> list[str]:
    """The links of a page to files that are not there, or to parts that a page has not."""
    missing = []
    for link, anchor in re.findall(
        r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
    ):
        if "://" not in link and (link or anchor):
            target = (page.parent / link).resolve() if link else page
            if not target.exists() or (anchor and anchor not in parts_of(target)):
                missing.append(f"{link}#{anchor}" if anchor else link)
    return missing


@pytest.mark.parametrize("page", LINKED, ids=relative_name)
def test_every_link_of_a_page_leads_to_a_file_and_to_a_part_that_is_there(page):
    assert leads_nowhere(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("link", ["nothing.md", "README.md#no-such-part", "#no-such-part"])
def test_a_link_that_leads_nowhere_is_seen(link):
    assert leads_nowhere(ROOT / "README.md", f"See [this]({link}), and [that](GLOSSARY.md#glossary).") == [link]


def test_the_site_of_the_manual_holds_whatever_a_page_leads_to(tmp_path):
    site = script("docs_site")
    pages = site.copy_pages(tmp_path)
    assert {page for page in PAGES if page.suffix == ".md"} <= set(pages)
    for page in pages:
        for path in site.linked_files(page):
            assert (tmp_path / path.relative_to(ROOT)).exists(), (relative_name(page), path.name)


def test_every_page_can_be_reached_from_the_index():
    """The records of decisions have an index of their own (`test_decision_records.py`), which the index of pages names."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in PAGES if (ROOT / "docs") in page.parents]
    listed = [page for page in pages if not re.match(r"decisions/\d", page)]
    assert [page for page in listed if page != "README.md" and f"({page})" not in index] == []


def every_command(group, name=""):
    """Every command by its full name, and the same of the commands of a group of commands."""
    for word, command in group.commands.items():
        full = f"{name} {word}".strip()
        yield full, command
        if hasattr(command, "commands"):
            yield from every_command(command, full)


def test_every_command_and_option_stands_on_the_reference_page():
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    commands = dict(every_command(program()))
    options = {opt for command in commands.values() for param in command.params for opt in param.opts}
    options_named = set(re.findall(r"--?[a-z-]+", page))
    assert [name for name in commands if f"`assay {name}" not in page] == []
    assert sorted(opt for opt in options if opt.startswith("-") and opt not in options_named) == []


def script(name: str):
    """A script of the repository as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_that_follow_from_data_are_up_to_date():
    pages_script = script("reference_pages")
    stale = [
        name
        for name, page in pages_script.PAGES.items()
        if (pages_script.HERE / name).read_text(encoding="utf-8") != page()
    ]
    assert stale == [], "run `make docs`"
