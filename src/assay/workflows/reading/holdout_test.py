"""Does a taught model do at least as well as the starting model on texts set apart from its teaching?

Two kinds of text are set apart. Labelled texts that were drawn at random, each scored by a model that its force had no
part in; and plain sentences that travel with the program, of which anybody would say the same. A taught model is used
only where it does at least as well on both, and the labelled ones are enough to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.special import logit

from assay.text.classifier import Labelled, Model
from assay.text.classifier.classifier_quality import area
from assay.text.classifier.classifier_training import Taught
from assay.text.data import read_data
from assay.workflows.reading.model_teaching import BESIDE
from assay.workflows.reading.starting_models import Models, starting_models
from assay.workflows.reading.text_readers import reader

LOOK = "full"
FEWEST = 20
"""So many labelled texts that say it, and so many that do not, must be set apart."""
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Performance:
    """How a model does on some texts: area under the curve, share found of those that say it, share passed over of
    those that do not."""

    area: float
    found: float
    passed: float

    @property
    def balanced(self) -> float:
        """The mean of both shares: the balanced accuracy."""
        return (self.found + self.passed) / 2

    def in_words(self) -> str:
        """In one phrase."""
        return f"area {self.area:.2f}, finds {self.found:.0%}, rightly passes over {self.passed:.0%}"


@dataclass(frozen=True)
class Comparison:
    """What texts set apart show: how many labelled texts say it and do not, how both models do on them (None where
    they are too few), how many plain sentences each gets right, and of how many."""

    saying: int
    others: int
    taught: Performance | None
    starting: Performance | None
    plain_taught: int
    plain_starting: int
    plain: int

    @property
    def why_not(self) -> str:
        """Why the taught model is not used; '' where it is."""
        if self.taught is None or self.starting is None:
            return (f"{self.saying} labelled texts drawn at random say it and {self.others} do not, of which it takes "
                    f"{FEWEST} each to compare them")  # fmt: skip
        if self.taught.area < self.starting.area or self.taught.balanced < self.starting.balanced:
            return f"on {self.saying + self.others} labelled texts of forces left out it does worse ({self._both()})"
        if self.plain_taught < self.plain_starting:
            return (f"of {self.plain} plain sentences it gets {self.plain_taught} right, "
                    f"the starting model {self.plain_starting}")  # fmt: skip
        return ""

    def as_dict(self) -> dict[str, Any]:
        """For the card of the model."""
        told = {"used": not self.why_not, "why": self.why_not, "saying": self.saying, "others": self.others}
        told |= {name: vars(one) if one else None for name, one in self._models().items()}
        return told | {"plain": {"of": self.plain, "taught": self.plain_taught, "starting": self.plain_starting}}

    def in_words(self) -> str:
        """For a person: which model is used, and why."""
        if self.why_not:
            return f"Not used: {self.why_not}. The starting model stays."
        texts = f"{self.saying + self.others} labelled texts of forces left out"
        return f"Used: on {texts} it does at least as well ({self._both()})."

    def _both(self) -> str:
        told = [f"{name} model: {one.in_words()}" for name, one in self._models().items() if one]
        return "; ".join(told)

    def _models(self) -> dict[str, Performance | None]:
        return {"taught": self.taught, "starting": self.starting}


def compared(question: str, model: Model, taught: Taught, texts: Sequence[Labelled], drawn: Flags) -> Comparison:
    """The comparison on texts set apart; `drawn`: which of the labelled texts were drawn at random."""
    start = starting_models(by_meaning=False)
    says = np.array([one.says for one in texts], bool)
    saying, others = int((says & drawn).sum()), int((~says & drawn).sum())
    by_taught = by_starting = None
    if min(saying, others) >= FEWEST:
        by_taught = _performance(_unseen(question, model, taught)[drawn], says[drawn])
        by_starting = _performance(_odds(question, start, [one.text for one in texts])[drawn], says[drawn])
    told, true = plain_sentences(question)
    of_taught = Models(model, start.unflagged_model) if question == "blaming" else Models(start.blaming_model, model)
    right = [int(((_odds(question, one, told) >= 0) == true).sum()) for one in (of_taught, start)]
    return Comparison(saying, others, by_taught, by_starting, right[0], right[1], len(told))


@cache
def plain_sentences(question: str) -> tuple[tuple[str, ...], Flags]:
    """The plain sentences of a question, and whether each says it."""
    held = read_data("plain_sentences.toml", "assay.workflows.reading")[question]
    told = [(text, says) for says, key in ((True, "says_it"), (False, "does_not")) for text in held[key]]
    return tuple(text for text, _ in told), np.array([says for _, says in told], bool)


def _unseen(question: str, model: Model, taught: Taught) -> Floats:
    """The logarithm of the odds of each labelled text by a model that its force had no part in; called from 0 on."""
    if question == "blaming":
        return taught.unseen[f"{LOOK}{BESIDE}"]
    return np.asarray(taught.unseen[LOOK] - float(logit(model.at[LOOK])))


def _odds(question: str, models: Models, texts: Sequence[str]) -> Floats:
    """The same by models as a reader asks them."""
    if question != "blaming":
        return np.asarray(logit(np.clip(models.unflagged(texts), 1e-9, 1 - 1e-9)))
    parts = reader().parts(texts)
    columns = zip(*((one.whole, one.left, one.rules, one.taken_out) for one in parts), strict=True)
    return np.asarray(logit(np.clip(models.blaming(*columns), 1e-9, 1 - 1e-9)))


def _performance(odds: Floats, says: Flags) -> Performance:
    called = odds >= 0
    return Performance(
        round(area(odds, says), 4), round(float(called[says].mean()), 4), round(float((~called[~says]).mean()), 4)
    )
