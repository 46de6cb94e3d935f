"""What may be released, what may not, and can a `Released` be forged?"""

import copy
import dataclasses
import pickle

import pyarrow as pa
import pytest

from assay.errors import DisclosureError
from assay.sdc import Released, declared_tables, is_released, policy, release
from assay.sdc.release_checks import value_errors


def table(**columns):
    return pa.table(columns)


def quarterly(**changes):
    columns = {
        "place_code": ["E23000046", "E23000046"],
        "offence_key": ["71", "71"],
        "financial_year": ["2024/25", "2024/25"],
        "quarter": [2, 1],
        "offences": [7, None],
    }
    return pa.table({**columns, **changes})


def let_out(name="recorded_quarterly", candidate=None):
    return release({name: candidate or quarterly()}, policy=policy(), ledger_head="ab", edition="January 2026")


def test_published_counts_leave_as_they_are_in_the_order_of_their_key():
    rows = let_out().rows("recorded_quarterly")
    assert [(row["quarter"], row["offences"]) for row in rows] == [(1, None), (2, 7)]


def test_a_missing_count_stays_missing_and_is_not_zero():
    assert let_out().rows("recorded_quarterly")[0]["offences"] is None


def test_a_small_count_is_neither_suppressed_nor_rounded_since_it_is_already_public():
    published_policy = policy("already published")
    assert (published_policy.suppression, published_policy.rounding) == ("none", "none")
    assert let_out(candidate=quarterly(offences=[1, 2])).tables["recorded_quarterly"]["offences"].to_pylist() == [2, 1]


def test_not_a_number_leaves_as_missing():
    candidate = pa.table(
        {
            c.name: pa.array([1], pa.int64()) if c.kind in ("count", "whole") else ["x"]
            for c in declared_tables()["levels"].columns
            if c.kind != "number"
        }
    )
    for name in ("level", "level_low", "level_high"):
        candidate = candidate.append_column(name, pa.array([float("nan")]))
    with pytest.raises(DisclosureError, match="column 'level' has 1 empty cells"):
        let_out("levels", candidate)


def test_a_table_that_is_not_listed_is_refused_by_name():
    with pytest.raises(DisclosureError, match="Table 'crimes' is not in the closed list"):
        let_out("crimes")


def test_a_column_that_is_not_declared_is_refused_by_name():
    with pytest.raises(DisclosureError, match="a column 'officer' that is not declared"):
        let_out(candidate=quarterly(officer=["x", "y"]))


def test_a_missing_column_is_refused_by_name():
    with pytest.raises(DisclosureError, match="has no column 'offences'"):
        let_out(candidate=quarterly().drop_columns(["offences"]))


def test_text_in_a_column_of_counts_is_refused():
    with pytest.raises(DisclosureError, match="column 'offences' holds string, which is not the count"):
        let_out(candidate=quarterly(offences=["7", "8"]))


def test_half_an_offence_is_refused_as_a_count():
    with pytest.raises(DisclosureError, match="not the count that it declares"):
        let_out(candidate=quarterly(offences=[7.5, 1.0]))


def test_a_share_in_per_cent_is_refused():
    candidate = pa.table(
        {
            "place_code": ["EW"],
            "offence_key": ["71"],
            "financial_year": ["2024/25"],
            "outcome_family": ["charged"],
            "offences": [8],
            "share": [7.9],
        }
    )
    with pytest.raises(DisclosureError, match="Is it in per cent"):
        let_out("outcomes", candidate)


def test_a_value_outside_its_closed_list_is_refused_without_being_repeated():
    candidate = pa.table(
        {
            "place_code": ["EW"],
            "offence_key": ["71"],
            "financial_year": ["2024/25"],
            "outcome_family": ["told a neighbour"],
            "offences": [8],
            "share": [0.1],
        }
    )
    with pytest.raises(DisclosureError, match="not in its closed list") as refused:
        let_out("outcomes", candidate)
    assert "neighbour" not in str(refused.value)


