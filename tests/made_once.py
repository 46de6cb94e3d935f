"""Make folders that many tests only read, by the command itself, once for all processes of a run.

A test that would change it takes a copy; a pack and the commands of the manual write into an inspection. What takes long
is kept between runs of the tests, for as long as no line of code changes (`kept_by_code`).
"""

import fcntl
import hashlib
import inspect
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from assay.cli import app

SMALL = {"forces": 4, "crimes": 20, "seed": 11}
"""The country that most pages of the manual inspect, and that the journeys look at."""
AS_OPTIONS = [word for name, value in SMALL.items() for word in (f"--{name}", str(value))]
ONE_YEAR = ["--years", "1"]
"""The option of the demonstration for the period that a country has without any."""
DEMO, PUBLISHED = ("demo", "--out", "demo"), ("look", "--out", "published")
CACHE_FOLDER = Path(__file__).parent.parent / ".pytest_cache" / "made-once"
"""Where `kept_by_code` keeps folders; it can be deleted at any time."""
ANSWER = "answer.json"
FRONT_PAGE = "index.html"


def shared_by_all(tmp_path_factory) -> Path:
    """The folder that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if base.name.startswith("popen-") else base


@contextmanager
def alone_in_process(shared: Path, name: str) -> Iterator[Path]:
    """A file that says that something is done, while no other process makes the same."""
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield shared / f"{name}.json"


@contextmanager
def without_pdfs() -> Iterator[None]:
    """PDFs are tried with the report and on the published figures: whoever looks at none is spared the setting of them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("assay.report.pdf.added_pdfs"), "as_pdf", lambda *_: b"%PDF-1.7\n")
        yield


@contextmanager
def without_spreadsheets() -> Iterator[None]:
    """Spreadsheets are tested with the report: a run whose report is only read as pages writes none."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("assay.report.figure_exports"), "write_spreadsheets", lambda *_: [])
        yield


@contextmanager
def with_pages_only(*paths: str) -> Iterator[None]:
    """The pages of a report are tested with the report: whoever looks at a few is spared the writing of the others."""
    writer = import_module("assay.report.report_writer")
    all_pages = writer.pages
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(writer, "pages", lambda site: [page for page in all_pages(site) if page.path in paths])
        yield


@contextmanager
def without_secondary_suppression() -> Iterator[None]:
    """Secondary suppression is tested with disclosure control and on the demonstration: a run whose suppressed counts
    nobody attacks has primary suppression and rounding only. Whoever verifies a pack of it leaves the attack out as
    well (`without_attack`)."""
    control = import_module("assay.sdc.disclosure_control")
    with pytest.MonkeyPatch.context() as patched:
        for name in ("suppress_secondary", "duplicate_cells", "equal_ordered_counts"):
            patched.setattr(control, name, lambda *_: [])
        patched.setattr(control, "DefaultConstraints", lambda *_: SimpleNamespace(true=list))
        yield


@contextmanager
def without_attack() -> Iterator[None]:
    """The attack by linear programming on a pack is tested with the pack of a page of the manual: another pack that is
    verified is compared with its hashes only."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(import_module("assay.workflows.release.report_pack"), "audit", lambda *_: [])
        yield


def kept_by_code(
    name: str,
    folder: Path,
    make: Callable[[Path], object],
    *,
    cache_folder: Path = CACHE_FOLDER,
    code: str | None = None,
) -> None:
    """Fill `folder` by `make`, or with a copy of what an earlier run of the tests made under this name.

    Nothing is taken over if a source of the program, a library, a file that tests share, the module of `make` or the
    zone of the machine has changed since. What was kept of other code is deleted. With ASSAY_REQUIRE=all everything is made anew.
    """
    if os.environ.get("ASSAY_REQUIRE") == "all":
        make(folder)
        return
    version = code or code_version(Path(inspect.getfile(make)))
    place = cache_folder / name / version
    cache_folder.mkdir(parents=True, exist_ok=True)
    with alone_in_process(cache_folder, name):
        if place.is_dir():
            shutil.copytree(place, folder, dirs_exist_ok=True)
            return
    make(folder)
    with alone_in_process(cache_folder, name):
        unfinished = cache_folder / name / f"unfinished-{version}"
        shutil.rmtree(cache_folder / name, ignore_errors=True)
        shutil.copytree(folder, unfinished)
        unfinished.rename(place)


@cache
def code_version(maker: Path) -> str:
    """A hash of all on which a folder rests: program, libraries, Python, zone, the module of its maker, and what tests
    share. Other modules of tests make no folder, so whoever changes a test waits for no country."""
    import assay
    from assay.engine.provenance import sources_hash  # imported here: the quick tests need none of it

    libraries = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    files = sorted(
        path
        for path in Path(__file__).parent.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.match("test_*.py")
    )
    version = hashlib.sha256(
        "\n".join([sources_hash([assay]), sys.version, os.environ.get("TZ", ""), *libraries]).encode()
    )
    for path in (*files, maker):
        version.update(hashlib.sha256(path.read_bytes()).digest())
    return version.hexdigest()[:16]


def made_once(tmp_path_factory, command: Sequence[str], *options: str) -> SimpleNamespace:
    """What a command answered, and the folder of the inspection that it made."""
    shared = shared_by_all(tmp_path_factory)
    *words, name = command
    key = f"{command[0]}-{hashlib.sha256(repr((*command, *options)).encode()).hexdigest()[:8]}"
    place = shared / "made-once" / key

    def make(folder: Path) -> None:
        done = CliRunner().invoke(app, [*words, str(folder / name), *options, "--json"])
        assert done.exit_code == 0, done.exception
        (folder / ANSWER).write_text(done.stdout.replace(str(folder), "FOLDER"))

    with alone_in_process(shared, key) as ready:
        if not ready.exists():
            place.mkdir(parents=True, exist_ok=True)
            kept_by_code(key, place, make)
            ready.touch()
    answer = (place / ANSWER).read_text().replace("FOLDER", str(place))
    return SimpleNamespace(folder=place / name, answer=json.loads(answer))
