"""The tables that a release is made from, each prepared when a stage first needs it.

A cached stage needs none, so a run without changes prepares nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import pyarrow as pa

from assay.compare import indicator_findings
from assay.engine.provenance import read_stage
from assay.facts.inspection_run import InspectionRun
from assay.grading.evidence_release_tables import characteristics_table, evidence_sources_table
from assay.indicators.catalogue.scale import scale_release_tables, scale_sentences
from assay.indicators.catalogue.scale.hidden.hidden_sentences import hidden_findings
from assay.indicators.findings import findings_table
from assay.indicators.indicator_catalogue import forms, indicators
from assay.indicators.indicator_registers import registers
from assay.indicators.text_findings import text_findings
from assay.report.pages.evidence_pages import RECORD_COMPARISON_TABLES, RECORD_TABLES
from assay.sdc import PriorRelease, apply_policy, policy
from assay.workflows.release import release_editions, report_summaries
from assay.workflows.release.release_inputs import POLICY, select_declared
from assay.workflows.release.suppression_stage import restore_cached_suppressions
from assay.workflows.run.people_stage import RELEASED_TABLES as PEOPLE_TABLES
from assay.workflows.run.register_tables import failure_mode_table, later_question_table, question_table
from assay.workflows.run.scale_stage import STAGE as SCALE

RELEASED_TABLES = {
    "enquiries": RECORD_TABLES,
    "voices": (
        "voice_collections",
        "voice_answer_counts",
        "voice_theme_counts",
        "published_quotations",
        "advocate_support",
        "voice_complaints",
    ),
    "hidden": ("hidden_victims", "hidden_victims_lists", "hidden_victims_pairs", "hidden_victims_changes"),
    "comparison": RECORD_COMPARISON_TABLES,
    "people": PEOPLE_TABLES,
}


class PreparedTables:
    """The tables of one run, prepared when first needed; `suppressions_used` says whether disclosure control was
    applied."""

    def __init__(self, run: InspectionRun) -> None:
        self._run = run
        self.suppressions_used = False

    @cached_property
    def exact(self) -> dict[str, pa.Table]:
        """Return the tables for release with exact counts."""
        return exact_tables(self._run)

    @cached_property
    def editions(self) -> tuple[list[str], list[PriorRelease]]:
        """Return the stage outputs of the editions released so far, and their tables."""
        return release_editions.prior_editions(self._run.folder, self.exact, self._protect)

    @property
    def prior_releases(self) -> Sequence[PriorRelease]:
        """Return the tables of prior releases, which disclosure control protects."""
        return self.editions[1]

    @cached_property
    def safe(self) -> Mapping[str, pa.Table]:
        """Return the tables for release with disclosure control applied."""
        return self._protect(self.prior_releases)

    def _protect(self, prior_releases: Sequence[PriorRelease]) -> Mapping[str, pa.Table]:
        """Apply disclosure control; the suppressions of the previous run are restored once."""
        if not self.suppressions_used:
            restore_cached_suppressions(self._run)
            self.suppressions_used = True
        self._run.progress("Applying disclosure control", 0, 0)
        return apply_policy(self.exact, policy(POLICY), prior_releases=prior_releases)

    @cached_property
    def evidence(self) -> pa.Table:
        """Return the conclusions of every evidence source, from tables with disclosure control applied."""
        return evidence_sources_table(self._run.inspection, self.safe, policy(POLICY).minimum_respondents)

    @cached_property
    def released_evidence(self) -> pa.Table:
        """Return the evidence of each source with disclosure control applied."""
        return apply_policy({"source_verdicts": self.evidence}, policy(POLICY))["source_verdicts"]

    @cached_property
    def findings(self) -> pa.Table:
        """Return the sentences of the findings, which quote only tables with disclosure control applied."""
        return _findings(self._run, self.safe)


def exact_tables(run: InspectionRun) -> dict[str, pa.Table]:
    """Return the tables for release with exact counts, without those of `release_inputs.folder_tables`."""
    tables = {name: read_stage(run.folder, stage, name) for stage, names in RELEASED_TABLES.items() for name in names}
    tables |= registers(forms())
    tables |= scale_release_tables.release_tables(
        _scale_tables(run), minimum=policy(POLICY).suppression_threshold + 1, base=policy(POLICY).rounding_base
    )
    tables |= {
        "characteristics": characteristics_table(),
        "answerability": report_summaries.answerability_table(read_stage(run.folder, "answerability", "answerability")),
        "failure_modes": failure_mode_table(),
        "places": report_summaries.force_table(run.inspection),
        "questions": question_table(),
        "later_questions": later_question_table(),
        "return_contents": report_summaries.return_table(
            run.concatenate_returns("covers"), run.concatenate_returns("counted")
        ),
        "text_coverage": report_summaries.text_coverage(run.folder),
        "blaming_language_rates": report_summaries.blaming_language_rates(run.folder),
        "unflagged_exploitation_rates": report_summaries.unflagged_exploitation_rates(run.folder),
    } | report_summaries.case_tables(run.folder)
    return {name: select_declared(name, table) for name, table in tables.items()}


def _scale_tables(run: InspectionRun) -> dict[str, pa.Table]:
    return {name: read_stage(run.folder, SCALE, name) for name in scale_release_tables.READ}


def _findings(run: InspectionRun, safe: Mapping[str, pa.Table]) -> pa.Table:
    request = run.inspection.request
    names = {code: organisation.name for code, organisation in request.organisations.items()}
    period = indicator_findings.period_text(request.period_from, request.period_to)
    indicator_rows = indicator_findings.findings(
        {form.key: form for form in indicators()},
        safe["ladders"],
        safe["force_estimates"],
        names=names,
        request=request.key,
        period=period,
    )
    rows = (
        safe[name].to_pylist() for name in ("blaming_language_rates", "unflagged_exploitation_rates", "text_coverage")
    )
    text_rows = text_findings(*rows, names=names, request=request.key, period=period)
    scale = scale_sentences.findings(safe, names=names, request=request.key, period=period)
    list_findings = hidden_findings(safe["hidden_victims"].to_pylist(), names, request.key)
    return findings_table([*indicator_rows, *scale, *list_findings, *text_rows])
