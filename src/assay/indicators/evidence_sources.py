"""Triangulation: the verdict of each source of evidence on a characteristic, and their combined certainty.

The verdict of a source is: agrees (the characteristic is shown), disagrees, indeterminate, or not asked. Sources are
not weighted and give no score; the combination is a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assay.wording import join_words

AGREE, DISAGREE, CANNOT_TELL, NOT_ASKED = "agrees", "disagrees", "cannot tell", "not asked"
THRESHOLD = 0.75
"""A source agrees if the whole interval of a share lies above this threshold, and disagrees if it lies below. The
threshold is ours, not set by law or an inspectorate; see decision 0055."""
MIN_RECORDS = 10
"""With fewer known records the data give no verdict on a force."""
MIN_PEOPLE = 5
"""With fewer people or interviews there is no verdict."""
MIN_RATIO = 2


@dataclass(frozen=True)
class SourceKind:
    """A kind of evidence source: its name, its label in lists, the phrase if it was not used, and its rule."""

    key: str
    name: str
    label: str
    not_asked: str
    rule: str


KINDS = (
    SourceKind("data", "Data", "data", "no measure of the records tests it here",
         "By the rules of the grades: agrees if the characteristic is shown by its measures, disagrees if it is not. A "
         "level counts only against a standard in law or of the inspectorate; every other measure of the police counts "
         "by comparison with the other forces; an outlier alert for the worse speaks against. Fewer than 10 records "
         "with an answer say nothing. Series over time cannot tell: that a number moves is no verdict on what is said "
         "of it."),
    SourceKind("files", "Case files", "files", "files were not read",
         "Of the files that were drawn and marked: agrees if the whole 95% interval of the share that is met lies at "
         "three in four or above; disagrees if it lies wholly below."),
    SourceKind("documents", "Documents", "documents", "documents were not checked",
         "Of the items of the checklists that were answered of the force's documents: agrees if three in four or more "
         "are met; disagrees if fewer would be even if every item partly met were met. That something is written down "
         "is not that it is done."),
    SourceKind("staff", "People inside", "people inside", "people inside were not asked",
         "Of a survey of officers and staff: agrees if the whole interval lies at three in four or above; disagrees if "
         "it lies wholly below. Without a frame there is no share, so it cannot tell. Of interviews, focus groups and "
         "observations: agrees if five or more say that it is so, and at least twice as many as say that it is not; "
         "disagrees the other way round. A note that nobody marked cannot tell."),
    SourceKind("partners", "Partners", "partners", "partners were not asked",
         "As for people inside, of schools, health, children's services, prosecutors and voluntary bodies."),
    SourceKind("victims", "Victims", "victims", "victims were not asked",
         "Voices support or contradict; they do not measure. Agrees if what speaks for it was brought up by five "
         "people or more, and by at least twice as many as what speaks against it; disagrees the other way round."),
)  # fmt: skip
BY_KEY = {source_kind.key: source_kind for source_kind in KINDS}


@dataclass(frozen=True)
class EvidenceSource:
    """Verdict of one source of evidence on one characteristic in one place.

    `verdict_statements`: the sentences of the statement that agree or disagree. `n_respondents`: the largest number of
    files read or people asked by any part; None if nothing of that kind is counted.
    """

    kind: str
    verdict: str
    statement: str
    evidence_keys: tuple[str, ...] = ()
    verdict_statements: tuple[str, ...] = ()
    n_respondents: int | None = None

    @property
    def name(self) -> str:
        """The name of the source on pages."""
        return BY_KEY[self.kind].name


def combine_parts(kind: str, parts: Sequence[EvidenceSource]) -> EvidenceSource:
    """Combine the parts of one source; their verdicts must agree, or the combined verdict is indeterminate."""
    if not parts:
        text = BY_KEY[kind].not_asked
        return EvidenceSource(kind, NOT_ASKED, f"{text[0].upper()}{text[1:]}.")
    verdicts = {part.verdict for part in parts} & {AGREE, DISAGREE}
    any_asked = any(part.verdict != NOT_ASKED for part in parts)
    verdict = min(verdicts) if len(verdicts) == 1 else CANNOT_TELL if any_asked else NOT_ASKED
    first = "It points both ways. " if len(verdicts) > 1 else ""
    words = " ".join(dict.fromkeys(part.statement for part in parts))
    keys = tuple(dict.fromkeys(key for part in parts for key in part.evidence_keys))
    telling = tuple(part.statement for part in parts if part.verdict in (AGREE, DISAGREE))
    max_respondents = max((part.n_respondents for part in parts if part.n_respondents is not None), default=None)
    return EvidenceSource(kind, verdict, first + words, keys, telling, max_respondents)


def exclude_small_parts(parts: Iterable[EvidenceSource], minimum: int) -> list[EvidenceSource]:
    """Return the parts of a source; those based on fewer than `minimum` files or people become indeterminate."""
    return [
        replace(part, verdict=CANNOT_TELL, statement="Too few for it to be shown what they say.", verdict_statements=())
        if part.n_respondents is not None and part.n_respondents < minimum and part.verdict != NOT_ASKED
        else part
        for part in parts
    ]


def verdict_by_count(speaks_for: int, speaks_against: int) -> str:
    """Return the verdict of purposively selected people: at least five, and twice as many as on the other side."""
    larger, smaller = max(speaks_for, speaks_against), min(speaks_for, speaks_against)
    if larger < MIN_PEOPLE or larger < MIN_RATIO * smaller:
        return CANNOT_TELL
    return AGREE if speaks_for > speaks_against else DISAGREE


def verdict_by_interval(lowest: float, highest: float) -> str:
    """Return the verdict on a share from its two bounds; indeterminate if the threshold lies between them."""
    return AGREE if lowest >= THRESHOLD else DISAGREE if highest < THRESHOLD else CANNOT_TELL


def certainty_statement(sources: Iterable[EvidenceSource]) -> str:
    """Return the statement of certainty: the sources, whether they agree, and which were not asked."""
    source_list = list(sources)
    agree, disagree, unsettled = (_labels(source_list, verdict) for verdict in (AGREE, DISAGREE, CANNOT_TELL))
    decided_labels = [*agree, *disagree]
    if not decided_labels:
        phrases = ["Rests on nothing yet"]
    elif agree and disagree:
        phrases = [f"The strands disagree: {join_words(agree)} for it, {join_words(disagree)} against it"]
    elif len(decided_labels) == 1:
        phrases = [f"Rests on {decided_labels[0]} alone, {'for it' if agree else 'against it'}"]
    else:
        phrases = [f"Rests on {join_words(decided_labels)}, which agree, {'for it' if agree else 'against it'}"]
    if unsettled:
        phrases.append(f"{join_words(unsettled)} cannot tell")
    silent_kinds = [source.kind for source in source_list if source.verdict == NOT_ASKED]
    silent_kinds += [kind.key for kind in KINDS if kind.key not in {source.kind for source in source_list}]
    phrases += [kind.not_asked for kind in KINDS if kind.key in silent_kinds]
    return _as_sentences(phrases)


def single_source_statement(kind: str) -> str:
    """Return the statement for a single source: 'Rests on data alone. Files were not read, ...'."""
    not_asked_phrases = (source_kind.not_asked for source_kind in KINDS if source_kind.key != kind)
    return _as_sentences([f"Rests on {BY_KEY[kind].label} alone", *not_asked_phrases])


def _as_sentences(phrases: Sequence[str]) -> str:
    """Return the first phrase as a sentence, and the others as a second one."""
    first, *rest = phrases
    rest_text = join_words(rest)
    return f"{first}. {rest_text[:1].upper()}{rest_text[1:]}." if rest else f"{first}."


def sources_disagree(sources: Iterable[EvidenceSource]) -> bool:
    """Return True if one source agrees and another disagrees."""
    return {AGREE, DISAGREE} <= {source.verdict for source in sources}


def _labels(sources: Iterable[EvidenceSource], verdict: str) -> list[str]:
    return [BY_KEY[source.kind].label for source in sources if source.verdict == verdict]
