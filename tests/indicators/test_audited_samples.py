"""Do marks of texts say no more than they can: of words that blame, of flags, and of changes?"""

from datetime import date, datetime

import polars as pl
import pytest

from assay.compare.audited_comparison import compare_audited
from assay.indicators.audited_samples import FILE, NO_RATINGS, join_ratings, reason_not_compared
from assay.indicators.catalogue.attitudes.blaming_language import (
    BLAMING,
    CHALLENGED,
    IMPORTED,
    RECALL,
    TextVolume,
    language_table,
)
from assay.indicators.catalogue.attitudes.language_changes import (
    DECREASED,
    INDETERMINATE,
    NO_CHANGE_DETECTED,
    NOT_COMPARABLE,
    Side,
    changes_table,
    verdict,
)
from assay.indicators.catalogue.scale.unflagged_exploitation import (
    FLAG_NOT_KNOWN,
    TOO_FEW_YEARS,
    unflagged_table,
    years_table,
)
from assay.indicators.text_findings import flags_sentence, text_findings, words_sentence
from assay.reference import Organisation
from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.workflows.run.confirmed_texts import comparison_input

HIGH_SCORE, NOT_CALLED = 0.9, 0.05


def notes(number, score, **fields):
    """So many entries of one force with one score."""
    usual = {
        "force_code": "INV01", "score": score, "band": "above 0.5" if score > 0.5 else "up to 0.1", "author_role": "supervisor",
        "author_key": "A1", "entry_type": "supervision", "entry_at": datetime(2025, 5, 1), "imported": False,
        "cse_flagged": False, "answer": None, "others_blame": None, "blame_challenged": None,
    }  # fmt: skip
    return [{**usual, **fields} for _ in range(number)]


def audited(*groups):
    """What is known of these entries, and their marks."""
    rows = [{**row, "subject_ref": f"N{place}"} for place, row in enumerate(row for group in groups for row in group)]
    files = {question: {(r["force_code"], r["subject_ref"]): r[question] for r in rows if r[question]}
             for question in ("answer", "others_blame", "blame_challenged")}  # fmt: skip
    frame = pl.DataFrame(rows, infer_schema_length=None).drop("score", "answer", "others_blame", "blame_challenged")
    scores = pl.DataFrame(rows, infer_schema_length=None).select(
        *FILE,
        pl.concat_str("force_code", pl.lit(" / "), "band", pl.lit(" / "), pl.col("cse_flagged")).alias("stratum"),
        "score",
    )
    return join_ratings(
        frame, scores, {"blames_child": files["answer"], **{k: v for k, v in files.items() if k != "answer"}}, "tried"
    )


def volume(texts=100, read=100, table="notes", words=5000, month="2025-05"):
    row = {"force_code": "INV01", "table_name": table, "month": month, "author_role": "supervisor", "texts": texts}
    return pl.DataFrame([{**row, "read": read, "words": words, "authors": 1}])


def text_volume(found, **options):
    return TextVolume(volume(**options), found.rows)


def row(table, **values):
    [found] = [match for match in table.to_dicts() if all(match[name] == value for name, value in values.items())]
    return found


CALLED_ONES = [*notes(10, HIGH_SCORE, answer="met"), *notes(10, HIGH_SCORE)]
LOW_ONES = [*notes(1, NOT_CALLED, answer="met"), *notes(19, NOT_CALLED, answer="not_met"), *notes(60, NOT_CALLED)]


def test_a_rate_weighs_each_band_by_its_entries():
    # 20 called, of which all 10 marked blame; 80 of the lowest band, 1 of 20 marked: (20 + 4) / 100
    found = audited(CALLED_ONES, LOW_ONES)
    rate_row = row(language_table(found, text_volume(found)), measure=BLAMING, place_code="INV01")
    assert rate_row["share"] == pytest.approx(0.24)
    assert (rate_row["marked"], rate_row["met"], rate_row["words"], rate_row["authors"]) == (30, 11, 5000, 1)
    assert rate_row["low"] < 0.24 < rate_row["high"]
    assert rate_row["lowest_most"] >= 4


