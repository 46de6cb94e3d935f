"""Derive the facts of one accepted return for the urgent rules, without waiting for other returns.

Persons are identified by the force's own numbers and by equal names and dates of birth; probabilistic record linkage,
and other forces, are not waited for. A rule may therefore miss a suspect whom two forces know.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa

from assay import contract, linkage
from assay.contract import separated_columns
from assay.engine.expressions import ExpressionEngine
from assay.errors import UsageError
from assay.facts.fact_inputs import build_lookup_tables
from assay.facts.fact_tables import derive_fact_tables
from assay.ingest.accepted_returns import AcceptedReturn, current_returns, part_stage
from assay.ingest.inspection_folder import Inspection
from assay.ingest.table_permission import ReadPermission, refuse_known_truth
from assay.linkage import groups
from assay.privacy.bundle_manifest import MANIFEST_FILE as MANIFEST
from assay.sdc import ToSender
from assay.workflows.run.pipeline_stages import DECLARATION_TABLES

FACT_TABLES = ("suspected_person", "suspect", "pursuit", "crime", "missing_episode")
"""The facts that the rules read."""
RETURN_TABLES = (*DECLARATION_TABLES, "involvements")
"""Tables that the rules read besides the facts: manifest rows, deaths, and outcomes against suspects."""
COUNTS_TABLE = "counted"


def find_accepted_return(inspection: Inspection, force: str) -> AcceptedReturn:
    """Return the accepted return of a force; UsageError if there is none."""
    forces, name = inspection.request.organisations.values(), force.casefold()
    code = next((item.code for item in forces if name in (item.code.casefold(), item.name.casefold())), "")
    found = [item for item in current_returns(inspection) if item.force_code == code]
    if not found:
        force_names = ", ".join(item.force_code for item in current_returns(inspection)) or "none yet"
        raise UsageError(f"{inspection.folder} holds no return of {force!r}. It holds: {force_names}.")
    return found[-1]


def is_bundle(accepted_return: AcceptedReturn) -> bool:
    """Return True if the return came as a bundle, so that its references are codes of its sender."""
    return MANIFEST in accepted_return.return_edition.files


def facts_of_return(inspection: Inspection, accepted_return: AcceptedReturn, today: date) -> ToSender:
    """Return the facts that the urgent rules read, from one return."""
    permission = ReadPermission(inspection, today)
    permission.require_for_facts([accepted_return])
    stage_folder = inspection.folder / accepted_return.stage
    refuse_known_truth(inspection.folder, [stage_folder], "the urgent list")
    with ExpressionEngine() as expressions:
        input_tables = {
            name: expressions.table(name, [stage_folder / f"{name}.parquet"])
            for name in (*contract.tables(), *DECLARATION_TABLES)
        }
        input_tables |= {
            name: expressions.table(name, rows)
            for name, rows in build_lookup_tables(inspection.request.organisations.values()).items()
        }
        identities = _identities(inspection, accepted_return)
        if identities["identities"].is_file():
            permission.require(separated_columns.IDENTITIES, "linkage", identities.values(), "the urgent list")
            with_identities = {
                **input_tables,
                **{name: expressions.table(name, [path]) for name, path in identities.items()},
            }
            input_tables |= {
                name: expressions.create_table(name, rows)
                for name, rows in linkage.match_persons_exactly(with_identities).items()
            }
        else:  # an encrypted bundle with its sender's own record linkage
            linkage_tables = ("people", "ages_then", "things")
            input_tables |= {
                name: expressions.table(name, [stage_folder / f"{name}.parquet"]) for name in linkage_tables
            }
        found_groups = groups.detect_groups(expressions.run(groups.involvement_ties(input_tables)))
        input_tables |= {name: expressions.table(name, rows) for name, rows in found_groups.items() if name != "hubs"}
        derived = derive_fact_tables(input_tables, expressions.create_table)
        tables: dict[str, pa.Table] = {name: expressions.run(derived[name]) for name in FACT_TABLES}
        tables |= {name: expressions.run(input_tables[name]) for name in RETURN_TABLES}
        tables[COUNTS_TABLE] = expressions.run(
            expressions.table(COUNTS_TABLE, [stage_folder / f"{COUNTS_TABLE}.parquet"])
        )
    return ToSender(inspection.request.organisation(accepted_return.force_code), tables)


def _identities(inspection: Inspection, accepted_return: AcceptedReturn) -> dict[str, Path]:
    identities_folder = inspection.folder / part_stage(separated_columns.IDENTITIES, accepted_return.stage)
    return {
        linkage.IDENTITY_TABLES[table]: identities_folder / f"{table}.parquet" for table in ("involvements", "links")
    }
