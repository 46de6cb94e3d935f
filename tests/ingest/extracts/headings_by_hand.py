"""Sheets of headings as analysts and systems write them, each with cells of a kind and with its meaning.

Written from the practice of crime recording and not from the vocabulary of the recogniser; every cell is made up.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from functools import lru_cache

import pyarrow as pa

from assay.ingest.extracts.extract_model import Sheet

N_ROWS = 120
OFFENCES = [
    ("20A", "020/05", "Sexual assault on a female aged 13 and over"),
    ("19C", "019/08", "Rape of a female aged 16 and over"),
    ("71", "071/17", "Abuse of children through sexual exploitation"),
    ("22B", "022/17", "Sexual activity involving child under 16"),
    ("36", "036/01", "Kidnapping"),
]
OUTCOMES = [
    ("15", "Evidential difficulties: suspect identified; victim supports action"),
    ("16", "Suspect identified; victim does not support"),
    ("1", "Charged/Summonsed"),
    ("18", "Investigation complete - no suspect identified"),
    ("0", "Under investigation"),
]
Cells = list[str | None]


@lru_cache
def cells_of() -> dict[str, Cells]:
    """Return columns of cells by kind, equal in each run."""
    draw = random.Random(11)
    starts = [dt.datetime(2024, 4, 1) + dt.timedelta(minutes=draw.randrange(60 * 24 * 360)) for _ in range(N_ROWS)]
    draws = [draw.randrange(5) for _ in range(N_ROWS)]

    def times(form: str, days: int, spread: int = 1) -> Cells:
        return [(start + dt.timedelta(days=days + draw.randrange(spread))).strftime(form) for start in starts]

    def births() -> Cells:
        return [(dt.date(2010, 1, 1) - dt.timedelta(days=draw.randrange(3000))).strftime("%d/%m/%Y") for _ in starts]

    def any_of(*words: str | None) -> Cells:
        return [draw.choice(words) for _ in starts]

    def numbered(make: Callable[[int], str]) -> Cells:
        return [make(number) for number in range(N_ROWS)]

    return {
        "crime number": numbered(lambda i: f"42/{i:05d}/24"), "other number": numbered(lambda i: f"X{i * 37:07d}"),
        "integers": numbered(lambda i: str(100_000 + i * 7)), "log number": numbered(lambda i: f"NP-{i:04d}-030424"),
        "start": times("%d/%m/%Y %H:%M", -3), "end": times("%d/%m/%Y %H:%M", 0), "report": times("%d/%m/%Y %H:%M", 1),
        "record": times("%d/%m/%Y %H:%M", 2, 3), "later": times("%d/%m/%Y", 90, 60), "month": times("%b-%y", 2),
        "clock": times("%H:%M", 0), "birth": births(), "us": times("%m/%d/%Y", 2),
        "offence code": [OFFENCES[i][1] for i in draws], "offence letter": [OFFENCES[i][0] for i in draws],
        "offence title": [OFFENCES[i][2] for i in draws],
        "offence both": [f"{OFFENCES[i][1]} - {OFFENCES[i][2]}" for i in draws],
        "outcome number": [OUTCOMES[i][0] for i in draws], "outcome label": [OUTCOMES[i][1] for i in draws],
        "outcome both": [f"Type {OUTCOMES[i][0]}: {OUTCOMES[i][1]}" for i in draws],
        "sex": any_of("M", "F"), "sex label": any_of("Male", "Female", "Unknown"),
        "self": any_of("W1", "A2", "B1", "M1", "NS"), "self label": any_of("White British", "Pakistani", "Caribbean"),
        "ic": any_of("IC1", "IC3", "IC4"), "ic label": any_of("White North European", "Black", "Asian"),
        "broad label": any_of("White", "Black", "Asian", "Mixed", "Not Stated"),
        "ic number": any_of("1", "3", "4"), "role": any_of("Victim", "Suspect"), "role code": any_of("VIC", "SUS", "WIT"),
        "flags": any_of("CSE", "CSE; CSA", "DA", None), "yes no": any_of("Y", "N"), "tick": any_of("x", None),
        "age": numbered(lambda i: str(9 + i % 9)), "band": any_of("0-12", "13-15", "16-17", "18+"),
        "count": any_of("0", "1", "2", "3"), "surname": any_of("Pelmet", "Lintel", "Trellis", "Gannet", "Curlew", "Wren",
                                                               "Plover", "Sorrel", "Bramble", "Tansy"),
        "forename": any_of("Anna", "Tom", "Bea", "Lena", "Omar", "Ivy", "Pia", "Quince", "Max", "Noor"),
        "full name": any_of("PELMET, Anna", "LINTEL, Tom", "TRELLIS, Bea", "WREN, Max"),
        "nominal": [f"N{draw.randrange(90):06d}" for _ in starts], "collar": [str(draw.randrange(1000, 1020)) for _ in starts],
        "pnc": numbered(lambda i: f"20{i:02d}/{i * 991:07d}X"), "beat": any_of("20/03", "19/08", "12/01", "05/02"),
        "station": any_of("Northgate", "Harbour", "Fen Road"), "postcode": numbered(lambda i: f"AB{1 + i % 9} {1 + i % 8}CD"),
        "text": numbered(lambda i: f"Enquiries continue, action {i} to follow"), "money": numbered(lambda i: f"{i * 3.7:.2f}"),
        "force": any_of("Kent Police"), "status": any_of("Open", "Closed", "Filed"), "hours": numbered(lambda i: str(i % 99)),
        "group": any_of("Sexual offences", "Violence against the person"), "year": any_of("2024/25", "2025/26"),
        "known": any_of("Named", "Description only", "Not known"), "relation": any_of("Stranger", "Parent", "Boyfriend"),
        "nationality": any_of("British", "Polish"), "grid": numbered(lambda i: str(400_000 + i * 13)),
        "class": any_of("20", "19", "71", "22"), "sub": any_of("05", "08", "17", "03"), "nothing": [None] * N_ROWS,
    }  # fmt: skip


SHEETS = {
    "spreadsheet": """
        Crime Number|crime number|crimes.crime_ref
        Linked Crime No|other number|none
        Incident No|log number|reports.report_ref
        HO Off Code|offence code|crimes.offence_code
        Offence Title|offence title|crimes.offence_code
        Beat|beat|none
        Date Reported to Police|report|crimes.reported_at
        Recorded Date|record|crimes.recorded_at
        Date First Committed|start|crimes.occurred_from
        Date Last Committed|end|crimes.occurred_to
        Created On|later|none
        Last Modified|later|none
        Date Archived|later|none
        Next Review Date|later|none
        Date Allocated|later|none
        OIC|collar|none
        Station|station|none
        Crime Status|status|none
        Outcome Type|outcome number|crimes.outcome_code
        Outcome Description|outcome label|crimes.outcome_code
        Outcome Assigned Date|later|crimes.outcome_at
        Keywords|flags|flags.flag
        No. Suspects|count|crimes.suspect_count
        Suspect Identified?|yes no|crimes.suspect_identified
        Value of Property|money|none
        MO|text|none
        DA Flag|yes no|none
        CSE Marker|yes no|flags.flag
        Committed Postcode|postcode|none
        Month Recorded|month|none""",
    "abbreviations": """
        CRN|crime number|crimes.crime_ref
        Off_Cd|offence letter|crimes.offence_code
        Rec_Dt|record|crimes.recorded_at
        Rptd_Dt|report|crimes.reported_at
        Occ_Frm|start|crimes.occurred_from
        Occ_To|end|crimes.occurred_to
        Nominal_Role|role code|involvements.role
        Nom_ID|nominal|involvements.person_ref
        PNCID|pnc|none
        Nom_Surname|surname|involvements.surname
        Nom_Forename|forename|involvements.forenames
        Nom_DOB|birth|involvements.date_of_birth
        Nom_Sex|sex|involvements.sex
        SDE|self|involvements.ethnicity_self
        ODE|ic|involvements.ethnicity_officer
        OC|outcome number|crimes.outcome_code
        OC_Dt|later|crimes.outcome_at
        Arrest_Dt|later|none
        Cust_No|other number|none
        Upd_Dt|later|none
        Upd_By|collar|none
        Home_PC|postcode|involvements.postcode
        Nat|nationality|involvements.nationality""",
    "camel case": """
        occurrenceNumber|crime number|crimes.crime_ref
        victim1DateOfBirth|birth|involvements.date_of_birth
        victim1Gender|sex label|involvements.sex
        victim1SelfDefinedEthnicity|self label|involvements.ethnicity_self
        victim1AgeAtOffence|age|involvements.age_at_offence
        suspect1DateOfBirth|birth|involvements.date_of_birth
        suspect1ObservedEthnicity|ic label|involvements.ethnicity_officer
        suspect1Name|full name|involvements.surname
        suspect1Relationship|relation|involvements.relationship
        homeOfficeClassification|offence title|crimes.offence_code
        reportedDateTime|report|crimes.reported_at
        recordedDateTime|record|crimes.recorded_at
        offenceStartDateTime|start|crimes.occurred_from
        offenceEndDateTime|end|crimes.occurred_to
        reviewedDateTime|later|none
        officerInCase|collar|none""",
    "twelve columns": """
        Reference|crime number|crimes.crime_ref
        Class|class|crimes.offence_code
        Sub|sub|crimes.offence_code
        Reported|report|crimes.reported_at
        Logged|later|none
        Offence Date|start|crimes.occurred_from
        Disposal|outcome label|crimes.outcome_code
        Victim Age|age|involvements.age_at_offence
        Victim Sex|sex|involvements.sex
        Suspect Known|yes no|crimes.suspect_identified
        Suspect Age Group|band|involvements.age_band
        Exploitation Flags|flags|flags.flag
        Suspect Arrested|yes no|none
        Victim Informed Date|later|none
        Charge Date|later|none""",
    "person links": """
        Investigation Ref|crime number|crimes.crime_ref
        Person Type|role|involvements.role
        Person Name|full name|involvements.surname
        Date of Birth|birth|involvements.date_of_birth
        Age|age|involvements.age_at_offence
        Age Now|age|none
        Gender|sex label|involvements.sex
        Ethnicity (16+1)|self|involvements.ethnicity_self
        IC Code|ic number|involvements.ethnicity_officer
        Occupation|station|none
        Custody Record|other number|none
        Date of Arrest|later|none
        Investigation Status|status|none
        Crime Type|offence title|crimes.offence_code
        Committed On/From|start|crimes.occurred_from
        Committed To|end|crimes.occurred_to
        Date Recorded|record|crimes.recorded_at
        Date/Time Reported|report|crimes.reported_at
        Result|outcome label|crimes.outcome_code
        Date Resulted|later|crimes.outcome_at
        Force|force|crimes.force_code
        Exhibit No|other number|none
        Approved Date|later|none""",
    "warehouse": """
        crime_report_number|crime number|crimes.crime_ref
        cris_classification|offence title|crimes.offence_code
        dt_reported|report|crimes.reported_at
        dt_crimed|record|crimes.recorded_at
        offence_from_dt|start|crimes.occurred_from
        offence_to_dt|end|crimes.occurred_to
        vic_dob|birth|involvements.date_of_birth
        vic_sex|sex|involvements.sex
        vic_sde_code|self|involvements.ethnicity_self
        vic_ode_code|ic|involvements.ethnicity_officer
        vic_nominal_id|nominal|involvements.person_ref
        sus_dob|birth|involvements.date_of_birth
        sus_status|known|involvements.suspect_known_as
        fin_outcome_code|outcome number|crimes.outcome_code
        fin_outcome_date|later|crimes.outcome_at
        qualifier_list|flags|flags.flag
        data_load_dt|later|none
        supervisor_review_dt|later|none
        borough|station|none
        row_id|integers|none""",
    "injured parties": """
        Occ No|crime number|crimes.crime_ref
        Date Occurred|start|crimes.occurred_from
        Date Reported|report|crimes.reported_at
        Stats Classification|offence title|crimes.offence_code
        IP DOB|birth|involvements.date_of_birth
        IP Gender|sex|involvements.sex
        IP Ethnicity|self label|involvements.ethnicity_self
        IP Ref|nominal|involvements.person_ref
        Offender DOB|birth|involvements.date_of_birth
        Offender Ethnic Appearance|ic label|involvements.ethnicity_officer
        Officer Dealing|surname|none
        Clear Up Type|outcome label|crimes.outcome_code
        CSE?|yes no|flags.flag
        Child Criminal Exploitation|yes no|flags.flag
        Hate Crime?|yes no|none
        Referral Date|later|none
        Statement Taken Date|later|none""",
    "business objects": """
        Crime Rec'd No|crime number|crimes.crime_ref
        Vict. DOB|birth|involvements.date_of_birth
        Vict. Sex|sex|involvements.sex
        Age @ Offence|age|involvements.age_at_offence
        Crime Recorded On|record|crimes.recorded_at
        Dt Rptd|report|crimes.reported_at
        Earliest Date|start|crimes.occurred_from
        Latest Date|end|crimes.occurred_to
        Offence|offence both|crimes.offence_code
        Final Outcome|outcome both|crimes.outcome_code
        Year|year|none
        HO Group|group|none
        X Coord|grid|none
        Hours open|hours|none
        Suspect Count|count|crimes.suspect_count
        Offender Arrested Y/N|yes no|none
        Repeat Victim|yes no|none""",
    "both sides": """
        Crime Number|crime number|crimes.crime_ref
        Recorded|us|crimes.recorded_at
        Offender Ethnicity|self|involvements.ethnicity_self
        Offender Appearance|ic label|involvements.ethnicity_officer
        Offender Custody No|other number|none
        Offender PNC ID|pnc|none
        Offender Nominal|nominal|involvements.person_ref
        Offender Bail Date|later|none
        Offender Status|known|involvements.suspect_known_as
        Victim Contact Due|later|none
        Victim Postcode|postcode|involvements.postcode
        Location Postcode|postcode|none
        Recording Officer|collar|none
        Recording Delay (hrs)|hours|none
        Crime Group|group|none
        Status Date|later|none
        Previous Classification|offence title|crimes.first_offence_code
        Classification|offence title|crimes.offence_code
        Officer DOB|birth|none""",
}
"""Name of a sheet -> lines of heading, kind of cells, and meaning."""


HEADINGS_WITH_A_MEANING = """
    VICDOB|birth|date_of_birth
    SUSPSEX|sex|sex
    RECDATE|record|recorded_at
    RPTDATE|report|reported_at
    OFFCODE|offence letter|offence_code
    HOCODE|offence code|offence_code
    CRIMENO|crime number|crime_ref
    DATEOFBIRTH|birth|date_of_birth
    fldCrimeNo|crime number|crime_ref
    txtSurname|surname|surname
    dtmReported|report|reported_at
    strSex|sex|sex
    Crime[Recorded Date]|record|recorded_at
    CRIME.CRIME_NO|crime number|crime_ref
    p.dob|birth|date_of_birth
    c.recorded_date|record|recorded_at
    Inj Party DOB|birth|date_of_birth
    AP DOB|birth|date_of_birth
    Vic 1 - Gender|sex label|sex
    Gender - Victim 1|sex label|sex
    Date of Birth - Suspect|birth|date_of_birth
    Suspect's Date of Birth|birth|date_of_birth
    Victim's Sex|sex|sex
    Nominal 1 DOB|birth|date_of_birth
    Off Start Dt|start|occurred_from
    Off End Dt|end|occurred_to
    Inc Date From|start|occurred_from
    Offence Committed Start Date|start|occurred_from
    Date/Time Offence Occurred (From)|start|occurred_from
    Crime Committed On Or After Date|start|occurred_from
    Crime Committed On Or Before Date|end|occurred_to
    1st Committed|start|occurred_from
    Last Possible Date|end|occurred_to
    Recorded Crime Date|record|recorded_at
    Crime Record Date|record|recorded_at
    Date Crime Recorded|record|recorded_at
    Crimed On|record|recorded_at
    Date Recorded as Crime|record|recorded_at
    Reported To Police Date|report|reported_at
    Date Of Report|report|reported_at
    Rep Date|report|reported_at
    Date Police Notified|report|reported_at
    First Reported|report|reported_at
    Rec'd Date|record|recorded_at
    Current Outcome|outcome both|outcome_code
    HO Outcome Code|outcome number|outcome_code
    Outcome No|outcome number|outcome_code
    Investigative Outcome|outcome label|outcome_code
    Home Office Outcome Type|outcome both|outcome_code
    Finalisation Type|outcome label|outcome_code
    Closure Code|outcome label|outcome_code
    Outcome Desc.|outcome label|outcome_code
    Date Outcome Applied|later|outcome_at
    Outcome Recorded Date|later|outcome_at
    Date of Outcome|later|outcome_at
    HO Classification Code|offence code|offence_code
    Home Office Class|offence letter|offence_code
    Crime Type Description|offence title|offence_code
    Offence Category|offence title|offence_code
    HOCR Code|offence code|offence_code
    Crime Offence|offence title|offence_code
    Main Offence|offence both|offence_code
    Statistical Classification|offence title|offence_code
    Sex/Gender|sex label|sex
    Ethnicity (Self Defined)|self|ethnicity_self
    Self-Defined Ethnicity 18+1|self label|ethnicity_self
    SDE Code|self|ethnicity_self
    16+1|self|ethnicity_self
    Self Class Ethnicity|self|ethnicity_self
    Observed Ethnicity|ic label|ethnicity_officer
    Officer Perceived Ethnicity|ic|ethnicity_officer
    Visual Ethnicity|ic|ethnicity_officer
    PNC Ethnicity Code|ic number|ethnicity_officer
    Ethnicity 6+1|ic label|ethnicity_officer
    Ethnic Origin|self label|ethnicity_self
    Ethnic Group|broad label|ethnicity_self
    Ethnic Code|ic|ethnicity_officer
    Role In Crime|role code|role
    Involvement Type|role|role
    Nominal Role Desc|role|role
    Person Role|role|role
    Party Type|role|role
    Reason For Link|role|role
    Linked As|role|role
    Involved As|role|role
    Person URN|nominal|person_ref
    Nominal Number|nominal|person_ref
    Niche Nominal ID|nominal|person_ref
    PERSON_ID|nominal|person_ref
    Person Key|nominal|person_ref
    Victim Nominal ID|nominal|person_ref
    Suspect URN|nominal|person_ref
    Golden Nominal|nominal|person_ref
    Crime Flags|flags|flag
    Markers|flags|flag
    HO Flags|flags|flag
    Interest Markers|flags|flag
    Qualifiers|flags|flag
    Crime Tags|flags|flag
    Special Interest Markers|flags|flag
    Offence Keywords|flags|flag
    Is CSE|yes no|flag
    CSE Flag (Y/N)|yes no|flag
    CSE_IND|yes no|flag
    Child Sexual Exploitation Marker|tick|flag
    CSE/CSA Marker|flags|flag
    Flagged as CSE|yes no|flag
    CSE Related?|yes no|flag
    No Of Suspects|count|suspect_count
    How many suspects|count|suspect_count
    Suspect ID'd Y/N|yes no|suspect_identified
    CSE marker on crime|yes no|flag
    O/C|outcome both|outcome_code
    O/C date|later|outcome_at
    Suspect Known?|yes no|suspect_identified
    Named Suspect Y/N|yes no|suspect_identified
    Offender Known|yes no|suspect_identified
    Is there a known suspect?|yes no|suspect_identified
    Victim Age At Time Of Offence|age|age_at_offence
    Age When Reported|age|age_at_report
    Age (yrs)|age|age_at_offence
    Age Group|band|age_band
    Victim Age Band|band|age_band
    Forename(s)|forename|forenames
    First Name|forename|forenames
    Given Name 1|forename|forenames
    Last Name|surname|surname
    Crime Number (Force)|crime number|crime_ref
    Force Crime Ref|crime number|crime_ref
    Crime Ref.|crime number|crime_ref
    Crime_Report_Ref|crime number|crime_ref
    Occurrence Reference|crime number|crime_ref
    CrimeID|crime number|crime_ref
    Cr Num|crime number|crime_ref
    Offence Ref|crime number|crime_ref
    Case Ref|crime number|crime_ref
    Other Force Crime No|other number|other_force_crime_ref
