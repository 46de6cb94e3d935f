"""Report whether each urgent rule could be applied to a return in full, in part or not at all, and why.

Coverage follows from the manifest of the return and from the rows set aside on receipt, so that "0 entries" is never
read as "nothing to check" where a rule could not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assay.contract.need_descriptions import need_phrases
from assay.contract.question_needs import ALTERNATIVE_SEPARATOR
from assay.ingest.question_answerability import missing_needs, missing_needs_text
from assay.ingest.supplied_columns import SuppliedReturn, supplied_returns
from assay.sdc import ToSender
from assay.wording import count_phrase
from assay.workflows.urgent.missing_child_rules import child_identity
from assay.workflows.urgent.urgent_rules import RULES, RuleHit, RuleInputs

IN_FULL, IN_PART, NOT_ASKED = "in full", "in part", "not asked"


@dataclass(frozen=True)
class RuleCoverage:
    """The coverage of one urgent rule: applied `IN_FULL`, `IN_PART` or `NOT_ASKED`, with the reason ('' in full)."""

    rule: str
    answer: str
    why: str = ""

    @property
    def sentence(self) -> str:
        """Return the coverage in words."""
        coverage_text = self.answer if self.answer == NOT_ASKED else f"asked {self.answer}"
        return f"{self.rule}: {coverage_text}{', because ' if self.why else ''}{self.why}."


def rule_coverage(sender_tables: ToSender, undecided: Iterable[RuleHit]) -> tuple[RuleCoverage, ...]:
    """Return the coverage of each rule for one return; `undecided` are records for which a rule gave no answer."""
    arrival = supplied_returns(sender_tables.tables)[sender_tables.addressee.code]
    open_records = Counter(hit.rule for hit in undecided)
    return tuple(_coverage(key, rule.inputs, sender_tables, arrival, open_records[key]) for key, rule in RULES.items())


def _coverage(
    key: str, reads: RuleInputs, sender_tables: ToSender, arrival: SuppliedReturn, undecided: int
) -> RuleCoverage:
    if lacking := missing_needs(reads.required, arrival):
        return RuleCoverage(key, NOT_ASKED, f"this was not sent: {missing_needs_text(lacking)}")
    complete = _complete_items(sender_tables)
    if absent := _not_complete(reads.required_complete, arrival, complete):
        return RuleCoverage(key, NOT_ASKED, f"the return does not declare {absent} complete")
    gaps = [*_gaps(reads, sender_tables, arrival, complete), *_undecided_text(undecided)]
    return RuleCoverage(key, IN_PART if gaps else IN_FULL, "; ".join(gaps))


def _gaps(
    reads: RuleInputs, sender_tables: ToSender, arrival: SuppliedReturn, complete: frozenset[str]
) -> Iterator[str]:
    if lacking := missing_needs(reads.optional, arrival):
        yield f"this was not sent: {missing_needs_text(lacking)}"
    if absent := _not_complete(reads.optional_complete, arrival, complete):
        yield f"the return does not declare {absent} complete"
    yield from filter(None, (arrival.limitation(table) for table in _tables(reads)))
    for row in sender_tables.rows("counted"):
        if row["table_name"] in reads.affected_tables and (row["set_aside"] or 0) > 0:
            yield (
                f"{count_phrase(row['set_aside'], 'row')} of {row['table_name']} "
                f"{_verb_were(row['set_aside'])} set aside"
            )
    if "missing" in reads.affected_tables:
        yield from _episodes_of_nobody(sender_tables)


def _episodes_of_nobody(sender_tables: ToSender) -> Iterator[str]:
    nameless = sum(child_identity(row) is None for row in sender_tables.rows("missing_episode"))
    if nameless:
        yield f"{count_phrase(nameless, 'missing episode names', 'missing episodes name')} no person"


def _undecided_text(undecided: int) -> list[str]:
    return [f"{count_phrase(undecided, 'record')} could not be decided"] if undecided else []


def _complete_items(sender_tables: ToSender) -> frozenset[str]:
    """Return the tables, and the kinds of event as "events.kind", that the return supplies completely."""
    tables = {row["table_name"] for row in sender_tables.rows("covers") if row["used"] and row["complete"]}
    kinds = {f"events.{row['kind']}" for row in sender_tables.rows("kinds") if row["supplied"] and row["complete"]}
    return frozenset(tables | kinds)


def _not_complete(needed: Iterable[str], arrival: SuppliedReturn, complete: frozenset[str]) -> str:
    """Return in words what was supplied but is not complete, and what was not supplied."""
    return ", ".join(need_phrases(name for name in needed if name not in complete and not arrival.absence_reason(name)))


def _tables(reads: RuleInputs) -> tuple[str, ...]:
    atoms = (
        atom
        for need in (*reads.required, *reads.optional, *reads.optional_complete)
        for atom in need.split(ALTERNATIVE_SEPARATOR)
    )
    return tuple(dict.fromkeys(atom.partition(".")[0] for atom in atoms))


def _verb_were(number: int) -> str:
    return "was" if number == 1 else "were"
