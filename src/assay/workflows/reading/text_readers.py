"""Create the reader of texts from the lexicon of attitudes, the signs of exploitation, and an optional classifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay.errors import UsageError
from assay.indicators.catalogue.attitudes.attitude_lexicon import lexicon
from assay.reference import sign_phrases, signs
from assay.text import Phrase, Reader, Scores
from assay.text.context.form_templates import known_forms


def build_reader(*, templates: Sequence[str] = (), classifier: Scores | None = None) -> Reader:
    """Return a reader of texts.

    `templates` are the printed words of a force's own forms, in addition to forms in common use; nobody wrote them.
    """
    templates = (*known_forms(), *templates)
    slots = {phrase.key: signs().get(phrase.sign).slot for phrase in sign_phrases()}
    phrases = [Phrase(phrase.key, phrase.forms) for phrase in sign_phrases()]
    return Reader(lexicon().terms, signs=phrases, slots=slots, templates=templates, classifier=classifier)


def build_word_reader() -> Reader:
    """Return the reader of texts that a run uses: the lexicon, the signs, and the starting models on words alone."""
    from assay.workflows.reading.starting_models import load_starting_models

    return build_reader(classifier=load_starting_models(by_meaning=False))


def read_templates(path: Path | None) -> tuple[str, ...]:
    """Return the lines that a form prints, one per line of a text file; UsageError if the file cannot be read."""
    if path is None:
        return ()
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read. Write the form's printed lines as a text file in UTF-8.") from None
    return tuple(line for line in lines if line.strip())