@pytest.mark.parametrize("cell_text", ["call 01632 960 123", "name@example.org", "lives at ZZ1 1ZZ"])
def test_text_that_looks_like_a_persons_details_is_refused_and_never_repeated(cell_text):
    candidate = pa.table({"place_code": ["EW"], "offence_key": ["71"], "words": [cell_text]})
    with pytest.raises(DisclosureError, match="column 'words' holds text shaped like") as refused:
        let_out("process_control_statements", candidate)
    assert cell_text not in str(refused.value)


def test_text_longer_than_its_kind_is_refused():
    with pytest.raises(DisclosureError, match="longer than 200 characters"):
        let_out(candidate=quarterly(place_code=["x" * 201, "y"]))


def errors_of_hidden(hidden):
    """What is wrong with a row of waits that names these columns as empty, and holds nothing else."""
    form = declared_tables()["wait_medians_by_report"]
    key_values = {
        "wait": "report_to_charge",
        "place_code": "INV01",
        "when_reported": "not known",
        "suppressed_cells": hidden,
    }
    row = dict.fromkeys(form.schema.names) | key_values
    return [*value_errors(pa.Table.from_pylist([row], schema=form.schema), form, policy("record level"))]


def test_a_row_may_name_all_its_columns_as_empty_and_no_longer_text():
    all_reasons = " ".join(
        f"secondary:{column.name}" for column in declared_tables()["wait_medians_by_report"].columns if column.protect
    )
    assert len(all_reasons) > 200
    assert errors_of_hidden(all_reasons) == []
    (error,) = errors_of_hidden(all_reasons + "x" * 200)
    assert "holds a text longer than" in error


def test_a_line_break_in_a_code_is_refused():
    with pytest.raises(DisclosureError, match="line break"):
        let_out(candidate=quarterly(place_code=["a\nb", "y"]))


def test_nothing_leaves_when_one_table_of_two_is_refused():
    with pytest.raises(DisclosureError, match=r"^Nothing was released"):
        release({"recorded_quarterly": quarterly(), "crimes": quarterly()}, policy=policy(), ledger_head="", edition="")


def test_all_errors_come_in_one_letter():
    with pytest.raises(DisclosureError) as refused:
        let_out(candidate=quarterly(officer=["x", "y"]).drop_columns(["quarter"]))
    assert len(str(refused.value).splitlines()) == 3


def test_an_unknown_policy_is_refused_and_the_known_one_is_named():
    with pytest.raises(DisclosureError, match="'already published'"):
        policy("anything goes")


def test_a_released_cannot_be_built_by_hand():
    with pytest.raises(DisclosureError, match=r"made by disclosure\.release\(\) alone"):
        Released()
    with pytest.raises(DisclosureError):
        Released(object(), _tables={})


def test_a_released_cannot_be_copied_pickled_or_replaced():
    candidate = let_out()
    for forge in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(DisclosureError):
            forge(candidate)
    with pytest.raises((DisclosureError, TypeError)):
        dataclasses.replace(candidate, _edition="another")


def test_a_released_cannot_be_changed_or_subclassed():
    candidate = let_out()
    with pytest.raises(DisclosureError):
        candidate.edition = "another"
    with pytest.raises(DisclosureError):
        del candidate._tables
    with pytest.raises(TypeError):
        candidate.tables["recorded"] = quarterly()
    with pytest.raises(DisclosureError):
        type("Forged", (Released,), {})


def test_an_empty_shell_is_not_released():
    assert not is_released(object.__new__(Released))
    assert is_released(let_out())


def test_the_public_receipt_names_each_table_with_its_hash_and_changes_with_one_count():
    first, second = let_out().public_receipt, let_out(candidate=quarterly(offences=[8, None])).public_receipt
    assert first["tables"]["recorded_quarterly"]["rows"] == 2
    assert first["receipt_sha256"] != second["receipt_sha256"]
    assert first["receipt_sha256"] == let_out(candidate=quarterly().take([1, 0])).public_receipt["receipt_sha256"]


def test_every_declared_column_has_a_meaning_and_every_number_a_unit():
    for form in declared_tables().values():
        assert set(form.key) <= {column.name for column in form.columns}
        for column in form.columns:
            assert column.meaning
            if column.kind in ("count", "number", "share"):
                assert column.unit, (form.name, column.name)
