"""What public tables hold of the flag is said truly, from one home, wherever it is said."""

import re
from pathlib import Path

import pytest

from assay import reference
from assay.reference.published_flags import fill_placeholders

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parents[2]
SAID_IN = ("src", "docs", "README.md", "GLOSSARY.md", "CONTRIBUTING.md", "benchmarks", "scripts")
TEXTS = (".py", ".md", ".csv", ".toml", ".html", ".typ", ".txt", ".json", ".js")
AS_IT_WAS = ("docs/decisions", "docs/reference")
"""Decisions stay as they were written; the reference pages are made from the files that are read here."""
DENIED = re.compile(
    r"\b(?:no|not (?:in|on) any|never in a|nowhere in a) (?:\w+ )?(?:public|published|official) "
    r"(?:table|statistic|figure|data|source|series)s?\b([^.;|\"]{0,120})",
    re.IGNORECASE,
)
TRUE = "by force, quarter and offence carr"


def texts():
    for name in SAID_IN:
        path = ROOT / name
        for file_path in [path] if path.is_file() else sorted(path.rglob("*")):
            where = file_path.relative_to(ROOT).as_posix()
            if file_path.suffix in TEXTS and "__pycache__" not in where and not where.startswith(AS_IT_WAS):
                yield where, " ".join(file_path.read_text("utf-8").split())


def false_statements(text):
    """Statements that no public table has the flag, or counts exploitation, without the three that are true of it."""
    return [
        found[0]
        for found in DENIED.finditer(text)
        if re.search(r"flag|exploitation|\bit\b", found[1])
        and "by offence carries" not in found[0]
        and TRUE not in found[0]
    ]


def test_nothing_that_anybody_reads_says_that_no_public_table_carries_the_flag():
    wrong = {where: found for where, text in texts() if (found := false_statements(text))}
    assert wrong == {}


def test_the_search_finds_what_it_looks_for():
    assert false_statements("No public table carries the police flag for child sexual exploitation.")
    assert false_statements("It cannot be told: no published table carries the flag.")
    assert false_statements("Not a count of exploitation; no public table counts exploitation.")
    assert not false_statements(reference.NO_FLAG)


def test_the_sentence_stands_once_in_the_program():
    places_found = [where for where, text in texts() if reference.NO_FLAG in text and where.startswith("src/")]
    # The catalogue of Welsh texts has each sentence that it translates.
    assert places_found == ["src/assay/reference/published_flags.py", "src/assay/report/welsh.toml"]


def test_the_code_lists_hold_the_sentence_fill_placeholders():
    assert fill_placeholders("{NO_FLAG} More.") == f"{reference.NO_FLAG} More."
    assert reference.NO_FLAG in reference.definitions().get("FLAG_CSE").note
    assert reference.NO_FLAG in reference.offence_sets().get("csa11").cannot_tell
    assert not [row for rows in reference.code_lists().values() for row in rows if "{NO_FLAG}" in str(row)]
