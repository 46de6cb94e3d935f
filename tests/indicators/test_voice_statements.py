"""A voice is counted, shown with who was asked, and can never become a share: the interface is a type."""

from datetime import date

import pyarrow as pa
import pytest

from assay.errors import DefinitionError
from assay.indicators import voice_statements as statements_module
from assay.indicators.voice_counts import RespondentCount, sum_respondents
from assay.indicators.voice_statements import voices
from assay.ingest import other_senders
from assay.sdc import declared_tables
from assay.sdc.release_tables import _table as declare

VOICE = {
    "sender": "S", "voice_ref": "V1", "place_code": "INV01", "voice_kind": "survey", "asked_of": "children",
    "how_asked": "on_paper", "chosen": "came_forward", "asked": None, "answered": 12, "consent": "each_person",
    "not_reached": "Many", "began_on": date(2026, 1, 1), "ended_on": date(2026, 2, 1), "file_line": 2,
}  # fmt: skip
QUOTED = {
    "sender": "S", "voice_ref": "V1", "line": "scale", "text": "It was all on paper.", "consent_by": "own",
    "consent_recorded_on": date(2026, 1, 2), "redacted_on": date(2026, 1, 3), "quote_ref": "Q1", "file_line": 2,
}  # fmt: skip


def rows_by_table(**rows):
    return {name: rows.get(name, []) for name in other_senders.tables()}


def test_nothing_can_be_divided_by_people_who_said_something_nor_they_by_anything():
    respondents = RespondentCount(6)
    for wrong in (
        lambda: respondents / RespondentCount(12), lambda: respondents / 12, lambda: 6 / respondents, lambda: float(respondents), lambda: int(respondents),
        lambda: respondents * 2, lambda: respondents < RespondentCount(7), lambda: respondents + 1, lambda: sum([respondents]), lambda: round(respondents),
        lambda: respondents // 2, lambda: respondents % 5, lambda: range(respondents),
    ):  # fmt: skip
        with pytest.raises(TypeError):
            wrong()
    assert sum_respondents([RespondentCount(6), RespondentCount(5)]) == RespondentCount(11)
    assert sum_respondents([RespondentCount(6), RespondentCount(None)]).value is None
    with pytest.raises(TypeError):
        RespondentCount(0.5)


def test_an_asking_is_told_with_who_was_asked_how_and_who_was_not_reached():
    row = voices(rows_by_table(voices=[VOICE]))["voice_collections"].to_pylist()[0]
    assert row["voice"] == "S/V1"
    assert row["people_asked"] is None
    assert row["answered"] == 12
    assert (row["how_asked"], row["selection_method"], row["not_reached"]) == (
        "on paper",
        "people who came forward",
        "Many",
    )


def test_a_quotation_leaves_its_place_its_asking_and_its_order_behind():
    quotations = [QUOTED, QUOTED | {"text": "Nobody asked."}]
    quoted = voices(rows_by_table(voices=[VOICE], voice_quotations=quotations))["published_quotations"]
    reordered = voices(rows_by_table(voices=[VOICE], voice_quotations=quotations[::-1]))["published_quotations"]
    assert set(quoted.column_names) == {"line", "quote", "text", "consent", "redacted"}
    assert quoted.equals(reordered)


def test_half_of_a_few_may_be_one_so_no_median_is_told_of_fewer_than_ten():
    advocates_voice = VOICE | {"voice_kind": "advocates"}
    quarter = {"sender": "S", "voice_ref": "V1", "quarter_start": date(2026, 1, 1), "offered": 20, "taken_up": 9,
               "declined": 11, "no_answer": 0, "median_wait_days": 14}  # fmt: skip
    advocates = voices(rows_by_table(voices=[advocates_voice], advocates=[quarter]))["advocate_support"].to_pylist()[0]
    ten = voices(rows_by_table(voices=[advocates_voice], advocates=[quarter | {"taken_up": 10}]))[
        "advocate_support"
    ].to_pylist()[0]
    assert (advocates["median_wait_days"], ten["median_wait_days"]) == (None, 14)


def test_a_share_cannot_slip_into_a_table_of_voices():
    with pytest.raises(DefinitionError, match="Heard"):
        statements_module._table("voice_theme_counts", [{"place_code": "INV01", "voice": "S/V1", "line": "scale", "theme": "quick",
                                       "theme_words": "quick", "people": 0.5}])  # fmt: skip
    assert all(
        not pa.types.is_floating(field.type) for schema in statements_module.SCHEMAS.values() for field in schema
    )


def test_no_table_of_voices_may_declare_a_share_or_an_estimate():
    voice_tables = [declared_tables()[name] for name in statements_module.SCHEMAS]
    assert len(voice_tables) == sum(table.voice for table in declared_tables().values()) == 6
    assert all(voice_table.voice and {c.kind for c in voice_table.columns} <= {"code", "name", "sentence", "count", "whole", "flag"}
               for voice_table in voice_tables)  # fmt: skip
    form = {"title": "x", "row": "x", "key": ["a"], "voice": True,
            "columns": {"a": {"kind": "code", "meaning": "x"}, "b": {"kind": "share", "meaning": "x", "statistic": "estimate", "count_source": "exact",
                                   "step": 0.01, "base_rule": "20 people"}}}  # fmt: skip
    with pytest.raises(DefinitionError, match="never a share"):
        declare("voices_rates", form)