def test_authors_and_teams_are_counted_of_the_entries_that_were_marked_and_whoever_is_not_known_is_none():
    marked = [*notes(9, HIGH_SCORE, answer="met", author_key="A1", team_kind="cid"),
              *notes(3, HIGH_SCORE, answer="met", author_key="A2", team_kind="response"),
              *notes(5, HIGH_SCORE, answer="met", author_key=None, team_kind=None)]  # fmt: skip
    found = audited(marked, notes(4, HIGH_SCORE, author_key="A3", team_kind="neighbourhood"))
    rate_row = row(language_table(found, text_volume(found)), measure=BLAMING, place_code="INV01")
    assert (rate_row["marked"], rate_row["marked_authors"], rate_row["marked_teams"]) == (17, 2, 2)
    reduced = audited(CALLED_ONES, LOW_ONES)
    assert row(language_table(reduced, text_volume(reduced)), measure=BLAMING, place_code="INV01")["marked_teams"] == 0


def test_without_marks_there_is_a_refusal_and_never_a_count_of_hits():
    found = audited(notes(20, HIGH_SCORE), notes(80, NOT_CALLED))
    result_row = row(language_table(found, text_volume(found)), measure=BLAMING, place_code="ALL", part_of="all")
    assert (result_row["share"], result_row["why"]) == (None, NO_RATINGS)
    flags = row(unflagged_table(found, volume(table="summaries")), place_code="ALL")
    assert (flags["unflagged"], flags["sensitivity"], flags["why"]) == (None, None, NO_RATINGS)
    assert flags["lowest_most"] is None


def test_the_recall_of_the_score_counts_what_lies_below_it():
    found = audited(CALLED_ONES, LOW_ONES)  # 20 called that blame, 4 below: 20 of 24
    assert row(language_table(found, text_volume(found)), measure=RECALL)["share"] == pytest.approx(20 / 24, abs=1e-6)


def test_what_was_copied_in_from_others_is_counted_apart():
    further_notes = [*notes(4, HIGH_SCORE, imported=True, answer="not_met", others_blame="met"),
              *notes(6, HIGH_SCORE, imported=True, answer="not_met", others_blame="not_met")]  # fmt: skip
    found = audited(CALLED_ONES, LOW_ONES, further_notes)
    table = language_table(found, text_volume(found))
    assert row(table, measure=BLAMING, place_code="INV01")["texts"] == 100
    assert row(table, measure=IMPORTED)["share"] == pytest.approx(0.4)


def test_a_challenge_counts_where_an_entry_blames():
    blaming = [
        *notes(3, HIGH_SCORE, answer="met", blame_challenged="met"),
        *notes(7, HIGH_SCORE, answer="met", blame_challenged="not_met"),
    ]
    found = audited(blaming, LOW_ONES)
    result_row = row(language_table(found, text_volume(found)), measure=CHALLENGED)
    assert (result_row["told"], result_row["met"]) == (10, 3)
    assert result_row["share"] == pytest.approx(0.3)


def test_a_role_is_told_across_the_strata():
    own_notes = [
        *notes(5, HIGH_SCORE, answer="met", author_role="inspector"),
        *notes(20, NOT_CALLED, answer="not_met", author_role="inspector"),
    ]
    found = audited(own_notes, LOW_ONES)
    result_row = row(language_table(found, text_volume(found)), part_of="author_role", part="inspector")
    assert result_row["share"] == pytest.approx(5 / 25)


