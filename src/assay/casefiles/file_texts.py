"""Texts of a file without the names of the case's people, or the reason why a rater may not read them.

If a text may still contain a name after redaction, it is withheld and the sheet says so. A name that no return contains
can remain in a text, so sheets stay inside the inspection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import cast

from assay.errors import DisclosureError, PurposeRefused
from assay.facts.redacted_texts import RedactedTexts, TextRow
from assay.ingest.accepted_returns import AcceptedReturn
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import ReadPermission

WHY = "the rating sheets"
NOT_SHOWN = "(Not shown: a name may still be in it after redaction.)"
PEOPLE_UNKNOWN = "(Not shown: the names of its people are not stored, so they cannot be redacted.)"
WITHHELD_NOTES = (NOT_SHOWN, PEOPLE_UNKNOWN)
NOT_SENT = {"withheld": "(Withheld by the force.)", "image": "(An image: its text was not sent.)"}
LONGEST = 32_000
"""Maximum number of characters in a cell (Excel: 32,767)."""
REST = " (Shortened. Read the rest with: assay text read --note.)"
UNPRINTED = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that a workbook cannot contain."""


class PermittedTexts:
    """The texts of the accepted returns that may be read today."""

    def __init__(self, inspection: Inspection, accepted_returns: Sequence[AcceptedReturn], today: date) -> None:
        self._inspection, self._returns, self._today = inspection, accepted_returns, today
        self._refused: dict[str, None] = {}
        self._texts = cache(self._open)

    @property
    def refusals(self) -> tuple[str, ...]:
        """The distinct reasons why texts were not read."""
        return tuple(self._refused)

    def may_be_read(self, table: str) -> bool:
        """Return True if a table of texts may be read today; otherwise record the reason."""
        paths = [self._inspection.folder / accepted.stage / f"{table}.parquet" for accepted in self._returns]
        try:
            ReadPermission(self._inspection, self._today).require(table, "samples", paths, WHY)
        except PurposeRefused as refusal:
            self._refused[str(refusal)] = None
            return False
        return all(self._texts(place) is not None for place in range(len(self._returns)))

    def text_of(self, place: int, table: str, row: Mapping[str, object]) -> str:
        """Return the redacted text of a row of a return, shortened to fit a spreadsheet cell; '' if there is none."""
        texts = self._texts(place)
        if texts is None:
            return ""
        try:
            text = texts.redacted_text(table, cast(TextRow, row)) or NOT_SENT.get(str(row.get("form")), "")
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
