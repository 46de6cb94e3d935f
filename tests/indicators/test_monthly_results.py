"""Does each record stand in the month of its crime, or of its own day where it belongs to a child and to no crime?"""

from datetime import date

import pyarrow as pa
import pytest

from assay.engine.expressions import ExpressionEngine
from assay.indicators.indicator_catalogue import find_form
from assay.indicators.monthly_results import DATED, dated_indicators, monthly

FORCE = {"force_code": "INV01"}
CRIMES = [FORCE | {"crime_ref": "C1", "record_ref": "C1", "offence_family": "rape", "recorded_month": "2026-04"}]
ASSESSED = [
    FORCE | {"record_ref": "A1", "assessed_day": date(2026, 5, 31)},
    FORCE | {"record_ref": "A2", "assessed_day": date(2026, 5, 1)},
    FORCE | {"record_ref": "A3", "assessed_day": date(2026, 6, 1)},
    FORCE | {"record_ref": "A4", "assessed_day": None},
]
ANSWERS = [("charged_of_all", "C1", "met"), ("score_adds_up", "A1", "met"), ("score_adds_up", "A2", "not met"),
           ("score_adds_up", "A3", "not known"), ("score_adds_up", "A4", "met")]  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    answers = [FORCE | {"indicator": key, "record_ref": ref, "answer": answer} for key, ref, answer in ANSWERS]
    with ExpressionEngine() as engine:
        facts = {name: engine.table(name, pa.Table.from_pylist(fact_rows))
                 for name, fact_rows in (("crime", CRIMES), ("assessment", ASSESSED))}  # fmt: skip
        forms_asked = (find_form("charged_of_all"), find_form("score_adds_up"))
        found = monthly(forms_asked, facts, engine, pa.Table.from_pylist(answers)).to_pylist()
    return {(row["indicator"], row["month"], row["offence_family"]): (row["met"], row["base"]) for row in found}


def test_a_crime_stands_in_its_month_and_kind_and_an_assessment_in_its_own_month(rows):
    """One of the two assessments of May that tell adds up; the one of June does not tell, and one has no day."""
    assert rows == {("charged_of_all", "2026-04", "rape"): (1, 1), ("score_adds_up", "2026-05", ""): (1, 2)}


def test_assessments_and_protection_are_among_what_is_looked_at():
    from assay.indicators.indicator_catalogue import indicators

    assert {dated_indicator.record for dated_indicator in dated_indicators(indicators())} == set(DATED)
