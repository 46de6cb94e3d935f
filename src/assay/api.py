"""What may another program lean on? A dozen names that stay: they change only with the first number of the version.

    invent_forces       returns of invented forces whose truth is known
    make_for            the folder of an inspection, for a request in a file
    take_in, hear       returns; voices, documents and lessons
    run_stream          every stage, from the returns to the report
    audit               a force runs the stages on its own return
    inspect_published   the same from official files, or from the figures that come with the program
    answer_claim        is a claim about published figures supported, not supported, or not to be said?
    read_stage          a table that a stage left, as Arrow
    verify              what differs between a folder and its receipts
    withdraw, retire    a return is taken back; an inspection ends

Each is loaded when it is asked for, so `import assay.api` costs nothing. Errors are those of `assay.errors`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

HOMES = {
    "invent_forces": "assay.inspection.demo",
    "make_for": "assay.inspection.folder",
    "take_in": "assay.inspection.receiving",
    "hear": "assay.inspection.hearing",
    "run_stream": "assay.inspection.stream",
    "audit": "assay.selfaudit.audit",
    "inspect_published": "assay.inspection.published",
    "answer_claim": "assay.inspection.claims",
    "read_stage": "assay.evidence.stages",
    "verify": "assay.evidence.verify",
    "withdraw": "assay.inspection.ending",
    "retire": "assay.inspection.ending",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"assay.api has no {name}. It has {', '.join(HOMES)}.")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(HOMES)
