"""Measures of scale from published statistics: what they count, and their limits."""

from __future__ import annotations

from assay.indicators.findings import Measure

_RECORDED = "child sexual offences recorded by police"

MEASURES = (
    Measure(
        measure="recorded",
        title="Offences recorded",
        question="Q22",
        line="scale",
        unit="offences",
        population=f"{_RECORDED} in the financial year",
        denominator="a full count: every offence that the force recorded",
        better="neither",
        why="It is the only figure that every force publishes for every quarter.",
        cannot_tell="how much abuse there is, how many children or suspects it concerns, or which are exploitation.",
        assumptions="recording by the force; codes that name a child: so most offences at 16 and 17 are left out.",
    ),
    Measure(
        measure="recorded-rate",
        title="Offences recorded per 1,000 resident children",
        question="Q22",
        line="scale",
        unit="offences per 1,000 resident children aged 0 to 17",
        population=f"{_RECORDED} in the financial year",
        denominator="resident children aged 0 to 17 (mid-year estimate)",
        better="neither",
        why="Forces differ in how many children live there. A high rate may be better recording, and a low one worse.",
        cannot_tell="whether more children are abused there: offences count where recorded, children where they live.",
        assumptions="recording by the force; a mid-year estimate that may be some years old (its year is given).",
    ),
    Measure(
        measure="trend",
        title="Has the count fallen?",
        question="Q26",
        line="scale",
        unit="probability that the level of the count fell",
        population=f"{_RECORDED} in the latest four full quarters",
        denominator="the level over the same four quarters three years earlier",
        better="neither",
        why="The inquiry found a flawed belief that exploitation was on the wane; one recorded count cannot show it.",
        cannot_tell="whether exploitation fell: a count also moves with reporting, recording and police effort.",
        assumptions="a local-level model of the quarterly counts, with registered breaks as steps; recording as it "
        "was.",
    ),
    Measure(
        measure="assessed-factor",
        title="Assessments that name exploitation as a factor",
        question="Q26",
        line="scale",
        unit="assessment episodes",
        population="children in need in England, episodes with the factor at the end of assessment, year to 31 March",
        denominator="a full count of episodes (rounded by the publisher), not of children",
        better="neither",
        why="It is the only published partner series beside the police's own.",
        cannot_tell="how many children there are, what happened in Wales, or whether practice or need changed.",
        assumptions="social workers' judgement at assessment; in 2022 the factor child criminal exploitation was "
        "added.",
    ),
)

BY_KEY = {measure.measure: measure for measure in MEASURES}
