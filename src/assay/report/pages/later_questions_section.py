"""Section of both reports on the questions raised in 2026 that are not among the 50 inspection questions."""

from __future__ import annotations

from typing import Any

from assay.report.number_words import slug
from assay.report.page_elements import Cell
from assay.report.pages.register_pages import GRADES
from assay.report.report_tables import ReleasedTables
from assay.sdc.released_rows.indicator_rows import IndicatorsRow
from assay.sdc.released_rows.published_rows import LaterQuestionsRow


def later_question_rows(site: ReleasedTables) -> list[dict[str, Any]]:
    """Return each question raised in 2026 with what answers it in part; an indicator with its own page is a link."""
    measured = {row["indicator"]: row["title"] for row in site.rows(IndicatorsRow)}
    return [
        {
            **row,
            "known": GRADES.get(row["evidence"], row["evidence"]),
            "measures": [
                Cell(measured[key], f"indicators/{slug(key)}.html") if key in measured else Cell(f"indicator {key}")
                for key in (row["indicators"] or "").split()
            ],
            "readers": [text.partition(":")[::2] for text in (row["case_file_questions"] or "").split()],
        }
        for row in site.rows(LaterQuestionsRow)
    ]
