"""The worked example of the return contract (section 12), as files: a synthetic force, two crimes, six events.

The page leaves out columns that would be empty in every row; in the files they are there, as the page says that they
are in a real return.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from assay import contract

MANIFEST = """[return]
spec_version = "2.1"
request      = "TRIAL-2026"
force_code   = "INV01"
period_from  = 2026-04-01
period_to    = 2026-07-01
extracted_at = "2026-08-03T06:00"
edition      = 1
contact_post = "Data officer, crime registry"

[tables.crimes]
supplied = "whole"
complete = "yes"
system = "Example RMS"
searchable = "yes"
query = "saved search 12"
rows = 2

[tables.involvements]
supplied = "whole"
complete = "yes"
system = "Example RMS"
searchable = "yes"
query = "saved search 13"
rows = 3

[tables.events]
supplied = "part"
reason = "not_extractable"
reason_note = "lines of enquiry are kept in free text"
complete = "yes"
system = "Example RMS"
searchable = "part"
query = "saved search 14"
rows = 6

[tables.events.kinds]
investigation_opened = "yes"
needs_assessment_recorded = "yes"
suspect_arrested = "yes"
suspect_bailed = "yes"
victim_contacted = "no"
victim_informed = "yes"
"""

TABLES = {
    "crimes": """\
force_code,crime_ref,scope_reason,offence_code,reported_at,recorded_at,occurred_from,occurred_to,investigating_team,outcome_code,outcome_at,closed_at
INV01,0001,core_offence,13,2026-04-08T08:30,2026-04-08T11:10,2026-04-07,2026-04-07,exploitation,NOA,,
INV01,0002,core_offence,13,2026-05-12,2026-05-13T09:00,2026-05-10,2026-05-12,response,18,2026-06-20,2026-06-20
""",
    "involvements": """\
force_code,involvement_ref,crime_ref,report_ref,missing_ref,person_ref,role,suspect_known_as,forenames,surname,date_of_birth,sex,ethnicity_self,ethnicity_self_missing_reason,ethnicity_officer,enhanced_rights,postcode
INV01,V1,0001,,,N501,victim,,Ash,Example,2011-02-03,F,W1,,,yes,ZZ99 3VZ
INV01,V2,0001,,,N502,suspect,named,Birch,Example,1990-11-30,M,,NOT_ASKED,IC9,,ZZ99 3VZ
INV01,V3,0002,,,N503,victim,,Cedar,Example,2012-09-14,M,NS,,,yes,ZZ99 3WZ
""",
    "events": """\
force_code,event_ref,kind,happened_at,crime_ref,person_ref,about_event_ref,by_role,detail,due_on
INV01,E1,investigation_opened,2026-04-08T11:30,0001,,,supervisor,exploitation,
INV01,E2,victim_contacted,2026-04-08T16:05,0001,N501,,specialist_investigator,in_person,
INV01,E3,needs_assessment_recorded,2026-04-08T16:40,0001,N501,,specialist_investigator,,
INV01,E4,suspect_arrested,2026-04-09T07:15,0001,N502,,specialist_investigator,,
INV01,E5,suspect_bailed,2026-04-09T19:50,0001,N502,,custody_officer,with_conditions,2026-07-08
INV01,E6,victim_informed,2026-04-10,0001,N501,E4,victim_liaison,suspect_arrested,
""",
}

REQUEST = """[request]
key = "TRIAL-2026"
title = "A trial of the return"
period_from = 2026-04-01
period_to = 2026-07-01
history_from = 2026-04-01
group_history = false
register = "invented"

[[bodies]]
code = "INV01"
name = "Example (invented)"
slug = "example"
kind = "territorial"
country = "England"
children = 100000
population = 500000
tile_column = 1
tile_row = 1
"""


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table as the page shows them."""
    return list(csv.DictReader(io.StringIO(TABLES[table])))


def with_every_column(table: str) -> str:
    """A table as a real file holds it: every column of the contract, in its order."""
    sink = io.StringIO()
    names = ["force_code", *contract.table(table).column_names]
    writer = csv.DictWriter(sink, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(table))
    return sink.getvalue()


def write_worked_example(folder: Path, *, every_column: bool = True) -> Path:
    """Write the return into a folder, made if need be; `every_column=False` writes the shortened tables of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "return.toml").write_text(MANIFEST, encoding="utf-8")
    for table, rows_shown in TABLES.items():
        text = with_every_column(table) if every_column else rows_shown
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def write_request(path: Path) -> Path:
    """Write the request that the example answers, with its one synthetic body."""
    path.write_text(REQUEST, encoding="utf-8")
    return path
