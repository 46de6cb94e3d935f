"""The public interface for other programs; these names change only with a major version.

    generate_returns    generate returns of synthetic forces with known truth
    new_inspection      create the folder of an inspection for a request in a file
    receive_returns     take in returns of forces
    receive_evidence    take in voices, documents and lessons of other senders
    run_inspection      run the pipeline, from the returns to the report
    audit_return        run a force's self-audit on its own return
    inspect_published   run the pipeline on official files, or on the bundled figures
    answer_claim        check if a claim about published figures is supported, not supported, or not decidable
    read_stage          read a table of a stage, as Arrow
    verify              list differences between a folder and its provenance records
    withdraw, retire    withdraw a return; retire an inspection

Each name is imported on first use, so `import assay.api` is fast. Errors are those of `assay.errors`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

HOMES = {
    "generate_returns": "assay.synthetic.demo",
    "new_inspection": "assay.ingest.inspection_folder",
    "receive_returns": "assay.workflows.receive.return_intake",
    "receive_evidence": "assay.workflows.receive.other_sender_intake",
    "run_inspection": "assay.workflows.run.inspection_pipeline",
    "audit_return": "assay.workflows.selfaudit.self_audit",
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
