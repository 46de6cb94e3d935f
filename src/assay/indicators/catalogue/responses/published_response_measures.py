"""Measures of outcome shares from published statistics: numerator, denominator and limits."""

from __future__ import annotations

from assay.indicators.findings import Measure

_POPULATION = "child sexual offences recorded by police in the financial year"
_SO_FAR = "outcomes so far, as they stood when the edition was published"

MEASURES = (
    Measure(
        measure="charged-of-all",
        title="Charged or summonsed, of all recorded",
        question="Q39",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="all offences recorded in the year, those still pending among them",
        better="neither",
        why="It is the figure most often quoted; it is low wherever many cases are still open.",
        cannot_tell="whether the pending offences will be charged, nor whether a charge was the right outcome.",
        leans_on=f"{_SO_FAR}; offences still pending count as not charged.",
    ),
    Measure(
        measure="charged-of-closed",
        title="Charged or summonsed, of those with an outcome",
        question="Q39",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences recorded in the year that have been given an outcome",
        better="higher",
        why="A charge is the way to court; a force far from the others should say why.",
        cannot_tell="how good the investigation was, nor whether easier cases were closed first.",
        leans_on=f"{_SO_FAR}; the share pending, since cases that close early differ from those that close late.",
    ),
    Measure(
        measure="pending",
        title="Still pending: no outcome yet",
        question="Q30",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="all offences recorded in the year",
        better="lower",
        why="Above a quarter, a force's other shares cannot be compared: they may be slow work or unrecorded outcomes.",
        cannot_tell="whether work is still going on or an outcome was not entered, nor how long anyone has waited.",
        leans_on=f"{_SO_FAR}.",
    ),
    Measure(
        measure="suspect-identified-of-closed",
        title="A suspect was identified, of those with an outcome",
        question="Q35",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences with an outcome whose code says whether a suspect was identified",
        better="higher",
        why="Without a suspect nobody can be pursued. It is read from the outcome code: the official groups mix both.",
        cannot_tell="how many suspects there were, nor whether all of them were pursued.",
        leans_on=f"{_SO_FAR}; outcomes passed to another body are left out, since their code does not say.",
    ),
    Measure(
        measure="victim-does-not-support-of-closed",
        title="Closed: victim not supporting (official label)",
        question="Q6",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences recorded in the year that have been given an outcome",
        better="neither",
        why="A child may have good reasons, and may also have been given them: contact, delay and belief all count.",
        cannot_tell="why support ended, when, how long the victim had waited, what help was offered, or who asked.",
        leans_on=f"{_SO_FAR}; codes 14 (no suspect identified) and 16 (suspect identified) together.",
    ),
    Measure(
        measure="victim-does-not-support-suspect-identified",
        title="Suspect identified, closed: victim not supporting (official label)",
        question="Q6",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences recorded in the year that have been given an outcome",
        better="neither",
        why="Here somebody could have been pursued: it is the part of the above in which a suspect is known.",
        cannot_tell="why support ended, when, how long the victim had waited, what help was offered, or who asked.",
        leans_on=f"{_SO_FAR}; code 16 only.",
    ),
)

BY_KEY = {measure.measure: measure for measure in MEASURES}
