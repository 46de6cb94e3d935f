"""How did reports and crime records end: recorded as a crime, not recorded as a crime, or later cancelled?

Every record is counted by how it ended. Whether that was right needs a reader: it is rated in a random sample of files
(question set `recording_case`) and estimated as a ratio with its interval.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.indicators import Indicator
from assay.indicators.exclusion_reasons import STILL_OPEN

_REPORT: Mapping[str, object] = {"in_base": True, "report_result": "crimed", "crimes": 1}
_N100: Mapping[str, object] = {"in_base": True, "report_result": "n100", "n100_made": True}
_CRIME: Mapping[str, object] = {"in_base": True, "cancelled": False}

report_became_crime = Indicator(
    key="report_became_crime",
    title="Reports from which a crime was recorded",
    question="How many reports that reached the force in the period led to a recorded crime?",
    why="A report that is not recorded as a crime is in no count of crimes, whatever is flagged or estimated later.",
    line="scale",
    asks="Q28",
    record="report",
    population="in_base",
    excluding={STILL_OPEN: "report_result = 'pending'"},
    met="crimes >= 1",
    better="neither",
    limits="Whether a crime should have been recorded from the others: inspectors read that in randomly sampled files.",
    assumptions="The reports that the force takes to be in scope, and the ties of reports to crimes that it sends.",
    graded=False,
    needs=("reports", "report_crimes"),
    examples=(
        (_REPORT, "met"),
        ({**_REPORT, "crimes": 2}, "met"),
        ({**_REPORT, "crimes": 0, "report_result": "no_action"}, "not met"),
        ({**_REPORT, "crimes": None}, "not known"),
        ({**_REPORT, "crimes": 0, "report_result": "pending"}, "left out: still_open"),
        ({**_REPORT, "in_base": False}, "outside"),
        ({**_REPORT, "in_base": None}, "not known if counted"),
    ),
)
n100_on_record = Indicator(
    key="n100_on_record",
    title="An N100 record where no crime was recorded",
    question="Of reports that the force says ended as an N100 record, how many have the record itself?",
    why="The N100 record says why no crime was recorded. Without it nobody can check that decision.",
    line="scale",
    asks="Q28",
    record="report",
    population="in_base and report_result = 'n100'",
    met="n100_made",
    better="higher",
    limits="Whether the decision was right, and reports that should have had such a record and are closed otherwise.",
    assumptions="What became of the report, as the force entered it.",
    graded=False,
    needs=("reports.n100_at", "reports.report_result"),
    examples=(
        (_N100, "met"),
        ({**_N100, "n100_made": False}, "not met"),
        ({**_N100, "n100_made": None}, "not known"),
        ({**_N100, "report_result": "crimed"}, "outside"),
        ({**_N100, "report_result": None}, "not known if counted"),
    ),
)
crime_cancelled = Indicator(
    key="crime_cancelled",
    title="Crime records cancelled",
    question="How many crimes recorded in the period were cancelled by the day on which the data were read?",
    why="A cancelled crime leaves every count, and every duty to the victim ends with it.",
    line="scale",
    asks="Q29",
    record="crime",
    population="in_base",
    met="cancelled",
    better="neither",
    limits="Whether it was right to cancel: that is read in files (question cancelled_rightly).",
    assumptions="The day of cancelling as sent. A crime recorded late in the period had less time to be cancelled.",
    graded=False,
    needs=("crimes.cancelled_at",),
    examples=(
        ({**_CRIME, "cancelled": True}, "met"),
        (_CRIME, "not met"),
        ({**_CRIME, "cancelled": None}, "not known"),
        ({**_CRIME, "in_base": False}, "outside"),
        ({**_CRIME, "in_base": None}, "not known if counted"),
    ),
)

FORMS = (report_became_crime, n100_on_record, crime_cancelled)
