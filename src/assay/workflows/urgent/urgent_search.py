"""Derive the facts of accepted returns, run the urgent rules on them, and list the records found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from assay import contract, linkage
from assay.contract import separated_columns
from assay.engine.expressions import ExpressionEngine
from assay.errors import AssayError, UsageError
from assay.facts.fact_inputs import build_lookup_tables
from assay.facts.fact_tables import derive_fact_tables
from assay.ingest.accepted_returns import AcceptedReturn, current_returns, part_stage
from assay.ingest.inspection_folder import Inspection, open_inspection
from assay.ingest.table_permission import ReadPermission, refuse_known_truth
from assay.linkage import groups
from assay.privacy.bundle_manifest import MANIFEST_FILE as MANIFEST
from assay.progress import Progress, no_progress
from assay.sdc import ToSender
from assay.wording import count_phrase
from assay.workflows.run.pipeline_stages import DECLARATION_TABLES
from assay.workflows.urgent import urgent_register as lists
from assay.workflows.urgent.list_closure import closed_editions, previously_handled
from assay.workflows.urgent.missing_child_rules import find_missing_again, find_missing_now
from assay.workflows.urgent.rule_coverage import NOT_ASKED, RuleCoverage, rule_coverage
from assay.workflows.urgent.suspect_rules import find_suspects_of_several
from assay.workflows.urgent.urgent_register import LOST, PROPOSED, Entry, Register, Undecided
from assay.workflows.urgent.urgent_rules import RULES, RuleHit

# Derive the facts of one accepted return for the urgent rules, without waiting for other returns.
#
# Persons are identified by the force's own numbers and by equal names and dates of birth; probabilistic record linkage,
# and other forces, are not waited for. A rule may therefore miss a suspect whom two forces know.

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


# Run all urgent rules on one return.


def find_urgent_records(sender_tables: ToSender) -> tuple[RuleHit, ...]:
    """Return every record that a rule finds, rule by rule, the oldest first.

    A record with `unknown` is not proposed: the rule could not decide.
    """
    rows = (
        *find_missing_now(sender_tables),
        *find_missing_again(sender_tables),
        *find_suspects_of_several(sender_tables),
    )
    order = {key: position for position, key in enumerate(RULES)}
    return tuple(sorted(rows, key=lambda hit: (order[hit.rule], hit.record_day or date.max, hit.refs)))


UNREAD = "Nothing is sent before a person has read and confirmed it: assay urgent confirm"
MAX_LINES = 20
"""Maximum number of undecided records that are printed; the list holds all."""
CODES = (
    "This return came as a bundle: references are its codes, and the sender's file of codes lists the "
    "reference of each."
)


@dataclass(frozen=True)
class ActionResult:
    """The result of an action on urgent lists: sentences, the file written, and the forces that failed."""

    sentences: tuple[str, ...]
    path: Path | None = None
    failed: tuple[str, ...] = ()
    rules: tuple[tuple[str, RuleCoverage], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the result as a dictionary for JSON output."""
        file = str(self.path) if self.path else None
        rules = [{"body": force_code, **vars(coverage)} for force_code, coverage in self.rules]
        return {"said": list(self.sentences), "file": file, "failed": list(self.failed), "rules": rules}

    def summary_lines(self) -> list[str]:
        """Return the summary to print at a terminal."""
        return [*self.sentences, *([f"  {self.path}"] if self.path else [])]


@dataclass(frozen=True)
class SearchResult:
    """The register after a search, and the hits that were already handled in a closed list."""

    register: Register
    handled: tuple[RuleHit, ...]

    @property
    def rules(self) -> tuple[tuple[str, RuleCoverage], ...]:
        """Return the force, and the coverage of each rule."""
        return tuple((self.register.body, coverage) for coverage in self.register.rules)


def search_return(
    folder: Path, force: str, *, now: datetime, include_handled: bool = False, progress: Progress = no_progress
) -> ActionResult:
    """Run the rules on the accepted return of a force, and store what they find as proposed.

    A record that a closed list handled is proposed only with `include_handled`.
    """
    inspection = open_inspection(folder)
    accepted_return = find_accepted_return(inspection, force)
    progress("Reading one return", 0, 0)
    result = _search(inspection, accepted_return, now, include_handled=include_handled)
    path = lists.list_folder(folder, accepted_return.force_code) / lists.LIST_FILE
    return ActionResult((*_result_lines(result), UNREAD), path, rules=result.rules)


def search_all(folder: Path, *, now: datetime, progress: Progress = no_progress) -> ActionResult:
    """Run the rules on every accepted return that was not searched yet."""
    inspection = open_inspection(folder)
    unsearched = unsearched_returns(inspection)
    text_lines: list[str] = []
    failed: list[str] = []
    rules: list[tuple[str, RuleCoverage]] = []
    for number, accepted_return in enumerate(unsearched, start=1):
        progress(f"Reading return {number} of {len(unsearched)}", 0, 0)
        try:
            result = _search(inspection, accepted_return, now)
        except AssayError as error:
            failed.append(accepted_return.force_code)
            text_lines.append(
                f"{accepted_return.force_code}, edition {accepted_return.return_edition.edition}: not searched. {error}"
            )
        else:
            text_lines += _result_lines(result)
            rules += result.rules
    sentences = (*text_lines, UNREAD) if unsearched else ("Every accepted return was searched.",)
    return ActionResult(sentences, None, tuple(failed), tuple(rules))


