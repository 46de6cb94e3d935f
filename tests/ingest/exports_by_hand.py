"""Three exports as three record systems might write them, made by hand, with what each heading truly is.

None comes from the synthetic country, and their words were chosen before they were tried.
"""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

OFFENCES = ("17/13", "19/8", "22/9", "20/3", "88/1")
OUTCOMES = ("14", "16", "18", "Not Assigned", "Charged/Summonsed")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN")


def warehouse(folder: Path) -> dict[str, dict[str, str]]:
    """Short capital headings, pipes, dates such as 05-JAN-2026 09:30; by file, heading -> our column or ''."""
    crimes = [
        "OCC_NO|HO_CLASS|DT_CREATED|DT_REPORTED|OFF_START|OFF_END|HO_OUTCOME|OUTCOME_DT|FINALISED_DT|OWNING_UNIT|BEAT|CSE_MKR"
    ]
    people = ["LINK_ID|OCC_NO|PERSON_URN|ROLE_DESC|FNAME|SNAME|DOB|GENDER|ETH_SELF|ETH_OFFICER|PCODE|MOB_NO|OIC_COLLAR"]
    missing = ["MISPER_REF|PERSON_URN|RPTD_MISSING|LOCATED|RISK_GRADE|DISTRICT"]
    for n in range(60):
        day, month, later = f"{n % 28 + 1:02d}", MONTHS[n % 6], f"{(n + 9) % 28 + 1:02d}"
        crimes.append(
            f"42{n:05d}/26|{OFFENCES[n % 5]}|{day}-{month}-2026 09:{n % 60:02d}|{day}-{month}-2026 08:{n % 60:02d}|"
            f"{day}-{month}-2026 01:00|{day}-{month}-2026 02:00|{OUTCOMES[n % 5]}|{later}-JUN-2026 10:00|"
            f"{later if n % 3 else ''}{'-JUN-2026 10:00' if n % 3 else ''}|{('CAIT', 'CID', 'RESPONSE')[n % 3]}|B{n % 7}|{'YN'[n % 2]}"
        )
        people.append(
            f"L{n}|42{n:05d}/26|{7000 + n // 2}|{('VICTIM', 'SUSPECT', 'WITNESS')[n % 3]}|First{n}|Last{n}|"
            f"{day}-{month}-2011|{'FM'[n % 2]}|{('W1', 'A2', 'NS')[n % 3]}|{('IC1', 'IC4', 'IC9')[n % 3]}|ZZ{n % 90 + 10} 3VZ|0779{n:07d}|{1200 + n % 9}"
        )
        missing.append(
            f"MP{n:04d}|{7000 + n // 2}|{day}-{month}-2026 20:00|{day}-{month}-2026 23:15|{('HIGH', 'MEDIUM', 'LOW')[n % 3]}|NORTH"
        )
    for name, lines in (("CRIME_DETAIL", crimes), ("PERSON_LINKS", people), ("MISPER", missing)):
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="windows-1252")
    return {
        "CRIME_DETAIL.txt": {
            "OCC_NO": "crime_ref", "HO_CLASS": "offence_code", "DT_CREATED": "recorded_at",
            "DT_REPORTED": "reported_at", "OFF_START": "occurred_from", "OFF_END": "occurred_to",
            "HO_OUTCOME": "outcome_code", "OUTCOME_DT": "outcome_at", "FINALISED_DT": "closed_at",
            "OWNING_UNIT": "investigating_team", "BEAT": "", "CSE_MKR": "",
        },
        "PERSON_LINKS.txt": {
            "LINK_ID": "involvement_ref", "OCC_NO": "crime_ref", "PERSON_URN": "person_ref", "ROLE_DESC": "role",
            "FNAME": "forenames", "SNAME": "surname", "DOB": "date_of_birth", "GENDER": "sex",
            "ETH_SELF": "ethnicity_self", "ETH_OFFICER": "ethnicity_officer", "PCODE": "postcode", "MOB_NO": "phone",
            "OIC_COLLAR": "",
        },
        "MISPER.txt": {
            "MISPER_REF": "missing_ref", "PERSON_URN": "person_ref", "RPTD_MISSING": "started_at",
            "LOCATED": "ended_at", "RISK_GRADE": "first_grade", "DISTRICT": "",
        },
    }  # fmt: skip


