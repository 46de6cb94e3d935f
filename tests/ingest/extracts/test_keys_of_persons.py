"""Is a number that stands for one person in several crimes the person's reference, whatever its heading says?"""

import pytest
from headings_by_hand import Cells, sheet_of

from assay.ingest.extracts.extract_model import Sheet, SplitPlan
from assay.ingest.extracts.split_plan import plan_split

N_CRIMES, N_PERSONS = 60, 40


def links(heading: str, key: str) -> Sheet:
    """A list of 120 links: each of 40 persons is in three crimes, with one date of birth."""
    persons = [place % N_PERSONS for place in range(2 * N_CRIMES)]
    rows: dict[str, Cells] = {
        "Crime Number": [f"77/{place // 2:05d}/25" for place in range(2 * N_CRIMES)],
        "Involvement": ["Victim" if person % 2 else "Suspect" for person in persons],
        "Born": [f"{1 + person % 28:02d}/{1 + person % 12:02d}/{1970 + person}" for person in persons],
        "Gender": ["F" if person % 3 else "M" for person in persons],
        heading: [
            {"person": f"{500_000 + 31 * person}", "row": f"{700_000 + place}", "officer": f"{9_000 + place % 7}"}[key]
            for place, person in enumerate(persons)
        ],
    }
    return sheet_of(rows)


def reference_in(plan: SplitPlan) -> str:
    """The heading that is used as the person's reference."""
    used = {part.columns["person_ref"].heading for part in plan.parts if "person_ref" in part.columns}
    return ", ".join(sorted(used))


def test_a_short_heading_for_the_number_of_a_person_is_known():
    assert reference_in(plan_split([links("PERID", "person")])) == "PERID"


def test_a_number_under_an_unknown_heading_is_the_reference_where_it_recurs_with_one_birth():
    assert reference_in(plan_split([links("XKEY", "person")])) == "XKEY"


@pytest.mark.parametrize("heading", ["Linked Person URN", "PNC/Local ID"])
def test_a_number_that_waits_as_that_of_a_link_is_the_reference_where_it_recurs_with_one_birth(heading):
    assert reference_in(plan_split([links(heading, "person")])) == heading
    assert reference_in(plan_split([links(heading, "row")])) == ""


def test_a_number_of_the_row_or_of_an_officer_is_no_reference_of_a_person():
    assert reference_in(plan_split([links("XKEY", "row")])) == ""
    assert reference_in(plan_split([links("XKEY", "officer")])) == ""


def test_a_heading_that_names_something_else_is_no_reference_of_a_person():
    assert reference_in(plan_split([links("Phone", "person")])) == ""
    assert reference_in(plan_split([links("Custody No", "person")])) == ""
