"""What do public tables hold of the police flags for child sexual abuse and child sexual exploitation?

The one home of these sentences: pages, exports, claims and code lists take them from here. In the data files of the
commission `{NO_FLAG}` stands for the first.
"""

from __future__ import annotations

NO_FLAG = "No public table by force, quarter and offence carries the police flag for child sexual exploitation."
WHERE_FLAGGED = (
    "The Office for National Statistics publishes how many offences were flagged as child sexual abuse and as child "
    "sexual exploitation: for England and Wales in each year from the year ending March 2016, and by force for the "
    "year ending March 2022."
)
PHRASES = {"{NO_FLAG}": NO_FLAG}
"""What a word in braces stands for in a cell of the commission's data files."""


def written_out(cell: str) -> str:
    """The cell with each phrase of `PHRASES` written out."""
    for mark, phrase in PHRASES.items():
        cell = cell.replace(mark, phrase)
    return cell
