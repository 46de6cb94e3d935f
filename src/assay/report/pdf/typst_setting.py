"""Compile Typst source to PDF/UA-1."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import typst

from assay.report.pdf.typst_source import typst_string


@lru_cache
def _style_source() -> str:
    return files("assay.report.pdf").joinpath("look.typ").read_text(encoding="utf-8")


@lru_cache
def _fonts() -> typst.Fonts:
    """Use only the fonts built into Typst: system fonts would change the bytes."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def as_pdf(title: str, source: str, foot: str = "", banner: str = "") -> bytes:
    """Return the PDF, with `foot` and `banner` on every page; typst.TypstError if it would not meet the
    standard."""
    preamble = (
        f"#set document(title: {typst_string(title)}, date: none)\n#show: "
        f"report.with({typst_string(foot)}, {typst_string(banner)})\n\n"
    )
    compiler = typst.Compiler(
        input=(_style_source() + preamble + source).encode("utf-8"), font_paths=_fonts(), ignore_system_fonts=True
    )
    document = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    if not isinstance(document, bytes):
        raise TypeError("typst gave back no single document.")
    return document
