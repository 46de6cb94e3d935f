"""Does the wheel contain the whole program, and work without Django?"""

import os
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
ONLY_IN_THE_EXTRA = ("django", "django-axes", "django-htmx", "django-otp", "gunicorn")
WITHOUT_DJANGO = """
import sys
from importlib.machinery import PathFinder
found = PathFinder.find_spec
missing = ("django", "axes", "django_htmx", "django_otp", "gunicorn")
PathFinder.find_spec = lambda name, *rest: None if name.partition(".")[0] in missing else found(name, *rest)
from assay.cli import main
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--wheel-dir", str(folder), "--quiet"]
    subprocess.run([*build, "--no-deps", "--no-build-isolation", "--disable-pip-version-check"], check=True)
    return next(folder.glob("assay-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    zipfile.ZipFile(wheel).extractall(folder)
    return folder


def run_without_django(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", WITHOUT_DJANGO, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_every_file_of_the_program_is_in_the_wheel(wheel):
    in_wheel = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("assay/")}
    listed = subprocess.run(["git", "ls-files", "src/assay"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {path.removeprefix("src/") for path in listed.stdout.split()} <= in_wheel


def test_only_the_extra_for_the_workbench_needs_django(wheel):
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    needed = Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist")
    for package in ONLY_IN_THE_EXTRA:
        lines = [Requirement(line) for line in needed if Requirement(line).name == package]
        assert lines
        assert not any(line.marker is None or line.marker.evaluate({"extra": ""}) for line in lines)


def test_the_installed_wheel_answers_a_claim_without_django(installed, tmp_path):
    claim = (
        "look",
        "claim",
        "recorded offences fell by 9%",
        "--series",
        "csa11",
        "--from",
        "2021/22",
        "--to",
        "2024/25",
    )
    done = run_without_django(installed, tmp_path, *claim)
    assert done.returncode in (0, 7), done.stderr
    assert "2024/25" in done.stdout


def test_the_workbench_without_django_says_what_to_install(installed, tmp_path):
    done = run_without_django(installed, tmp_path, "workbench", "practice")
    assert done.returncode == 2
    assert "pip install 'assay[workbench]'" in done.stderr
    assert not (tmp_path / "practice").exists()
