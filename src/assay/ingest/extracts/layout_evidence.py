"""Evidence for the meaning of a column heading from known layouts of record systems.

A layout that was read in its publication, or learned from an accepted mapping, settles what its headings mean. One that
is recalled only raises the probability of a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from assay.ingest.extracts.heading_evidence import POSSIBLE, SURE
from assay.ingest.extracts.value_kinds_coded import plain_words
from assay.ingest.preparation.heading_words import heading_word_set
from assay.ingest.system_layouts import SystemLayout, system_layouts

RECALLED = "recalled"
LIST_OF_KIND = {
    "offence": "offence_code", "outcome": "outcome_code", "sex": "sex", "role": "involvement_role",
    "ethnicity_self": "ethnicity_self", "ethnicity_officer": "ethnicity_officer", "relationship": "relationship",
    "nationality": "nationality", "suspect_known_as": "suspect_known_as", "local_authority": "local_authority",
    "flags": "flag",
}  # fmt: skip
"""Kind of values -> the closed list of the contract that it is read into."""
LayoutHeadings = Mapping[tuple[frozenset[str], str, str], tuple[str, str]]
"""(words of a heading, table, column) -> how sure the layout is, and its name."""


def layout_headings(learned: Sequence[SystemLayout] = ()) -> LayoutHeadings:
    """Return the headings of all known layouts of record systems, and whether each one's meaning is certain.

    Parameters
    ----------
    learned
        Layouts that forces gave one another; they go before those of the project.
    """
    return {**_headings_of_project(), **_headings_of(learned)} if learned else _headings_of_project()


@lru_cache
def _headings_of_project() -> LayoutHeadings:
    # The words in common use are recalled: column_vocabulary.toml has them, graded one by one.
    return _headings_of([layout for layout in system_layouts() if layout.status != RECALLED])


def _headings_of(layouts: Sequence[SystemLayout]) -> LayoutHeadings:
    found: dict[tuple[frozenset[str], str, str], tuple[str, str]] = {}
    for layout in layouts:
        certain = POSSIBLE if layout.status == RECALLED else SURE
        for grade, headings in ((certain, layout.certain_headings), (POSSIBLE, layout.possible_headings)):
            for table, columns in headings.items():
                for column, names in columns.items():
                    for name in names:
                        found.setdefault((heading_word_set(name), table, column), (grade, layout.name))
    return found


def learned_words(kind: str, learned: Sequence[SystemLayout]) -> Mapping[str, str]:
    """Return the contract value of each code word that learned layouts give for one kind of values."""
    name = LIST_OF_KIND.get(kind, "")
    return {
        plain_words(word): value
        for layout in learned
        if layout.status != RECALLED
        for value, words in layout.values.get(name, {}).items()
        for word in words
    }
