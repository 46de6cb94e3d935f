"""What was asked, of whom, and for which days?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay import reference
from assay.errors import DefinitionError, SourceError, UnknownForce

pytestmark = pytest.mark.quick

REQUEST_TEXT = """
format_version = 1

[request]
key = "TRIAL-2026"
title = "A trial"
period_from = 2026-04-01
period_to = "2026-07-01"
history_from = 2024-04-01
group_history = true
register = "invented"

[[bodies]]
code = "INV01"
name = "Northmoor"
slug = "northmoor"
kind = "territorial"
country = "England"
children = 1000

[[bodies]]
code = "INV44"
name = "Synthetic railways"
slug = "railways"
kind = "transport"
country = ""
"""


def write_request(tmp_path, text):
    path = tmp_path / "request.toml"
    path.write_text(text, encoding="utf-8")
    return path


def read_request_text(tmp_path, text=REQUEST_TEXT):
    return reference.read_request(write_request(tmp_path, text))


def test_a_request_is_read_with_its_own_organisations(tmp_path):
    request = read_request_text(tmp_path)
    assert (request.period_from, request.period_to) == (date(2026, 4, 1), date(2026, 7, 1))
    assert (request.history_from, request.group_history) == (date(2024, 4, 1), True)
    assert request.organisations["INV01"].children == 1000
    assert request.organisations["INV44"].children is None
    assert list(request.organisations) == ["INV01", "INV44"]


def test_a_request_goes_through_toml_and_comes_back_the_same(tmp_path):
    request = read_request_text(tmp_path)
    assert read_request_text(tmp_path, request.to_toml()) == request


def test_a_real_request_names_no_organisations_and_asks_all_in_the_register(tmp_path):
    text = '[request]\nkey = "R1"\ntitle = "Real"\nperiod_from = 2025-04-01\nperiod_to = 2026-04-01\n'
    request = read_request_text(tmp_path, text)
    assert (request.register, len(request.organisations)) == ("real", 55)
    assert request.history_from == request.period_from
    assert "bodies" not in request.to_toml()
    assert read_request_text(tmp_path, request.to_toml()) == request


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.booleans())
def test_any_title_survives_toml(title, group_history):
    import tomllib

    listed = reference.Organisation("INV01", title, "a", "territorial", "England")
    request = reference.DataRequest(
        "K", title, date(2025, 1, 1), date(2025, 2, 1), date(2025, 1, 1), group_history, "invented", {"INV01": listed}
    )
    parsed = tomllib.loads(request.to_toml())
    assert parsed["request"]["title"] == parsed["bodies"][0]["name"] == title
    assert parsed["request"]["group_history"] is group_history


def test_a_body_that_was_not_asked_is_refused_with_near_names(tmp_path):
    with pytest.raises(UnknownForce, match="INV01"):
        read_request_text(tmp_path).organisation("INV02")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2026-04-01", "2026-08-01", "period"),
        ("history_from = 2024-04-01", "history_from = 2026-04-02", "history"),
        ('"2026-07-01"', '"July"', "period_to must be a day"),
        ('"2026-07-01"', "2026-07-01T00:00:00", "period_to must be a day"),
        ('register = "invented"', 'register = "pretend"', "must be 'real' or"),
        ('register = "invented"', 'register = "real"', "Remove the sections"),
        ('code = "INV01"', 'code = "E23000001"', "INV01 to INV99"),
        ('code = "INV44"', 'code = "INV01"', "have the same code"),
        ('kind = "transport"', 'kind = "ferry"', "kind"),
        ("children = 1000", 'children = "many"', "whole number"),
        ("children = 1000", "children = true", "whole number"),
        ("children = 1000", "dogs = 7", "unknown key"),
        ('slug = "northmoor"', "", "slug must be text"),
        ("group_history = true", 'group_history = "yes"', "true or false"),
        ("group_history", "grouphistory", "does not know: grouphistory"),
        ('key = "TRIAL-2026"', 'key = " "', "needs a key"),
        ('key = "TRIAL-2026"', "key = 7", "key must be there"),
        ("[request]", "[asked]", r"no section \[request\]"),
        ("[request]", "[request", "cannot be read as TOML"),
    ],
)
def test_a_request_out_of_shape_is_refused_with_what_to_correct(tmp_path, old, new, message):
    text = REQUEST_TEXT.replace(old, new, 1)
    assert text != REQUEST_TEXT
    with pytest.raises(SourceError, match=message):
        read_request_text(tmp_path, text)


def test_a_missing_file_is_a_letter_and_not_a_crash(tmp_path):
    with pytest.raises(SourceError, match=r"nothing\.toml does not exist\. Give the path of the request\."):
        reference.read_request(tmp_path / "nothing.toml")


def test_a_synthetic_request_that_asks_nobody_is_refused(tmp_path):
    request = read_request_text(tmp_path)
    with pytest.raises(DefinitionError, match="names no organisation"):
        replace(request, organisations={})
