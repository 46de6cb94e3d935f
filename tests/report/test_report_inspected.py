"""Does a report on returns state what is known, what is not, and whose duty it is?"""

import itertools
import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from assay.report import write_report
from assay.report.page_elements import Figure
from assay.report.pages.inspection.figure_sentences import (
    ALL_OUT_OF_SCOPE,
    bounds_sentence,
    count_text,
    estimate_text,
    grading_status,
    is_all_out_of_scope,
    own_share_text,
    prediction_texts,
    rank_text,
    share_text,
    single_record_answer,
    without_heading,
)
from assay.report.pages.inspection.released_tables import Inspection, period_text
from assay.report.pages.inspection.returns_page import sum_text
from assay.report.pages.inspection.wait_pages import (
    headline_sentence,
)
from assay.sdc import policy, release
from made_once import with_pages_only
from report.conftest import shared_report, write_pages
from report.record_fixture import INDICATORS, ORGANISATIONS, WAITS, arrow, raw_tables, record_released
from report.test_report_pages import Reading

STAGES = (
    "answerability", "persons", "groups", "narratives", "records", "enquiries", "comparison", "people", "scale", "voices",
    "triangulation", "lessons", "judgement", "disclosure", "report",
)  # fmt: skip
RECEIPTS = {("receipts/index.html", f"../../{stage}/receipt.json") for stage in STAGES}
GRADED, UNGRADED, SYSTEM = "told-of-arrest", "charged-of-all", "return-interview-in-72-hours"


@pytest.fixture(scope="module")
def read(record_pages):
    return {path: Reading(text) for path, text in record_pages.items()}


@pytest.fixture(scope="module")
def site():
    return Inspection(record_released())


def flat(text):
    return re.sub(r"\s+", " ", text)


# Pages


def test_there_is_a_page_for_every_indicator_wait_and_body_and_none_on_published_statistics(record_report):
    pages = set(record_report.written.pages)
    assert {"index.html", "definitions.html", "returns.html", "method.html", "receipts/index.html"} <= pages
    assert (
        len([p for p in pages if p.startswith("indicators/")]) == len(INDICATORS) + 2
    )  # the index, and one of organisations
    assert len([p for p in pages if p.startswith("waits/")]) == len(WAITS) + 1
    assert len([p for p in pages if p.startswith("forces/")]) == 4 * len(ORGANISATIONS) + 1  # three linked pages each
    assert not [p for p in pages if p.startswith(("offences", "on-the-wane", "comparison", "questions"))]


def test_every_link_of_a_report_on_records_leads_somewhere(record_report, read):
    root, broken = record_report.folder.resolve(), []
    for path, page in read.items():
        for link in page.links:
            if link.startswith("data:") or (path, link) in RECEIPTS:
                continue
            file, _, spot = unquote(link).partition("#")
            target = (root / path).parent / file if file else root / path
            known = read.get(target.resolve().relative_to(root).as_posix())
            if not target.exists() or (spot and known and spot not in known.ids):
                broken.append((path, link))
    assert not broken


def test_no_page_on_records_needs_a_script_or_anything_from_elsewhere(read, record_pages):
    """The scripts of tables and terms stand on every page, and it reads without them; two pages have further ones."""
    assert {path for path, page in read.items() if page.scripts > 2} == {"search.html", "compare.html"}
    assert not [path for path, text in record_pages.items() if re.search(r'(?:href|src|srcset)="(?:https?:)?//', text)]


def test_headings_of_a_page_on_records_skip_no_level_and_no_anchor_stands_twice(read):
    for path, page in read.items():
        levels = [level for level, _ in page.headings]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), path
        assert len(page.ids) == len(set(page.ids)), path
        assert page.heads_without_scope == 0, path
        assert all(page.images), path


def test_no_heading_caption_or_label_calls_a_count_cse(read):
    for path, page in read.items():
        assert not [name for name in page.labels if re.search(r"\bCSE\b", name)], path


