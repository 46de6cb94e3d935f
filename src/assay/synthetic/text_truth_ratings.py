"""The true ratings of synthetic texts, and the ratings that a rater gives.

The truth of a note is whether it blames and in whose voice; of a summary, whether it contains signs. No detection is
involved: a rater has read the text.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from assay.synthetic.random_stream import RandomStream

YES, NO, NOT_ARISING = "met", "not_met", "not_applicable"
QUOTED = ("suspect_quoted", "third_party_quoted", "child_quoted")
NOTE_QUESTIONS = ("blames_child", "others_blame", "blame_challenged")
SUMMARY_QUESTIONS = ("exploitation_told",)
CHALLENGED_SHARE = 0.3
"""Share of blaming texts in which the language is challenged."""
File = tuple[str, str]


class TextRatings:
    """The true answers to questions on single texts, and the answers of a simulated rater.

    `missed`: the false negative rate, `seen_wrongly`: the false positive rate.
    """

    def __init__(self, truth: Path, seed: int, *, missed: float = 0.04, seen_wrongly: float = 0.0002) -> None:
        self._truth, self._seed, self._missed, self._wrongly = truth, seed, missed, seen_wrongly

    def true_answer(self, file: File, question: str) -> str:
        """Return the true answer; '' if the question is not about a text, or the text is unknown."""
        if question in NOTE_QUESTIONS and file in self._notes:
            return self._note_answer(file, question)
        if question in SUMMARY_QUESTIONS and file in self._summaries:
            return YES if int(self._summaries[file]["signs"]) else NO
        return ""

    def rating(self, marker: str, file: File, question: str) -> str:
        """Return this rater's answer; '' if the question is not about a text, or the text is unknown."""
        answer = self.true_answer(file, question)
        if question == "blame_challenged":
            return answer
        draw = RandomStream(self._seed, "text", marker, *file, question)
        if answer == YES:
            return NO if draw.happens(self._missed) else YES
        return YES if answer == NO and draw.happens(self._wrongly) else answer

    def _note_answer(self, file: File, question: str) -> str:
        row = self._notes[file]
        if question == "others_blame":
            return YES if row["voice"] in QUOTED else NO
        if question == "blames_child":
            return YES if row["blaming"] == "yes" else NO
        if row["blaming"] != "yes":
            return NOT_ARISING
        return YES if RandomStream(self._seed, "challenged", *file).happens(CHALLENGED_SHARE) else NO

    @cached_property
    def _notes(self) -> Mapping[File, Mapping[str, str]]:
        return _rows(self._truth / "notes.csv", "note_ref")

    @cached_property
    def _summaries(self) -> Mapping[File, Mapping[str, str]]:
        return _rows(self._truth / "summaries.csv", "crime_ref")


def _rows(path: Path, key: str) -> Mapping[File, Mapping[str, str]]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["force_code"], row[key]): row for row in csv.DictReader(file)}
