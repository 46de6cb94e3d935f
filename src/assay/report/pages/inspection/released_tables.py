"""The released tables of an inspection, indexed by indicator, waiting time, count and force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any, cast, overload

from assay.reference.data_requests import SYNTHETIC
from assay.report.number_words import slug
from assay.report.report_tables import THEMES, InspectionTheme, R, ReleasedTables, Row
from assay.sdc.released_rows.indicator_rows import (
    DefinitionsUsedRow,
    ForceEstimatesRow,
    IndicatorsRow,
    InspectionSummaryRow,
    LaddersRow,
    ReturnContentsRow,
    WaitsRow,
)
from assay.sdc.released_rows.published_rows import FindingsRow, PlacesRow, QuestionsRow

ALL = "ALL"
ALL_NAME = "All together"
KINDS: Mapping[str | None, int] = {"territorial": 0, "transport": 1, "regional unit": 2, "agency": 3}
"""The kinds of organisation that send a return, in the order of listing."""
NEVER_RANKED = ("regional unit", "agency")
AGE_GROUPS = ("child when reported", "adult when reported", "not known")


class Inspection(ReleasedTables):
    """The released tables of an inspection of returns, indexed. Read only."""

    @cached_property
    def request(self) -> InspectionSummaryRow:
        """The released row on the inspection: the request, its period, and how many returns were received."""
        rows = self.rows(InspectionSummaryRow)
        return rows[0] if rows else cast(InspectionSummaryRow, dict.fromkeys(InspectionSummaryRow.__annotations__))

    @property
    def is_synthetic(self) -> bool:
        """True if the forces are synthetic."""
        return bool(self.request["register"] == SYNTHETIC)

    @cached_property
    def forces(self) -> list[PlacesRow]:
        """Organisations that have a page: every kind that can send a return, by kind and name."""
        found = [row for row in self.rows(PlacesRow) if row["kind"] in KINDS]
        return sorted(found, key=lambda row: (KINDS[row["kind"]], row["name"]))

    @cached_property
    def indicators(self) -> list[IndicatorsRow]:
        """The indicators by inspection theme; in each the graded first, then those shown only, then other
        organisations' duties."""
        return sorted(
            self.rows(IndicatorsRow), key=lambda row: (self._theme_position(row), _status_order(row), row["title"])
        )

    @cached_property
    def waits(self) -> list[WaitsRow]:
        """The waiting times that are measured, by inspection theme."""
        return sorted(self.rows(WaitsRow), key=lambda row: (self._theme_position(row), row["title"]))

    @cached_property
    def themes(self) -> list[InspectionTheme]:
        """The inspection themes with a question, indicator or waiting time, in the commission's order."""
        names = {row["line"]: row["line_name"] for row in self.rows(QuestionsRow)}
        for row in (*self.rows(IndicatorsRow), *self.rows(WaitsRow)):
            names.setdefault(row["line"], row["line"].replace("_", " ").capitalize())
        order = sorted(names, key=lambda key: (self._theme_order(key, names[key]), names[key]))
        return [{"line": key, "name": names[key], "slug": slug(names[key])} for key in order]

    def _theme_position(self, row: Row) -> int:
        return next((i for i, line in enumerate(self.themes) if line["line"] == row["line"]), len(THEMES))

    def name(self, place_code: str) -> str:
        """Return the name of a force, or of all forces together."""
        return ALL_NAME if place_code == ALL else super().name(place_code)

    @overload
    def released_force_rows(self, table: str, **key: Any) -> list[Row]: ...
    @overload
    def released_force_rows(self, table: type[R], **key: Any) -> list[R]: ...
    def released_force_rows(self, table: Any, **key: Any) -> list[Any]:
        """Return the rows of a table without those of forces whose page is withheld."""
        return [row for row in self.find_rows(table, **key) if not self.is_withheld(row["place_code"])]

    def ladder(self, indicator: str, place: str, when: str = "all") -> LaddersRow | None:
        """Return the answer counts (ladder) of one indicator in one place."""
        return self.find_row(LaddersRow, indicator=indicator, place_code=place, when_reported=when)

    def estimate(self, indicator: str, place: str) -> ForceEstimatesRow | None:
        """Return the estimate of one indicator in one place."""
        return self.find_row(ForceEstimatesRow, indicator=indicator, place_code=place)

    def estimates(self, indicator: str) -> list[ForceEstimatesRow]:
        """Return every force's estimate on one indicator, without the total."""
        return [row for row in self.find_rows(ForceEstimatesRow, indicator=indicator) if row["place_code"] != ALL]

    def finding(self, measure: str, place: str) -> FindingsRow | None:
        """Return the released finding on one indicator, waiting time or count in one place."""
        return self.find_row(FindingsRow, measure=measure, place_code=place)

    def ranked_count(self, indicator: str) -> int:
        """Return how many forces are ranked on an indicator: those whose share is shown."""
        return sum(row["rank"] is not None for row in self.estimates(indicator))

    def return_rows(self, place: str) -> Sequence[ReturnContentsRow]:
        """Return the table rows of one force's return; none without an accepted return."""
        return self.find_rows(ReturnContentsRow, place_code=place)

    @cached_property
    def counts(self) -> Mapping[str, list[DefinitionsUsedRow]]:
        """The definitions of each count, in the order in which they are declared."""
        found: dict[str, list[DefinitionsUsedRow]] = {}
        for row in self.rows(DefinitionsUsedRow):
            found.setdefault(row["count"], []).append(row)
        return found

    @cached_property
    def period(self) -> str:
        """The period of the request in words: '1 April 2025 to 31 March 2026'."""
        return period_text(self.request["period_from"], self.request["period_to"])


def _status_order(row: IndicatorsRow) -> int:
    return 0 if row["graded"] else 1 if row["holder"].startswith("police") else 2


def period_text(first: Any, end: Any) -> str:
    """Format a half-open period with its last day included."""
    if not first or not end:
        return "a period that was not given"
    start, stop = date.fromisoformat(str(first)), date.fromisoformat(str(end)) - timedelta(days=1)
    return f"{start.day} {start:%B %Y} to {stop.day} {stop:%B %Y}"
