"""What does a force know once its bundle is made: what may be sent, and what stays?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assay.wording import counted


@dataclass(frozen=True)
class Bundled:
    """What was bundled: where it lies, what stayed, where the force finds a code again, and what the scan of its
    summaries found, in sentences for the force alone."""

    folder: Path
    body: str
    edition: int
    rows: int
    texts_of: int
    codes: Path
    identities_destroy_by: date
    scan: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """The same, for other programs."""
        told = {name: value if isinstance(value, int) else str(value) for name, value in vars(self).items()}
        return told | {"scan": list(self.scan)}

    def in_words(self) -> list[str]:
        """The same, for a person at a terminal."""
        drawn = f"the texts of {counted(self.texts_of, 'drawn crime')}" if self.texts_of else "no text"
        return [
            f"{self.folder} may be sent: {self.body}, edition {self.edition}, {counted(self.rows, 'row')} with codes.",
            f"Sealed in it: identities, to be destroyed by {self.identities_destroy_by}, and {drawn}.",
            *self.scan,
            f"{self.codes} says which code stands for which reference. It stays with you; so do the letter beside it "
            "and everything else.",
        ]
