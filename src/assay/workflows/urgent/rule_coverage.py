"""Was each rule asked of a return in full, in part or not at all, and why?

Worked out from what the return says of itself and from what was set aside on receipt, so that "0 entries" is never read
as "nothing to look at" where a rule could not see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assay.contract.contract_words import named
from assay.contract.question_needs import EITHER
from assay.ingest.question_answerability import lacking_in_words, not_sent
from assay.ingest.supplied_columns import Arrival, arrivals
from assay.sdc import ToSender
from assay.wording import counted
from assay.workflows.urgent.missing_child_rules import child_of
from assay.workflows.urgent.urgent_rules import RULES, Found, Reads

IN_FULL, IN_PART, NOT_ASKED = "in full", "in part", "not asked"


@dataclass(frozen=True)
class RuleCoverage:
    """Whether one rule was asked `IN_FULL`, `IN_PART` or `NOT_ASKED`, with the reason in words ('' in full)."""

    rule: str
    answer: str
    why: str = ""

    @property
    def said(self) -> str:
        """In words."""
        asked = self.answer if self.answer == NOT_ASKED else f"asked {self.answer}"
        return f"{self.rule}: {asked}{', because ' if self.why else ''}{self.why}."


def rule_coverage(sent: ToSender, undecided: Iterable[Found]) -> tuple[RuleCoverage, ...]:
    """What each rule could see of one return. `undecided`: the records of which a rule could not decide."""
    came = arrivals(sent.tables)[sent.addressee.code]
    open_records = Counter(one.rule for one in undecided)
    return tuple(_of(key, rule.reads, sent, came, open_records[key]) for key, rule in RULES.items())


def _of(key: str, reads: Reads, sent: ToSender, came: Arrival, undecided: int) -> RuleCoverage:
    if lacking := not_sent(reads.needs, came):
        return RuleCoverage(key, NOT_ASKED, f"this did not come: {lacking_in_words(lacking)}")
    complete = _complete(sent)
    if absent := _not_complete(reads.complete, came, complete):
        return RuleCoverage(key, NOT_ASKED, f"the return does not say that all is sent of {absent}")
    gaps = [*_gaps(reads, sent, came, complete), *_not_decided(undecided)]
    return RuleCoverage(key, IN_PART if gaps else IN_FULL, "; ".join(gaps))


def _gaps(reads: Reads, sent: ToSender, came: Arrival, complete: frozenset[str]) -> Iterator[str]:
    if lacking := not_sent(reads.also, came):
        yield f"this did not come: {lacking_in_words(lacking)}"
    if absent := _not_complete(reads.also_complete, came, complete):
        yield f"the return does not say that all is sent of {absent}"
    yield from filter(None, (came.in_part(table) for table in _tables(reads)))
    for row in sent.rows("counted"):
        if row["table_name"] in reads.rows and (row["set_aside"] or 0) > 0:
            yield f"{counted(row['set_aside'], 'row')} of {row['table_name']} {_were(row['set_aside'])} set aside"
    if "missing" in reads.rows:
        yield from _episodes_of_nobody(sent)


def _episodes_of_nobody(sent: ToSender) -> Iterator[str]:
    nameless = sum(child_of(row) is None for row in sent.rows("missing_episode"))
    if nameless:
        yield f"{counted(nameless, 'missing episode names', 'missing episodes name')} no person"


def _not_decided(undecided: int) -> list[str]:
    return [f"{counted(undecided, 'record')} could not be decided"] if undecided else []


def _complete(sent: ToSender) -> frozenset[str]:
    """The tables, and the kinds of event as "events.kind", that the return sends whole."""
    tables = {row["table_name"] for row in sent.rows("covers") if row["used"] and row["complete"]}
    kinds = {f"events.{row['kind']}" for row in sent.rows("kinds") if row["supplied"] and row["complete"]}
    return frozenset(tables | kinds)


def _not_complete(wanted: Iterable[str], came: Arrival, complete: frozenset[str]) -> str:
    """Those that came and are not complete, in words; what did not come is said as that."""
    return ", ".join(named(one for one in wanted if one not in complete and not came.why_not(one)))


def _tables(reads: Reads) -> tuple[str, ...]:
    atoms = (atom for need in (*reads.needs, *reads.also, *reads.also_complete) for atom in need.split(EITHER))
    return tuple(dict.fromkeys(atom.partition(".")[0] for atom in atoms))


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
