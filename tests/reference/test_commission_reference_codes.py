"""Do our code lists say what the lists of reference say?"""

import csv

import pytest

from assay import reference as commission
from reference_data import reference

pytestmark = pytest.mark.quick


def told(name):
    with reference(f"standards/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.reference
def test_every_offence_is_against_a_child_by_the_same_rule():
    ours = {one.code: (one.child_by_definition, one.analysis_family) for one in commission.child_offences()}
    theirs = {row["code"]: (row["child_by_definition"], row["analysis_family"]) for row in told("offence_codes")}
    assert ours == theirs


@pytest.mark.reference
def test_every_ethnicity_code_of_every_scheme_is_here():
    groups = ("GROUP", "IC GROUP")
    ours = {(code.scheme, code.code, code.evidence) for code in commission.ethnicities() if code.scheme not in groups}
    assert ours == {(row["scheme"], row["code"], row["evidence"]) for row in told("ethnicity_codes")}


@pytest.mark.reference
def test_every_order_acts_on_whom_the_reference_says():
    ours = {one.code: (one.kind, one.acts_on, one.evidence) for one in commission.orders()}
    theirs = {row["code"]: (row["kind"], row["acts_on"], row["evidence"]) for row in told("disruption_orders")}
    assert ours == theirs


@pytest.mark.reference
def test_every_tool_is_here_and_a_judgement_without_one_besides():
    ours = {one.tool: one.evidence for one in commission.risk_tools()}
    assert ours.pop("NO_TOOL") == "none"
    assert ours == {row["tool"]: row["evidence"] for row in told("risk_tools")}


@pytest.mark.reference
def test_every_outcome_of_a_return_says_the_same_of_suspect_and_charge():
    as_said = {"Y": True, "N": False, "": None}
    ours = {code: (one.suspect_identified, one.charged) for code, one in commission.outcome_families().items()}
    theirs = {row["code"]: (as_said[row["suspect_identified"]], row["charged"] == "Y") for row in told("outcome_codes")}
    assert ours == theirs
