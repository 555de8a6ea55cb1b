"""Cells that are named outside of sheets: the one whose text a shape shows, that a checkbox fills, that a query asks."""

import re

from crmbook.ooxml.formulas import Follower
from crmbook.ooxml.package import Package
from crmbook.ooxml.tail import follow_text

DRAWN = {"drawing", "vmlDrawing", "ctrlProp"}
NAMED = re.compile(
    rb'(\s(?:textlink|cellRange|fmla(?:Link|Range|Group|Txbx|Pict))="'
    rb"|<(?:\w+:)?Fmla(?:Link|Range|Group|Txbx|Pict)>)([^\"<]+)([\"<])"
)
ASKED = re.compile(rb'(<(?:\w+:)?parameter(?=\s)[^>]*?\scell=")([^"]*)(")')


def follow_objects(package: Package, sheet: str, follower: Follower) -> None:
    """What is drawn on a sheet names the same cells as before."""
    for relationship in package.relationships(sheet):
        if not relationship.external and relationship.kind in DRAWN and relationship.target in package:
            _follow(package, relationship.target, NAMED, follower)


def follow_shared_objects(package: Package, follower: Follower) -> None:
    """The same of the parts that belong to no sheet: shapes inside charts, queries; they always say which sheet they mean."""
    for part in package.names:
        kind = package.content_type(part)
        if kind.endswith("chartshapes+xml"):
            _follow(package, part, NAMED, follower)
        elif kind.endswith("connections+xml"):
            _follow(package, part, ASKED, follower)


def _follow(package: Package, part: str, named: re.Pattern[bytes], follower: Follower) -> None:
    before = package.read(part)
    after = named.sub(lambda m: m[1] + follow_text(m[2], follower.reference) + m[3], before)
    if after != before:
        package.write(part, after)
