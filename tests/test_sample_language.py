"""`scripts/sample_language.py` draws texts of the project at random, for a reader to judge."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def load_script():
    path = ROOT / "scripts" / "sample_language.py"
    spec = importlib.util.spec_from_file_location("sample_language", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


script = load_script()

MODULE = '''"""Count rows.

More about it.
"""


class Counter:
    """Counts rows of
    one table."""

    def add(self):
        """Add a row."""

        def inner():
            """Not public."""

    def _reset(self):
        """Not public."""


def undocumented():
    pass
'''


@pytest.fixture
def project(tmp_path):
    """A project with two modules, two pages, two decisions and two commits."""
    files = {
        "src/assay/counter.py": MODULE,
        "src/assay/bare.py": "",
        "README.md": "# Assay\n\n![A picture](picture.png)\n\nInspects\nforces.\n\nSecond paragraph.",
        "CHANGELOG.md": "# Changelog\n\nNot sampled.",
        "docs/decisions/README.md": "# Decisions\n\nNot sampled.",
        "docs/decisions/0001-a.md": "# 0001 Choose A\n\n**Need.** B.",
        "docs/decisions/0002-b.md": "# 0002 Choose B\n",
        "docs/how-to/install.md": "# Install\n\n```console\npip install\n```\n\nType this.",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for subject in ("Add the counter", "Count rows twice"):
        command = ["git", *identity, "commit", "--quiet", "--allow-empty", "-m", f"{subject}\n\nA body."]
        subprocess.run(command, cwd=tmp_path, check=True)
    return tmp_path


def texts(items):
    return sorted(item.text for item in items)


def test_the_first_paragraph_of_each_module_is_an_item_and_a_missing_one_is_shown(project):
    assert texts(script.module_first_lines(project)) == ["(no docstring)", "Count rows."]


def test_only_public_docstrings_are_items(project):
    items = list(script.public_docstrings(project))
    assert texts(items) == ["Add a row.", "Counts rows of one table."]
    assert [item.place for item in items] == ["src/assay/counter.py:7 Counter", "src/assay/counter.py:11 Counter.add"]


def test_a_page_opens_with_its_title_and_its_first_paragraph_in_words(project):
    assert texts(script.page_openings(project)) == ["**Assay** Inspects forces.", "**Install** Type this."]


def test_titles_of_decisions_and_subjects_of_commits_are_items(project):
    assert texts(script.decision_titles(project)) == ["0001 Choose A", "0002 Choose B"]
    assert texts(script.commit_subjects(project)) == ["Add the counter", "Count rows twice"]


def test_a_sample_has_no_item_twice_and_is_drawn_by_its_seed():
    numbers = script.Population("Numbers", 10, lambda root: (script.Item(f"{n:03}", "") for n in range(100)))
    first, second = numbers.draw(ROOT, 1), numbers.draw(ROOT, 2)
    assert len(set(first)) == 10
    assert first == numbers.draw(ROOT, 1) == sorted(first, key=lambda item: item.place)
    assert first != second


def test_the_sheet_numbers_the_items_and_says_how_many_should_be_clear(project):
    text = script.sheet(project, 7)
    assert text.count("## ") == 5
    assert "## Titles of decisions\n\n2 of 2 should be clear.\n\n1. [ ] 0001 Choose A" in text


def test_the_samples_have_the_sizes_of_the_first_measurement():
    assert [population.size for population in script.POPULATIONS] == [60, 120, 30, 25, 55]
