"""What is drawn on a sheet of one workbook brought to a sheet of another: pictures, shapes, charts, pictures in headers."""

import posixpath
import re

from crmbook.ooxml.markup import children, serialise
from crmbook.ooxml.package import OFFICE_RELATIONSHIPS, Package, Relationship, relationships_part

# The elements of a sheet that show what a part draws, in the order they must stand in (ECMA-376 part 1, 18.3.1.99).
DRAWN = ("drawing", "legacyDrawing", "legacyDrawingHF", "picture")
AFTER = ("oleObjects", "controls", "webPublishItems", "tableParts", "extLst")


class Graft:
    """Copies parts out of one package into a folder of another; each part once, however often it is asked for."""

    def __init__(self, source: Package, target: Package, folder: str) -> None:
        self.source, self.target, self.folder = source, target, folder
        self._copied: dict[str, str] = {}

    def draw(self, sheet: str, element: str, on: str) -> None:
        """What `element` (`drawing`, `legacyDrawingHF`, `picture`) shows on a sheet of the source, shown on one of the target."""
        drawn = shown(self.source, sheet, element)
        if drawn is None:
            return
        # Excel wants a drawing of its own for each sheet; the pictures on it may be shared.
        id = self.target.relate(on, drawn.type, self._copy(drawn.target, f"{posixpath.basename(on)}/"))
        xml = self.target.read(on)
        place = next(m.start() for m in _places(element).finditer(xml))
        tag = b'<%s xmlns:r="%s" r:id="%s"/>' % (element.encode(), OFFICE_RELATIONSHIPS.encode(), id.encode())
        self.target.write(on, xml[:place] + tag + xml[place:])

    def _copy(self, part: str, under: str = "") -> str:
        """The new name of a part, copied with all it points at."""
        name = f"{self.folder}/{under}{part.removeprefix('xl/')}"
        if name in self._copied:
            return name
        self._copied[name] = part
        self.target.write(name, self.source.read(part))
        self.target.set_content_type(name, self.source.content_type(part))
        rels = self.source.find(relationships_part(part))
        if rels is not None:
            root = self.source.xml(rels)
            by_id = {r.id: r for r in self.source.relationships(part) if not r.external and r.target in self.source}
            for element in children(root, "Relationship"):
                found = by_id.get(str(element.get("Id")))
                if found is not None:
                    element.set("Target", "/" + self._copy(found.target))
            self.target.write(relationships_part(name), serialise(root))
        return name


def shown(package: Package, sheet: str, element: str) -> Relationship | None:
    """The relationship by which a sheet shows something drawn; None if it shows nothing of that kind."""
    found = next(iter(children(package.xml(sheet), element)), None)
    if found is None:
        return None
    id = next((str(value) for name, value in found.items() if str(name).endswith("}id")), "")
    return next((r for r in package.relationships(sheet) if r.id == id and r.target in package), None)


def _places(element: str) -> re.Pattern[bytes]:
    """Where an element may stand in a sheet: before the first of those that follow it."""
    later = "|".join((*DRAWN[DRAWN.index(element) + 1 :], *AFTER))
    return re.compile(rf"<(?:\w+:)?(?:{later})(?=[\s/>])|</(?:\w+:)?worksheet>".encode())
