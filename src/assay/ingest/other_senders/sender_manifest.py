"""Who sends this, in answer to which request, and in which edition? The cover is `sent.toml`, section [sent]."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.errors import ReturnRefused
from assay.ingest.other_senders.other_table_spec import list_values, rules
from assay.reference import Request
from assay.reference.toml_files import NotToml, sent_toml

COVER = "sent.toml"
SPEC_VERSION = "1.0"
NEEDED = ("spec_version", "request", "sender", "sender_kind", "edition", "contact_post")
SENDER = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,30}")
OF_BODIES = ("force", "national_body")
"""Kinds of sender that are bodies of the request, and sign with their code."""


@dataclass(frozen=True)
class Cover:
    """Who sends: `sender` is the code of a body of the request, or a key that names no person.

    `none`: tables of plug-ins of which the sender says that it knows that it has no record.
    """

    request: str
    sender: str
    sender_kind: str
    edition: int
    contact_post: str
    none: tuple[str, ...] = ()


def read_cover(folder: Path, request: Request) -> Cover:
    """The cover of a folder; ReturnRefused (V01) where it does not say what it must."""
    try:
        told = sent_toml(folder / COVER).get("sent")
    except (OSError, NotToml):
        raise refused("it is not there, or cannot be read as TOML") from None
    if not isinstance(told, dict):
        raise refused("it has no section [sent]")
    wrong = next(_wrong(told, request), "")
    if wrong:
        raise refused(wrong)
    words = (told["request"], told["sender"], told["sender_kind"], told["edition"], str(told["contact_post"]))
    return Cover(*words, none=tuple(sorted(told.get("none", ()))))


def _wrong(told: dict[str, Any], request: Request) -> Any:
    """What is wrong with a cover, a clause each; never what it holds."""
    lacking = [name for name in NEEDED if told.get(name) in (None, "")]
    if lacking:
        yield f"it lacks {', '.join(lacking)}"
    if told.get("spec_version") != SPEC_VERSION:
        yield f"spec_version is not {SPEC_VERSION}"
    if told.get("request") != request.key:
        yield f"request is not {request.key}"
    if told.get("sender_kind") not in list_values("sender_kind"):
        yield f"sender_kind is none of {', '.join(list_values('sender_kind'))}"
    if type(told.get("edition")) is not int or told["edition"] < 1:
        yield "edition is not a whole number from 1 up"
    none = told.get("none", [])
    if not isinstance(none, list) or not all(isinstance(name, str) for name in none):
        yield 'none is not a list of names of tables, such as none = ["visits"]'
    sender = told.get("sender")
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        yield "sender is 2 to 31 letters, digits and hyphens, a letter first"
    yield from _wrong_body(str(sender), str(told.get("sender_kind")), request)


def _wrong_body(sender: str, kind: str, request: Request) -> Any:
    body = request.bodies.get(sender)
    if kind in OF_BODIES and body is None:
        yield "sender is not the code of a body that the request asks"
    elif body is not None and kind not in OF_BODIES:
        yield "sender is the code of a body that the request asks, and sender_kind says otherwise"
    elif body is not None and body.national != (kind == "national_body"):
        yield "sender_kind does not fit the body: national_body is for the agency and the regional units"


def refused(why: str) -> ReturnRefused:
    """The refusal of a whole folder, for its cover."""
    return ReturnRefused(f"V01: {COVER}: {why}. {rules()['V01'].mend}")