"""
"""Lines of heading, kind of cells, and column of the contract; each stands alone beside a crime, its date and offence."""
OTHER_HEADINGS = """
    Crime Outcome Group|group
    Date Charged|later
    Date Last Updated|later
    Last Updated On|later
    Updated Date|later
    File Review Date|later
    Date Supervised|later
    Officer Assigned Date|later
    Date Submitted To CPS|later
    CPS Decision Date|later
    Date of Arrest|later
    Date Suspect Arrested|later
    Voluntary Attendance Date|later
    Date Statement Obtained|later
    ABE Date|later
    Next Court Date|later
    Bail Return Date|later
    Victim Contract Date|later
    Date Of Birth Verified|yes no
    Report Run Date|later
    Extract Date|later
    Retention Date|later
    MOPI Review|later
    Strategy Discussion Date|later
    First Attended|later
    Date Attended|later
    Date Entered on System|later
    Validated On|later
    Recorded By Date|later
    Age Of Investigation (Days)|hours
    Suspect Age Now|age
    Officer Sex|sex
    Officer Ethnicity|self
    OIC Surname|surname
    Officer Forename|forename
    Supervisor Name|full name
    Reporting Person Name|full name
    Informant DOB|birth
    Victim Occupation|station
    Suspect Occupation|station
    Crime Location Postcode|postcode
    Offence Location Town|station
    Vehicle Reg|other number
    Custody Number|other number
    Arrest Summons No|other number
    PNC Number|pnc
    CRO|pnc
    Exhibit Ref|other number
    Officer Number|collar
    Investigating Officer|collar
    Shoulder No|collar
    Force No|collar
    Beat Code|beat
    Sector|beat
    Crime Count|count
    Count of Crimes|count
    Offence Count|count
    Number of Statements|count
    Hate Flag|yes no
    DA Marker|yes no
    Knife Crime Y/N|yes no
    Vulnerability|yes no
    Online Flag|yes no
    Suspect Charged|yes no
    Offender Interviewed|yes no
    Victim Supports|yes no
    Solvability|yes no
    Status|status
    Stage|status
    Crime Status Date|later
    Linked Crimes|other number
    Original Crime Ref|other number
    Old Crime No|other number
