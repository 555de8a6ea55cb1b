"""What Excel makes of a text that is entered into a cell whose format is not text."""

import re

MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# Numbers, shares, money and hours: xlwings/xlwings/issues/36, /436, /1269.
NUMBER = re.compile(r"[-+(]?\s*[$¥€£￥]?\s*[-+]?(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:E[-+]?\d+)?\s*[%)]?", re.IGNORECASE)
FRACTION = re.compile(r"(?:\d+ )?\d+/\d+")
# Days: xlwings/xlwings/issues/1269, /1635 ("1-2", "May 2020"); the Chinese words as Chinese Excel takes them.
DAY = re.compile(
    rf"\d{{1,4}}[-/.年]\d{{1,2}}(?:[-/.月]\d{{1,4}}日?|月)?|\d{{1,2}}月(?:\d{{1,2}}日)?|(?:{MONTHS})[a-z]*[ \-/]?\d{{1,4}}|\d{{1,2}}[ \-/]?(?:{MONTHS})[a-z]*(?:[ \-/]?\d{{2,4}})?",
    re.IGNORECASE,
)
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AP]M)?|\d{1,2} ?[AP]M|\d{1,2}[时点](?:\d{1,2}分)?", re.IGNORECASE)
ERRORS = {"#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#null!", "#num!"}


class Parsed(float):
    """Some number, some day: the text is lost, and that is all that matters here."""


def entered(text: str) -> str | float | bool:
    """The value that stands in the cell then: the text itself, or what Excel took it for."""
    bare = text.strip()
    if bare.casefold() in {"true", "false"}:
        return bare.casefold() == "true"
    if bare.casefold() in ERRORS:
        return f"error {bare}"
    if any(kind.fullmatch(bare) for kind in (NUMBER, FRACTION, DAY, TIME)):
        try:
            return float(bare)
        except ValueError:
            return Parsed(0)
    return text
