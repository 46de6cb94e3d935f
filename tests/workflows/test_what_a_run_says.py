"""Does a run say where letters lie that only a run can write?"""

from pathlib import Path

import pytest

from assay.workflows.run.inspection_pipeline import RunResult


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        (0, []),
        (1, ["1 force sent crimes that another force does not know: a letter to each lies in inspection/records."]),
        (3, ["3 forces sent crimes that another force does not know: a letter to each lies in inspection/records."]),
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
