"""What reads texts here: the lexicon of attitudes, the signs of exploitation, and a classifier where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay.errors import UsageError
from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.reference import sign_phrases, signs
from assay.text import Phrase, Reader, Scores
from assay.text.context.form_templates import known_forms


def reader(*, templates: Sequence[str] = (), classifier: Scores | None = None) -> Reader:
    """A reader of texts; `templates` are the printed words of a force's own forms, which nobody said, beside those of
    the forms in common use."""
    templates = (*known_forms(), *templates)
    slots = {one.key: signs().get(one.sign).slot for one in sign_phrases()}
    phrases = [Phrase(one.key, one.forms) for one in sign_phrases()]
    return Reader(lexicon().terms, signs=phrases, slots=slots, templates=templates, classifier=classifier)


def by_words() -> Reader:
    """What a run reads every text with: the lexicon, the signs, and the starting models by words alone."""
    from assay.workflows.reading.starting_models import starting_models

    return reader(classifier=starting_models(by_meaning=False))


def read_templates(path: Path | None) -> tuple[str, ...]:
    """The printed lines of a form, one a line of a text file; UsageError where the file cannot be read."""
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read. Write the form's printed lines as a text file in UTF-8.") from None
    return tuple(line for line in lines if line.strip())
