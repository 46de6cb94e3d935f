"""How is source set as PDF/UA-1?"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import typst

from assay.report.pdf.typst_source import said


@lru_cache
def _look() -> str:
    return files("assay.report.pdf").joinpath("look.typ").read_text(encoding="utf-8")


@lru_cache
def _fonts() -> typst.Fonts:
    """Those that typst carries: the machine's own would make other bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def as_pdf(title: str, source: str, foot: str = "", banner: str = "") -> bytes:
    """The document, with `foot` and `banner` on every page; typst.TypstError if it would not meet the standard."""
    begin = f"#set document(title: {said(title)}, date: none)\n#show: report.with({said(foot)}, {said(banner)})\n\n"
    compiler = typst.Compiler(
        input=(_look() + begin + source).encode("utf-8"), font_paths=_fonts(), ignore_system_fonts=True
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    if not isinstance(made, bytes):
        raise TypeError("typst gave back no single document.")
    return made
