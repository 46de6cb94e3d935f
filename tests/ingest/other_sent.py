"""Small folders of voices, documents and lessons, written by pencil."""

import csv
from datetime import date
from pathlib import Path

from assay.ingest import other_senders
from assay.reference import real_organisations
from assay.reference.data_requests import DataRequest

KENT, ESSEX = "E23000032", "E23000028"
REQUEST = DataRequest(
    "TRIAL-2026", "A trial", date(2025, 4, 1), date(2026, 4, 1), date(2023, 4, 1), False, "real",
    {organisation.code: organisation for organisation in real_organisations()},
)  # fmt: skip
PARTNERSHIP = f"""[sent]
spec_version = "1.0"
request = "{REQUEST.key}"
sender = "fernshire-partnership"
sender_kind = "partnership"
edition = 1
contact_post = "Analyst"
"""
OVERLAP = f"overlap_ref,place_code,definition,data_from,data_to,linkage_method\nT,{KENT},CSE_2017,2026-04-01,2027-04-01,by_hand\n"
LISTS = (
    "overlap_ref,list_ref,list_kind,list_name\nT,P,police_crimes,police crimes\nT,L,local_authority,local authority\n"
)
PATTERNS = "overlap_ref,pattern_ref,children\nT,1,40\nT,2,30\nT,3,12\n"
MEMBERSHIPS = "pattern_ref,list_ref\n1,P\n2,L\n3,P\n3,L\n"
WHOLE = {"overlaps": OVERLAP, "overlap_lists": LISTS, "overlap_patterns": PATTERNS, "overlap_on": MEMBERSHIPS}
"""Lists that a partnership lays side by side, by table; written by pencil."""
VOICE = {
    "voice_ref": "V1", "place_code": KENT, "voice_kind": "survey", "asked_of": "children",
    "how_asked": "face_to_face", "chosen": "invited_by_service", "asked": 40, "answered": 30,
    "consent": "each_person", "not_reached": "Children in secure homes", "began_on": "2026-01-01",
    "ended_on": "2026-02-01",
}  # fmt: skip
QUOTE = {
    "quote_ref": "Q1", "voice_ref": "V1", "line": "attitudes", "text": "She rang when she said she would.",
    "consent_by": "own", "consent_recorded_on": "2026-01-20", "redacted_on": "2026-01-21",
}  # fmt: skip
DOCUMENT = {
    "document_ref": "D1", "body_code": KENT, "document_kind": "policy", "title": "A procedure", "dated_on": "2025-01-01",
    "covers_from": "", "covers_to": "", "owner_role": "head_of_unit", "kept_as": "policy.txt", "sha256": "0" * 64,
}  # fmt: skip
NOTE = {
    "note_ref": "N1", "fieldwork_ref": "F1", "subject_kind": "interview", "place_code": KENT, "held_on": "2026-02-01",
    "role_of_person": "supervisor", "question": "Q3", "text": "The supervisor said that words are put right at once.",
}  # fmt: skip


def answers(*counts: int, voice: str = "V1", question: str = "told") -> list[dict]:
    """The options of one question, so many people each."""
    return [
        {"voice_ref": voice, "line": "attitudes", "question_key": question, "question": "Were you told?",
         "option": f"option {place}", "people": people}
        for place, people in enumerate(counts)
    ]  # fmt: skip


def write_sent(folder: Path, *, sender="SURVIVORS", kind="survivors_body", edition=1, **tables: list[dict]) -> Path:
    """A folder as a sender would send it."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = {
        "spec_version": "1.0",
        "request": REQUEST.key,
        "sender": sender,
        "sender_kind": kind,
        "contact_post": "Post",
    }
    lines = ["[sent]", f"edition = {edition}", *(f'{key} = "{value}"' for key, value in fields.items())]
    (folder / "sent.toml").write_text("\n".join(lines) + "\n")
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, [c.name for c in other_senders.tables()[name].columns], restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
