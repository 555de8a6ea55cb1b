"""A button on a sheet that runs a macro: a form control, which old and new Excel and LibreOffice have alike."""

import posixpath
import re
from typing import NamedTuple

from crmbook.ooxml.cells import escape
from crmbook.ooxml.graft import AFTER, shown
from crmbook.ooxml.outline import Outline
from crmbook.ooxml.package import OFFICE_RELATIONSHIPS, Package, relationships_part

TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
LATER = ("legacyDrawingHF", "drawingHF", "picture", *AFTER)
SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
OPEN = '<xml><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout></xml>'
# As Excel writes one (ECMA-376 part 4, 19.4); the kind of shape first, once in each part.
SHAPE_TYPE = '<v:shapetype id="_x0000_t201" coordsize="21600,21600" o:spt="201" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path shadowok="f" o:extrusionok="f" strokeok="f" fillok="f" o:connecttype="rect"/><o:lock v:ext="edit" shapetype="t"/></v:shapetype>'
SHAPE = '<v:shape id="_x0000_s{id}" type="#_x0000_t201" style="position:absolute;z-index:1;mso-wrap-style:tight" o:button="t" fillcolor="buttonFace [67]" strokecolor="windowText [64]" o:insetmode="auto"><v:fill color2="buttonFace [67]" o:detectmouseclick="t"/><o:lock v:ext="edit" rotation="t"/><v:textbox style="mso-direction-alt:auto" o:singleclick="f"><div style="text-align:center"><font face="{font}" size="220" color="#000000">{caption}</font></div></v:textbox><x:ClientData ObjectType="Button"><x:Anchor>{anchor}</x:Anchor><x:PrintObject>False</x:PrintObject><x:AutoFill>False</x:AutoFill><x:FmlaMacro>[0]!{macro}</x:FmlaMacro><x:TextHAlign>Center</x:TextHAlign><x:TextVAlign>Center</x:TextVAlign></x:ClientData></v:shape>'
SHAPE_ID = re.compile(rb'\bid="_x0000_s([0-9]+)"')
BLOCKS = re.compile(rb'<(?:\w+:)?idmap(?=\s)[^>]*?\sdata="([0-9,]+)"')
ROOT = re.compile(rb"<xml(?=[\s>])[^>]*")
END = re.compile(rb"</(?:\w+:)?xml>\s*\Z")
BLOCK = 1024  # ids of shapes in a block; each sheet has blocks of its own


class Corner(NamedTuple):
    """A point on a sheet: pixels from the left edge of a column and the top of a row, both counted from 0."""

    column: int
    right: int
    row: int
    down: int


def has_button(package: Package, sheet: str, macro: str) -> bool:
    """True if a form control on the sheet runs this macro."""
    drawn = shown(package, sheet, "legacyDrawing")
    return (
        drawn is not None
        and re.search(rb"<(?:\w+:)?FmlaMacro>[^<]*\b%s<" % macro.encode(), package.read(drawn.target)) is not None
    )


def put_button(package: Package, sheet: str, top_left: Corner, bottom_right: Corner, caption: str, macro: str, font: str) -> None:  # fmt: skip
    """Puts a button on a sheet, beside what its comments and controls draw there; it is not printed."""
    drawn = shown(package, sheet, "legacyDrawing")
    part = _new_drawing(package, sheet) if drawn is None else drawn.target
    vml = package.read(part)
    ids, blocks = [int(id) for id in SHAPE_ID.findall(vml)], _blocks(vml)
    id = max([*ids, *(block * BLOCK for block in blocks[:1])], default=BLOCK) + 1
    anchor = ", ".join(str(n) for n in (*top_left, *bottom_right))
    shape = SHAPE.format(id=id, font=font, caption=escape(caption), anchor=anchor, macro=macro)
    kind = "" if b'id="_x0000_t201"' in vml else SHAPE_TYPE
    end = END.search(vml)
    assert end is not None, part
    package.write(part, _declared(vml[: end.start()] + (kind + shape).encode() + vml[end.start() :]))


def _declared(vml: bytes) -> bytes:
    """The drawing with the names declared that a button takes."""
    root = ROOT.search(vml)
    assert root is not None
    missing = (f' xmlns:{p}="{uri}"' for p, uri in SPACES.items() if f"xmlns:{p}=".encode() not in root[0])
    return vml[: root.end()] + "".join(missing).encode() + vml[root.end() :]


def _new_drawing(package: Package, sheet: str) -> str:
    """An empty drawing of the old kind for a sheet without one."""
    olds = [p for p in package.names if p.casefold().endswith(".vml")]
    block = max((b for p in olds for b in _blocks(package.read(p))), default=0) + 1
    folder = posixpath.join(posixpath.dirname(package.workbook), "drawings")
    numbers = range(1, len(package.names) + 2)
    part = next(p for p in (f"{folder}/vmlDrawing{n}.vml" for n in numbers) if p not in package)
    package.write(part, _declared(OPEN.format(block=block).encode()))
    package.set_content_type(part, TYPE)
    id = package.relate(sheet, "vmlDrawing", part)
    package.set_content_type(relationships_part(sheet), RELATIONSHIPS)  # some files have no type for all of them
    outline = Outline(package.read(sheet))
    end = outline.xml.rindex(b"</")
    at = next((p.start for p in outline.places if p.name in LATER), end)
    tag = f'<{outline.prefix}legacyDrawing xmlns:r="{OFFICE_RELATIONSHIPS}" r:id="{id}"/>'
    package.write(sheet, outline.xml[:at] + tag.encode() + outline.xml[at:])
    return part


def _blocks(vml: bytes) -> list[int]:
    """The blocks of ids that a drawing says are its own."""
    return [int(n) for found in BLOCKS.findall(vml) for n in found.split(b",") if n]
