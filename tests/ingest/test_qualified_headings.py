"""Is a heading taken for a narrower column than it names, such as the force's own crime number for another force's?"""

import pytest
from small_return import REQUEST

from assay import contract
from assay.ingest.preparation import prepare_return
from assay.ingest.preparation.column_fit import NO_GRADE, SAME_WORDS, grade_heading


def grade(column, heading, table="crimes"):
    return grade_heading(contract.table(table), contract.table(table).column(column), heading)[0]


@pytest.mark.parametrize(
    "heading", ["Crime Number", "CRIME_NO", "Crime Ref No", "Force Crime Number", "Force Reference", "Crime Reference"]
)
def test_a_heading_that_speaks_of_no_other_force_is_not_the_number_of_another_force(heading):
    assert grade("other_force_crime_ref", heading) == NO_GRADE


def test_a_heading_that_speaks_of_another_force_is():
    assert grade("other_force_crime_ref", "Other Force Crime Number") == SAME_WORDS
    assert grade("other_force_crime_ref", "Crime Number of Other Force") > NO_GRADE


def test_a_heading_without_the_word_first_is_not_the_first_offence_code():
    assert grade("first_offence_code", "Offence Code") == NO_GRADE
    assert grade("first_offence_code", "First Recorded Offence Code") > NO_GRADE


def test_a_crime_number_that_comes_twice_waits_as_the_key_and_is_never_the_number_of_another_force(tmp_path):
    """One row for each person of a crime: every number comes twice."""
    lines = ["Crime Number,Date Recorded,Offence Code,Outcome"]
    lines += [f"42/{n // 2:05d}/26,{n // 2 % 28 + 1:02d}/02/2026,88A,Charged" for n in range(60)]
    (tmp_path / "crimes.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepare_return(tmp_path, REQUEST, "INV01")
    text = (tmp_path / "mapping.toml").read_text(encoding="utf-8")
    assert "other_force_crime_ref" not in "\n".join(line for line in text.splitlines() if "Crime Number" in line)
    assert [line for line in text.splitlines() if "crime_ref" in line and "Crime Number" in line]
