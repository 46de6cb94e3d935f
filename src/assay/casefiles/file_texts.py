"""Texts of a file that a rater may read, without the names of the case's people, or why not.

A text of which something would be left after redaction is not shown, and the sheet says so in its place. Names of which
no return told us may still stand in a text: a sheet stays inside the inspection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from assay.errors import DisclosureError, PurposeRefused
from assay.facts.redacted_texts import RedactedTexts
from assay.ingest.accepted_returns import AcceptedReturn
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import ReadPermission

WHY = "the marking sheets"
NOT_SHOWN = "(Not shown: after its names were taken out it still seems to hold one.)"
PEOPLE_UNKNOWN = "(Not shown: who its people are is not held, so no name can be taken out.)"
WITHHELD_NOTES = (NOT_SHOWN, PEOPLE_UNKNOWN)
NOT_SENT = {"withheld": "(Withheld by the force.)", "image": "(An image: its words were not sent.)"}
LONGEST = 32_000
"""A cell holds no more characters (Excel: 32,767)."""
REST = " (The rest does not fit: assay read --note.)"
UNPRINTED = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that no workbook can hold."""


class PermittedTexts:
    """The texts of the returns that count, as far as they may be read today."""

    def __init__(self, inspection: Inspection, accepted_returns: Sequence[AcceptedReturn], today: date) -> None:
        self._inspection, self._returns, self._today = inspection, accepted_returns, today
        self._refused: dict[str, None] = {}
        self._texts = cache(self._open)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why texts were not read, each reason once."""
        return tuple(self._refused)

    def may_be_read(self, table: str) -> bool:
        """Whether a table whose rows are texts may be read; if not, the reason is kept."""
        paths = [self._inspection.folder / accepted.stage / f"{table}.parquet" for accepted in self._returns]
        try:
            ReadPermission(self._inspection, self._today).require(table, "samples", paths, WHY)
        except PurposeRefused as refusal:
            self._refused[str(refusal)] = None
            return False
        return all(self._texts(place) is not None for place in range(len(self._returns)))

    def text_of(self, place: int, table: str, row: Mapping[str, object]) -> str:
        """The text of a row of the return in this place, without names, as it fits into a cell; '' where there is
        none."""
        texts = self._texts(place)
        if texts is None:
            return ""
        try:
            text = texts.redacted_text(table, row) or NOT_SENT.get(str(row.get("form")), "")
        except DisclosureError:
            return NOT_SHOWN if texts.has_identities else PEOPLE_UNKNOWN
        text = UNPRINTED.sub("", text).strip()
        return text if len(text) <= LONGEST else text[:LONGEST] + REST

    def _open(self, place: int) -> RedactedTexts | None:
        try:
            return RedactedTexts(self._inspection, self._returns[place], self._today, reason=WHY)
        except PurposeRefused as refusal:
            self._refused[str(refusal)] = None
            return None
