"""Do search and comparison cover the pages, does a correction name what changed, and is every term explained?"""

import json
from types import SimpleNamespace

import pyarrow.compute as pc
import pytest
from lxml import html

from assay.errors import UsageError
from assay.reference import forces
from assay.report import Reissue, write_report
from assay.report.edition_corrections import CHANGED, NEW, WITHDRAWN, corrections, read_figures
from assay.report.figure_register import numbers_in
from assay.report.pages.evidence_pages import glossary_terms
from assay.report.pages.force_areas import area_names
from assay.sdc import policy, release
from report.conftest import MARK
from report.fixture import released
from report.record_fixture import record_released
from report.scoped import figures_of

WHY = "One count was entered twice."


def script(report, name):
    text = (report.folder / name).read_text(encoding="utf-8")
    return json.loads(text.partition(" = ")[2].removesuffix(";\n"))


@pytest.mark.parametrize("report_name", ["report", "record_report"])
def test_every_page_is_found_by_its_title_and_leads_there(request, report_name):
    report = request.getfixturevalue(report_name)
    index = script(report, "search-index.js")
    assert {entry["path"] for entry in index} == set(report.written.pages)
    assert all((report.folder / item["path"]).is_file() and item["title"] for item in index)


@pytest.mark.parametrize("report_name", ["report", "record_report"])
def test_every_number_of_the_comparison_is_a_released_figure(request, report_name):
    report = request.getfixturevalue(report_name)
    compared, figures = script(report, "compare-figures.js"), figures_of(report)
    released_numbers = {
        number for figure in figures for printed_number in figure["printed"] for number in numbers_in(printed_number)
    }
    words_shown = [words for row in compared["rows"] for words in row["figures"].values()]
    assert len(words_shown) > 30
    assert [words for words in words_shown for number in numbers_in(words) if number not in released_numbers] == []
    assert all((report.folder / row["href"]).is_file() for row in compared["rows"])
    assert all((report.folder / place["href"]).is_file() for place in compared["places"])


def test_no_text_can_end_a_script(report):
    for name in ("search-index.js", "compare-figures.js"):
        assert "</" not in (report.folder / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def issued_again(tmp_path_factory, report):
    """The report once more, one published count being another and one row having gone."""
    tables = dict(released().tables)
    counts = tables["recorded"]["offences"]
    first = pc.if_else(
        pc.equal(pc.cumulative_sum(pc.if_else(pc.equal(counts, counts), 1, 1)), 1), pc.add(counts, 7), counts
    )
    position = tables["recorded"].column_names.index("offences")
    tables["recorded"] = tables["recorded"].set_column(position, "offences", first)
    tables["validation_errors"] = tables["validation_errors"].slice(0, 0)
    second_release, folder = (
        release(tables, policy=policy(), ledger_head="1" * 64, edition="2026-02 (invented)"),
        tmp_path_factory.mktemp("again"),
    )
    reissue = Reissue(report.folder / "figures" / "figures.json", WHY)
    return SimpleNamespace(
        folder=folder, written=write_report(second_release, folder, reissue=reissue), before=counts[0].as_py()
    )


def test_a_report_that_is_issued_again_names_what_changed(issued_again):
    page = MARK.sub(r"\1", (issued_again.folder / "corrections.html").read_text(encoding="utf-8"))
    assert WHY in page
    assert "2026-01 (synthetic)" in page
    rows = (issued_again.folder / "figures" / "corrections.csv").read_text(encoding="utf-8").splitlines()
    changed = [row for row in rows if row.startswith("changed")]
    assert len(changed) == 1
    assert f"{issued_again.before:,}" in changed[0] or str(issued_again.before) in changed[0]
    assert [row for row in rows if row.startswith("withdrawn")]
    assert not [row for row in rows if row.startswith("new,")]
    index = (issued_again.folder / "index.html").read_text(encoding="utf-8")
    assert 'href="corrections.html"' in index


def test_a_report_that_was_not_issued_before_has_no_page_of_corrections(report, pages):
    assert "corrections.html" not in report.written.pages
    assert not [path for path, page in pages.items() if "corrections.html" in page]


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [(["5"], ["10"], CHANGED), (["5"], None, WITHDRAWN), (None, ["5"], NEW), (["5"], ["5"], None)],
)
def test_a_figure_is_changed_withdrawn_new_or_as_it_was(before, now, kind):
    def with_sentence(sentence):
        return {"edition": "E", "figures": [{"id": "t/a#n", "printed": sentence}] if sentence else []}

    assert [change.kind for change in corrections(with_sentence(before), with_sentence(now), WHY).changes] == (
        [kind] if kind else []
    )


def test_a_re_issue_says_why_and_holds_a_file_of_figures_against_its_own(tmp_path):
    fields = {"edition": "E", "figures": []}
    with pytest.raises(UsageError, match="Say why"):
        corrections(fields, fields, " ")
    (tmp_path / "other.json").write_text("[1]")
    with pytest.raises(UsageError, match="no file of figures"):
        read_figures(tmp_path / "other.json")


def test_every_word_is_explained_once_and_in_order(record_pages):
    words = [term.word for term in glossary_terms()]
    assert words == sorted(words, key=str.casefold)
    assert len(words) == len(set(words)) > 20
    assert all(
        term.means.endswith(".") and term.means in record_pages["glossary.html"].replace("&#39;", "'")
        for term in glossary_terms()
    )


def test_nothing_that_people_may_not_see_stands_beside_the_pages(record_report):
    """What leaves is pages, charts, figures, an R script and a notebook, and our own scripts with their data."""
    kinds = {path.rsplit(".", 1)[-1] for path in record_report.written.files}
    assert kinds == {"html", "svg", "css", "csv", "json", "js", "xlsx", "ods", "R", "ipynb"}
    assert (
        record_released().public_receipt["receipt_sha256"] in (record_report.folder / "receipts/index.html").read_text()
    )


def test_the_receipts_page_says_what_limits_a_number_before_how_to_check_it_and_folds_the_hashes(record_report):
    page = html.parse(record_report.folder / "receipts" / "index.html").getroot()
    assert page.xpath("//main//h2/text()")[:2] == ["How sure a number is, and what limits it", "How to check"]
    assert page.xpath("//main//dl[@class='facts']/ancestor::details//dt/text()")[0] == "Policy"


def test_the_index_of_indicators_leads_to_every_theme_and_to_the_search_at_its_top(record_report):
    page = html.parse(record_report.folder / "indicators" / "index.html").getroot()
    links = page.xpath("//main/nav//a/@href")
    assert links[-1].endswith("search.html")
    assert {link.removeprefix("#") for link in links[:-1]} == set(
        page.xpath("//main//section[.//ul[@class='asked']]//h2/@id")
    )


def test_a_force_is_found_by_its_region_and_its_council_areas_and_a_synthetic_one_is_not(report):
    areas = {item["path"]: item.get("areas", "") for item in script(report, "search-index.js")}
    [metropolitan] = [text.split("; ") for path, text in areas.items() if path.startswith("forces/metropolitan")]
    assert {"London", "Camden"} <= set(metropolitan)
    assert not areas["index.html"]
    assert "Camden" in (report.folder / "search.html").read_text()
    synthetic = {"place_code": "E23000001", "name": "Alderwick", "slug": "alderwick"}
    assert area_names(synthetic) == ()
    expected = {"E23000005": "Manchester", "E23000014": "Birmingham", "E23000010": "Leeds"}
    for code, area in expected.items():
        assert area in area_names({"place_code": code, "name": forces().get(code).name})
