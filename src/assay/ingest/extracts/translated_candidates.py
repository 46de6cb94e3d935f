"""Candidate meanings of each heading, where coded columns are first decoded with the code lists of the extract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.ingest.extracts.code_lookups import (
    CodeList,
    CodeTranslation,
    find_translations,
    translated_sheets,
    values_of_codes,
)
from assay.ingest.extracts.column_recognition import NO_LEGEND, ColumnCandidate, recognise_columns
from assay.ingest.extracts.column_settlement import (
    Candidate,
)
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.sheet_shape import (
    heading_words,
    sheet_columns,
)
from assay.ingest.extracts.split_values import TRANSLATED
from assay.ingest.system_layouts import SystemLayout


def candidates_of(
    sheet: Sheet,
    lists: Sequence[CodeList],
    learned: Sequence[SystemLayout] = (),
    legend: Mapping[str, str] = NO_LEGEND,
) -> tuple[Candidate, ...]:
    """Return the candidate contract columns of each heading; coded columns are decoded with their code list first."""
    translations = find_translations(sheet, sheet_columns(sheet), lists)
    if not translations:
        return recognise_columns(sheet, learned, legend)
    translated = {translation.heading: translation for translation in translations}
    raw = recognise_columns(sheet, learned, legend)
    plain = [c for c in raw if c.heading not in translated]
    found: dict[str, list[Candidate]] = {}
    for place, other in enumerate(translated_sheets(sheet, translations)):
        for candidate in recognise_columns(other, learned, legend):
            codes = translated.get(candidate.heading)
            if codes is not None and place < len(codes.codes.labels):
                found.setdefault(candidate.heading, []).append(_decoded_candidate(candidate, codes, place))
    plain += [
        c for c in raw if c.heading in translated and c.heading not in found and not _is_id(translated[c.heading])
    ]
    return (*plain, *(_best_label(candidates) for candidates in found.values()))


def _is_id(translation: CodeTranslation) -> bool:
    """Return True if the key of a list numbers its rows, and is no code that means something by itself."""
    return "id" in heading_words(translation.codes.key.heading)


def _decoded_candidate(candidate: Candidate, translation: CodeTranslation, place: int) -> Candidate:
    label = translation.codes.labels[place]
    values = values_of_codes(translation, label, candidate.values)
    reason = f"its codes are explained in {translation.codes.sheet.label}"
    return ColumnCandidate(
        candidate.heading, candidate.table, candidate.column, candidate.role, candidate.block, TRANSLATED,
        candidate.probability, (*candidate.reasons, reason), values, candidate.form,
    )  # fmt: skip


def _best_label(candidates: Sequence[Candidate]) -> Candidate:
    return max(candidates, key=lambda candidate: candidate.probability)
