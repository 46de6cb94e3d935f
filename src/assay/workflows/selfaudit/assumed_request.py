"""Build the request that a return answers from its own manifest, if no request was sent.

The manifest states enough: key, period and history. A real force is in the register; a synthetic one is made from its
code. If the request's file is given, the return must match it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assay.errors import DefinitionError, ReturnRefused
from assay.ingest.return_manifest import MANIFEST_FILE, read_return_section
from assay.reference import Organisation, real_organisations
from assay.reference.data_requests import DataRequest
from assay.workflows.receive.request_contract import parse_request

SYNTHETIC_CODE = re.compile(r"INV\d\d")


def infer_request(folder: Path, request_path: Path | None = None) -> DataRequest:
    """Return the request of the return in `folder`: that of a request file, or else that named in its manifest.

    Raises
    ------
    ReturnRefused
        If the manifest does not state enough (R01).
    UnknownForce
        For a code of no force.
    """
    section = read_return_section(folder)
    if request_path is not None:
        return parse_request(request_path, key="", title="", period=("", ""), history_from="")
    try:
        return _request(section)
    except DefinitionError as error:
        raise ReturnRefused(f"{MANIFEST_FILE}, [return] (R01): {error} Correct it and run again.") from None


def _request(section: Mapping[str, Any]) -> DataRequest:
    forces = _force_register(_text(section, "force_code").upper())
    first = _day(section, "period_from")
    return DataRequest(
        key=_text(section, "request"),
        title=f"Self-audit: {_text(section, 'request')}",
        period_from=first,
        period_to=_day(section, "period_to"),
        history_from=_day(section, "history_from") if section.get("history_from") else first,
        # The manifest does not say whether group history was requested: if it was sent, assume that it was.
        group_history=True,
        register="invented" if SYNTHETIC_CODE.fullmatch(next(iter(forces))) else "real",
        organisations=forces,
    )


def _force_register(code: str) -> Mapping[str, Organisation]:
    """Return the register of real forces, or the one synthetic force of that code, as a force in England."""
    if SYNTHETIC_CODE.fullmatch(code):
        return {code: Organisation(code, f"{code} (invented)", code.lower(), "territorial", "England")}
    register = real_organisations()
    register.get(code)
    return {force.code: force for force in register}


def _text(section: Mapping[str, Any], key: str) -> str:
    value = section.get(key)
    if not isinstance(value, str) or not value.strip():
        raise DefinitionError(f"{key} is missing, or is not text.")
    return value.strip()


def _day(section: Mapping[str, Any], key: str) -> date:
    value = section.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise DefinitionError(f"{key} is missing, or is not a day such as 2025-04-01.") from None
