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
