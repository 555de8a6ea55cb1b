"""The workbook part: defined names that follow the rows, names of ours, and the wish to be calculated on opening."""

import re
from collections.abc import Mapping

from crmbook.ooxml.cells import escape, unescape
from crmbook.ooxml.formulas import Follower, same_formula
from crmbook.ooxml.tail import follow_text

P = rb"(?:\w+:)?"
NAME = re.compile(rb"<(" + P + rb")definedName(?=\s)([^>]*)>([^<]*)</\1definedName>")
NAME_ATTRIBUTE = re.compile(rb'\sname="([^"]*)"')
LOCAL = re.compile(rb'\slocalSheetId="([0-9]+)"')
HIDDEN = re.compile(rb'\shidden="[^"]*"')
NAMES_END = re.compile(rb"</(" + P + rb")definedNames>")
NO_NAMES = re.compile(rb"<(" + P + rb")definedNames\s*/>")
BEFORE_NAMES = re.compile(
    rb"<("
    + P
    + rb")(?:calcPr|oleSize|customWorkbookViews|pivotCaches|smartTagPr|smartTagTypes|webPublishing|fileRecoveryPr|"
    rb"webPublishObjects|extLst)(?=[\s/>])|</(" + P + rb")workbook>"
)
CALCULATION = re.compile(rb"<(" + P + rb")calcPr(?=[\s/>])([^>]*?)(/?)>")
SHEETS_END = re.compile(rb"</" + P + rb"sheets>")
AFTER_CALCULATION = re.compile(
    rb"<(" + P + rb")(?:oleSize|customWorkbookViews|pivotCaches|smartTagPr|smartTagTypes|webPublishing|fileRecoveryPr|"
    rb"webPublishObjects|extLst)(?=[\s/>])|</(" + P + rb")workbook>"
)
FULL = re.compile(rb'\sfullCalcOnLoad="[^"]*"')
SHEET = re.compile(rb"<(" + P + rb")sheet(?=\s)[^>]*>")
SHEET_NAME = re.compile(rb'\sname="([^"]*)"')
STATE = re.compile(rb'\sstate="[^"]*"')


def follow_names(xml: bytes, follower: Follower) -> bytes:
    """All defined names followed; the follower is of no sheet, as names always say which sheet they mean."""

    def followed(found: re.Match[bytes]) -> bytes:
        text = follow_text(found[3], follower.follow)
        return found[0].replace(b">" + found[3] + b"<", b">" + text + b"<", 1) if text != found[3] else found[0]

    return xml if follower.is_idle else NAME.sub(followed, xml)


def set_names(xml: bytes, names: Mapping[str, str]) -> bytes:
    """Gives each of these names of the whole workbook its reference, adding those that are not there."""
    missing = {name.casefold(): (name, reference) for name, reference in names.items()}

    def pointed(found: re.Match[bytes]) -> bytes:
        name = NAME_ATTRIBUTE.search(found[2])
        if name is None or LOCAL.search(found[2]):
            return found[0]
        _, wanted = missing.pop(name[1].decode().casefold(), ("", None))
        if wanted is None or same_formula(unescape(found[3]), wanted):
            return found[0]
        tag = found[1] + b"definedName"
        return b"<" + tag + found[2] + b">" + escape(wanted).encode() + b"</" + tag + b">"

    xml = NAME.sub(pointed, xml)
    if not missing:
        return xml
    end = NAMES_END.search(xml)
    if end is None:
        place = NO_NAMES.search(xml) or BEFORE_NAMES.search(xml, _after_sheets(xml))
        if place is None:
            return xml
        prefix = place[1] if place[1] is not None else place[2]
        empty = b"<" + prefix + b"definedNames></" + prefix + b"definedNames>"
        stop = place.end() if NO_NAMES.match(place[0]) else place.start()
        xml = xml[: place.start()] + empty + xml[stop:]
        end = NAMES_END.search(xml)
        assert end is not None
    tag = end[1] + b"definedName"
    added = [
        b"<" + tag + b' name="' + name.encode() + b'">' + escape(ref).encode() + b"</" + tag + b">"
        for name, ref in missing.values()
    ]
    return xml[: end.start()] + b"".join(added) + xml[end.start() :]


def hide(xml: bytes, name_prefix: str, sheet: str) -> bytes:
    """Names that begin so are hidden, and this sheet very hidden: LibreOffice shows both when it saves."""

    def hidden(found: re.Match[bytes]) -> bytes:
        name = NAME_ATTRIBUTE.search(found[2])
        if name is None or not name[1].decode().startswith(name_prefix) or b'hidden="1"' in found[2]:
            return found[0]
        return found[0].replace(found[2], HIDDEN.sub(b"", found[2]) + b' hidden="1"', 1)

    def very_hidden(found: re.Match[bytes]) -> bytes:
        name = SHEET_NAME.search(found[0])
        if name is None or name[1].decode() != sheet or b'state="veryHidden"' in found[0]:
            return found[0]
        bare = STATE.sub(b"", found[0])
        return bare[: name.end()] + b' state="veryHidden"' + bare[name.end() :]

    return SHEET.sub(very_hidden, NAME.sub(hidden, xml))


def calculate_on_load(xml: bytes) -> bytes:
    """Excel will calculate all formulas when it opens the file: formulas of the user's stand on values of ours."""
    found = CALCULATION.search(xml)
    if found is not None:
        attributes = FULL.sub(b"", found[2]).rstrip() + b' fullCalcOnLoad="1"'
        return xml[: found.start()] + b"<" + found[1] + b"calcPr" + attributes + found[3] + b">" + xml[found.end() :]
    place = AFTER_CALCULATION.search(xml, _after_sheets(xml))
    if place is None:
        return xml
    prefix = place[1] if place[1] is not None else place[2]
    return xml[: place.start()] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + xml[place.start() :]


def _after_sheets(xml: bytes) -> int:
    """Where the list of sheets ends: extensions before it belong to other elements."""
    found = SHEETS_END.search(xml)
    return found.end() if found else 0