def test_the_same_release_gives_the_same_bytes(record_report, tmp_path):
    shared_report(record_released(), tmp_path)
    for path in record_report.written.files:
        assert (tmp_path / path).read_bytes() == (record_report.folder / path).read_bytes(), path


def test_a_request_to_which_nothing_came_still_has_its_report(tmp_path):
    few_tables = {name: raw_tables()[name] for name in ("inspection_summary", "places")}
    report_written = write_report(
        release(arrow(few_tables), policy=policy("record level"), ledger_head="", edition="E"), tmp_path
    )
    assert "forces/alderwick.html" in report_written.pages
    assert "No return of this force was accepted" in (tmp_path / "forces/alderwick.html").read_text(encoding="utf-8")


# Whose forces, whose duty


def test_every_page_on_synthetic_forces_says_so_before_anything_else(record_pages):
    for path, text in record_pages.items():
        notice = "Synthetic forces: none of this is about a real force."
        assert notice in text, path
        assert text.index(notice) < text.index('class="mark"'), path


def test_a_report_on_real_forces_bears_no_such_banner(tmp_path):
    with with_pages_only("index.html"):
        write_report(record_released("real"), tmp_path)
    assert "Synthetic forces" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_graded_indicator_a_shown_one_and_another_bodys_duty_cannot_be_taken_for_each_other(record_pages):
    graded, ungraded_text, system = (flat(record_pages[f"indicators/{key}.html"]) for key in (GRADED, UNGRADED, SYSTEM))
    assert "<strong>Graded.</strong> The police hold this duty, and its standard is verified." in graded
    assert "<strong>Shown, not graded.</strong> It has no standard. A low or high share breaks no duty" in ungraded_text
    assert "it never counts for or against a police force" in system
    for text, key in ((graded, "graded"), (ungraded_text, "shown"), (system, "system")):
        assert set(re.findall(r'class="stands (\w+)"', text)) == {key}
    assert "<dt>Whose duty</dt><dd>The system around the child</dd>" in system


def test_the_duty_of_another_body_is_never_graded_even_if_marked_so():
    assert grading_status({"holder": "the system around the child", "graded": True, "standard": "x"}).key == "system"
    assert grading_status({"holder": "police", "graded": True, "standard": "x"}).key == "graded"
    assert grading_status({"holder": "police", "graded": False, "standard": "x"}).key == "shown"


def test_a_duty_by_whose_standard_nobody_is_graded_is_not_said_to_be_no_breach():
    status = grading_status({"holder": "police", "graded": False, "standard": "x"})
    assert status.key == "shown"
    assert "not used for grades" in status.meaning
    assert "no breach" not in status.meaning


def test_a_duty_that_the_police_share_is_shown_and_never_graded():
    status = grading_status({"holder": "police with others", "graded": True, "standard": "x"})
    assert status.key == "shown"
    assert "share this duty with others" in status.meaning


# What is not known, hidden, or cannot be asked


def test_a_small_count_is_said_in_words_and_a_missing_one_is_never_zero():
    row = {"met": None, "suppressed_cells": "met", "not_askable": None}
    assert count_text(row, "met") == "fewer than 8"
    assert count_text({**row, "suppressed_cells": "secondary:met"}, "met") == "suppressed"
    assert count_text({**row, "suppressed_cells": None, "not_askable": "Not sent."}, "met") == "cannot be asked"
    assert count_text({**row, "suppressed_cells": None}, "met") == "not given"
    assert count_text({**row, "suppressed_cells": None, "met": 0}, "met") == "0"


def test_a_share_on_too_few_records_is_not_said():
    row = {"share": None, "suppressed_cells": "share", "not_askable": None}
    assert share_text(row) == "too few to say"
    assert share_text({**row, "met": None, "not_met": 25}) == "suppressed: few on one side"
    assert share_text({**row, "met": None, "not_met": 15}) == "too few to say"
    assert share_text({**row, "base": 30}) == "suppressed: few on one side"
    reason = "Not comparable: fewer than 20 records tell, too few to know a force from chance."
    assert share_text({**row, "base": 20, "not_comparable": reason}) == "too few to say"  # 18, rounded
    assert share_text(
        {**row, "base": 30, "not_known_share": None, "suppressed_cells": "not_known_share"}, "not_known_share"
    ) == ("suppressed")
    assert share_text({**row, "suppressed_cells": None}) == "not given"
    assert share_text({**row, "share": 0.576}) == "58%"
    assert share_text(None) == "not given"


