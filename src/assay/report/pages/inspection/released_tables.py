"""What does a report at record level know? The released tables by indicator, wait, count and body; nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from assay.report.number_words import slug
from assay.report.report_tables import LINES, Row, Site

ALL = "ALL"
TOGETHER = "All together"
KINDS = {"territorial": 0, "transport": 1, "regional unit": 2, "agency": 3}
"""The kinds of body that send a return, in the order in which they are listed."""
NEVER_RANKED = ("regional unit", "agency")
APART = ("child when reported", "adult when reported", "not known")


class Inspection(Site):
    """The released tables of an inspection of returns, indexed. Read only."""

    @cached_property
    def about(self) -> Row:
        """The request, its period, and how many returns came."""
        rows = self.rows("inspected")
        return rows[0] if rows else dict.fromkeys(("request", "title", "register", "period_from"))

    @property
    def is_invented(self) -> bool:
        """Whether the bodies were invented, so that the method can be tried."""
        return bool(self.about["register"] == "invented")

    @cached_property
    def forces(self) -> list[Row]:
        """Bodies that have a page: every kind that can send a return, in order of kind and name."""
        found = [row for row in self.rows("places") if row["kind"] in KINDS]
        return sorted(found, key=lambda row: (KINDS[row["kind"]], row["name"]))

    @cached_property
    def indicators(self) -> list[Row]:
        """Indicators: by line of enquiry, and in each the graded first, then those shown, then other bodies' duties."""
        return sorted(self.rows("indicators"), key=lambda row: (self._line(row), _weight(row), row["title"]))

    @cached_property
    def waits(self) -> list[Row]:
        """Waits by line of enquiry."""
        return sorted(self.rows("waits"), key=lambda row: (self._line(row), row["title"]))

    @cached_property
    def lines(self) -> list[Row]:
        """Lines of enquiry in the commission's order that have a question, an indicator or a wait."""
        names = {row["line"]: row["line_name"] for row in self.rows("questions")}
        for row in (*self.rows("indicators"), *self.rows("waits")):
            names.setdefault(row["line"], row["line"].replace("_", " ").capitalize())
        order = sorted(names, key=lambda key: (self._line_place(key, names[key]), names[key]))
        return [{"line": key, "name": names[key], "slug": slug(names[key])} for key in order]

    def _line(self, row: Row) -> int:
        return next((i for i, line in enumerate(self.lines) if line["line"] == row["line"]), len(LINES))

    def name(self, place_code: str) -> str:
        """The name of a body; of all of them together."""
        return TOGETHER if place_code == ALL else super().name(place_code)

    def ladder(self, indicator: str, place: str, when: str = "all") -> Row | None:
        """The answers of one indicator in one place."""
        return self.one("ladders", indicator=indicator, place_code=place, when_reported=when)

    def standing(self, indicator: str, place: str) -> Row | None:
        """How one place stands on one indicator."""
        return self.one("standing", indicator=indicator, place_code=place)

    def standings(self, indicator: str) -> list[Row]:
        """Every body's standing on one indicator, all together left out."""
        return [row for row in self.by("standing", indicator=indicator) if row["place_code"] != ALL]

    def finding(self, measure: str, place: str) -> Row | None:
        """What may be said of one indicator, wait or count in one place."""
        return self.one("findings", measure=measure, place_code=place)

    def compared_on(self, indicator: str) -> int:
        """How many forces a rank on this indicator is out of, those included whose own rank is not shown."""
        spread = self.one("indicator_spread", indicator=indicator)
        shown = sum(row["rank"] is not None for row in self.standings(indicator))
        return max(shown, spread["forces_compared"] if spread else 0)

    def returned_by(self, place: str) -> Sequence[Row]:
        """What came in the return of one body; nothing if no return was taken in."""
        return self.by("returned", place_code=place)

    @cached_property
    def counts(self) -> Mapping[str, list[Row]]:
        """The definitions of each count, in their own order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows("definitions_used"):
            found.setdefault(row["count"], []).append(row)
        return found

    @cached_property
    def period(self) -> str:
        """'1 April 2025 to 31 March 2026'."""
        return period_words(self.about["period_from"], self.about["period_to"])


def _weight(row: Row) -> int:
    return 0 if row["graded"] else 1 if row["holder"].startswith("police") else 2


def period_words(first: Any, after: Any) -> str:
    """A half-open period in words, its last day included."""
    if not first or not after:
        return "a period that was not given"
    start, stop = date.fromisoformat(str(first)), date.fromisoformat(str(after)) - timedelta(days=1)
    return f"{start.day} {start:%B %Y} to {stop.day} {stop:%B %Y}"
