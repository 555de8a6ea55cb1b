"""Workbook files at the level of the standard: parts as bytes, edited where we must, copied as stored everywhere else."""

from crmbook.ooxml.archive import Reason, RefusedError
from crmbook.ooxml.markup import children, parse, serialise
from crmbook.ooxml.package import Package, Relationship
from crmbook.ooxml.proof import NotLosslessError, Proof
from crmbook.ooxml.refs import Area, CannotMoveError, parse_ref
from crmbook.ooxml.workbook import Sheet, Table, Workbook

__all__ = [
    "Area",
    "CannotMoveError",
    "NotLosslessError",
    "Package",
    "Proof",
    "Reason",
    "RefusedError",
    "Relationship",
    "Sheet",
    "Table",
    "Workbook",
    "children",
    "parse",
    "parse_ref",
    "serialise",
]