def test_what_is_not_known_is_told_as_a_span_out_of_a_hundred():
    assert bounds_sentence({"share_lowest": 0.54, "share_highest": 0.61}) == (
        "Between 54% and 61%, as 7% are not known"
    )
    assert "less than 1%" in bounds_sentence({"share_lowest": 0.54, "share_highest": 0.54})
    assert bounds_sentence({"share_lowest": None, "share_highest": 0.61}) == ""


def test_a_body_that_did_not_send_the_events_is_listed_as_one_that_cannot_be_asked(record_pages):
    why = "This force did not send the events that record it; so it cannot be asked here."
    indicator, force = (
        flat(record_pages[f"indicators/{GRADED}.html"]),
        flat(record_pages["forces/cloverdale/measures.html"]),
    )
    assert f">Cloverdale (invented)</a>: {why}" in indicator
    assert f">Victims told of the arrest in time</a>: {why}" in force
    assert why not in record_pages[f"indicators/{UNGRADED}.html"]


def test_a_body_whose_return_did_not_come_is_said_to_be_neither_good_nor_bad(record_pages):
    text = flat(record_pages["forces/juniper-coast.html"])
    assert "nothing can be said of it. That is neither good nor bad." in text
    assert "<table" not in text


def test_no_count_from_one_to_four_of_people_stands_in_any_cell(record_pages):
    for path, text in record_pages.items():
        if path.startswith(("indicators/t", "forces/hazelford/measures", "forces/north-unit/measures")):
            dense = re.findall(r'class="cards dense\b.*?</table>', text, re.S)
            rows = [row for table in dense for row in table.split("</tr>") if "younger than 12 months" not in row]
            cells = [cell for row in rows for cell in re.findall(r'class="n">([\d,]+)</td>', row)]
            assert cells, path
            assert all(int(cell.replace(",", "")) % 5 == 0 for cell in cells), path


# Who is set beside whom


def test_a_rank_on_records_is_never_printed_without_its_interval(record_pages):
    found = [
        (p, m) for p, text in record_pages.items() for m in re.finditer(r"\d+(?:st|nd|rd|th) of \d+(.{0,25})", text)
    ]
    assert found
    for path, match in found:
        assert re.match(r" \(\d+(?:st|nd|rd|th) to \d+(?:st|nd|rd|th)\)", match[1]), path


def test_a_regional_unit_has_counts_and_no_rate_rank_or_chart(record_pages):
    text = flat(record_pages["forces/north-unit.html"] + record_pages["forces/north-unit/measures.html"])
    assert "are given no rate and no rank" in text
    shown_text = " ".join(part.split("How sure is this?")[0] for part in text.split("<main")[1:])
    assert "%" not in shown_text
    assert "not ranked" not in shown_text
    assert "<picture>" not in text
    assert "Outside and the five answers of every measure" in text


def test_no_chart_sets_a_regional_unit_beside_a_force(record_report):
    for path in (record_report.folder / "charts").glob("*.svg"):
        assert "North Regional Unit" not in path.read_text(encoding="utf-8"), path.name


def test_a_force_of_which_too_much_is_not_known_is_drawn_hollow_and_named_with_the_reason(record_report, record_pages):
    chart_text = (record_report.folder / "charts/sorted-told-of-arrest.svg").read_text(encoding="utf-8")
    assert chart_text.count('<circle class="f0 n line thin"') == 2  # Ivyholt, and the transport police
    text = flat(record_pages[f"indicators/{GRADED}.html"])
    assert ">Ivyholt (invented)</a>: 40 in 100 records do not tell, more than a quarter." in text


