"""Do national organisations send lessons, documents and facts of groups, and have no rate, rank or influence?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.compare.comparability import COUNTS_ONLY
from assay.ingest import other_senders
from assay.reference import real_organisations
from compare.test_compare_indicators import ORGANISATIONS, compared, country, ladder

RANKED_COLUMNS = {"rank", "rank_low", "rank_high", "share", "share_low", "share_high", "q_value"}


@pytest.mark.parametrize(
    "organisation",
    [organisation for organisation in real_organisations() if organisation.is_national],
    ids=lambda organisation: organisation.code,
)
def test_a_national_body_is_neither_ranked_nor_rated_and_its_kind_gets_counts_only(organisation):
    assert not organisation.ranked
    assert not organisation.rated
    assert organisation.kind in COUNTS_ONLY


def test_every_body_is_a_force_or_sees_across_forces():
    assert all(organisation.is_national != organisation.rated for organisation in real_organisations())
    assert sum(organisation.is_national for organisation in real_organisations()) == 11


@settings(max_examples=12, deadline=None)
@given(met=st.integers(0, 400), not_met=st.integers(0, 400))
def test_whatever_a_national_body_sends_no_force_is_ranked_or_rated_otherwise(met, not_met):
    reduced = country()
    total = reduced.pop()
    _, before = compared([*reduced, total])
    _, after = compared([*reduced, ladder("NCA1", met=met, not_met=not_met), total])
    assert ORGANISATIONS["NCA1"].is_national
    national = next(row for (_, place), row in after.items() if place == "NCA1")
    assert {name: national[name] for name in RANKED_COLUMNS if name in national and national[name] is not None} == {}
    assert national["outlier_alert"] is None
    assert {key: row for key, row in after.items() if key[1] != "NCA1"} == before


def test_what_a_national_body_may_send_holds_no_number_of_which_a_rate_could_be_made():
    national_tables = [table for table in other_senders.tables().values() if "national_body" in table.senders]
    assert {national_table.name for national_table in national_tables} == {
        "documents",
        "document_questions",
        "lessons",
        "group_facts",
    }
    assert not [
        column for national_table in national_tables for column in national_table.columns if column.kind == "int"
    ]
