"""Can a version be released: equal builds, workflows that run the project's own check, containers without records?"""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent


def settings(name: str) -> dict:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [ROOT / "scripts" / "build_release.sh", folder, sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_two_builds_of_one_commit_are_equal_and_their_hashes_are_written(built):
    lines = (built / "SHA256SUMS").read_text().splitlines()
    hashes = {line.split()[1]: line.split()[0] for line in lines}
    archives = [path for path in built.iterdir() if path.name.startswith("assay-")]
    assert len(archives) == 2
    assert hashes == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in archives}


def test_the_source_archive_holds_code_and_licence_and_no_environment(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"LICENSE", "pyproject.toml", "src/assay/__init__.py"} <= names
    assert not any(name.startswith((".venv", "demo", "site")) for name in names)


def test_the_release_notes_are_the_newest_section_of_the_list_of_changes(built):
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    notes = (built / "release-notes.md").read_text(encoding="utf-8")
    words_of_links = re.sub(r"\[(.*?)\]\(.*?\.md\)", r'"\1"', newest.split("\n", 1)[1])
    assert notes.strip() == words_of_links.strip()
    assert "](docs/" not in notes


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_a_build_without_a_packager_says_so_and_leaves_nothing(tmp_path):
    command = [ROOT / "scripts" / "build_release.sh", tmp_path / "dist", "/nowhere/python"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert list((tmp_path / "dist").iterdir()) == []


def test_the_workflow_runs_the_check_that_maintainers_run():
    steps = settings(".github/workflows/check.yml")["jobs"]["check"]["steps"]
    assert any(".ci/run" in step.get("run", "") for step in steps)
    assert settings(".github/workflows/check.yml")["permissions"] == {"contents": "read"}


def test_only_the_proxy_of_the_workbench_is_reachable_from_outside():
    compose = settings("compose.yaml")
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    assert [name for name, service in compose["services"].items() if "outside" in service["networks"]] == ["proxy"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_no_password_stands_in_the_settings_of_the_containers():
    texts = (ROOT / "compose.yaml").read_text() + (ROOT / "Containerfile").read_text()
    assert "PASSWORD:" not in texts
    assert "PASSWORD_FILE: /run/secrets/" in texts


def test_the_image_is_built_from_pinned_packages_and_runs_without_rights():
    lines = (ROOT / "Containerfile").read_text().splitlines()
    assert any("--require-hashes" in line for line in lines)
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001"]


def test_no_folder_of_records_beside_the_code_reaches_an_image():
    copied = [
        line.split()[1:-1] for line in (ROOT / "Containerfile").read_text().splitlines() if line.startswith("COPY")
    ]
    assert [names for names in copied if names[0].startswith("--from")] == [["--from=build", "/opt/assay"]]
    permitted = {"requirements/server.txt", "pyproject.toml", "README.md", "LICENSE", "src"}
    assert {name for names in copied for name in names if not names[0].startswith("--from")} == permitted
    # Docker reads no `.containerignore`, and would send `inspection/` and `proxy/` to the build.
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_every_form_of_an_issue_warns_against_records_of_persons():
    defect = settings(".github/ISSUE_TEMPLATE/defect.yml")
    assert "Never paste a record" in defect["body"][0]["attributes"]["value"]
    assert settings(".github/ISSUE_TEMPLATE/config.yml")["blank_issues_enabled"] is False