def test_a_body_that_is_not_compared_is_given_no_estimate_and_no_rank(site):
    row = site.estimate("told_of_arrest", "INV09")
    assert rank_text(site, row) == "not ranked"
    assert re.fullmatch(r"\d+% to \d+%", estimate_text(row))
    assert prediction_texts(row)[1] == "not compared"


def test_a_rank_is_out_of_the_forces_whose_share_is_shown(site):
    ranks = [row["rank"] for row in site.estimates("told_of_arrest") if row["rank"] is not None]
    assert len(ranks) < 8
    assert site.ranked_count("told_of_arrest") == len(ranks)


def test_a_body_that_is_itself_the_record_is_answered_in_a_word():
    counts = dict.fromkeys(("met", "not_met", "not_known", "not_known_if_counted", "excluded", "outside"), 0)
    assert single_record_answer({**counts, "records": 1, "not_met": 1}) == "not met"
    assert single_record_answer({**counts, "records": 5, "not_met": 5}) == ""
    assert single_record_answer({**counts, "records": None, "met": None}) == ""


def test_where_each_body_is_one_record_their_answers_are_listed_and_nothing_is_ranked(record_report, record_pages):
    text = flat(record_pages["indicators/problem-profile-current.html"])
    assert re.search(r">Alderwick \(invented\)</a></th><td [^>]*>not met</td>", text)
    assert re.search(r">Brackenshire \(invented\)</a></th><td [^>]*>met</td>", text)
    assert "so there is nothing to rank" in text
    assert not list((record_report.folder / "charts").glob("sorted-problem-profile*"))


def test_standing_beside_the_others_is_said_as_a_difference():
    row = {
        "expected_low": 0.5,
        "expected_high": 0.7,
        "not_comparable": None,
        "outlier_alert": True,
        "direction": "lower",
    }
    row["share"] = 0.6
    assert prediction_texts(row) == ("50% to 70%", "lower")
    assert (
        prediction_texts({**row, "alert_status": "persists", "alerted_since": "1 April 2024 to 31 March 2025"})[1]
        == "lower, as in the records of 1 April 2024 to 31 March 2025"
    )
    assert prediction_texts({**row, "outlier_alert": False}) == ("50% to 70%", "as predicted")
    assert prediction_texts({**row, "outlier_alert": None}) == ("50% to 70%", "not compared")
    hidden = {
        **row,
        "expected_low": None,
        "expected_high": None,
        "outlier_alert": False,
        "suppressed_cells": "expected_low",
    }
    assert prediction_texts(hidden) == ("suppressed", "suppressed")


def test_a_share_outside_what_is_predicted_is_never_called_as_predicted():
    row = {"expected_low": 0.5, "expected_high": 0.7, "not_comparable": None, "outlier_alert": False, "share": 0.51}
    assert prediction_texts(row, {"share": 0.6})[1] == "as predicted"
    assert (
        prediction_texts(row, {"share": 0.45})[1] == "outside the predicted range, no outlier alert"
    )  # its own share, the estimate within
    assert prediction_texts({**row, "share": 0.75}, None)[1] == "outside the predicted range, no outlier alert"
    assert prediction_texts({**row, "share": None}, {"share": None})[1] == "as predicted"
    assert prediction_texts({**row, "outlier_alert": True, "direction": "lower"}, {"share": 0.2})[1] == "lower"


def test_what_stands_outside_by_chance_is_explained_under_every_table_that_may_say_so(record_pages):
    for path in (f"indicators/{GRADED}.html", "forces/alderwick/measures.html"):
        assert "With all the comparisons made, this is not enough for an outlier alert" in flat(record_pages[path])


def test_children_and_adults_when_reported_are_outliers_where_victims_are_counted(record_pages):
    split, plain = flat(record_pages[f"indicators/{GRADED}.html"]), flat(record_pages[f"indicators/{UNGRADED}.html"])
    assert "Child when reported and adult when reported, force by force" in split
    for name in ("Child when reported", "Adult when reported", "Not known when"):
        assert f'scope="row">{name}</th>' in split
    assert "adult when reported, force by force" not in plain


