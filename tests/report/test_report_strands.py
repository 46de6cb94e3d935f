"""Does every finding show all its sources of evidence, and how certain they make it?"""

import re
from html import unescape

import pytest

from assay.indicators.evidence_sources import BY_KEY, KINDS
from assay.reference import characteristics
from assay.report.pages.inspection.triangulation_section import PAGE_QUESTIONS
from assay.report.report_writer import index_tables, pages, render, report_frame
from assay.sdc import policy, release
from assay.sdc.disclosure_control import apply_policy
from report.record_fixture import arrow, raw_tables

LINE, FINDING = "lines/responses.html", "indicators/told-of-arrest.html"
TELLS_NO_FINDING = {
    "index.html", "findings.html", "indicators/index.html", "waits/index.html", "answerable.html", "returns.html", "burden.html",
    "method.html", "figures/index.html", "receipts/index.html", "plan.html", "assurance.html",
    "search.html", "compare.html", "glossary.html", "easy-read.html", "voices.html", "laws.html",
}  # fmt: skip
"""Pages that lead to findings, and those on how the work was done; every other page tells a finding."""
FORCES = {
    "INV01": "forces/alderwick/reasons.html",
    "INV02": "forces/brackenshire/reasons.html",
    "INV03": "forces/cloverdale/reasons.html",
}
SURE = (
    "The strands disagree: data and victims for it, files against it. People inside cannot tell, documents were not "
    "checked and partners were not asked."
)


def words(html):
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def section(page):
    """The words of the section on strands."""
    return words(page[page.index('aria-labelledby="evidence-sources"') :].partition(">")[2].split("</section>")[0])


def report_without(*sources, only=None):
    """Every page, or those of these paths, of a report that also has texts and the course of cases, in which these
    strands of all forces were not asked."""
    tables = raw_tables()
    tables["source_verdicts"] = [
        row
        for row in tables["source_verdicts"]
        if not (row["place_code"] == "ALL" and row["evidence_source"] in sources)
    ]
    tables["text_coverage"] = []
    step = {"count": "course_followed", "definition": "step_1_reported_expected", "title": "Reported: as expected"}
    tables["definitions_used"].append(step | {"words": "The next step was the one expected.", "source": ""})
    rounding = policy("record level")
    released_tables = release(apply_policy(arrow(tables), rounding), policy=rounding, ledger_head="0" * 64, edition="e")
    site = index_tables(released_tables)
    frame = report_frame(site)
    return {page.path: render(page, site, frame) for page in pages(site) if only is None or page.path in only}


@pytest.fixture(scope="module")
def whole_report():
    """Every page of a report of which no strand was taken away."""
    return report_without()


def finding_pages(paths):
    """The pages that tell a finding; those of single forces have a test of their own."""
    return [path for path in paths if path not in TELLS_NO_FINDING and not re.match(r"forces/(?!index)", path)]


def statements(page):
    """What the page says of how sure each characteristic is."""
    return [words(match) for match in re.findall(r'<p class="surety">(.*?)</p>', page, re.DOTALL)]


def test_every_page_that_tells_a_finding_shows_every_strand_behind_it(whole_report):
    paths = finding_pages(whole_report)
    assert {"texts.html", "waits/course.html", "people/disparities.html", "falling.html"} <= set(paths)
    assert [path for path in paths if 'aria-labelledby="evidence-sources"' not in whole_report[path]] == []
    assert [path for path in paths if not all(kind.name in section(whole_report[path]) for kind in KINDS)] == []
    assert [path for path in TELLS_NO_FINDING if path not in whole_report] == []


def test_every_strand_that_is_taken_away_changes_the_statement_on_every_page_that_tells_a_finding(whole_report):
    for source_removed in ("data", "files", "staff", "victims"):
        left = report_without(source_removed)
        for path in finding_pages(whole_report):
            before, after = statements(whole_report[path]), statements(left[path])
            changed = [
                (before_word, other) for before_word, other in zip(before, after, strict=True) if before_word != other
            ]
            assert changed, f"{path} says the same without {source_removed}"
            assert all(BY_KEY[source_removed].not_asked in other for _, other in changed)


def test_each_page_names_questions_on_which_a_characteristic_of_good_stands():
    stands_on = {number for characteristic in characteristics() for number in characteristic.questions}
    assert [path for path, asks in PAGE_QUESTIONS.items() if not set(asks.split()) <= stands_on] == []


@pytest.mark.parametrize("path", [LINE, FINDING])
def test_a_findings_page_shows_every_strand_behind_it_and_the_statement_made_from_them(record_pages, path):
    page_section = section(record_pages[path])
    assert SURE in page_section
    assert all(kind.name in page_section for kind in KINDS)
    assert "The largest number of files read on one part of it: 35." in page_section
    assert "The largest number of people or visits heard on one part of it: 120." in page_section


def test_a_strand_that_is_taken_away_changes_the_pages_own_statement_of_certainty(record_pages):
    for name in ("data", "files", "staff", "victims"):
        left = report_without(name, only=(LINE, FINDING))
        for path in (LINE, FINDING):
            assert SURE not in section(left[path])
            assert next(kind.not_asked for kind in KINDS if kind.key == name) in section(left[path])
    single_source = section(report_without("files", "staff", "victims", only=(FINDING,))[FINDING])
    assert "Rests on data alone, for it. Files were not read" in single_source


def test_a_finding_has_the_strands_of_the_questions_that_it_asks_and_of_no_other(record_pages):
    assert "The force knows the groups of offenders." in section(record_pages[FINDING])  # it asks Q8 and Q12
    assert "Powers to disrupt" not in section(record_pages[FINDING])
    assert "Powers to disrupt" in section(record_pages[LINE])
    assert "The force knows the groups" not in section(record_pages[LINE])  # that is another line's


def test_every_page_of_an_indicator_of_a_wait_and_of_a_line_says_what_stands_behind_it(record_pages):
    forms = [path for path in record_pages if re.match(r"(indicators|waits|lines)/(?!index)", path)]
    assert len(forms) > 8
    assert all("The evidence, source by source" in record_pages[path] for path in forms)


def test_what_too_few_told_is_not_shown_and_of_one_force_no_count_is(record_pages):
    page_section = section(record_pages[FORCES["INV01"]])
    assert "Rests on data alone, for it. Files cannot tell" in page_section  # nine files were read, and ten are needed
    assert "most files" not in page_section
    assert "Rests on data and files, which agree, against it" in section(record_pages[FORCES["INV02"]])
    assert "The evidence, source by source" not in record_pages[FORCES["INV03"]]  # nothing was made of this one


def test_where_strands_disagree_the_page_of_findings_says_so_and_leads_there(record_pages):
    page = record_pages["findings.html"]
    assert "Where strands of evidence disagree" in page
    assert f'href="{LINE}#kept_informed"' in page
    assert "Where strands of evidence disagree" not in report_without("files", only=("findings.html",))["findings.html"]


def test_published_statistics_are_one_strand_and_the_page_says_so(pages):
    page_section = section(pages["lines/responses.html"])
    assert (
        "Rests on data alone. Files were not read, documents were not checked, people inside were not asked"
        in page_section
    )


def test_by_which_rule_a_strand_speaks_stands_with_the_method(record_pages):
    method_text = words(record_pages["method.html"])
    assert all(kind.rule in method_text for kind in KINDS)
