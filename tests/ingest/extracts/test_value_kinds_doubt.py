"""Is a cell that denies, withdraws or doubts what it names never read as naming it?"""

import pyarrow as pa
import pytest

from assay.ingest.extracts.column_profiles import column_profile
from assay.ingest.extracts.value_kinds_coded import read_roles, read_sexes, read_yes_no
from assay.ingest.extracts.value_kinds_ethnicity import read_officer_defined, read_self_defined
from assay.ingest.extracts.value_kinds_flags import read_flag_cell, read_flag_column
from assay.ingest.extracts.value_kinds_lists import read_relationships, read_suspects_known_as
from assay.ingest.extracts.value_kinds_outcomes import read_outcomes

pytestmark = pytest.mark.quick
NOT_UNDERSTOOD = None


@pytest.mark.parametrize(
    "text",
    [
        "Not charged", "No charge", "NO CHARGE", "NFA - not charged", "Charged - NFA", "Charge not authorised",
        "Charged in error", "Charge withdrawn", "Charge dropped", "Charged (discontinued)", "Summons not issued",
        "Charged?", "? charged", "Charge: N", "Possible charge", "Charge awaiting CPS", "Never charged", "1 - Not charged",
        "Type 1: charge dropped", "Charged - victim declines", "Later charged", "LATER CHARGED", "Not charged (1)",
        "TIC refused", "TIC - declined", "Community resolution refused by suspect", "Community resolution not agreed",
        "Community resolution offered", "8 - Community resolution considered", "Caution refused - adult",
        "Not a community resolution", "Youth caution rescinded", "PND cancelled", "16?",
        "No suspect identified, evidential difficulties, victim supports action", "Unidentified",
        "15 - victim does not support", "15 - suspect could not be identified",
    ],
)  # fmt: skip
def test_an_outcome_that_is_denied_undone_or_doubted_is_not_understood(text):
    assert read_outcomes([text]) == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 - Charged (bailed to court)", "1"), ("DET - Charged", "1"), ("Detected: charged", "1"),
        ("16 - Victim refuses to assist, suspect known", "16"), ("18 - not charged, no suspect", "18"),
        ("NFA - Investigation complete, no suspect identified", "18"), ("15 - NFA, evidential", "15"),
        ("14: no suspect identified, victim cannot support action", "14"), ("Outcome pending", "NOA"),
        ("Suspect not identified; evidential difficulties; victim does not support", "14"),
        ("OC18 ? Investigation complete - no suspect identified", "18"), ("17 - Time limit expired", "17"),
        ("15 - not enough evidence", "15"), ("15 - not charged", "15"), ("5 - Offender died, no prosecution", "5"),
    ],
)  # fmt: skip
def test_the_negation_that_belongs_to_an_outcome_does_not_contradict_it(text, code):
    assert read_outcomes([text]) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "CSE: N", "CSE - No", "CSE N", "CSE = False", "CSE=0", "CSE (No)", "CSE not suspected", "CSE ruled out",
        "No evidence of CSE", "CSE removed", "CSE flag removed", "Not CSE", "not CSE related", "No longer CSE",
        "CSE added in error", "Non-CSE", "CSE/N",
    ],
)  # fmt: skip
def test_a_flag_that_is_denied_is_no_flag(text):
    assert read_flag_cell(text) == ()
    assert read_flag_column([text], "cse") == [""]


