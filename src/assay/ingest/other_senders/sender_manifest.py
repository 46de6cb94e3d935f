"""Read the manifest `sent.toml` of another sender: sender, request and edition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import ReturnRefused
from assay.ingest.other_senders.other_table_spec import list_values, rules
from assay.reference import DataRequest
from assay.reference.toml_files import InvalidTomlError, read_sent_toml

MANIFEST_FILE = "sent.toml"
SPEC_VERSION = "1.0"
REQUIRED_KEYS = ("spec_version", "request", "sender", "sender_kind", "edition", "contact_post")
SENDER_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,30}")
ORGANISATION_SENDER_KINDS = ("force", "national_body")
"""Kinds of sender that are organisations in the request, and sign with their code."""


@dataclass(frozen=True)
class SenderManifest:
    """The manifest of a sender; `sender` is the code of an organisation in the request, or a key without a name.

    `empty_tables`: tables of plug-ins for which the sender declares that it has no record.
    """

    request: str
    sender: str
    sender_kind: str
    edition: int
    contact_post: str
    empty_tables: tuple[str, ...] = ()


def read_sender_manifest(folder: Path, request: DataRequest) -> SenderManifest:
    """Read the manifest of a folder; raise ReturnRefused (V01) if it is invalid."""
    try:
        section = read_sent_toml(folder / MANIFEST_FILE).get("sent")
    except (OSError, InvalidTomlError):
        raise manifest_refusal("the file is missing, or is not valid TOML") from None
    if not isinstance(section, dict):
        raise manifest_refusal("it has no section [sent]")
    problem = next(_manifest_errors(section, request), "")
    if problem:
        raise manifest_refusal(problem)
    values = (
        section["request"],
        section["sender"],
        section["sender_kind"],
        section["edition"],
        str(section["contact_post"]),
    )
    return SenderManifest(*values, empty_tables=tuple(sorted(section.get("none", ()))))


def _manifest_errors(section: dict[str, Any], request: DataRequest) -> Any:
    """Return the errors in a manifest, one clause for each; never its content."""
    missing_keys = [name for name in REQUIRED_KEYS if section.get(name) in (None, "")]
    if missing_keys:
        yield f"it lacks {', '.join(missing_keys)}"
    if section.get("spec_version") != SPEC_VERSION:
        yield f"spec_version is not {SPEC_VERSION}"
    if section.get("request") != request.key:
        yield f"request is not {request.key}"
    if section.get("sender_kind") not in list_values("sender_kind"):
        yield f"sender_kind is none of {', '.join(list_values('sender_kind'))}"
    if type(section.get("edition")) is not int or section["edition"] < 1:
        yield "edition must be a whole number from 1"
    empty_tables = section.get("none", [])
    if not isinstance(empty_tables, list) or not all(isinstance(name, str) for name in empty_tables):
        yield 'none is not a list of names of tables, such as none = ["visits"]'
    sender = section.get("sender")
    if not isinstance(sender, str) or not SENDER_PATTERN.fullmatch(sender):
        yield "sender must be 2 to 31 letters, digits and hyphens, beginning with a letter"
    yield from _sender_errors(str(sender), str(section.get("sender_kind")), request)


def _sender_errors(sender: str, kind: str, request: DataRequest) -> Any:
    organisation = request.organisations.get(sender)
    if kind in ORGANISATION_SENDER_KINDS and organisation is None:
        yield "sender is not the code of a force or agency in the request"
    elif organisation is not None and kind not in ORGANISATION_SENDER_KINDS:
        yield "sender is the code of a force in the request, but sender_kind is another"
    elif organisation is not None and organisation.is_national != (kind == "national_body"):
        yield "sender_kind does not fit the sender: national_body is for the agency and the regional units"


def manifest_refusal(reason: str) -> ReturnRefused:
    """Return the error that refuses a whole folder because its manifest is invalid (V01)."""
    return ReturnRefused(f"V01: {MANIFEST_FILE}: {reason}. {rules()['V01'].correction}")
