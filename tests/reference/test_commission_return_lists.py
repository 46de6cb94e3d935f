"""Which values may a coded cell of a return hold?"""

import re
from collections import Counter

import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.reference.child_offences import BY_DEFINITION, OFFENCE_FAMILIES
from reference_data import ROOT

pytestmark = pytest.mark.quick

VALUES = reference.list_values
LISTS_OF_THE_CONTRACT = {
    "force_code", "scope_reason", "source", "report_result", "cancel_ground", "cocad_category", "team_kind",
    "involvement_role", "suspect_known_as", "sex", "missing_reason", "care_status", "relationship", "flag",
    "flag_removed_reason", "role", "missing_grade", "tier", "harm_finding", "item_present", "agency_kind",
    "referral_decision", "referral_reason", "entry_type", "text_form", "register_kind", "register_reason_ended",
    "item_kind", "link_kind", "group_kind", "profile_source", "claim_status", "partner_list", "approach_kind",
    "court_stage", "court_result", "subject_kind", "mark_answer", "reported_kind", "channel", "agreed_interval",
    "vrr_result", "wcu_subject", "plan_step", "review_reason", "line_of_enquiry", "line_result",
    "identification_means", "interview_setting", "bail_conditions", "bail_change", "submission", "triage",
    "charge_decision", "charge_means", "consideration", "indicator", "strategy_result", "outcome_code",
}  # fmt: skip


def test_every_closed_list_of_the_contract_is_here():
    assert set(reference.return_lists()) >= LISTS_OF_THE_CONTRACT


def test_no_list_is_empty_or_holds_a_value_twice():
    for name, values in reference.return_lists().items():
        assert values, name
        assert len({value.casefold() for value, _ in values}) == len(values), name


def test_some_lists_worked_out_by_hand():
    assert VALUES("tier") == ("none", "low", "medium", "high", "very_high")
    assert VALUES("sex") == ("F", "M", "O")
    assert VALUES("missing_reason") == ("NOT_ASKED", "REFUSED", "NOT_UNDERSTOOD", "SYSTEM", "NOT_MET")
    assert VALUES("item_present") == ("no", "yes", "last_6_months", "6_to_12_months", "both")
    assert VALUES("assessment_item_kind") == ("vulnerability", "moderate", "significant", "other")
    assert VALUES("item_kind")[:2] == ("phone", "computer")
    assert len(VALUES("role")) == 30


def test_a_meaning_is_told_where_the_value_does_not_tell_it():
    meaning = dict(reference.return_lists()["suspect_known_as"])
    assert meaning["described"] == "a description or part of an identity"
    assert dict(reference.return_lists()["referral_decision"])["positive_decision"] == "for nrm and nrm_devolved"


def test_a_force_code_is_a_force_a_unit_or_a_synthetic_one_and_never_a_fraud_body():
    codes = VALUES("force_code")
    assert len(codes) == 43 + 2 + 10 + 99
    assert {"E23000001", "W15000004", "BTP", "NCA", "RU-YH", "INV01", "INV99"} <= set(codes)
    assert not {"AF", "CIFAS", "UKF", "INV00", "OTHER"} & set(codes)
    assert set(VALUES("other_force")) - set(codes) == {"OTHER"}


def test_a_notice_reports_a_kind_about_a_crime_a_victim_or_a_suspect_with_any_home():
    kinds = VALUES("reported_kind")
    assert {"suspect_arrested", "crime_closed", "hearing_outcome"} <= set(kinds)
    assert not {"device_seized", "missing_started"} & set(kinds)


def test_a_self_defined_ethnicity_is_no_code_of_an_officer():
    assert not set(VALUES("ethnicity_self")) & set(VALUES("ethnicity_officer"))
    assert "NS" in VALUES("ethnicity_self")
    assert len(VALUES("ethnicity_self")) == 25
    assert len(VALUES("ethnicity_officer")) == 11


