"""Can anyone verify a report pack, and does it hold only what was released?"""

import hashlib
import json
import re
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import assay
from assay.cli import app
from assay.engine.package_lock import installed_versions, locked_versions, read_lock, version_mismatches
from assay.engine.provenance import Ledger, write_stage
from assay.errors import EvidenceError, UsageError
from assay.report import write_report
from assay.report.release_approvals import ReleaseApprovals
from assay.workflows.release.report_pack import check_pack, make_pack
from report.record_fixture import record_released


@pytest.fixture(scope="module")
def packed(record_report, tmp_path_factory):
    """An inspection that holds a report at record level, and its pack."""
    folder = tmp_path_factory.mktemp("packed")
    ledger = Ledger(folder / "ledger.jsonl")

    def fill(folder):
        shutil.copytree(record_report.folder, folder, dirs_exist_ok=True)

    write_stage(folder, "report", fill=fill, rows_in=0, rows_out=0, ledger=ledger)
    return SimpleNamespace(
        folder=folder, pack=folder.with_name("one.zip"), made=make_pack(folder, folder.with_name("one.zip"))
    )


def changed(pack, target, change):
    """The pack with some of its files changed: {name: new bytes, or None where it is taken out}."""
    with zipfile.ZipFile(pack) as old, zipfile.ZipFile(target, "w") as new:
        content_by_name = {name: old.read(name) for name in old.namelist()} | change
        for name, content in content_by_name.items():
            if content is not None:
                new.writestr(name, content)
    return target


def relisted(pack, target, name, content):
    """As whoever changes a file and corrects the manifest as well would leave it."""
    with zipfile.ZipFile(pack) as old:
        listed = json.loads(old.read("manifest.json"))
    listed[name] = hashlib.sha256(content).hexdigest()
    return changed(pack, target, {name: content, "manifest.json": json.dumps(listed).encode()})


def test_a_pack_that_nobody_touched_verifies_without_the_inspection(packed):
    assert check_pack(packed.pack) == []


def test_packed_twice_the_bytes_are_the_same(packed):
    second_pack = make_pack(packed.folder, packed.folder.with_name("two.zip"))
    assert second_pack.content == packed.made.content
    assert second_pack.pack.read_bytes() == packed.pack.read_bytes()


