"""What came after an assessment: does each tier of each group stand with its interval, and by the age when assessed?"""

import pyarrow as pa
import pytest

from assay.engine.expressions import ExpressionEngine
from assay.indicators.catalogue.assessments.risk_tiers import SPLITS, tiers

TEXT, YES, WHOLE = pa.string(), pa.bool_(), pa.int64()
ASSESSED = {"force_code": "INV01", "tool": "SERAF", "in_base": True, "followed_180": True, "age_when_assessed": 12}
TYPES = {**dict.fromkeys(("force_code", "person_id", "tool", "band"), TEXT),
         **dict.fromkeys(("in_base", "followed_180", "harm_in_180"), YES), "age_when_assessed": WHOLE}  # fmt: skip
# Of 29 girls in the low tier one was harmed; of 10 boys in the high tier all; one more child of whom no record is written.
ASSESSMENT_ROWS = [
    *({**ASSESSED, "person_id": "girl", "band": "low", "harm_in_180": n == 0} for n in range(29)),
    *({**ASSESSED, "person_id": "boy", "band": "high", "harm_in_180": True, "age_when_assessed": 16} for _ in range(10)),
    {**ASSESSED, "force_code": "INV02", "person_id": "other", "band": "low", "harm_in_180": False, "age_when_assessed": None},
    {**ASSESSED, "person_id": "girl", "band": "high", "harm_in_180": None},
    {**ASSESSED, "person_id": "girl", "band": "high", "harm_in_180": True, "followed_180": False},
    {**ASSESSED, "person_id": "girl", "band": None, "harm_in_180": True},
]  # fmt: skip
GROUPS = ("sex_group", "ethnicity_self_group", "care_status_group")
PERSONS = [
    {"force_code": "INV01", "person_id": "girl", "sex_group": "female", "age_band": "16 and 17"},
    {"force_code": "INV01", "person_id": "boy", "sex_group": "male", "care_status_group": "more than one"},
    {"force_code": "INV02", "person_id": "other"},
]


def table(rows, types):
    return pa.Table.from_pylist([{**dict.fromkeys(types), **row} for row in rows], pa.schema(list(types.items())))


@pytest.fixture(scope="module")
def found():
    values = dict.fromkeys(("force_code", "person_id", "age_band", *GROUPS), TEXT)
    with ExpressionEngine() as engine:
        facts = {
            "assessment": engine.table("assessment", table(ASSESSMENT_ROWS, TYPES)),
            "person_described": engine.table("person_described", table(PERSONS, values)),
        }
        return {name: rows.to_pylist() for name, rows in tiers(facts, engine).items()}


def by_tier(rows, split, people):
    return {row["tier"]: row for row in rows if (row["split"], row["people"]) == (split, people)}


def test_the_share_of_a_tier_stands_with_its_interval(found):
    low = by_tier(found["tiers"], "sex", "female")["low"]
    assert (low["harmed"], low["not_harmed"], low["share"]) == (1, 28, pytest.approx(1 / 29))
    # Newcombe, Statistics in Medicine 17 (1998), table I: Wilson's interval of 1 of 29.
    assert (round(low["share_low"], 4), round(low["share_high"], 4)) == (0.0061, 0.1718)


def test_what_was_not_followed_not_known_or_without_a_tier_is_not_counted(found):
    assert set(by_tier(found["tiers"], "sex", "female")) == {"low", "all"}


def test_the_age_is_that_when_assessed_and_no_other(found):
    ages = {
        row["people"]: row["harmed"] + row["not_harmed"]
        for row in found["tier_order"]
        if row["split"].startswith("age")
    }
    # The girl was assessed at 12; the band at the offences against her, 16 and 17, is another thing.
    assert ages == {"10 to 12": 29, "16 and 17": 10, "not known": 1}


def test_entries_that_say_different_things_make_no_group_of_either(found):
    care = {row["people"]: row["harmed"] + row["not_harmed"] for row in found["tier_order"] if row["split"] == "care"}
    assert care == {"more than one": 10, "not known": 30}


def test_the_groups_of_every_split_and_the_tiers_of_every_group_add_up(found):
    whole = {tier: row["harmed"] for tier, row in by_tier(found["tiers"], "everybody", "everybody").items()}
    assert whole == {"low": 1, "high": 10, "all": 11}
    for split in SPLITS:
        own_tiers = [row for row in found["tiers"] if row["split"] == split]
        assert {tier: sum(row["harmed"] for row in own_tiers if row["tier"] == tier) for tier in whole} == whole, split


def test_the_order_of_the_tiers_is_told_only_of_ten_harmed_and_ten_not(found):
    order = {row["people"]: row["in_100_pairs"] for row in found["tier_order"]}
    # Eleven were harmed, ten of them above all others; the one below ties with 29: (10 + 1/2) / 11.
    assert order["everybody"] == pytest.approx(100 * 10.5 / 11)
    assert order["female"] is order["male"] is None
