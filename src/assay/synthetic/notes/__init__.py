"""Synthetic free text: notes with and without blaming language, and summaries of crimes.

A grammar in `words/*.toml` holds every sentence, independent of the lexicons that an inspection uses. `write_note`
generates one note with its truth, `summary` the text of one crime, and `summary_batches` the summaries of a whole force
in Arrow batches. Every text is procedural: who told whom, when, and what was done next.
"""

from assay.synthetic.notes.crime_summaries import Shares, Summary, other_crime, summary
from assay.synthetic.notes.note_grammar import grammar, random_phrase, vocabulary
from assay.synthetic.notes.note_writing import BLAMING, VOICES, Attitude, Note, write_note
from assay.synthetic.notes.summary_columns import summary_batches, truth_batches
from assay.synthetic.notes.typing_errors import Author, Blemishes, Habits, Office, office

__all__ = [
    "BLAMING",
    "VOICES",
    "Attitude",
    "Author",
    "Blemishes",
    "Habits",
    "Note",
    "Office",
    "Shares",
    "Summary",
    "grammar",
    "office",
    "other_crime",
    "random_phrase",
    "summary",
    "summary_batches",
    "truth_batches",
    "vocabulary",
    "write_note",
]