def test_it_holds_the_report_the_figures_the_rules_and_the_versions_and_no_ledger(packed):
    with zipfile.ZipFile(packed.pack) as opened:
        names = set(opened.namelist())
        about_data = json.loads(opened.read("about.json"))
        locked = opened.read("lock/run.txt").decode()
    assert {"report/index.html", "report/figures/ladders.csv", "report/figures/public-receipt.json"} <= names
    assert {"method/tables.toml", "method/suppression-policy-records.toml", "method/equalities.toml"} <= names
    assert not [name for name in names if "ledger" in name or name.endswith("/receipt.json")]
    assert about_data["version"] == assay.__version__
    assert locked == (Path(__file__).parents[2] / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert "--hash=sha256:" in locked
    assert about_data["waiting"] == []


def test_what_was_installed_otherwise_than_it_was_locked_is_named():
    text = read_lock().decode()
    versions_here = installed_versions()
    assert {"duckdb", "polars", "typst"} <= set(versions_here)
    assert {"pytest", "assay"} & set(versions_here) == set()
    assert version_mismatches(text) == {}
    other = re.sub(r"^duckdb==\S+", "duckdb==0.0.1", text, flags=re.M)
    assert version_mismatches(other) == {"duckdb": versions_here["duckdb"]}


def test_a_pin_that_holds_for_another_python_or_system_is_not_asked_here():
    locked = locked_versions("numpy==1 ; python_version < '3' \\\n    --hash=sha256:aa\nnumpy==2 ; python_version >= '3' \\\n"
                "    --hash=sha256:bb\ncolorama==3 ; sys_platform == 'win32' \\\n    --hash=sha256:cc\n")  # fmt: skip
    assert locked == {"numpy": "2"}


@pytest.fixture(scope="module")
def partly(tmp_path_factory):
    """An inspection in whose report the pages of two forces wait for their yes."""
    folder = tmp_path_factory.mktemp("partly-packed")

    def fill(folder):
        write_report(record_released(), folder, approvals=ReleaseApprovals(withheld=frozenset({"INV01", "INV02"})))

    write_stage(folder, "report", fill=fill, rows_in=0, rows_out=0, ledger=Ledger(folder / "ledger.jsonl"))
    return folder


def test_nothing_is_packed_while_a_page_waits_for_a_named_yes(partly, tmp_path):
    with pytest.raises(UsageError, match=r"Alderwick \(invented\) and Brackenshire \(invented\)"):
        make_pack(partly, tmp_path / "x.zip")
    assert not (tmp_path / "x.zip").exists()


def test_a_pack_that_is_asked_for_although_pages_wait_says_whose_and_does_not_hold_them(partly, tmp_path):
    pack_made = make_pack(partly, tmp_path / "x.zip", although_waiting=True)
    assert pack_made.waiting == ("Alderwick (invented)", "Brackenshire (invented)")
    assert "the pages of Alderwick (invented) and Brackenshire (invented)" in pack_made.summary_lines()[0]
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        assert json.loads(opened.read("about.json"))["waiting"] == list(pack_made.waiting)
        assert "told-of-arrest" not in opened.read("report/forces/alderwick.html").decode()
    assert check_pack(tmp_path / "x.zip") == []


def test_a_figure_that_was_changed_is_named_even_where_the_manifest_was_corrected(packed, tmp_path):
    with zipfile.ZipFile(packed.pack) as opened:
        figures = opened.read("report/figures/ladders.json")
    other = figures.replace(b'"told_of_arrest"', b'"told_of_arres"', 1)
    assert other != figures
    name = "report/figures/ladders.json"
    assert check_pack(changed(packed.pack, tmp_path / "a.zip", {name: other}))[0].startswith(f"{name} differs")
    found = check_pack(relisted(packed.pack, tmp_path / "b.zip", name, other))
    assert found[0] == f"{name} does not hold the figures that its receipt speaks of."


def test_a_page_that_is_gone_and_one_that_was_added_are_named(packed, tmp_path):
    found = check_pack(changed(packed.pack, tmp_path / "c.zip", {"report/index.html": None, "report/more.html": b"x"}))
    assert found == [
        "report/index.html is missing; the manifest lists it.",
        "report/more.html is not in the manifest: who put it there?",
    ]


def test_what_is_no_pack_is_refused(tmp_path):
    (tmp_path / "x.zip").write_text("x")
    with pytest.raises(EvidenceError, match="is not a pack"):
        check_pack(tmp_path / "x.zip")


def test_nothing_is_packed_before_there_is_a_report_or_where_something_differs(packed, tmp_path):
    with pytest.raises(UsageError, match="holds no report yet"):
        make_pack(tmp_path, tmp_path / "x.zip")
    shutil.copytree(packed.folder, tmp_path / "touched")
    (tmp_path / "touched" / "report" / "style.css").write_text("x")
    with pytest.raises(EvidenceError, match="does not verify"):
        make_pack(tmp_path / "touched", tmp_path / "x.zip")


def test_the_command_verifies_a_pack_and_says_so(packed, tmp_path):
    ran = CliRunner().invoke(app, ["inspect", "verify", str(packed.pack)])
    evidence_keys = "no suppressed count can be computed from the sums listed in method/"
    assert (ran.exit_code, evidence_keys in ran.output.replace("\n", " ")) == (0, True)
    bad = changed(packed.pack, tmp_path / "d.zip", {"report/style.css": b"x"})
    assert CliRunner().invoke(app, ["inspect", "verify", str(bad)]).exit_code == 5


def test_no_file_of_a_report_holds_an_identity_or_a_reference_of_a_record(packed):
    # What tells who a person or a record is has these shapes in the synthetic returns; the released tables have none.
    shapes = re.compile(rb"\b(?:07\d{3} ?\d{6}|[\w.]+@example\.(?:org|com)|INV\d\d/(?:C|V|S|P)\d{3,})\b")
    with zipfile.ZipFile(packed.pack) as opened:
        texts = {name: opened.read(name) for name in opened.namelist()}
    assert [name for name, text in texts.items() if shapes.search(text)] == []
    assert shapes.search(b"call 07700 900123")
