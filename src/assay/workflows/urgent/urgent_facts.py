"""What do the rules read of a return that has just been accepted, without waiting for any other?

Who is one person is taken from the force's own numbers and from the same names and date of birth: linkage by likeness,
and other forces, are not waited for. A rule may therefore miss a suspect whom two forces know.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa

from assay import contract, linkage
from assay.contract import separated_columns
from assay.engine.expressions import Expressions
from assay.errors import UsageError
from assay.facts.fact_inputs import lookups
from assay.facts.fact_tables import facts
from assay.ingest.accepted_returns import Held, holding, part_of
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import Permission, refuse_truth
from assay.linkage import groups
from assay.privacy.bundle_manifest import FILE as MANIFEST
from assay.sdc import ToSender
from assay.workflows.run.pipeline_stages import OF_RETURNS

READ = ("suspected_person", "suspect", "pursuit", "crime", "missing_episode")
"""The facts that the rules read."""
AS_SENT = (*OF_RETURNS, "involvements")
"""What they read beside the facts: what the return says of itself, and who died or has an outcome against them."""
COUNTED = "counted"


def held_of(inspection: Inspection, force: str) -> Held:
    """The return of a body that counts; UsageError where there is none."""
    bodies, wanted = inspection.request.bodies.values(), force.casefold()
    code = next((one.code for one in bodies if wanted in (one.code.casefold(), one.name.casefold())), "")
    found = [one for one in holding(inspection) if one.body == code]
    if not found:
        there = ", ".join(one.body for one in holding(inspection)) or "none yet"
        raise UsageError(f"{inspection.folder} holds no return of {force!r}. It holds: {there}.")
    return found[-1]


def is_bundle(one: Held) -> bool:
    """Whether the return came as a bundle, so that its references are codes that its sender made."""
    return MANIFEST in one.accepted.files


def facts_of_return(inspection: Inspection, one: Held, today: date) -> ToSender:
    """The facts that the rules read, of one return alone, and what the return says of itself."""
    permission = Permission(inspection, today)
    permission.ask_for_facts([one])
    room = inspection.folder / one.stage
    refuse_truth(inspection.folder, [room], "the urgent list")
    with Expressions() as at_work:
        held = {name: at_work.table(name, [room / f"{name}.parquet"]) for name in (*contract.tables(), *OF_RETURNS)}
        held |= {name: at_work.table(name, rows) for name, rows in lookups(inspection.request.bodies.values()).items()}
        identities = _identities(inspection, one)
        if identities["identities"].is_file():
            permission.ask(separated_columns.IDENTITIES, "linkage", identities.values(), "the urgent list")
            told = {**held, **{name: at_work.table(name, [path]) for name, path in identities.items()}}
            held |= {name: at_work.keep(name, rows) for name, rows in linkage.persons(told).items()}
        else:  # a sealed bundle, in which its sender has said who is one person
            own = ("people", "ages_then", "things")
            held |= {name: at_work.table(name, [room / f"{name}.parquet"]) for name in own}
        tied = groups.find(at_work.run(groups.ties(held)))
        held |= {name: at_work.table(name, rows) for name, rows in tied.items() if name != "hubs"}
        made = facts(held, at_work.keep)
        tables: dict[str, pa.Table] = {name: at_work.run(made[name]) for name in READ}
        tables |= {name: at_work.run(held[name]) for name in AS_SENT}
        tables[COUNTED] = at_work.run(at_work.table(COUNTED, [room / f"{COUNTED}.parquet"]))
    return ToSender(inspection.request.body(one.body), tables)


def _identities(inspection: Inspection, one: Held) -> dict[str, Path]:
    room = inspection.folder / part_of(separated_columns.IDENTITIES, one.stage)
    return {linkage.IDENTITIES[table]: room / f"{table}.parquet" for table in ("involvements", "links")}