def unsearched_returns(inspection: Inspection) -> tuple[AcceptedReturn, ...]:
    """Return the accepted returns whose edition has not been searched yet."""
    searched_editions = closed_editions(inspection.ledger) | {
        (item.body, item.edition) for item in lists.all_registers(inspection.folder)
    }
    latest = {item.force_code: item for item in current_returns(inspection)}
    return tuple(
        item for item in latest.values() if (item.force_code, item.return_edition.edition) not in searched_editions
    )


def _search(
    inspection: Inspection, accepted_return: AcceptedReturn, now: datetime, *, include_handled: bool = False
) -> SearchResult:
    sender_tables = facts_of_return(inspection, accepted_return, now.date())
    extracted = sender_tables.rows("returns")[0]["extracted_at"].date()
    hits = find_urgent_records(sender_tables)
    rules = rule_coverage(sender_tables, [item for item in hits if item.unknown])
    listed = lists.read_register(inspection.folder, accepted_return.force_code)
    listed_keys = {item.key for item in listed.entries} if listed else set()
    unlisted = () if include_handled else [item for item in hits if item.key not in listed_keys]
    handled = previously_handled(inspection.folder, inspection.ledger, unlisted)
    new_hits = tuple(item for item in hits if item not in handled)
    return SearchResult(_update_list(inspection.folder, accepted_return, new_hits, extracted, rules), handled)


@lists.exclusive
def _update_list(
    folder: Path,
    accepted_return: AcceptedReturn,
    new_hits: tuple[RuleHit, ...],
    extracted: date,
    rules: tuple[RuleCoverage, ...],
) -> Register:
    """Update the list with new hits; it is read last, because people work on it while the rules run."""
    previous, edition = lists.read_register(folder, accepted_return.force_code), accepted_return.return_edition.edition
    register = lists.update_register(
        previous,
        new_hits,
        force_code=accepted_return.force_code,
        edition=edition,
        extracted=extracted,
        coded=is_bundle(accepted_return),
        rules=rules,
    )
    lists.write_register(folder, register)
    return register


def _result_lines(result: SearchResult) -> list[str]:
    """Return the entries that wait to be read, and what the rules could not see."""
    register = result.register
    proposed_lines = [_line(item) for item in register.in_states(PROPOSED)]
    lost_lines = [
        f"  {item.key}: {item.why} Read it again, and confirm it or set it aside." for item in register.in_states(LOST)
    ]
    not_asked = sum(item.answer == NOT_ASKED for item in register.rules)
    coverage_note = (
        f" {count_phrase(not_asked, 'rule')} of {len(register.rules)} could not be applied." if not_asked else ""
    )
    codes = [CODES] if any(item.coded for item in register.entries) else []
    return [
        (
            f"{register.body}, data read on {register.extracted}: "
            f"{count_phrase(len(proposed_lines), 'entry is', 'entries are')} proposed.{coverage_note}"
        ),
        *proposed_lines,
        *lost_lines,
        *_handled_lines(result.handled),
        *_undecided_lines(register.undecided),
        *codes,
        *(f"  Rule {item.sentence}" for item in register.rules),
    ]


def _line(entry: Entry) -> str:
    further_text = f"; {entry.beside}" if entry.beside else ""
    day = f"last record {entry.record_day or 'not known'}"
    return f"  {entry.key}: {RULES[entry.rule].check} {', '.join(entry.refs)} ({day}{further_text})"


def _handled_lines(handled: tuple[RuleHit, ...]) -> list[str]:
    if not handled:
        return []
    subject = count_phrase(len(handled), "record was", "records were")
    return [
        f"{subject} dealt with in a closed list, and not proposed again. To propose them: assay urgent find --again",
        *(f"  {hit.rule}: {', '.join(hit.refs)}" for hit in handled),
    ]


def _undecided_lines(undecided: tuple[Undecided, ...]) -> list[str]:
    """Return the records that a rule could not decide: a person must look at them."""
    if not undecided:
        return []
    subject = count_phrase(len(undecided), "record is", "records are")
    more = (
        [f"  and {count_phrase(len(undecided) - MAX_LINES, 'more record')}, in the list"]
        if len(undecided) > MAX_LINES
        else []
    )
    return [
        f"{subject} neither proposed nor ruled out, because something is not known; nothing about them is sent:",
        *(f"  {record.rule}: {', '.join(record.refs)}: not known {record.unknown}" for record in undecided[:MAX_LINES]),
        *more,
    ]
