"""Are our code lists equal to the reference lists?"""

import csv

import pytest

from assay import reference as commission
from reference_data import reference

pytestmark = pytest.mark.quick


def reference_rows(name):
    with reference(f"standards/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.reference
def test_every_offence_is_against_a_child_by_the_same_rule():
    code_list = {code.code: (code.child_by_definition, code.analysis_family) for code in commission.child_offences()}
    reference_list = {
        row["code"]: (row["child_by_definition"], row["analysis_family"]) for row in reference_rows("offence_codes")
    }
    assert code_list == reference_list


@pytest.mark.reference
def test_every_ethnicity_code_of_every_scheme_is_here():
    groups = ("GROUP", "IC GROUP")
    code_list = {
        (code.scheme, code.code, code.evidence) for code in commission.ethnicities() if code.scheme not in groups
    }
    assert code_list == {(row["scheme"], row["code"], row["evidence"]) for row in reference_rows("ethnicity_codes")}


@pytest.mark.reference
def test_every_order_acts_on_whom_the_reference_says():
    code_list = {code.code: (code.kind, code.acts_on) for code in commission.orders()}
    assert code_list == {row["code"]: (row["kind"], row["acts_on"]) for row in reference_rows("disruption_orders")}


@pytest.mark.reference
def test_an_order_read_in_guidance_without_an_address_counts_as_read_in_a_copy():
    code_list = {code.code: code.evidence for code in commission.orders()}
    for row in reference_rows("disruption_orders"):
        has_no_page = row["source"].startswith("safeguardingni.org")
        assert code_list[row["code"]] == ("seen-secondary" if has_no_page else row["evidence"]), row["code"]


@pytest.mark.reference
def test_every_tool_is_here_and_a_judgement_without_one_besides():
    code_list = {code.tool: code.evidence for code in commission.risk_tools()}
    assert code_list.pop("NO_TOOL") == "none"
    assert code_list == {row["tool"]: row["evidence"] for row in reference_rows("risk_tools")}


@pytest.mark.reference
def test_every_outcome_of_a_return_says_the_same_of_suspect_and_charge():
    flag_values = {"Y": True, "N": False, "": None}
    code_list = {
        code: (outcome.suspect_identified, outcome.charged) for code, outcome in commission.outcome_families().items()
    }
    reference_list = {
        row["code"]: (flag_values[row["suspect_identified"]], row["charged"] == "Y")
        for row in reference_rows("outcome_codes")
    }
    # Outcome 23 is of 2026, and later than the list.
    assert code_list.pop("23") == (True, False)
    assert code_list == reference_list