def test_sensitivity_specificity_and_the_number_without_a_flag():
    found = audited(
        notes(6, HIGH_SCORE, cse_flagged=True, answer="met"), notes(2, HIGH_SCORE, cse_flagged=True, answer="not_met"),
        notes(4, HIGH_SCORE, answer="met"), notes(10, NOT_CALLED, answer="not_met"), notes(10, NOT_CALLED),
    )  # fmt: skip
    result_row = row(unflagged_table(found, volume(table="summaries")), place_code="INV01")
    assert (result_row["unflagged"], result_row["told"]) == pytest.approx((4, 10))
    assert result_row["sensitivity"] == pytest.approx(0.6)  # 6 of 10
    assert result_row["specificity"] == pytest.approx(20 / 22, abs=1e-6)  # of 22 that are none, 2 bear a flag
    assert result_row["precision"] == pytest.approx(0.75)
    assert result_row["reader_recall"] == pytest.approx(1)


def test_what_two_years_report_is_counted_apart_and_a_year_of_too_few_is_refused():
    years = [date(2023, 4, 1), date(2024, 4, 1), date(2025, 4, 1)]
    early, late = {"recorded_at": datetime(2023, 9, 1)}, {"recorded_at": datetime(2025, 3, 31, 23)}
    found = audited(
        notes(20, HIGH_SCORE, answer="met", **early), notes(8, HIGH_SCORE, answer="met", **late),
        notes(30, NOT_CALLED, answer="not_met", **early), notes(30, NOT_CALLED, answer="not_met", **late),
    )  # fmt: skip
    result_row = row(years_table(found, years), place_code="INV01")
    assert result_row["earlier_low"] <= 20 <= result_row["earlier_high"]
    assert result_row["later_low"] <= 8 <= result_row["later_high"] < result_row["earlier_low"]
    assert (result_row["earlier_from"], result_row["later_from"]) == ("2023-04-01", "2024-04-01")
    assert (
        "too few" in row(years_table(found.where(pl.col("answer") == "not_met"), years), place_code="INV01")["refusal"]
    )
    assert row(years_table(found, []), place_code="ALL")["refusal"] == TOO_FEW_YEARS


def test_where_flags_are_not_told_they_are_not_judged():
    found = audited(notes(6, HIGH_SCORE, cse_flagged=None, answer="met"))
    assert row(unflagged_table(found, volume(table="summaries")), place_code="ALL")["why"] == FLAG_NOT_KNOWN


def test_above_five_in_a_hundred_unread_a_force_is_not_compared():
    found = audited(CALLED_ONES, LOW_ONES)
    assert (
        row(language_table(found, text_volume(found, texts=100, read=95)), measure=BLAMING, place_code="INV01")[
            "not_compared"
        ]
        == ""
    )
    result_row = row(language_table(found, text_volume(found, texts=100, read=94)), measure=BLAMING, place_code="INV01")
    assert result_row["not_compared"].startswith("Not comparable: more than 5% of entries could not be read")
    assert reason_not_compared(None, "entries") == "Not comparable: no entries were sent."


def side(share, words=40.0, entries=100.0, authors=10.0):
    return Side(IntervalEstimate(share, share - 0.01, share + 0.01), words, entries, authors)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(side(0.02), DECREASED), (side(0.02, words=35.0), NOT_COMPARABLE), (side(0.02, authors=8.0), NOT_COMPARABLE),
     (side(0.02, entries=89.0), NOT_COMPARABLE), (side(0.02, words=None), NOT_COMPARABLE), (side(0.095), NO_CHANGE_DETECTED)],
)  # fmt: skip
def test_a_fall_beside_shorter_entries_or_fewer_authors_is_not_comparable(after, expected):
    before = side(0.1)
    change = after.share.value - before.share.value
    found, why = verdict(before, after, IntervalEstimate(change, change - 0.014, change + 0.014))
    assert found == expected
    assert "good" not in why


def test_a_change_that_cannot_be_told_says_why():
    assert verdict(side(0.1), side(0.1), missing_estimate("Nobody marked.")) == (INDETERMINATE, "Nobody marked.")


