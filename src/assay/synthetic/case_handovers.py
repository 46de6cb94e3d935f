"""Generate handovers and transfers of crimes between teams and forces."""

from __future__ import annotations

import datetime as dt

from assay.synthetic.case_dossier import Dossier, moment, open_at_extraction
from assay.synthetic.local_time import time_between
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_tables import ForceRecords

OTHER_FORCE = "OTHER"
"""A force outside the synthetic country, so that no return covers the crime."""
MIN_GAP = dt.timedelta(days=10)


def handovers(records: ForceRecords, files: list[Dossier], stream: RandomStream) -> None:
    """Add handovers between teams; without one, the first team keeps the crime."""
    handed = {dossier.case.ref for dossier in files if _hand_over(dossier, stream.substream(dossier.case.ref))}
    first = {row["crime_ref"]: row["detail"] for row in records.rows("events") if row["kind"] == "investigation_opened"}
    for crime in records.rows("crimes"):
        if crime["crime_ref"] not in handed:
            crime["investigating_team"] = first.get(crime["crime_ref"], crime["investigating_team"])


def _hand_over(dossier: Dossier, stream: RandomStream) -> bool:
    team, limit = dossier.row["investigating_team"], min(dossier.end, dossier.opened + dt.timedelta(days=90))
    first = dossier.steps_of_kind("investigation_opened")
    if not first or team == first[0]["detail"] or dossier.opened >= limit:
        return False
    handover_time = time_between(dossier.opened, limit, stream)
    is_handed_over = stream.happens(dossier.records.force.rate("handed_over", dossier.case.recorded))
    return is_handed_over and dossier.add_step("handover", handover_time, by_role="supervisor", detail=team) is not None


def offers(files: list[Dossier], stream: RandomStream) -> None:
    """Add offers of crimes that another force refuses: the crimes stay."""
    for dossier in files:
        draw = stream.substream(dossier.case.ref)
        if draw.happens(dossier.records.force.rate("offer_refused")) and dossier.end - dossier.opened > MIN_GAP:
            offered = time_between(dossier.opened, dossier.end, draw)
            _offer(
                dossier, offered, time_between(offered, min(dossier.end, offered + MIN_GAP), draw), "transfer_refused"
            )


def transfers(files: list[Dossier], stream: RandomStream) -> None:
    """Add transfers of open crimes to another force: nothing is recorded on them afterwards."""
    for dossier in open_at_extraction(files):
        draw, end = stream.substream(dossier.case.ref), dossier.records.span.extracted_at
        last = max((moment(row["happened_at"]) for row in dossier.steps), default=dossier.case.recorded)
        is_transferred = draw.happens(dossier.records.force.rate("transferred_out"))
        if dossier.row["received_from_force"] or end - last < MIN_GAP or not is_transferred:
            continue
        offered = time_between(last, end - MIN_GAP / 2, draw)
        _offer(dossier, offered, time_between(offered, min(end, offered + MIN_GAP), draw), "transfer_accepted")
        number = f"X{draw.integer(10000, 99999)}" if draw.happens(0.7) else None
        dossier.row.update({"transferred_to_force": OTHER_FORCE, "other_force_crime_ref": number})


def _offer(dossier: Dossier, offered: dt.datetime, answered: dt.datetime, answer: str) -> None:
    dossier.add_step("transfer_offered", offered, by_role="supervisor", detail=OTHER_FORCE)
    dossier.add_step(answer, answered, by_role="other_force", detail=OTHER_FORCE)
