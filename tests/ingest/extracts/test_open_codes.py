"""Is an offence or outcome that could be several codes named to the force with its codes, and never guessed?"""

import pyarrow as pa
import pytest

from assay import contract
from assay.ingest.extracts.extract_model import ColumnMeaning, Sheet, SplitPart, SplitPlan
from assay.ingest.extracts.open_codes import open_choices, open_codes
from assay.ingest.preparation.code_meanings import find_word_meanings

OFFENCE = contract.table("crimes").column("offence_code")
FILE = "extract.csv"
FEMALE = "Sexual assault on a female"


def offences(*texts, values=None, labels=(), label_values=None):
    """What is open in a sheet with these texts of offences; `labels` stand in a second column beside them."""
    cells = {"Offence": list(texts), **({"Title": list(labels)} if labels else {})}
    sheet = Sheet(FILE, "", pa.table(cells), pa.array(range(len(texts))))
    meaning = ColumnMeaning("Offence", "crimes", "offence_code", 0.99, values=values or {})
    title = ColumnMeaning("Title", "crimes", "offence_code", 0.99, values=label_values or {})
    part = SplitPart(
        FILE, "", "crimes", {"offence_code": meaning}, otherwise={"offence_code": (title,)} if labels else {}
    )
    return open_codes([sheet], SplitPlan((part,)))


def test_a_title_of_several_codes_is_named_once_with_its_codes_and_cells():
    (found,) = offences(FEMALE, FEMALE, "Kidnapping", None)
    assert (found.codes, found.cells) == (("20A", "20B"), 2)
    assert found.sentence == (
        'Offence: "Sexual assault on a female" could be 20A or 20B (2 cells), and is not used. Write it under '
        "values.offence_code in mapping.toml with the code that is meant."
    )
    assert open_choices([found]) == {("offence_code", "Offence"): "20A or 20B"}


@pytest.mark.parametrize(("table", "column"), [("crimes", "outcome_code"), ("involvements", "suspect_outcome_code")])
def test_an_outcome_that_forces_record_under_two_codes_is_named_with_both(table, column):
    sheet = Sheet(FILE, "", pa.table({"Result": ["Deferred prosecution", "22 Deferred prosecution"]}), pa.array([0, 1]))
    part = SplitPart(FILE, "", table, {column: ColumnMeaning("Result", table, column, 0.99)})
    (found,) = open_codes([sheet], SplitPlan((part,)))
    assert (found.table, found.codes, found.cells) == (table, ("22", "23"), 1)
    assert found.sentence.startswith('Result: "Deferred prosecution" could be 22 or 23 (1 cell), and is not used.')


def test_a_title_that_the_mapping_has_is_not_open():
    assert offences(FEMALE, values={FEMALE.upper(): "20B"}) == ()


def test_a_code_that_the_title_beside_it_settles_is_not_open():
    titles = ["Sexual assault on a female child under 13", FEMALE]
    found = offences("20/06", "20/05", labels=titles, label_values={titles[0]: "20B"})
    assert [(offence.text, offence.cells) for offence in found] == [("20/05", 1)]


@pytest.mark.parametrize("rest", [" s3 Zzexample", " (SOA 2003) see Vvexample", "\n s3"])
def test_a_text_that_may_name_a_person_is_not_shown(rest):
    assert offences(FEMALE + rest) == ()


def test_the_statute_behind_a_title_is_shown_with_it():
    (found,) = offences(f"{FEMALE} (S.3, Sexual Offences Act 2003)")
    assert found.codes == ("20A", "20B")


@pytest.mark.parametrize(
    "text",
    [
        "20/05 - victim Zzexample Vvexample",
        "20 Zzexample",
        "HO 20: see note by Zzexample",
        "20/05 \u0418\u0432\u0430\u043d",
        "Zzexample (20/05)",
        f"{FEMALE} common law Zzexample",
        f"{FEMALE} Zzexample Act 2003",
        f"20/05 {FEMALE} Zzexample",
        f"20/05 {FEMALE} 01/02/2010",
        f"{FEMALE} SOA 2003 01/02/2010",
        f"{FEMALE} SOA 2003 12345",
    ],
)
def test_a_text_with_a_word_of_no_title_beside_its_code_is_not_shown(text):
    assert offences(text) == ()
    assert (
        find_word_meanings(OFFENCE, {text: 20, "10A": 5}, {}, {"zzexample", "\u0438\u0432\u0430\u043d"}).unmapped == ()
    )


@pytest.mark.parametrize(
    "text", ["20/05", "02005", "HO 20", f"20/05 - {FEMALE}", "20/05 assault (female)", f"{FEMALE} (20/05)"]
)
def test_a_code_with_words_of_its_own_titles_is_shown(text):
    assert [found.codes for found in offences(text)] == [("20A", "20B")]


def test_a_title_that_a_person_answered_with_nothing_known_is_not_asked_again():
    assert offences(FEMALE, values={FEMALE: ""}) == ()
    (found,) = offences("20/05", labels=[FEMALE], label_values={FEMALE: ""})
    assert found.text == "20/05"


@pytest.mark.parametrize("empty", [None, "", " ", "not recorded", "see the other column"])
def test_an_open_title_in_a_second_column_is_asked_where_the_first_holds_no_offence(empty):
    (found,) = offences(empty, values={"not recorded": ""}, labels=[FEMALE])
    assert (found.heading, found.text, found.codes) == ("Title", FEMALE, ("20A", "20B"))


@pytest.mark.parametrize(("text", "codes"), [("No suspect", ("14", "18")), ("No named suspect", ("14", "18"))])
def test_an_outcome_that_only_says_that_there_is_no_suspect_is_open(text, codes):
    sheet = Sheet(FILE, "", pa.table({"Result": [text, "18 - No suspect"]}), pa.array([0, 1]))
    part = SplitPart(FILE, "", "crimes", {"outcome_code": ColumnMeaning("Result", "crimes", "outcome_code", 0.99)})
    (found,) = open_codes([sheet], SplitPlan((part,)))
    assert (found.text, found.codes, found.cells) == (text, codes, 1)


@pytest.mark.parametrize("text", ["020/05", "20/5", "02005"])
def test_a_sub_code_of_a_divided_class_is_open(text):
    (found,) = offences(text)
    assert found.codes == ("20A", "20B")
