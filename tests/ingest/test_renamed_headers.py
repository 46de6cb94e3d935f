"""Does a header that is nearly a known one get the question whether that was meant, and is nothing read on similarity?"""

from pathlib import Path

import pytest
from tables import HEADER, OUTCOME_HEADER, outcome, row, write_table

from assay.errors import UnknownLayout
from assay.ingest.official_statistics import read_statistics


def renamed(header: tuple[str, ...], old: str, new: str) -> list[str]:
    return [new if name == old else name for name in header]


@pytest.mark.parametrize(
    ("old", "new", "meaning"),
    [
        ("Financial Year", "Finacial Year", "Financial Year"),
        ("Financial Quarter", "Financial Qtr", "Financial Quarter"),
        ("Force Name", "Fource Name", "Force Name"),
        ("Force Name", "Name of force", "Force Name"),
        ("Offence Code", "Offense Code", "Offence Code"),
        ("Number of Offences", "Number of Offenses", "Number of Offences"),
        ("Number of Offences", "Offence count", "Offences"),
    ],
)
def test_a_renamed_header_of_recorded_crime_is_asked_about(old: str, new: str, meaning: str, tmp_path: Path) -> None:
    path = write_table(tmp_path / "recorded.csv", row(3), header=renamed(HEADER, old, new))
    with pytest.raises(UnknownLayout, match=f"The header '{new}' is not known: did you mean '{meaning}'"):
        read_statistics(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Outcome Type", "Outcome Typ"),
        ("Force outcomes for offences recorded in quarter", "Force outcomes for offences"),
    ],
)
def test_a_renamed_header_of_outcomes_is_asked_about(old: str, new: str, tmp_path: Path) -> None:
    path = write_table(tmp_path / "outcomes.csv", outcome("1", 3), header=renamed(OUTCOME_HEADER, old, new))
    with pytest.raises(UnknownLayout, match=f"The header '{new}' is not known: did you mean '"):
        read_statistics(path)


def test_a_table_of_another_kind_gets_no_question(tmp_path: Path) -> None:
    path = write_table(tmp_path / "shop.csv", ["apples", "3"], header=("Fruit", "Price"))
    with pytest.raises(UnknownLayout) as refused:
        read_statistics(path)
    assert "did you mean" not in str(refused.value)
    assert "Fruit" not in str(refused.value)
