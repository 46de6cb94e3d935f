"""Do our code lists say what the lists of reference say?"""

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
    own_codes = {
        child_offence.code: (child_offence.child_by_definition, child_offence.analysis_family)
        for child_offence in commission.child_offences()
    }
    reference_codes = {
        row["code"]: (row["child_by_definition"], row["analysis_family"]) for row in reference_rows("offence_codes")
    }
    assert own_codes == reference_codes


@pytest.mark.reference
def test_every_ethnicity_code_of_every_scheme_is_here():
    own_codes = {(ethnicity.scheme, ethnicity.code, ethnicity.evidence) for ethnicity in commission.ethnicities()}
    assert own_codes == {(row["scheme"], row["code"], row["evidence"]) for row in reference_rows("ethnicity_codes")}


@pytest.mark.reference
def test_every_order_acts_on_whom_the_reference_says():
    own_codes = {order.code: (order.kind, order.acts_on, order.evidence) for order in commission.orders()}
    reference_codes = {
        row["code"]: (row["kind"], row["acts_on"], row["evidence"]) for row in reference_rows("disruption_orders")
    }
    assert own_codes == reference_codes


@pytest.mark.reference
def test_every_tool_is_here_and_a_judgement_without_one_besides():
    own_codes = {risk_tool.tool: risk_tool.evidence for risk_tool in commission.risk_tools()}
    assert own_codes.pop("NO_TOOL") == "none"
    assert own_codes == {row["tool"]: row["evidence"] for row in reference_rows("risk_tools")}


@pytest.mark.reference
def test_every_outcome_of_a_return_says_the_same_of_suspect_and_charge():
    as_said = {"Y": True, "N": False, "": None}
    own_codes = {
        code: (outcome_family.suspect_identified, outcome_family.charged)
        for code, outcome_family in commission.outcome_families().items()
    }
    reference_codes = {
        row["code"]: (as_said[row["suspect_identified"]], row["charged"] == "Y")
        for row in reference_rows("outcome_codes")
    }
    assert own_codes == reference_codes