def spreadsheets(folder: Path) -> dict[str, dict[str, str]]:
    """Long headings in sentences, in workbooks whose dates are text such as 05/01/26; by file, heading -> our column."""
    crimes = [["Crime reference", "Crime group", "Offence description", "Date crime recorded", "Date first reported to police",
               "Committed on or after", "Committed on or before", "Outcome description", "Date of outcome", "Safeguarding unit informed?"]]  # fmt: skip
    people = [["Person number", "Crime reference", "Involved as", "First names", "Family name", "Date of birth", "Sex",
               "Self-defined ethnicity", "Disabled?", "Home postcode", "Age at report"]]  # fmt: skip
    for n in range(40):
        crimes.append([f"26/{n:04d}", "Sexual offences", ("Sexual grooming", "Rape of a female child under 16")[n % 2],
                       f"{n % 28 + 1:02d}/02/26", f"{n % 28 + 1:02d}/02/26", "01/01/26", "31/01/26",
                       ("Charged/Summonsed", "Community Resolution", "Sent to panel")[n % 3], f"{n % 28 + 1:02d}/05/26", "YN"[n % 2]])  # fmt: skip
        people.append([f"P{n // 2}", f"26/{n:04d}", ("Victim", "Suspect")[n % 2], f"First{n}", f"Last{n}",
                       f"{n % 28 + 1:02d}/03/11", ("Female", "Male", "Unknown")[n % 3], ("White British", "Indian", "Not stated")[n % 3],
                       "YN"[n % 2], f"ZZ{n + 10} 3VZ", str(14 + n % 4)])  # fmt: skip
    for name, rows in (("Recorded crime list", crimes), ("Involved people", people)):
        with xlsxwriter.Workbook(folder / f"{name}.xlsx") as workbook:
            page = workbook.add_worksheet("Sheet1")
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    page.write_string(line, place, cell)
    return {
        "Recorded crime list.xlsx": {
            "Crime reference": "crime_ref", "Crime group": "", "Offence description": "offence_code",
            "Date crime recorded": "recorded_at", "Date first reported to police": "reported_at",
            "Committed on or after": "occurred_from", "Committed on or before": "occurred_to",
            "Outcome description": "outcome_code", "Date of outcome": "outcome_at", "Safeguarding unit informed?": "",
        },
        "Involved people.xlsx": {
            "Person number": "person_ref", "Crime reference": "crime_ref", "Involved as": "role",
            "First names": "forenames", "Family name": "surname", "Date of birth": "date_of_birth", "Sex": "sex",
            "Self-defined ethnicity": "ethnicity_self", "Disabled?": "disability", "Home postcode": "postcode",
            "Age at report": "age_at_report",
        },
    }  # fmt: skip


def database(folder: Path) -> dict[str, dict[str, str]]:
    """Tables of a database as they stand there: headings run together, tabs, days such as 20260213."""
    days = [f"2026{n % 4 + 1:02d}{n % 28 + 1:02d}" for n in range(90)]
    tables = {
        "tblOffences": {
            "OffenceRefNo": ("crime_ref", [f"X{n}" for n in range(50)]),
            "HomeOfficeCode": ("offence_code", ["19D", "88A", "20B"]), "RecordedOn": ("recorded_at", days),
            "ReportedOn": ("reported_at", days), "StartDateTime": ("occurred_from", ["20260101"]),
            "EndDateTime": ("occurred_to", ["20260102"]), "CurrentOutcome": ("outcome_code", ["16", "14", "18"]),
            "OutcomeDate": ("outcome_at", ["20260501"]), "ClosedOn": ("closed_at", ["20260502"]),
            "LastUpdated": ("", ["20260601"]), "OfficerInCase": ("", ["100", "101"]), "VulnerabilityMarker": ("", ["Y", "N"]),
        },
        "tblVictimsAndSuspects": {
            "PartyID": ("involvement_ref", [f"P{n}" for n in range(50)]),
            "OffenceRefNo": ("crime_ref", [f"X{n}" for n in range(50)]),
            "PersonID": ("person_ref", [f"N{n}" for n in range(25)]), "PartyType": ("role", ["Victim", "Suspect"]),
            "Forename1": ("forenames", ["Ash", "Birch"]), "Surname": ("surname", ["Example"]),
            "DateOfBirth": ("date_of_birth", ["20100213", "20100314"]), "Sex": ("sex", ["Male", "Female"]),
            "Ethnicity": ("ethnicity_self", ["W1", "B2", "A9"]), "HomePostcode": ("postcode", ["ZZ10 1AA"]),
            "MobileNumber": ("phone", ["07700000001"]), "OccupationCode": ("", ["12"]), "RecordCreated": ("", days),
        },
        "tblIncidents": {
            "IncidentNumber": ("report_ref", [f"I{n}" for n in range(50)]), "CreatedOn": ("received_at", days),
            "CallSource": ("source", ["police", "health", "education"]),
            "ResultCode": ("report_result", ["crimed", "no_action", "pending"]), "OpeningCode": ("", ["G1"]),
            "ClosingCode": ("", ["G2"]),
        },
        "tblMissingReports": {
            "MissingRefNo": ("missing_ref", [f"M{n}" for n in range(50)]),
            "PersonID": ("person_ref", [f"N{n}" for n in range(25)]), "DateReported": ("started_at", days),
            "DateFound": ("ended_at", days), "RiskLevel": ("first_grade", ["high", "medium", "low"]),
            "PlaceMissingFrom": ("", ["Home"]),
        },
    }  # fmt: skip
    for name, columns in tables.items():
        rows = [[cells[n % len(cells)] for _, cells in columns.values()] for n in range(50)]
        lines = ["\t".join(columns), *("\t".join(row) for row in rows)]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {
        f"{name}.tsv": {heading: own_name for heading, (own_name, _) in table.items()} for name, table in tables.items()
    }
