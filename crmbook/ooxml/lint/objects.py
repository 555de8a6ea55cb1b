"""What Excel repairs or refuses in drawings and charts, and counts that do not count what follows them."""

from collections import Counter
from collections.abc import Collection, Iterator

from lxml import etree

from crmbook.ooxml.lint.findings import MANY, Report, whole
from crmbook.ooxml.lint.formula import formula_faults

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Element → what it counts. Excel reads past a wrong count in most of them, and repairs some: none is written wrong.
COUNTED = {
    "cellXfs": "xf",
    "cellStyleXfs": "xf",
    "cellStyles": "cellStyle",
    "fonts": "font",
    "fills": "fill",
    "borders": "border",
    "numFmts": "numFmt",
    "dxfs": "dxf",
    "mergeCells": "mergeCell",
    "dataValidations": "dataValidation",
    "tableParts": "tablePart",
    "tableColumns": "tableColumn",
}


def lint_counts(part: str, root: etree._Element, report: Report) -> None:
    """Each `count` of a list must be the number of what the list holds."""
    for counter in root.iter(*(f"{{*}}{name}" for name in COUNTED)):
        said, name = counter.get("count"), etree.QName(counter).localname
        held = sum(1 for _ in counter.iterchildren(f"{{*}}{COUNTED[name]}"))
        if said is not None and whole(said, MANY) != held:
            report.say("count-wrong", part, f"{name} {said}: {held}")


def lint_drawing(part: str, root: etree._Element, report: Report) -> None:
    """The objects of a drawing must differ in their ids; what stands in for one in older programs has the same."""
    objects = (e for e in root.iter("{*}cNvPr") if next(e.iterancestors(FALLBACK), None) is None)
    for id, count in Counter(e.get("id") for e in objects).items():
        if count > 1:
            report.say("object-id-twice", part, id)


def lint_chart(part: str, root: etree._Element, sheets: Collection[str], report: Report) -> None:
    """The references of a chart must name sheets that are there."""
    for reference in sorted({text.strip() for text in _references(root)}):
        for rule in formula_faults(reference, sheets):
            report.say(rule, part, reference[:80])


def _references(root: etree._Element) -> Iterator[str]:
    return (element.text for element in root.iter("{*}f") if element.text)