def test_what_the_officer_could_not_see_is_not_known_and_not_stated_is_an_answer():
    counts = {ethnicity.code: ethnicity.counts_as for ethnicity in reference.ethnicities()}
    assert {counts["IC9"], counts["IC0"]} == {"not known"}
    assert counts["NS"] == "asked and not stated"
    assert {counts[code] for code in ("NOT_ASKED", "REFUSED", "NOT_UNDERSTOOD", "SYSTEM")} == {"a reason for missing"}
    assert reference.ethnicities().get("O1").read_as == "A4"


def test_an_order_that_is_an_event_or_a_referral_is_not_sent_as_an_order():
    assert not {"ARREST", "BAILCOND", "NRM"} & set(VALUES("order_code"))
    assert len(VALUES("order_code")) == 26 - 3
    assert {"CAWN", "SHPO", "PPP", "EPO"} <= set(VALUES("order_code"))


def test_an_assessment_without_a_tool_can_be_said():
    assert VALUES("risk_tool")[-1] == "NO_TOOL"
    assert "SERAF" in VALUES("risk_tool")


def test_a_pending_crime_is_noa_in_a_return_and_never_nought():
    assert "NOA" in VALUES("outcome_code")
    assert "0" not in VALUES("outcome_code")
    assert len(VALUES("outcome_code")) == 27


def test_a_welsh_authority_is_on_the_list_and_in_wales():
    codes = VALUES("local_authority")
    assert Counter(code[:3] for code in codes)["W06"] == 22
    assert reference.authorities().get("W06000015").country == "W"
    assert reference.authorities().get("E09000033").country == "E"


def test_a_nationality_has_three_letters_and_the_stateless_and_kosovo_have_one_too():
    codes = VALUES("nationality")
    assert len(codes) == 249 + 2
    assert all(re.fullmatch("[A-Z]{3}", code) for code in codes)
    assert {"GBR", "XKX", "XXA"} <= set(codes)


def test_the_code_71_alone_is_titled_child_sexual_exploitation():
    assert [child_offence.code for child_offence in reference.child_offences() if child_offence.cse_titled] == ["71"]


def test_a_code_for_sixteen_and_over_holds_children_and_needs_an_age():
    offences_by_code = {child_offence.code: child_offence for child_offence in reference.child_offences()}
    assert {offences_by_code[code].child_by_definition for code in ("19C", "19F", "17A", "20A")} == {"needs_age"}
    assert offences_by_code["86"].child_by_definition == "image"
    assert offences_by_code["27"].child_by_definition == "audit"
    assert {child_offence.child_by_definition for child_offence in offences_by_code.values()} == set(BY_DEFINITION)
    assert {child_offence.analysis_family for child_offence in offences_by_code.values()} == set(OFFENCE_FAMILIES)


def test_every_code_against_children_is_an_offence_code_of_the_register():
    assert set(reference.child_offences().keys) <= set(reference.offences().keys)
    assert set(VALUES("offence_code")) == set(reference.offences().keys)


def test_an_unknown_list_is_refused():
    with pytest.raises(DefinitionError, match="no closed list"):
        VALUES("colour")


@pytest.mark.reference
def test_every_value_of_the_contract_is_in_its_list():
    path = ROOT.parent / "shared" / "return.md"
    if not path.exists():
        pytest.skip("reference data not here: return.md")
    text = path.read_text(encoding="utf-8")
    section = text[text.index("### 9.2") : text.index("## 10. Rules")]
    columns = dict(re.findall(r"^\| ([a-z_]+) \| (.+) \|$", section, flags=re.MULTILINE))
    columns_with_lists = {
        name for name in columns if name not in ("list", "force_code", "reported_kind", "missing_reason")
    }
    assert len(columns_with_lists) >= 54
    for name in columns_with_lists:
        words = re.sub(r"\([^)]*\)", "", columns[name])
        assert tuple(word.strip() for word in words.split(",")) == VALUES(name), name
