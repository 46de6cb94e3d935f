"""What is declared of a table: who, for what, on which basis, in whose hands, until when?"""

import dataclasses
import datetime as dt

import pytest

from assay.errors import SourceError
from assay.reference.processing_declarations import Declaration, declarations_text, read_declarations

pytestmark = pytest.mark.quick

CRIMES = Declaration(
    table="crimes",
    in_scope="crimes of the request's scope",
    window="history",
    purposes=("facts",),
    legal_basis='As advised on 3 March: "section 54".',
    holder="Data officer of the inspectorate",
    used_until=dt.date(2028, 3, 31),
    destroy_by=dt.date(2028, 6, 30),
)
WHOLE = """[declared.crimes]
in_scope = "crimes"
window = "period"
purposes = ["facts"]
legal_basis = "advised"
holder = "the holder"
used_until = 2028-03-31
destroy_by = 2028-06-30
"""


def read(tmp_path, text):
    path = tmp_path / "inspection.toml"
    path.write_text(text, encoding="utf-8")
    return read_declarations(path)


def test_declarations_go_through_toml_and_come_back_the_same(tmp_path):
    tables_declared = {name: dataclasses.replace(CRIMES, table=name) for name in ("crimes", "identities")}
    assert dict(read(tmp_path, declarations_text(tables_declared))) == tables_declared


def test_a_declaration_that_says_everything_has_no_error():
    assert CRIMES.errors() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"legal_basis": " "}, "legal_basis is empty"),
        ({"holder": ""}, "holder is empty"),
        ({"in_scope": ""}, "in_scope is empty"),
        ({"window": "always"}, "window is one of"),
        ({"purposes": ()}, "purposes is a list"),
        ({"purposes": ("curiosity",)}, "purposes is a list"),
        ({"used_until": dt.date(2028, 7, 1)}, "used_until is after destroy_by"),
    ],
)
def test_what_a_declaration_leaves_open_is_said(change, expected):
    assert [expected in error for error in dataclasses.replace(CRIMES, **change).errors()] == [True]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("destroy_by = 2028-06-30", "destroy_by must be a day without quotes"),
        ('destroy_by = "2028-06-30"', "destroy_by must be a day without quotes"),
        ("holder = 3", "holder must be text"),
        ('purposes = "facts"', "purposes is a list of words"),
        ('reader = "anybody"', "not known: reader"),
    ],
)
def test_a_section_out_of_form_is_told_with_its_key(tmp_path, line, expected):
    key = line.split(" ")[0]
    lines = [line for line in WHOLE.splitlines() if not line.startswith(f"{key} ")]
    wrong = [] if line == "destroy_by = 2028-06-30" else [line]
    with pytest.raises(SourceError, match=expected):
        read(tmp_path, "\n".join([*lines, *wrong]))


def test_a_file_without_declarations_declares_nothing(tmp_path):
    assert dict(read(tmp_path, "[request]\n")) == {}