def test_before_and_after_a_day_each_side_has_its_own_share_and_volume():
    later = [
        *notes(10, HIGH_SCORE, answer="not_met", entry_at=datetime(2025, 8, 1)),
        *notes(20, NOT_CALLED, answer="not_met", entry_at=datetime(2025, 8, 1)),
    ]
    found = audited(CALLED_ONES, LOW_ONES, later)
    result_row = row(changes_table(found, text_volume(found), [date(2025, 7, 1)]), place_code="INV01")
    assert (result_row["before"], result_row["after"]) == (pytest.approx(0.24), 0)
    assert result_row["words_an_entry_before"] == 50
    assert result_row["said"] == NOT_COMPARABLE  # of the later months it is not known how much was written


WORDS = {"measure": BLAMING, "place_code": "INV01", "part_of": "all", "marked": 200, "per_1000": 1.0, "per_1000_low": 0.0,
         "per_1000_high": 9.0, "why": "", "outlier_alert": False, "direction": "", "not_comparable": ""}  # fmt: skip
READ = {"table_name": "notes", "place_code": "INV01", "read": 2400, "words_thousands": 110.0}


def test_few_blaming_words_are_never_said_to_be_a_good_attitude_and_volume_stands_beside():
    expected = words_sentence(WORDS, READ, "Anvilshire", "2025")
    assert "about 1 of 1,000 entries of the police's own (0 to 9), from about 200 marked" in expected
    assert "about 2,400 entries of 110 thousand words were read" in expected
    assert "few of them are no finding that attitudes are good" in expected
    assert expected.count("good") == 1


def test_a_finding_is_made_for_all_together_even_where_nothing_may_be_said():
    none = {"per_1000": None, "marked": None, "why": NO_RATINGS, "place_code": "ALL"}
    found = list(
        text_findings(
            [WORDS | none, WORDS | none | {"place_code": "INV01"}], [], [READ], names={}, request="R", period="2025"
        )
    )
    assert [finding.place_code for finding in found] == ["ALL"]
    assert found[0].value is None
    assert "Nobody has marked" in found[0].sentence.replace("nobody", "Nobody")


def test_a_number_of_crimes_too_small_to_be_shown_stands_in_no_sentence():
    flags = {"place_code": "INV01", "marked": 100, "sensitivity": 0.5, "sensitivity_low": 0.3, "sensitivity_high": 0.7, "unflagged": None,
             "why": "The number is too small to be shown.", "outlier_alert": True, "direction": "lower", "not_comparable": ""}  # fmt: skip
    expected = flags_sentence(flags, "Anvilshire", "2025")
    assert expected.endswith(
        "50% bear a flag (30% to 70%), from about 100 marked; this is lower than the other forces predict."
    )


RIGHT = {
    "place_code": "INV01", "marked": 60, "precision": 0.5, "precision_low": 0.38, "precision_high": 0.62,
    "specificity_outlier_alert": True, "specificity_direction": "lower",
    **{f"sensitivity{end}": None for end in ("", "_low", "_high")},
}  # fmt: skip


def test_how_often_a_flag_is_right_is_a_finding_of_its_own():
    """Also where nothing can be said of how much exploitation is flagged."""
    [overall, found] = text_findings(
        [], [RIGHT | {"place_code": "ALL", "why": "Nobody marked.", "precision": None}, RIGHT], [], names={},
        request="R", period="2025",
    )  # fmt: skip
    assert (overall.measure, found.measure, found.question, found.value) == (
        "flag_sensitivity", "flag_precision", "Q19", 0.5,
    )  # fmt: skip
    assert (
        "the summary of 50% describes it (38% to 62%), from about 60 marked; of the other summaries more bear a flag"
        in found.sentence
    )


def test_flags_are_compared_by_how_many_the_share_is_of():
    """Sensitivity of the 40 summaries that report it; specificity of the 160 others."""
    ends = {f"{name}{end}": 0.5 for name in ("sensitivity", "specificity") for end in ("", "_low", "_high")}
    force_row = {
        "place_code": "INV01",
        "told": 40.2,
        "in_frame": 200,
        "marked": 60,
        "why": "",
        "not_compared": "",
        **ends,
    }
    found = audited(notes(1, HIGH_SCORE))
    words = language_table(found, text_volume(found)).clear()
    rows = comparison_input(words, pl.DataFrame([force_row]))
    assert [(item.measure, item.records) for item in rows] == [("flag_sensitivity", 40), ("flag_specificity", 160)]


