"""The colours of a theme as plain ones, for what must look the same in a workbook that has another theme."""

import colorsys
import re
from collections.abc import Mapping

from lxml import etree

from crmbook.ooxml.markup import children
from crmbook.ooxml.package import Package

# The order in which cells count the colours of a theme (ECMA-376 part 1, 18.8.3, and what Excel makes of it).
ORDER = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink")  # fmt: skip
DRAWN = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}  # as drawings call them
SCHEME = re.compile(rb'<((?:\w+:)?)schemeClr(\s[^>]*?)val="(\w+)"([^>]*?)(/?)>')
SCHEME_END = re.compile(rb"</((?:\w+:)?)schemeClr>")
THEME = re.compile(rb'(<(?:\w+:)?(?:tabColor|color\w*)\b[^>]*?)\stheme="([0-9]+)"(?:\stint="([-0-9.eE]+)")?')


class Theme:
    """The colours of a workbook's theme: by name, RRGGBB."""

    def __init__(self, colours: Mapping[str, str], fonts: tuple[str, ...] = ()) -> None:
        self.colours, self.fonts = dict(colours), fonts

    @classmethod
    def of(cls, package: Package) -> "Theme":
        """The theme of a workbook; one without colours where it has none."""
        part = next(iter(package.related(package.workbook, "theme")), None)
        if part is None:
            return cls({})
        root = package.xml(part)
        scheme = next(root.iter("{*}clrScheme"), None)
        fonts = tuple(str(e.get("typeface")) for e in root.iter("{*}latin", "{*}ea") if e.getparent() is not None)
        found = {}
        for element in () if scheme is None else scheme.iterchildren(tag=etree.Element):
            colour = next(iter([*children(element, "srgbClr"), *children(element, "sysClr")]), None)
            if colour is not None:
                name = etree.QName(element).localname
                found[name] = str(colour.get("lastClr") or colour.get("val")).upper()
        return cls(found, fonts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Theme) and (self.colours, self.fonts) == (other.colours, other.fonts)

    __hash__ = None  # type: ignore[assignment]

    def argb(self, number: int, tint: float = 0.0) -> str | None:
        """A cell's theme colour as AARRGGBB; None where the theme has none."""
        rgb = self.colours.get(ORDER[number]) if number < len(ORDER) else None
        return None if rgb is None else f"FF{_tinted(rgb, tint)}"

    def plain(self, element: etree._Element) -> None:
        """Gives an element of a stylesheet, and all inside it, plain colours and a font of its own name."""
        for part in element.iter("{*}color", "{*}fgColor", "{*}bgColor"):
            argb = self.argb(int(part.get("theme") or len(ORDER)), float(part.get("tint") or 0))
            if argb is not None:
                part.attrib.clear()
                part.set("rgb", argb)
        for part in list(element.iter("{*}scheme")):
            parent = part.getparent()
            if parent is not None:
                parent.remove(part)

    def plain_sheet(self, xml: bytes) -> bytes:
        """A sheet with plain colours."""

        def plain(found: re.Match[bytes]) -> bytes:
            argb = self.argb(int(found[2]), float(found[3] or 0))
            return found[0] if argb is None else found[1] + b' rgb="' + argb.encode() + b'"'

        return THEME.sub(plain, xml) if b' theme="' in xml else xml

    def plain_drawing(self, xml: bytes) -> bytes:
        """A drawing or chart with plain colours."""
        if b"schemeClr" not in xml or not self.colours:
            return xml

        def plain(found: re.Match[bytes]) -> bytes:
            name = found[3].decode()
            rgb = self.colours.get(DRAWN.get(name, name), self.colours.get("accent1", "000000"))
            return b'<%ssrgbClr%sval="%s"%s%s>' % (found[1], found[2], rgb.encode(), found[4], found[5])

        return SCHEME_END.sub(rb"</\1srgbClr>", SCHEME.sub(plain, xml))


def _tinted(rgb: str, tint: float) -> str:
    """A colour made lighter or darker (ECMA-376 part 1, 18.8.19)."""
    if not tint:
        return rgb
    hue, light, full = colorsys.rgb_to_hls(*(int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, full))
