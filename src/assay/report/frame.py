"""What stands around every page: the ways through the report, what its counts are, and whether its forces are real?"""

from __future__ import annotations

from dataclasses import dataclass

INVENTED = "Invented forces: none of this is about a real force."


@dataclass(frozen=True)
class Frame:
    """Navigation and foot as (path, words), the notice under every page, and a banner over it if there is one."""

    nav: tuple[tuple[str, str], ...]
    foot: tuple[tuple[str, str], ...]
    notice_title: str
    notice: str
    licence: str
    banner: str = ""


PUBLISHED = Frame(
    nav=(
        ("forces/index.html", "Forces"),
        ("comparison.html", "Side by side"),
        ("offences/index.html", "Offences"),
        ("on-the-wane.html", "On the wane?"),
        ("questions/index.html", "Questions"),
        ("figures/index.html", "Figures"),
    ),
    foot=(
        ("method.html", "Method"),
        ("data-quality.html", "Data quality"),
        ("cannot-be-answered.html", "What cannot be answered"),
        ("figures/index.html", "Figures to download"),
        ("receipts/index.html", "Receipts"),
    ),
    notice_title="No public table carries the CSE flag.",
    notice=(
        "The police mark crimes of child sexual exploitation with a flag over many offence codes, and no published "
        "table shows it. The counts in this report are child sexual offences recorded by police, of every kind."
    ),
    licence="Contains public sector information licensed under the Open Government Licence v3.0.",
)


def inspected_frame(*, invented: bool, texts: bool = False) -> Frame:
    """The frame of a report on forces' returns; `texts`: whether any were read."""
    wrote = (("texts.html", "What people wrote"),) if texts else ()
    return Frame(
        nav=(
            ("indicators/index.html", "Indicators"),
            ("waits/index.html", "Waits"),
            ("forces/index.html", "Forces"),
            ("scale.html", "How much"),
            ("falling.html", "Falling?"),
            ("definitions.html", "Definitions"),
            ("people/served.html", "For whom"),
            ("hidden.html", "On no list"),
            ("answerable.html", "What can be asked"),
            ("returns.html", "What came"),
            ("figures/index.html", "Figures"),
        ),
        foot=(
            ("method.html", "Method and limits"),
            ("answerable.html", "What can be asked of whom"),
            ("returns.html", "What came in the returns"),
            ("burden.html", "What the request costs"),
            *wrote,
            ("figures/index.html", "Figures to download"),
            ("receipts/index.html", "Receipts"),
        ),
        notice_title="A count is named for what it counts.",
        notice=(
            "Counts here are of records that forces sent: crimes, victims, suspects and notices owed. A crime "
            "is called "
            "flagged only where its force put the flag on it. Counts are rounded to 5; from 1 to 4 they are not shown."
        ),
        licence="Every figure was counted from records that forces sent.",
        banner=INVENTED if invented else "",
    )
