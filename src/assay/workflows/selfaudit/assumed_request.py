"""Which request does a return answer, if nobody has asked yet?

Its own cover says enough: key, period and history. A real body stands in the register; an invented one is made from
its code. Who passes the request's file is held to that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assay.errors import DefinitionError, ReturnRefused
from assay.ingest.return_manifest import FILE, section_of
from assay.reference import Body, bodies
from assay.reference.data_requests import Request
from assay.workflows.receive.request_contract import request_told

INVENTED = re.compile(r"INV\d\d")


def request_of(folder: Path, told: Path | None = None) -> Request:
    """The request that the return in `folder` answers: the one in the file `told`, or else the one its cover names.

    Raises ReturnRefused (R01) where the cover does not say enough; UnknownForce for a code that nobody bears.
    """
    section = section_of(folder)
    if told is not None:
        return request_told(told, key="", title="", period=("", ""), history_from="")
    try:
        return _request(section)
    except DefinitionError as error:
        raise ReturnRefused(f"{FILE}, [return] (R01): {error} Mend it and run again.") from None


def _request(section: Mapping[str, Any]) -> Request:
    asked = _bodies(_text(section, "force_code").upper())
    first = _day(section, "period_from")
    return Request(
        key=_text(section, "request"),
        title=f"Self-audit: {_text(section, 'request')}",
        period_from=first,
        period_to=_day(section, "period_to"),
        history_from=_day(section, "history_from") if section.get("history_from") else first,
        # The cover does not say whether old group cases were asked for: whoever sends them is taken to have been asked.
        group_history=True,
        register="invented" if INVENTED.fullmatch(next(iter(asked))) else "real",
        bodies=asked,
    )


def _bodies(code: str) -> Mapping[str, Body]:
    """The register of real bodies, or the one invented body of that code, taken to be a force in England."""
    if INVENTED.fullmatch(code):
        return {code: Body(code, f"{code} (invented)", code.lower(), "territorial", "England")}
    register = bodies()
    register.get(code)
    return {body.code: body for body in register}


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