def test_each_text_has_its_own_score_in_whatever_order_scores_come():
    frame = pl.DataFrame({"force_code": ["A", "A"], "subject_ref": ["N1", "N2"], "band": ["up to 0.1", "above 0.5"]})
    scores = pl.DataFrame(
        {"force_code": ["A", "A"], "subject_ref": ["N2", "N1"], "stratum": ["high", "low"], "score": [0.9, 0.1]}
    )
    for score_frame in (scores, scores.reverse()):
        rows = join_ratings(frame, score_frame, {"q": {("A", "N2"): "met"}}, "tried").rows.sort("subject_ref")
        assert rows.select("stratum", "score", "answer").rows() == [("low", 0.1, None), ("high", 0.9, "met")]


FORCE_CODES = [f"INV{number:02}" for number in range(1, 13)]


def entries_of(code, blaming, *, low_blaming=0):
    """1,000 entries with low scores, of which 5 are read, and 100 with high scores, of which 50 are read."""
    groups = (
        notes(low_blaming, NOT_CALLED, answer="met"), notes(5 - low_blaming, NOT_CALLED, answer="not_met"), notes(995, NOT_CALLED),
        notes(blaming, HIGH_SCORE, answer="met"), notes(50 - blaming, HIGH_SCORE, answer="not_met"), notes(50, HIGH_SCORE),
    )  # fmt: skip
    return [{**entry, "force_code": code} for group in groups for entry in group]


def alerts_of(blaming, **more):
    found = audited(*(entries_of(code, blaming.get(code, 2), **more.get(code, {})) for code in FORCE_CODES))
    read = pl.concat([volume(1100, 1100).with_columns(force_code=pl.lit(code)) for code in FORCE_CODES])
    rates = language_table(found, TextVolume(read, found.rows))
    flags = pl.DataFrame(schema=unflagged_table(found.where(pl.lit(value=False)), read.clear()).schema)
    organisations = {code: Organisation(code, code, code.lower(), "territorial", "England") for code in FORCE_CODES}
    compared = compare_audited(comparison_input(rates, flags), organisations, {BLAMING: "lower"})
    return rates, [entry["place_code"] for entry in compared.to_pylist() if entry["outlier_alert"]]


def test_an_almost_unread_lowest_band_does_not_hide_a_force_whose_entries_above_it_blame():
    """2 of 50 elsewhere, 20 of 50 in one force; of 1,000 entries in the lowest band 5 are read, and none blames."""
    rates, alerts = alerts_of({"INV05": 20})
    assert alerts == ["INV05"]
    rate_row = row(rates, place_code="INV05", measure=BLAMING, part_of="all")
    assert rate_row["compared_share"] == pytest.approx(20 / 50 * 100 / 1100, abs=1e-6)
    assert rate_row["compared_high"] < rate_row["high"]
    assert rate_row["lowest_most"] > 100  # what the lowest band may hold is said beside it


def test_one_hit_in_an_almost_unread_band_makes_no_force_worse_than_the_others():
    assert alerts_of({}, INV05={"low_blaming": 1})[1] == []


def test_a_force_without_entries_above_the_lowest_band_has_found_none_and_not_nothing_known():
    found = audited(
        entries_of("INV01", 2), [{**entry, "force_code": "INV02"} for entry in notes(20, NOT_CALLED, answer="not_met")]
    )
    read = pl.concat([volume().with_columns(force_code=pl.lit(code)) for code in ("INV01", "INV02")])
    rate_row = row(
        language_table(found, TextVolume(read, found.rows)), place_code="INV02", measure=BLAMING, part_of="all"
    )
    assert (rate_row["compared_share"], rate_row["compared_high"]) == (0, 0)
