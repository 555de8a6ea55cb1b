"""Parts in an unusual spelling say the same in the usual one."""

import pytest
from lxml import etree

from crmbook.ooxml.spelling import usual

PART = """<?xml version="1.0" encoding="{}"?>\n<a xmlns='urn:x' b='say "it"' c="it's"><d e='1>0'>x ='y'</d><f/></a>"""


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
def test_the_same_is_said_in_the_usual_spelling(encoding: str):
    part = PART.format(encoding).encode(encoding)
    found = usual(part)
    assert b'encoding="UTF-8"' in found
    assert b"<d e=\"1>0\">x ='y'</d>" in found
    assert etree.tostring(etree.fromstring(found), method="c14n") == etree.tostring(
        etree.fromstring(part), method="c14n"
    )


@pytest.mark.parametrize(
    "part", [b"<a b=\"it's\"><c>d='e'</c></a>", b"\x89PNG", b"", b"<xml><v:shape style='x'/></xml>"]
)
def test_what_is_spelt_as_usual_is_the_same_bytes(part: bytes):
    assert usual(part) is part
