"""Is what the pages say true: does every block of code run, every link lead somewhere, every command stand there?

A page is run from top to bottom in a folder of its own. `console` blocks may hold commands of `assay` (run) and of
`make` (must be targets); `python` blocks are run; `text` blocks are shown only. Nothing else is let in.
"""

import contextlib
import csv
import fcntl
import importlib.util
import io
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
import typer.main

from assay.cli import app, main
from assay.returns.published import carried

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "GLOSSARY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
ALLOWED_CODES = {"claim": (0, 7, 8)}  # a claim that is not supported is an answer, not a failure
SIMILAR = "force,similar_force\nKent,Essex\nKent,Hampshire\nKent,Avon and Somerset\n"
WHOLE = (["demo", "--out", "demo"], ["published", "--out", "published"])
SMALL = ["--forces", "6", "--crimes", "30"]  # a smaller country says the same of the pages, sooner


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """(language, code) of every fenced block of a page."""
    return ((m[1], m[2]) for m in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S))


def assay(arguments: list[str], folder: Path) -> tuple[int, str]:
    """The exit code of a command and what it said; in this process, which a page of ten commands begins only once."""
    said, code = io.StringIO(), 0
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, said.getvalue()


def run_command(line: str, folder: Path) -> None:
    program, *arguments = shlex.split(line)
    if program == "make":
        targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.M)
        assert arguments[0] in targets, f"there is no target {arguments[0]}"
    elif program != "assay":
        pytest.fail(f"{line!r} is no command of ours: mark the block as text")
    elif arguments not in WHOLE:  # both inspections were run once for all pages, and lie here
        code, said = assay(arguments, folder)
        assert code in ALLOWED_CODES.get(arguments[0], (0,)), f"{line}\n{said}"


def official_looking_file(path: Path) -> None:
    """A small file in the form of the open data: the carried figures of one offence set, from 2019/20 on."""
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
    wanted = {"17B", "19E", "19H", "20B", "21", "22B"}
    rows = carried().tables["recorded"].select(list(names)).to_pylist()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names.values())
        for row in rows:
            if (
                row["offence_code"] in wanted
                and row["financial_year"] >= "2019/20"
                and row["offences"] is not None
            ):
                writer.writerow([row[column] for column in names])


@contextmanager
def without_pdfs():
    """PDFs are tried with the report: a command on a page is spared the setting of them, page by page."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("assay.report.write"), "as_pdf", lambda *_: b"%PDF-1.7\n")
        yield


@pytest.fixture(scope="session")
def workroom(tmp_path_factory):
    """The folder in which pages are run; both inspections are made in it once, even if two workers ask for it."""
    shared = tmp_path_factory.getbasetemp()
    if shared.name.startswith("popen-"):
        shared = shared.parent
    folder = shared / "pages"
    with (shared / "pages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "published" / "report" / "receipt.json").exists():
            folder.mkdir(exist_ok=True)
            official_looking_file(folder / "recorded-crime.csv")
            (folder / "similar-forces.csv").write_text(SIMILAR)
            for arguments in WHOLE:
                with without_pdfs():
                    code, said = assay(arguments + (SMALL if arguments[0] == "demo" else []), folder)
                assert code == 0, said
    return folder


RUN = [
    page
    for page in PAGES
    if any(language in ("console", "bash", "python") for language, _ in blocks(page.read_text()))
]


@pytest.mark.parametrize("page", RUN, ids=named)
def test_every_block_of_code_on_a_page_runs(page, workroom, monkeypatch):
    monkeypatch.chdir(workroom)
    known = {"__name__": "page"}  # what a block defines, the blocks below it may use
    for language, code in blocks(page.read_text(encoding="utf-8")):
        if language == "python":
            exec(compile(code, named(page), "exec"), known)
        elif language in ("console", "bash"):
            with without_pdfs():
                for line in filter(None, code.splitlines()):
                    run_command(line, workroom)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_block_says_what_it_is(page):
    assert {language for language, _ in blocks(page.read_text(encoding="utf-8"))} <= {
        "console",
        "python",
        "text",
    }


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert missing == []


def test_every_page_can_be_reached_from_the_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT / "docs").as_posix() for page in PAGES if (ROOT / "docs") in page.parents]
    assert [page for page in pages if page != "README.md" and f"({page})" not in index] == []


def test_every_command_and_option_stands_on_the_reference_page():
    page = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    commands = group.commands  # type: ignore[attr-defined]
    options = {
        opt for command in [group, *commands.values()] for param in command.params for opt in param.opts
    }
    told = set(re.findall(r"--?[a-z-]+", page))
    assert [name for name in commands if f"`assay {name}" not in page] == []
    assert sorted(opt for opt in options if opt.startswith("-") and opt not in told) == []


def test_the_pages_that_follow_from_data_are_up_to_date():
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "scripts" / "reference_pages.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    stale = [
        name for name, page in made.PAGES.items() if (made.HERE / name).read_text(encoding="utf-8") != page()
    ]
    assert stale == [], "run `make docs`"
