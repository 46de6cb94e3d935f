"""The public interface for other programs; these names change only with a major version.

    generate_returns    returns of invented forces whose truth is known
    make_for            the folder of an inspection, for a request in a file
    receive_returns     returns; `hear` takes voices, documents and lessons
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
    "generate_returns": "assay.synthetic.demo",
    "make_for": "assay.ingest.inspection_folder",
    "receive_returns": "assay.workflows.receive.return_intake",
    "hear": "assay.workflows.receive.other_sender_intake",
    "run_stream": "assay.workflows.run.inspection_pipeline",
    "audit": "assay.workflows.selfaudit.self_audit",
    "inspect_published": "assay.workflows.run.published_pipeline",
    "answer_claim": "assay.workflows.run.published_claims",
    "read_stage": "assay.engine.provenance.stage_folders",
    "verify": "assay.engine.provenance.verification",
    "withdraw": "assay.workflows.retire.retirement",
    "retire": "assay.workflows.retire.retirement",
}


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"assay.api has no {name}. It has {', '.join(HOMES)}.")
    return getattr(import_module(HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(HOMES)
