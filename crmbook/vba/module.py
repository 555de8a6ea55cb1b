"""One module of a VBA project: a document's, a standard one or a class."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["workbook", "worksheet", "chartsheet", "standard", "class"]

# What a module that is a class is made from (the attribute VB_Base): Excel's own classes, or any.
BASES: dict[Kind, str] = {
    "workbook": "0{00020819-0000-0000-C000-000000000046}",
    "worksheet": "0{00020820-0000-0000-C000-000000000046}",
    "chartsheet": "0{00020821-0000-0000-C000-000000000046}",
    "class": "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}",
}
DOCUMENTS = frozenset({"workbook", "worksheet", "chartsheet"})
PREAMBLE = re.compile(r"\AVERSION [\d.]+ CLASS\n.*?\nEND\n", re.DOTALL)  # of an exported class: a project has none
ATTRIBUTE = re.compile(r'Attribute (VB_\w+) = ("(?:[^"]|"")*"|\w+)\n')
PLAIN = re.compile(r"[ !#-~]*")  # ASCII that needs no care within quotes
RUN = re.compile(r"[ !#-~]+|[^ !#-~]")


@dataclass(frozen=True, slots=True)
class Module:
    """A module by its name, kind and code, as the editor shows it or as exported to a .bas or .cls file."""

    name: str
    kind: Kind
    code: str = ""

    @classmethod
    def read(cls, name: str, text: str) -> "Module":
        """The module that an exported file holds: a class if it begins as one."""
        return cls(name, "class" if PREAMBLE.match(_lines(text)) else "standard", text)

    @property
    def is_document(self) -> bool:
        """True for the module of the workbook or of a sheet."""
        return self.kind in DOCUMENTS

    @property
    def source(self) -> bytes:
        """The module as a project holds it (MS-OVBA 2.3.4.3): its attributes first, ASCII only, lines ended by CR LF.

        UnicodeEncodeError for other letters: what they become would depend on the language of Windows.
        """
        code = PREAMBLE.sub("", _lines(self.code))
        given: dict[str, str] = {}
        while found := ATTRIBUTE.match(code):
            given[found[1]] = found[2]
            code = code[found.end() :]
        attributes = {"VB_Name": f'"{self.name}"'}
        if self.kind != "standard":
            attributes |= self._of_class(given)
        text = "".join(f"Attribute {name} = {value}\n" for name, value in attributes.items()) + code.strip("\n")
        return (text.strip("\n") + "\n").replace("\n", "\r\n").encode("ascii")

    def _of_class(self, given: dict[str, str]) -> dict[str, str]:
        """The attributes of a class; of one that was exported, its own. A document is there from the start, for all to use."""
        document = str(self.is_document)
        first = {
            "VB_Base": f'"{BASES[self.kind]}"',
            "VB_GlobalNameSpace": "False",
            "VB_Creatable": "False",
            "VB_PredeclaredId": document,
            "VB_Exposed": document,
            "VB_TemplateDerived": "False",
            "VB_Customizable": document,
        }
        return first | {name: value for name, value in given.items() if name not in {"VB_Name", "VB_Base"}}


def _lines(text: str) -> str:
    return "\n".join(text.splitlines()) + "\n"


def literal(text: str) -> str:
    """A text as an expression of VBA in ASCII: letters that are not ASCII by their numbers, quotes and line breaks too."""
    runs = RUN.findall(text) or [""]
    return " & ".join(f"ChrW({ord(run)})" if len(run) == 1 and not PLAIN.fullmatch(run) else f'"{run}"' for run in runs)