# Quotations and what came


def test_the_receipt_of_each_stage_is_named_and_of_each_return_there_is_one(read, record_pages):
    assert {link for link in read["receipts/index.html"].links if "receipt.json" in link} == {
        link for _, link in RECEIPTS
    }
    assert "It leaves one receipt for each of them" in record_pages["receipts/index.html"]


def test_every_quotation_on_records_names_base_period_and_request(record_pages):
    quoted = [(p, q) for p, text in record_pages.items() for q in re.findall(r"<blockquote><p>(.*?)</p>", text, re.S)]
    assert len(quoted) > 50
    for path, quote in quoted:
        assert "1 April 2025 to 31 March 2026" in quote, path
        assert "Base:" in quote, path
        assert "returns to request INV-2026" in quote, path


def test_a_period_is_said_with_its_last_day():
    assert period_text("2025-04-01", "2026-04-01") == "1 April 2025 to 31 March 2026"
    assert period_text("2025-01-01", "2025-03-01") == "1 January 2025 to 28 February 2025"
    assert period_text(None, None) == "a period that was not given"


def test_the_letter_to_a_force_is_named_and_is_no_part_of_the_report(record_report, record_pages):
    assert "it is no part of this report" in flat(record_pages["forces/alderwick/records.html"])
    assert not list(Path(record_report.folder).rglob("letter*"))


def test_every_definition_stands_with_its_count_and_none_is_called_the_right_one(record_pages):
    text = flat(record_pages["definitions.html"])
    assert text.count('<section aria-labelledby="') == 3  # one for each count, and the strands behind them
    assert "none is called the right one" in text
    for title in ("Flagged by the force", "Two suspects or more"):
        assert f"<dt>{title}</dt>" in text


# What a review found


def test_the_organisations_that_sent_a_table_do_not_count_all_of_them_together_as_one_more(tmp_path):
    tables = raw_tables()
    names = dict.fromkeys(row["table_name"] for row in tables["return_contents"])
    tables["return_contents"] += [{"place_code": "ALL", "table_name": name, "supplied": "whole"} for name in names]
    write_pages(tables, tmp_path, "returns.html")
    text = (tmp_path / "returns.html").read_text(encoding="utf-8").split('id="tables-table"')[1]
    rows = re.findall(r'scope="row">.*?</th>((?:<td.*?</td>)+)', text)
    assert len(rows) == len(names)
    for row in rows:
        whole, part, none, not_asked, _ = map(int, re.findall(r">(\d+)</td>", row))
        assert whole + part + none + not_asked == len(ORGANISATIONS) - 1  # of one body nothing came


def test_a_table_that_was_not_asked_is_counted_apart_and_not_among_those_that_did_not_come(tmp_path):
    """Six tables a body; of profiles none was asked, and of Alderwick five came, one of them in part."""
    tables = raw_tables()
    for row in tables["return_contents"]:
        if row["table_name"] == "profiles":
            empty = {"complete": None, "records": None, "accepted": None, "set_aside": None}
            row |= {"supplied": "none", "reason": "not_asked", **empty}
    write_pages(tables, tmp_path, "returns.html", "forces/alderwick.html", "forces/alderwick/records.html")
    page = (tmp_path / "returns.html").read_text(encoding="utf-8")
    assert "4 of the 5 tables asked for came whole, 1 in part" in flat(page)
    profiles = page.split('id="tables-table"')[1].split(">Profiles</th>")[1].split("</tr>")[0]
    assert re.findall(r">(\d+)</td>", profiles) == ["0", "0", "0", str(len(ORGANISATIONS) - 1), "0"]
    force = flat((tmp_path / "forces/alderwick.html").read_text(encoding="utf-8"))
    assert "4 of the 5 tables asked for came whole, 1 in part." in force
    records = flat((tmp_path / "forces/alderwick/records.html").read_text(encoding="utf-8"))
    own_part = records.split('id="returned"')[1].split(">Profiles</th>")[1].split("</tr>")[0]
    assert "not asked for" in own_part
    assert "not said" not in own_part


