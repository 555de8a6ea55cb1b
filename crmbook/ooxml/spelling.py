"""Parts that other programs spell in an unusual way (UTF-16, attributes in single quotes) put into the usual spelling."""

import re

UTF16 = (b"\xff\xfe", b"\xfe\xff")
ENCODING = re.compile(r"""^(<\?xml[^>]*?encoding=)(?:"[^"]*"|'[^']*')""")
ROOT = re.compile(rb"<[A-Za-z_][^<>]*>")
TAG = re.compile(rb"""<[A-Za-z_](?:[^<>"']|"[^"]*"|'[^']*')*>""")
SINGLE = re.compile(rb"""(=\s*)(?:"[^"]*"|'([^']*)')""")


def usual(xml: bytes) -> bytes:
    """The same XML in UTF-8, its attributes in double quotes; the same bytes where it is so already, as nearly always."""
    if xml.startswith(UTF16):
        xml = ENCODING.sub(r'\1"UTF-8"', xml.decode("utf-16")).encode()
    root = ROOT.search(xml)
    if root is None or b"='" not in root[0]:
        return xml
    return TAG.sub(lambda tag: SINGLE.sub(_doubled, tag[0]), xml)


def _doubled(found: re.Match[bytes]) -> bytes:
    return found[0] if found[2] is None else found[1] + b'"' + found[2].replace(b'"', b"&quot;") + b'"'