@pytest.mark.parametrize(
    "text",
    [
        "possible CSE?", "Possible CSE", "CSE?", "?CSE", "CSE - Suspected", "Suspected CSE", "CSE - NFA", "CSE unclear",
        "CSE - unknown", "CSE not ruled out", "CSE (tbc)", "CSE referral declined", "CSE considered", "CSE, possible",
        "CSE team informed", "CSA not CSE", "CSE - Smith", "CSE - not known", "query CSE", "CSE; suspected", "CSE / CSA / N",
    ],
)  # fmt: skip
def test_a_flag_beside_doubt_or_an_unknown_word_is_not_understood(text):
    assert read_flag_cell(text) == NOT_UNDERSTOOD
    assert read_flag_column([text], "cse") == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("CSE: Y", ("cse",)), ("CSE Yes", ("cse",)), ("CSE - confirmed", ("cse",)), ("CSE=1", ("cse",)),
        ("CSE flag", ("cse",)), ("CSE DA CSA", ("cse", "csa")), ("DA - CSE", ("cse",)), ("CSE - Online", ("cse",)),
        ("CSE, Operation Blue", ("cse",)), ("Knife crime CSE", ("cse",)), ("CSE - not CCE", ("cse",)),
        ("Child Sexual Exploitation (CSE); CSA", ("cse", "csa")), ("CSE and CSA", ("cse", "csa")),
    ],
)  # fmt: skip
def test_a_flag_beside_known_words_is_read(text, flags):
    assert read_flag_cell(text) == flags


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Victim - no longer wishes to be contacted", "victim"), ("Former victim", NOT_UNDERSTOOD),
        ("Victim and suspect", NOT_UNDERSTOOD), ("Victim/Suspect", NOT_UNDERSTOOD), ("Victim (also a witness)", "victim"),
        ("Suspect, witness", NOT_UNDERSTOOD), ("Suspect - no longer a suspect", ""), ("Former suspect", ""),
        ("Suspect (exonerated)", ""), ("Suspect - no longer on bail", "suspect"), ("Suspect - not charged", "suspect"),
        ("Not suspect", ""), ("Not a victim", NOT_UNDERSTOOD), ("No suspect", NOT_UNDERSTOOD),
        ("Victim?", NOT_UNDERSTOOD), ("Possible suspect", NOT_UNDERSTOOD), ("Victim - not confirmed", NOT_UNDERSTOOD),
        ("Victim; suspect eliminated", NOT_UNDERSTOOD), ("Unidentified suspect", "suspect"),
        ("Suspect - Unidentified", "suspect"), ("Suspect - NFA", "suspect"), ("Suspected offender", "suspect"),
        ("Suspected victim", NOT_UNDERSTOOD), ("Involved Person - Suspect", "suspect"), ("Victim - parent", NOT_UNDERSTOOD),
    ],
)  # fmt: skip
def test_a_person_is_dropped_only_if_the_cell_says_that_a_suspect_is_none(text, role):
    assert read_roles([text]) == [role]


def test_a_question_is_no_answer_and_a_negated_label_no_value():
    texts = ["Yes?", "Y - not confirmed", "Possibly", "Suspected", "No?", "Not yet", "Yes / No"]
    assert read_yes_no(texts) == [NOT_UNDERSTOOD] * len(texts)
    assert read_sexes(["Male?", "Not male", "M - not confirmed", "?"]) == [NOT_UNDERSTOOD] * 3 + [""]
    assert read_relationships(["Not family", "Stranger?", "Possibly friend", "Not known to victim"]) == [
        NOT_UNDERSTOOD, NOT_UNDERSTOOD, NOT_UNDERSTOOD, "stranger",
    ]  # fmt: skip
    assert read_suspects_known_as(["Named?", "No longer named", "Not named", "Possibly identified"]) == [
        NOT_UNDERSTOOD, NOT_UNDERSTOOD, "nothing_known", NOT_UNDERSTOOD,
    ]  # fmt: skip
    assert read_self_defined(["White British?", "Not White British", "W1 - not British"]) == [NOT_UNDERSTOOD] * 3
    assert read_officer_defined(["IC1?", "Not IC1", "IC1 - not confirmed"]) == [NOT_UNDERSTOOD] * 3


def words_of_flags(cells: list[str]) -> dict[str, str]:
    return dict(column_profile("Keywords", pa.chunked_array([cells])).fit("flags").values)


def test_the_words_of_a_column_of_keywords_are_whole_cells_where_nothing_separates():
    assert words_of_flags(["Child Sexual Abuse (CSA)", "CSE - Child Sexual Exploitation", "Knife"]) == {
        "Child Sexual Abuse (CSA)": "csa", "CSE - Child Sexual Exploitation": "cse", "Knife": "",
    }  # fmt: skip


def test_the_words_of_a_column_of_several_keywords_in_a_cell_are_the_pieces():
    assert words_of_flags(["CSE; Knife", "CSA"]) == {"CSE": "cse", "Knife": "", "CSE; Knife": "cse", "CSA": "csa"}
