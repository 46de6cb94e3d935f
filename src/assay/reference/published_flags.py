"""Sentences on flags for child sexual abuse and exploitation in published police statistics.

Pages, exports, claims and code lists all take these sentences from here. The data files of the commission write
`{NO_FLAG}` for the first one.
"""

from __future__ import annotations

NO_FLAG = "No public table by force, quarter and offence carries the police flag for child sexual exploitation."
PUBLISHED_FLAG_COUNTS = (
    "The Office for National Statistics publishes how many offences were flagged as child sexual abuse and as child "
    "sexual exploitation: for England and Wales in each year from the year ending March 2016, and by force for the "
    "year ending March 2022."
)
PLACEHOLDERS = {"{NO_FLAG}": NO_FLAG}
"""Placeholder in the data files of the commission -> its sentence."""


def fill_placeholders(cell: str) -> str:
    """Return the text of a cell with each placeholder replaced by its sentence."""
    for placeholder, sentence in PLACEHOLDERS.items():
        cell = cell.replace(placeholder, sentence)
    return cell
