"""Summarise a bundle for the force that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assay.wording import count_phrase


@dataclass(frozen=True)
class BundleSummary:
    """The summary of a bundle: its folder, counts and code list, and what the scan of summaries found."""

    folder: Path
    body: str
    edition: int
    rows: int
    texts_of: int
    codes: Path
    identities_destroy_by: date
    scan: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the result for other programs."""
        data = {name: value if isinstance(value, int) else str(value) for name, value in vars(self).items()}
        return data | {"scan": list(self.scan)}

    def summary_lines(self) -> list[str]:
        """Return the lines for a person at a terminal."""
        texts_text = f"the texts of {count_phrase(self.texts_of, 'drawn crime')}" if self.texts_of else "no text"
        return [
            (
                f"{self.folder} may be sent: {self.body}, edition {self.edition}, {count_phrase(self.rows, 'row')} "
                "with codes."
            ),
            f"Sealed in it: identities, to be destroyed by {self.identities_destroy_by}, and {texts_text}.",
            *self.scan,
            f"{self.codes} says which code stands for which reference. It stays with you; so do the letter beside it "
            "and everything else.",
        ]
