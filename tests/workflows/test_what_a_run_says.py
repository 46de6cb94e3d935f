"""Does a run end with its findings, the place of its letters, and the page to open?"""

from pathlib import Path

import pytest

from assay.workflows.run.inspection_pipeline import RunResult
from assay.workflows.run.published_pipeline import NOT_NATIONAL, PublishedResult


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        (0, []),
        (1, ["1 force sent crimes that another force does not know: a letter to each is in inspection/records."]),
        (3, ["3 forces sent crimes that another force does not know: a letter to each is in inspection/records."]),
    ],
)
def test_letters_about_crimes_that_another_force_does_not_know_are_pointed_to(letters, expected):
    ran = RunResult(Path("inspection"), Path("index.html"), 2, 2, 10, 5, letters, (), "", ())
    assert [line for line in ran.summary_lines() if "does not know" in line] == expected


def test_a_run_ends_with_its_key_findings_then_the_page_to_open_then_the_next_command():
    findings = ("Nationally, 49% of victims were referred.", "Dialshire: 55% of crimes.", "Cwm Bwced: 43% of suspects.")
    ran = RunResult(Path("inspection"), Path("index.html"), 2, 2, 10, 5, 0, (), "", findings)
    assert ran.summary_lines() == [
        "2 of 2 forces sent a return; 10 records were read.",
        "The letter to each force about its data: inspection/returns, letter.html in each return.",
        "Key findings:",
        "  1. Nationally, 49% of victims were referred.",
        "  2. Dialshire: 55% of crimes.",
        "  3. Cwm Bwced: 43% of suspects.",
        "5 pages. Open this one first:",
        "  index.html",
        "To check every figure: assay inspect verify inspection",
    ]


def test_a_run_without_key_findings_has_no_empty_list():
    ran = RunResult(Path("inspection"), Path("index.html"), 2, 2, 10, 5, 0, (), "", ())
    assert "Key findings:" not in ran.summary_lines()


def published_result(headline: tuple[str, ...], key_findings: tuple[str, ...]) -> PublishedResult:
    return PublishedResult(Path("out"), Path("out/report/index.html"), 147, 1220, 1000, 1, 2, headline, key_findings)


def test_a_report_on_published_statistics_ends_with_its_key_findings_and_not_with_its_longest_paragraphs():
    result = published_result(("A paragraph on three spans and seven breaks.",), ("Humberside: 47% were pending.",))
    assert result.summary_lines() == [
        "Read: 1,000 rows. Set aside, each with a reason: 1. Validation errors: 2.",
        "Key findings:",
        "  1. Humberside: 47% were pending.",
        "147 pages with 1,220 findings. Open this one first:",
        "  out/report/index.html",
        "To check every figure: assay inspect verify out",
    ]


def test_a_report_on_some_forces_says_that_it_has_no_figure_for_england_and_wales():
    assert NOT_NATIONAL in published_result((NOT_NATIONAL,), ()).summary_lines()
