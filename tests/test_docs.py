"""Is what the pages say true: does every block of code run, every link lead somewhere, every command stand there?

A page is run from top to bottom in a folder of its own. `console` blocks may hold commands of `assay` (run) and of
`make` (must be targets); `python` blocks are run; `text` blocks are shown only. Nothing else is let in.
"""

import contextlib
import csv
import importlib.util
import io
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main

from assay.cli import app, main
from assay.returns.published import carried
from made_once import AS_OPTIONS, DEMO, PUBLISHED, alone, shared_by_all, without_pdfs

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "GLOSSARY.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
ALLOWED_CODES = {"claim": (0, 7, 8)}  # a claim that is not supported is an answer, not a failure
SIMILAR = "force,similar_force\nKent,Essex\nKent,Hampshire\nKent,Avon and Somerset\n"
MADE_BEFORE = ("returns", "identities", "texts", "persons", "groups", "narratives", "records", "enquiries", "redefined",
               "readings", "comparison", "people", "hidden", "disclosure")  # fmt: skip
"""Stages that a page need not wait for where it inspects the very country of the demonstration. They are laid into its
folder as they stand; the program itself sees by their receipts whether it may keep them, and makes what it may not."""


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
        targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.M)
        assert arguments[0] in targets, f"there is no target {arguments[0]}"
    elif program != "assay":
        pytest.fail(f"{line!r} is no command of ours: mark the block as text")
    elif tuple(arguments) not in (DEMO, PUBLISHED):  # both inspections were run once for all pages, and lie here
        if arguments[0] == "receive":
            lay_before(folder, *map(folder.joinpath, arguments[1:3]))
        code, said = assay(arguments, folder)
        assert code in ALLOWED_CODES.get(arguments[0], (0,)), f"{line}\n{said}"


def lay_before(folder: Path, inspection: Path, returns: Path) -> None:
    """What was made of the same returns already, laid into an inspection that takes in all of them."""
    made_with, there = returns.with_name("invented.toml"), folder / "demo-sent" / "invented.toml"
    if made_with.is_file() and there.is_file() and made_with.read_bytes() == there.read_bytes():
        for name in MADE_BEFORE:
            if not (inspection / name).exists():
                shutil.copytree(folder / "demo" / name, inspection / name)


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


@pytest.fixture(scope="session")
def workroom(published, demo, tmp_path_factory):  # in this order: another process makes the second meanwhile
    """The folder in which pages are run, for all processes: copies of the demonstration and of the published figures."""
    shared = shared_by_all(tmp_path_factory)
    folder = shared / "pages"
    with alone(shared, "pages") as ready:
        if not ready.exists():
            for made in (published.folder, demo.folder, demo.folder.with_name("demo-sent")):
                shutil.copytree(made, folder / made.name)
            official_looking_file(folder / "recorded-crime.csv")
            (folder / "similar-forces.csv").write_text(SIMILAR)
            ready.touch()
    return folder


RUN = [
    page
    for page in PAGES
    if any(language in ("console", "bash", "python") for language, _ in blocks(page.read_text()))
]


def test_the_country_that_is_run_once_is_the_one_that_most_pages_inspect():
    """Else each of them would wait for stages of its own."""
    assert sum(" ".join(AS_OPTIONS) in path.read_text() for path in PAGES) >= 4


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


LINKED = [*PAGES, ROOT / "CHANGELOG.md", *sorted((ROOT / "benchmarks").rglob("*.md")), ROOT / "models" / "CARDS.md"]


@cache
def parts_of(page: Path) -> frozenset[str]:
    """The anchors of a page, as a reader of Markdown makes them of its headings: the second of one name is name-1."""
    found: Counter[str] = Counter()
    anchors = set()
    for heading in re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S), re.M):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).strip().replace(" ", "-")
        anchors.add(f"{anchor}-{found[anchor]}" if found[anchor] else anchor)
        found[anchor] += 1
    return frozenset(anchors)


def leads_nowhere(page: Path, text: str) -> list[str]:
    """The links of a page to files that are not there, or to parts that a page has not."""
    missing = []
    for link, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)):
        if "://" not in link and (link or anchor):
            to = (page.parent / link).resolve() if link else page
            if not to.exists() or (anchor and anchor not in parts_of(to)):
                missing.append(f"{link}#{anchor}" if anchor else link)
    return missing


@pytest.mark.parametrize("page", LINKED, ids=named)
def test_every_link_of_a_page_leads_to_a_file_and_to_a_part_that_is_there(page):
    assert leads_nowhere(page, page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("link", ["nothing.md", "README.md#no-such-part", "#no-such-part"])
def test_a_link_that_leads_nowhere_is_seen(link):
    assert leads_nowhere(ROOT / "README.md", f"See [this]({link}), and [that](GLOSSARY.md#glossary).") == [link]


def test_the_site_of_the_manual_holds_whatever_a_page_leads_to(tmp_path):
    site = script("docs_site")
    pages = site.laid_out(tmp_path)
    assert {page for page in PAGES if page.suffix == ".md"} <= set(pages)
    for page in pages:
        for path in site.led_to(page):
            assert (tmp_path / path.relative_to(ROOT)).exists(), (named(page), path.name)


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


def script(name: str):
    """A script of the repository as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_that_follow_from_data_are_up_to_date():
    made = script("reference_pages")
    stale = [
        name for name, page in made.PAGES.items() if (made.HERE / name).read_text(encoding="utf-8") != page()
    ]
    assert stale == [], "run `make docs`"
