"""Does the register of laws say what is in force on a day, and leave open what nobody read?"""

from datetime import date

import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.reference.law_register import COLUMNS, _law

pytestmark = pytest.mark.quick

LAW = reference.laws().get


@pytest.mark.parametrize(
    ("key", "day", "is_in_force"),
    [
        ("victims-code-2020", date(2021, 3, 31), False),
        ("victims-code-2020", date(2021, 4, 1), True),
        ("victims-code-2015", date(2021, 3, 31), True),
        ("victims-code-2015", date(2021, 4, 1), False),
        ("victims-code-2015", date(2015, 6, 1), None),  # it began some day of 2015
        ("victims-code-next", date(2026, 6, 1), False),
        ("victims-code-next", date(2026, 12, 1), None),  # nothing was read of a later day
        ("vpa-2024-6-11", date(2026, 6, 1), False),
        ("vpa-2024-6-11", date(2027, 1, 1), None),
        ("vpa-2024-5", date(2025, 1, 28), False),
        ("vpa-2024-5", date(2025, 1, 29), True),
        ("pcsca-2022-cautions", date(2026, 3, 31), False),
        ("pcsca-2022-cautions", date(2026, 12, 1), None),  # nothing was read of a later day
        ("cpa-2026-intimate-images", date(2026, 12, 1), None),  # in part
        ("vpa-2024-5", date(2026, 1, 1), True),
        ("cpa-2026-limitation", date(2026, 6, 28), False),
        ("cpa-2026-limitation", date(2026, 6, 29), True),
        ("cpa-2026-duty-to-report", date(2026, 12, 1), None),
        ("cpa-2026", date(2026, 12, 1), None),  # in part
        ("cwsa-2026-information-sharing", date(2026, 12, 1), None),
        ("working-together-2026", date(2027, 1, 1), True),
        ("working-together-2023", date(2026, 2, 1), None),
        ("working-together-2023", date(2025, 2, 1), True),
    ],
)
def test_a_law_is_in_force_between_its_dates_and_what_nobody_read_is_left_open(key, day, is_in_force):
    assert LAW(key).in_force_on(day) is is_in_force


def test_no_law_that_is_not_known_to_be_in_force_sets_a_standard_that_grades():
    for law in reference.laws():
        if law.commencement in ("not in force", "not found"):
            assert not any(reference.standards().get(key).grades for key in law.standards), law.key


def test_a_standard_of_a_law_does_not_begin_before_the_law():
    for law in reference.laws():
        if law.kind == "code of practice" and law.commencement == "in force":
            begins = {str(reference.standards().get(key).valid_from) for key in law.standards}
            assert begins == {law.valid_from}, law.key


def test_what_was_not_found_is_listed_with_who_publishes_it():
    missing = {law.key for law in reference.laws() if law.evidence == "not-found"}
    assert missing == {"recording-rules-2026", "group-data-requirement"}
    assert all(law.publisher for law in reference.laws())


def test_every_law_that_was_read_has_an_address_and_none_rests_on_memory():
    for law in reference.laws():
        assert law.evidence in ("seen", "seen-secondary", "not-found"), law.key
        assert law.address.startswith("http") == (law.evidence != "not-found"), law.key


def test_the_new_offences_of_2026_have_no_recorded_crime_code_yet():
    offences = [law for law in reference.laws() if law.kind == "offence"]
    assert len(offences) == 4
    assert all("code not found" in law.note for law in offences)
    assert not [law.key for law in offences if law.breaks]


def test_each_change_of_the_recording_rules_is_a_series_break_from_its_quarter():
    starts = {key: reference.breaks().get(key).starts for law in reference.laws() if law.kind == "recording rules"
              for key in law.breaks}  # fmt: skip
    assert starts == {
        "counting-rules-2023": "2023/24 Q1",
        "recording-rules-2024": "2023/24 Q4",
        "image-and-messaging-offences-2024": "2023/24 Q4",
        "recording-rules-2025": "2025/26 Q1",
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "rumour"}, "unknown kind"),
        ({"commencement": "soon"}, "unknown commencement"),
        ({"valid_from": ""}, "has a first date"),
        ({"commencement": "not found"}, "has a first date"),
        ({"valid_to": "2027-01-01"}, "has a last date"),
        ({"valid_from": "29 June 2026"}, "Write a day"),
        ({"address": ""}, "needs the address"),
        ({"standards": "vc99"}, "vc99"),
        ({"questions": "Q51"}, "Q51"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(change, reason):
    law = LAW("cpa-2026-limitation")
    row = {name: " ".join(value) if isinstance(value := getattr(law, name), tuple) else value for name in COLUMNS}
    assert _law(row) == law
    with pytest.raises(DefinitionError, match=reason):
        _law(row | change)
