"""Can a force find its own records: are they in systems that can be searched?"""

from __future__ import annotations

from assay.indicators import Indicator
from assay.indicators.indicator_examples import share_examples

tables_searchable = Indicator(
    key="tables_searchable",
    title="Records that lie in systems which can be searched",
    question="Of the tables that a force sent, how many could it select by a query?",
    why="What cannot be searched is not found when a child is named again: the inquiry met records on paper, and "
    "systems that nobody could ask.",
    line="assessments",
    asks="Q27",
    record="sent_table",
    population="in_base",
    met="searchable",
    better="higher",
    limits="Whether anybody searches, and what was not sent because it could not be found.",
    leans_on="What the cover of the return says of each table; of a table that is searchable in part it is not known.",
    graded=False,
    needs=("crimes",),
    examples=share_examples(
        {"in_base": True, "searchable": True}, "searchable", outside={"in_base": False}, unknown={"in_base": None}
    ),
)

FORMS = (tables_searchable,)
