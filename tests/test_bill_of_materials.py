"""Does the bill of materials list every package in the standard form?"""

import importlib.util
import json
import re
import subprocess
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WEAK = "Found 2 known vulnerabilities in 1 package"
UNKNOWN = "polars  Dependency not found and could not be audited: polars"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("bill_of_materials", ROOT / "scripts" / "bill_of_materials.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bill(script):
    return script.bill("run")


def test_every_package_that_is_pinned_is_in_the_bill_with_its_version_and_hashes(bill):
    pinned = set(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / "requirements" / "run.txt").read_text(), re.M))
    assert {(component["name"], component["version"]) for component in bill["components"]} == pinned
    assert all(component["properties"] for component in bill["components"])
    assert len(pinned) > 30


def test_the_bill_has_the_form_that_others_tools_read(bill):
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    refs = [component["bom-ref"] for component in bill["components"]]
    assert len(set(refs)) == len(refs)
    assert bill["dependencies"] == [{"ref": "assay", "dependsOn": refs}]
    assert all(component["purl"].startswith("pkg:pypi/") for component in bill["components"])


def test_the_licence_of_every_package_that_is_installed_here_is_told(bill):
    licences = {component["name"]: component["licenses"][0]["license"]["name"] for component in bill["components"]}
    assert licences["polars"] == "MIT" or "MIT" in licences["polars"]
    assert [name for name, licence in licences.items() if licence == "not stated"] == []


def test_a_package_that_states_no_licence_is_listed_without_one_and_without_a_warning(script, tmp_path, monkeypatch):
    metadata_path = tmp_path / "pencil-1.0.dist-info" / "METADATA"
    metadata_path.parent.mkdir()
    metadata_path.write_text("Metadata-Version: 2.1\nName: pencil\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (listed,) = script.components("pencil==1.0")
    assert listed["licenses"] == [{"license": {"name": "not stated"}}]


def test_the_same_pins_give_the_same_bill(bill):
    text = json.dumps(bill)
    assert not re.search(r"20\d\d-\d\d-\d\dT", text)
    assert str(ROOT) not in text


@pytest.mark.parametrize(
    ("licence_field", "code", "expected"),
    [(WEAK, 1, 1), ("no connection", 1, 3), (UNKNOWN, 0, 3), ("No known vulnerabilities found", 0, 0)],
)
def test_an_audit_says_what_it_could_not_find_out(tmp_path, licence_field, code, expected):
    (tmp_path / "scripts").mkdir()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    script = tmp_path / "scripts" / "audit.sh"
    script.write_text((ROOT / "scripts" / "audit.sh").read_text())
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\necho '{licence_field}'\nexit {code}\n")
    python.chmod(0o755)
    assert subprocess.run(["sh", str(script)], capture_output=True, check=False).returncode == expected