"""
"""Lines of heading and kind of cells that mean no column of the contract."""


def rows_of(name: str) -> list[tuple[str, str, str]]:
    """Return heading, kind and meaning of each column of a sheet."""
    lines = [line.strip().split("|") for line in SHEETS[name].strip().splitlines()]
    return [(heading, kind, meaning) for heading, kind, meaning in lines]


def sheet_of(columns: dict[str, Cells]) -> Sheet:
    """Return a sheet with these columns."""
    table = pa.table({name: pa.chunked_array([pa.array(cells, pa.string())]) for name, cells in columns.items()})
    return Sheet("extract.csv", "", table, pa.array(range(table.num_rows)))


def sheet_named(name: str) -> Sheet:
    """Return one of the sheets with its cells."""
    cells = cells_of()
    return sheet_of({heading: cells[kind] for heading, kind, _ in rows_of(name)})


def sheet_with(heading: str, kind: str, column: str = "") -> Sheet:
    """Return a sheet of crimes with one more column."""
    cells = cells_of()
    base_columns = {"crime_ref": ("Crime Number", "crime number"), "recorded_at": ("Recorded Date", "record"),
              "offence_code": ("Offence", "offence title")}  # fmt: skip
    base_cells = {name: cells[kind_of] for other, (name, kind_of) in base_columns.items() if other != column}
    return sheet_of({**base_cells, heading: cells[kind]})
