"""The tables that a release is made from, each prepared when a stage first needs it.

A stage that is kept needs none, so a run in which nothing changed prepares nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import pyarrow as pa

from assay.briefing.outside import characteristics_table, strands_table
from assay.comparison import indicator_findings
from assay.disclosure import EarlierEdition, apply_policy, policy
from assay.enquiries.finding import findings_table
from assay.enquiries.measures import forms, indicators
from assay.enquiries.registers import registers
from assay.enquiries.scale import released as of_scale
from assay.enquiries.scale import said_of_scale
from assay.enquiries.scale.hidden.sentences import hidden_findings
from assay.enquiries.text_findings import text_findings
from assay.evidence import read_stage
from assay.inspection import issued, told, told_files, told_texts
from assay.inspection.people import RELEASED as OF_PEOPLE
from assay.inspection.registers import failure_modes, questions
from assay.inspection.release_inputs import POLICY, declared_only
from assay.inspection.run import Run
from assay.inspection.scale import STAGE as SCALE
from assay.inspection.suppression_stage import restore_cached_suppressions

MADE_RELEASED = {
    "enquiries": ("ladders", "left_out", "wait_curves", "wait_medians", "wait_medians_apart", "counts"),
    "voices": (
        "voices_asked",
        "voices_said",
        "voices_themes",
        "voices_quoted",
        "voices_advocates",
        "voices_complaints",
    ),
    "hidden": ("hidden", "hidden_lists", "hidden_pairs", "hidden_changes"),
    "comparison": ("standing", "indicator_spread", "indicator_funnel", "taken_together"),
    "people": OF_PEOPLE,
}


class PreparedTables:
    """The tables of one run; `suppressions_used` says whether disclosure control was applied at all."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @cached_property
    def exact(self) -> dict[str, pa.Table]:
        """The tables that are to be released, as they were counted."""
        return exact_tables(self._run)

    @cached_property
    def editions(self) -> tuple[list[str], list[EarlierEdition]]:
        """The stages of the editions that are out already, and those editions."""
        return issued.before(self._run.folder, self.exact)

    @property
    def earlier(self) -> Sequence[EarlierEdition]:
        """The editions that are out already."""
        return self.editions[1]

    @cached_property
    def safe(self) -> Mapping[str, pa.Table]:
        """The same tables with disclosure control applied."""
        restore_cached_suppressions(self._run)
        self._run.progress("Keeping back what would tell of few", 0, 0)
        return apply_policy(self.exact, policy(POLICY), earlier=self.earlier)

    @cached_property
    def strands(self) -> pa.Table:
        """What every strand of evidence says, made from the tables with disclosure control."""
        return strands_table(self._run.inspection, self.safe, policy(POLICY).fewest_heard)

    @cached_property
    def safe_strands(self) -> pa.Table:
        """The strands with disclosure control applied."""
        return apply_policy({"strands": self.strands}, policy(POLICY))["strands"]

    @cached_property
    def findings(self) -> pa.Table:
        """The sentences, which quote the tables with disclosure control."""
        return _findings(self._run, self.safe)

    @property
    def suppressions_used(self) -> bool:
        """Return True if disclosure control was applied in this run."""
        return "safe" in self.__dict__


def exact_tables(run: Run) -> dict[str, pa.Table]:
    """The tables that are to be released, as they were counted, without those of `tables_of_the_folder`."""
    made = {name: read_stage(run.folder, stage, name) for stage, names in MADE_RELEASED.items() for name in names}
    made |= registers(forms())
    made |= of_scale.to_release(_of_scale(run), fewest=policy(POLICY).hide_up_to + 1)
    made |= {
        "characteristics": characteristics_table(),
        "answerability": told.answerable(read_stage(run.folder, "answerability", "answerability")),
        "failure_modes": failure_modes(),
        "places": told.places(run.inspection),
        "questions": questions(),
        "returned": told.returned(run.together("covers"), run.together("counted")),
        "texts_read": told_texts.texts_read(run.folder),
        "words_confirmed": told_texts.words_confirmed(run.folder),
        "unflagged_confirmed": told_texts.unflagged_confirmed(run.folder),
    } | told_files.case_tables(run.folder)
    return {name: declared_only(name, table) for name, table in made.items()}


def _of_scale(run: Run) -> dict[str, pa.Table]:
    return {name: read_stage(run.folder, SCALE, name) for name in of_scale.READ}


def _findings(run: Run, safe: Mapping[str, pa.Table]) -> pa.Table:
    request = run.inspection.request
    names = {code: body.name for code, body in request.bodies.items()}
    period = indicator_findings.in_words(request.period_from, request.period_to)
    found = indicator_findings.findings(
        {one.key: one for one in indicators()},
        safe["ladders"],
        safe["standing"],
        names=names,
        request=request.key,
        period=period,
    )
    rows = (safe[name].to_pylist() for name in ("words_confirmed", "unflagged_confirmed", "texts_read"))
    of_texts = text_findings(*rows, names=names, request=request.key, period=period)
    scale = said_of_scale.findings(safe, names=names, request=request.key, period=period)
    lists = hidden_findings(safe["hidden"].to_pylist(), names, request.key)
    return findings_table([*found, *scale, *lists, *of_texts])
