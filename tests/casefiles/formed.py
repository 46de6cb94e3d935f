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
    form = convert(path, validate=True, warnings=warnings)
    assert warnings == []
    return ET.fromstring(form.xform)


def binds(form: ET.Element) -> dict[str, dict[str, str]]:
    """By the last part of its path, what the form says of every answer."""
    found = {node.attrib["nodeset"].rsplit("/", 1)[1]: node.attrib for node in form.iterfind(".//x:bind", XF)}
    return {
        name: {key.rsplit("}", 1)[-1]: value for key, value in attributes.items()} for name, attributes in found.items()
    }


def texts(form: ET.Element, language: str) -> dict[str, str]:
    """Every text of a language, by its reference."""
    translation = next(node for node in form.iterfind(".//x:translation", XF) if node.attrib["lang"] == language)
    return {node.attrib["id"]: node.findtext("x:value", "", XF) for node in translation.iterfind("x:text", XF)}
