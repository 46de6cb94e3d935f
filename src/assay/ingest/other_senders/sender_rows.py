"""Rows of the accepted tables of senders other than forces.

Written by `scripts/row_types.py` from `tables`; change the declaration, not this file.
"""

from datetime import date
from typing import TypedDict

VoicesRow = TypedDict("VoicesRow", {
    "sender": str,
    "voice_ref": str,
    "place_code": str,
    "voice_kind": str,
    "asked_of": str,
    "how_asked": str,
    "chosen": str,
    "asked": int | None,
    "answered": int | None,
    "consent": str,
    "not_reached": str,
    "began_on": date,
    "ended_on": date,
    "file_line": int,
})  # fmt: skip
"""A row of `voices`: one survey, one round of conversations, or one organisation's figures, in one place."""

VoiceAnswersRow = TypedDict("VoiceAnswersRow", {
    "sender": str,
    "voice_ref": str,
    "line": str,
    "question_key": str,
    "question": str,
    "option": str,
    "people": int,
    "file_line": int,
})  # fmt: skip
"""A row of `voice_answers`: one option of one question of one row of voices."""

VoiceThemesRow = TypedDict("VoiceThemesRow", {
    "sender": str,
    "voice_ref": str,
    "line": str,
    "theme": str,
    "people": int,
    "file_line": int,
})  # fmt: skip
"""A row of `voice_themes`: one theme in one row of voices, and the number of people who mentioned it."""

VoiceQuotationsRow = TypedDict("VoiceQuotationsRow", {
    "sender": str,
    "quote_ref": str,
    "voice_ref": str,
    "line": str,
    "text": str,
    "consent_by": str | None,
    "consent_recorded_on": date | None,
    "redacted_on": date | None,
    "file_line": int,
})  # fmt: skip
"""A row of `voice_quotations`: one redacted quotation."""

AdvocatesRow = TypedDict("AdvocatesRow", {
    "sender": str,
    "voice_ref": str,
    "quarter_start": date,
    "offered": int,
    "taken_up": int,
    "declined": int,
    "no_answer": int,
    "median_wait_days": int | None,
    "file_line": int,
})  # fmt: skip
"""A row of `advocates`: one quarter of one service in one place."""

ComplaintsRow = TypedDict("ComplaintsRow", {
    "sender": str,
    "voice_ref": str,
    "quarter_start": date,
    "complaint_kind": str,
    "received": int,
    "answered_in_time": int | None,
    "upheld": int | None,
    "file_line": int,
})  # fmt: skip
"""A row of `complaints`: one quarter and one kind, in one place."""

DocumentsRow = TypedDict("DocumentsRow", {
    "sender": str,
    "document_ref": str,
    "body_code": str,
    "document_kind": str,
    "title": str,
    "dated_on": date | None,
    "covers_from": date | None,
    "covers_to": date | None,
    "owner_role": str | None,
    "kept_as": str,
    "sha256": str,
    "file_line": int,
})  # fmt: skip
"""A row of `documents`: one document of which a copy is stored."""

DocumentQuestionsRow = TypedDict("DocumentQuestionsRow", {
    "sender": str,
    "document_ref": str,
    "question": str,
    "file_line": int,
})  # fmt: skip
"""A row of `document_questions`: one row links one document to one question that is answered by a document or
list (mode r)."""

DocumentChecksRow = TypedDict("DocumentChecksRow", {
    "sender": str,
    "document_ref": str,
    "checklist": str,
    "checklist_version": str,
    "checksum": str,
    "item": str,
    "answer": str,
    "reason": str | None,
    "marker_code": str,
    "file_line": int,
})  # fmt: skip
"""A row of `document_checks`: one answer to one item of one checklist on one document."""

LessonsRow = TypedDict("LessonsRow", {
    "sender": str,
    "lesson_ref": str,
    "body_code": str,
    "line": str,
    "said_on": date,
    "lesson": str,
    "document_ref": str | None,
    "file_line": int,
})  # fmt: skip
"""A row of `lessons`: one lesson that an organisation has written down."""

GroupFactsRow = TypedDict("GroupFactsRow", {
    "sender": str,
    "group_ref": str,
    "body_code": str,
    "fact_kind": str,
    "as_of": date,
    "file_line": int,
})  # fmt: skip
"""A row of `group_facts`: one statement about one group in one force."""

FieldworkNotesRow = TypedDict("FieldworkNotesRow", {
    "sender": str,
    "note_ref": str,
    "fieldwork_ref": str,
    "subject_kind": str,
    "place_code": str,
    "held_on": date,
    "role_of_person": str,
    "question": str,
    "text": str,
    "file_line": int,
})  # fmt: skip
"""A row of `fieldwork_notes`: one note on one question."""

OverlapsRow = TypedDict("OverlapsRow", {
    "sender": str,
    "overlap_ref": str,
    "place_code": str,
    "definition": str,
    "data_from": date,
    "data_to": date,
    "linkage_method": str,
    "file_line": int,
})  # fmt: skip
"""A row of `overlaps`: one table of overlaps: one place, one window, one definition and one linkage method."""

OverlapListsRow = TypedDict("OverlapListsRow", {
    "sender": str,
    "overlap_ref": str,
    "list_ref": str,
    "list_kind": str,
    "list_name": str,
    "file_line": int,
})  # fmt: skip
"""A row of `overlap_lists`: one list, with its kind and its own name."""

OverlapPatternsRow = TypedDict("OverlapPatternsRow", {
    "sender": str,
    "overlap_ref": str,
    "pattern_ref": str,
    "children": int,
    "file_line": int,
})  # fmt: skip
"""A row of `overlap_patterns`: one pattern: children who are on the lists that `overlap_on` names for it, and on
no other."""

OverlapOnRow = TypedDict("OverlapOnRow", {
    "sender": str,
    "pattern_ref": str,
    "list_ref": str,
    "file_line": int,
})  # fmt: skip
"""A row of `overlap_on`: one row links one pattern to one list."""


class SenderTables(TypedDict):
    """The accepted rows of all senders, by table."""

    voices: list[VoicesRow]
    voice_answers: list[VoiceAnswersRow]
    voice_themes: list[VoiceThemesRow]
    voice_quotations: list[VoiceQuotationsRow]
    advocates: list[AdvocatesRow]
    complaints: list[ComplaintsRow]
    documents: list[DocumentsRow]
    document_questions: list[DocumentQuestionsRow]
    document_checks: list[DocumentChecksRow]
    lessons: list[LessonsRow]
    group_facts: list[GroupFactsRow]
    fieldwork_notes: list[FieldworkNotesRow]
    overlaps: list[OverlapsRow]
    overlap_lists: list[OverlapListsRow]
    overlap_patterns: list[OverlapPatternsRow]
    overlap_on: list[OverlapOnRow]
