"""What do a force's documents say of a characteristic, as somebody read them by a checklist?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.contract.question_sets import MET_ANSWER, NOT_MET_ANSWER, PARTLY
from assay.indicators import EVERYWHERE
from assay.indicators.document_checklists import checklists
from assay.indicators.evidence_strands import CANNOT_TELL, Strand, by_line
from assay.wording import counted

KIND = "documents"
Row = Mapping[str, Any]


def parts(asked: Sequence[str], documents: Sequence[Row], checks: Sequence[Row], place: str) -> list[Strand]:
    """One part for all items, of the documents of one place and of those that hold for all, that serve `asked`."""
    mine = {(row["sender"], row["document_ref"]) for row in documents if place in (EVERYWHERE, row["body_code"])}
    told = [row["answer"] for row in checks if (row["sender"], row["document_ref"]) in mine and _serves(row, asked)]
    if not told:
        return []
    met, partly, none = (told.count(answer) for answer in (MET_ANSWER, PARTLY, NOT_MET_ANSWER))
    known = met + partly + none
    items = counted(len(told), "item")
    if not known:
        return [Strand(KIND, CANNOT_TELL, f"{items} checked, and none could be answered from the document.")]
    says = f"Of {items} checked, {met} met, {partly} partly met, {none} not met."
    refs = tuple(sorted({row["document_ref"] for row in documents if (row["sender"], row["document_ref"]) in mine}))
    return [Strand(KIND, by_line(met / known, (met + partly) / known), says, refs)]


def _serves(row: Row, asked: Sequence[str]) -> bool:
    known = checklists().get(row["checklist"])
    items = known.questions if known else ()
    return any(one.key == row["item"] and not one.graded and set(one.asks.split("|")) & set(asked) for one in items)