def test_a_sum_that_hides_small_counts_is_not_said_to_be_zero():
    zero = {"supplied": "whole", "set_aside": 0, "suppressed_cells": None}
    few_bases, kept_bases = (
        {**zero, "set_aside": None, "suppressed_cells": "set_aside"},
        {**zero, "set_aside": None, "suppressed_cells": "secondary:set_aside"},
    )
    assert sum_text([zero, zero], "set_aside") == "0"
    assert sum_text([zero, few_bases], "set_aside") == "fewer than 8 in 1 table"
    assert sum_text([few_bases, few_bases], "set_aside") == "fewer than 8 in each of 2 tables"
    assert sum_text([{**zero, "set_aside": 10}, few_bases], "set_aside") == "about 10, and fewer than 8 in 1 table"
    assert sum_text([zero, kept_bases], "set_aside") == "suppressed in 1 table"
    assert sum_text([{"supplied": "none", "set_aside": None}], "set_aside") == "none"


def test_no_page_says_about_0(record_pages):
    assert not [path for path, text in record_pages.items() if "about 0" in text]


OUTSIDE = dict.fromkeys(("met", "not_met", "not_known", "not_known_if_counted", "excluded"), 0)


def test_a_body_all_of_whose_records_are_outside_is_not_one_whose_records_do_not_tell():
    row = {**OUTSIDE, "records": 545, "outside": 545, "not_askable": None, "share": None, "suppressed_cells": None}
    assert is_all_out_of_scope(row)
    assert own_share_text(row, None) == "out of scope"
    assert is_all_out_of_scope(
        {**row, "records": None, "outside": None, "suppressed_cells": "records outside"}
    )  # 3 of them, all outside
    assert not is_all_out_of_scope({**row, "records": 0, "outside": 0})
    assert not is_all_out_of_scope({**row, "not_known": 5})
    assert not is_all_out_of_scope({**row, "met": None, "suppressed_cells": "met"})
    assert not is_all_out_of_scope({**row, "not_askable": "Not sent."})


def test_a_force_to_which_a_question_does_not_apply_is_listed_so_on_both_pages(tmp_path):
    tables, key = raw_tables(), "return_interview_in_72_hours"
    for row in tables["ladders"]:
        if row["indicator"] == key and row["place_code"] == "INV07":
            row |= {**OUTSIDE, "outside": row["records"], "share": None, "share_lowest": None, "share_highest": None}
    for row in tables["force_estimates"]:
        if row["indicator"] == key and row["place_code"] == "INV07":
            row |= dict.fromkeys(("rank", "rank_low", "rank_high", "share", "share_low", "share_high", "outlier_alert"))
            row |= {"base": 0, "met": 0, "not_met": 0, "not_comparable": "Not comparable: no record here tells."}
    write_pages(tables, tmp_path, "indicators/return-interview-in-72-hours.html", "forces/gorsemouth/measures.html")
    asked_page = flat((tmp_path / "indicators/return-interview-in-72-hours.html").read_text(encoding="utf-8"))
    force = flat((tmp_path / "forces/gorsemouth/measures.html").read_text(encoding="utf-8"))
    assert f">Gorsemouth (invented)</a>: {ALL_OUT_OF_SCOPE}." in asked_page
    assert "no record here tells" not in asked_page + force
    part = force.split('id="outside">')[1].split("</section>")[0]
    assert "Return interviews within 72 hours" in part


def test_the_sentence_chart_and_table_of_an_indicator_name_one_base(tmp_path):
    tables = raw_tables()
    row = next(r for r in tables["force_estimates"] if (r["indicator"], r["place_code"]) == ("charged_of_all", "ALL"))
    row["base"] = 4235  # rounded by itself, and so not the sum of met and not met as each was rounded
    write_pages(tables, tmp_path, "indicators/charged-of-all.html")
    text = flat((tmp_path / "indicators/charged-of-all.html").read_text(encoding="utf-8"))
    assert "of 4,235 records with a known answer" in text
    assert re.search(r'scope="row">Everyone</th>.*?>\d+% of 4,235</td>', text)


