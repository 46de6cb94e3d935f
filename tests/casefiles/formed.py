"""An XLSForm as telephones get it: read by pyxform, checked by ODK Validate, and what it then says."""

import shutil
import xml.etree.ElementTree as ET

import pytest
from pyxform.xls2xform import convert

NEEDS_JAVA = pytest.mark.skipif(
    shutil.which("java") is None, reason="ODK Validate: no Java here (on Debian: sudo apt-get install -y default-jre)"
)
XF = {"x": "http://www.w3.org/2002/xforms"}


def as_given(path) -> ET.Element:
    """The form that telephones are given; refuses what ODK Validate refuses, and says what pyxform warns of."""
    warnings: list[str] = []
    made = convert(path, validate=True, warnings=warnings)
    assert warnings == []
    return ET.fromstring(made.xform)


def binds(made: ET.Element) -> dict[str, dict[str, str]]:
    """By the last part of its path, what the form says of every answer."""
    found = {one.attrib["nodeset"].rsplit("/", 1)[1]: one.attrib for one in made.iterfind(".//x:bind", XF)}
    return {name: {key.rsplit("}", 1)[-1]: value for key, value in told.items()} for name, told in found.items()}


def texts(made: ET.Element, language: str) -> dict[str, str]:
    """Every text of a language, by its reference."""
    translation = next(one for one in made.iterfind(".//x:translation", XF) if one.attrib["lang"] == language)
    return {one.attrib["id"]: one.findtext("x:value", "", XF) for one in translation.iterfind("x:text", XF)}