def test_counts_on_the_pages_agree_with_their_nouns(record_pages):
    for path, text in record_pages.items():
        plain_text = re.sub(r"<[^>]+>", " ", text)
        words = set(re.findall(r"(?<![\d,.])1 ([a-z]+s)\b", plain_text))
        assert words <= {"is", "has", "was", "needs", "tells", "does", "shows", "leaves", "lies", "requires"}, path
        assert not re.search(r"\bIn 0 of|[Nn]one of [\d,]+ \w+ are\b", plain_text), path


def test_the_foot_of_each_page_bears_the_seal(record_pages):
    for path, text in record_pages.items():
        assert "Seal <code>" in text, path
        assert "ledger head" not in text.lower(), path


def test_on_a_page_that_names_the_matter_the_sentence_does_not_repeat_it_and_the_quotation_does(site):
    sentence = f"Told (all forces, {site.period}): 62% of notices were given in time (65 notices)."
    figure = without_heading(site, {"title": "Told"}, Figure("a", sentence, "", quote=sentence))
    assert figure.label == "62% of notices were given in time (65 notices)."
    assert figure.quote == sentence
    assert (
        without_heading(site, {"title": "Told"}, Figure("a", sentence, ""), "Told: ").label
        == "Told: 62% of notices were given in time (65 notices)."
    )
    assert without_heading(site, {"title": "Other"}, Figure("a", sentence, "")).label == sentence


def test_the_page_of_findings_leads_with_the_lowest_of_the_duties_that_grade(record_pages):
    text = flat(record_pages["findings.html"])
    lead = re.search(r"<h3>Graded, lowest first: (.*?)</h3>", text)[1]
    shares = [int(share) for share in re.findall(r"(\d+)%", lead)]
    assert len(shares) > 1
    assert shares == sorted(shares)
    assert lead.startswith("Victims told of the arrest in time")


def test_definitions_say_what_is_not_known_in_title_and_chart(record_pages):
    text = flat(record_pages["definitions.html"])
    assert re.search(r"From [\d,]+ \(or up to [\d,]+\) to [\d,]+ \(or up to [\d,]+\), by definition", text)
    assert re.search(r"Flagged by the force: [\d,]+, and [\d,]+ not known", text)


def test_a_map_of_synthetic_forces_claims_no_ground_and_names_who_has_no_tile(record_pages):
    text = flat(record_pages["forces/index.html"])
    assert "synthetic forces have no place" in text
    assert "near its place on the map" not in text
    assert "Without a tile: Railway Police (invented) and North Regional Unit (invented)." in text


def test_a_wait_whose_curve_is_withheld_is_still_said(site):
    form = {**site.waits[0], "wait": "no such wait"}
    assert headline_sentence(site, form) == "It cannot be asked of all forces together."
    assert "charged" in headline_sentence(site, next(wait for wait in site.waits if wait["wait"] == "report_to_charge"))


def test_every_page_is_reached_in_two_clicks_from_any_page(record_pages):
    links = {path: _leads_to(path, text) for path, text in record_pages.items()}
    for path, first in links.items():
        reached = {path} | first | {far for neighbour in first for far in links[neighbour]}
        assert set(record_pages) - reached == set(), path


def _leads_to(path, text):
    hrefs = re.findall(r'<a [^>]*href="([^"#]+)', text)
    found = (posixpath.normpath(posixpath.join(posixpath.dirname(path), href)) for href in hrefs)
    return {page for page in found if page.endswith(".html") and not page.startswith("cy/")}


def test_the_page_of_findings_gives_in_full_what_grades_and_has_a_share_and_the_rest_in_a_line(record_pages):
    text = flat(record_pages["findings.html"])
    assert "that do not grade" in text or "that does not grade" in text
    full = re.findall(r'<div class="finding">.*?</article>', text)
    assert full
    assert all('class="grades graded"' in item for item in full)
