"""Each rule of the linter notices a workbook that was broken on purpose, and leaves sound ones alone."""

import io
import os
import re
from pathlib import Path

import pytest
import xlsxwriter

from crmbook.ooxml import Package
from crmbook.ooxml.lint import lint, new_findings

CORPUS = Path(os.environ.get("CRMBOOK_REFERENCE_DATA", Path(__file__).parents[3] / "shared" / "data")).parent / "corpus"
DATA, FORM = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
TABLE, OTHER, BOOK = "xl/tables/table1.xml", "xl/tables/table2.xml", "xl/workbook.xml"
STYLES, STRINGS, TYPES = "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
DATA_LINKS, CHAIN = "xl/worksheets/_rels/sheet1.xml.rels", "xl/calcChain.xml"
CHAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"


@pytest.fixture(scope="module")
def sound() -> bytes:
    """Two sheets with tables, a formula, a merge, a list, a conditional format, a chart, a link and a name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        data, form = book.add_worksheet("Data"), book.add_worksheet("表单")
        columns = [{"header": h} for h in ("编号", "名称", "金额")]
        for row in range(1, 6):
            data.write_row(row, 0, [f"A{row}", f"名{row}", row * 1.5], book.add_format({"bold": True}))
        data.add_table("A1:C6", {"name": "crm_orders", "columns": columns})
        data.add_table("F1:G3", {"name": "Other", "columns": [{"header": "x"}, {"header": "y"}]})
        data.write("I1", True)
        form.write_formula("A1", "=SUM(Data!C2:C6)", None, 22.5)
        form.merge_range("C1:D1", "merged")
        form.data_validation("B2", {"validate": "list", "source": ["a", "b"]})
        form.conditional_format(
            "B5:B9", {"type": "cell", "criteria": ">", "value": 1, "format": book.add_format({"bold": True})}
        )
        form.set_column("A:C", 9)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Data!$C$2:$C$6"})
        form.insert_chart("F2", chart)
        form.write_url("A9", "https://example.com")
        book.define_name("rate", "=Data!$I$1")
    return out.getvalue()


def put(part: str, pattern: str, by: str):
    """An edit that replaces a pattern once in one part."""

    def edit(package: Package) -> None:
        text = package.read(part).decode()
        assert re.search(pattern, text, re.DOTALL), f"{pattern} is not in {part}: {text[:2000]}"
        package.write(part, re.sub(pattern, by, text, count=1, flags=re.DOTALL).encode())

    return edit


def chain(cells: str):
    def edit(package: Package) -> None:
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        package.write(CHAIN, f'<calcChain xmlns="{main}">{cells}</calcChain>'.encode())
        package.relate(BOOK, "calcChain", CHAIN)
        package.set_content_type(CHAIN, CHAIN_TYPE)
        package.write(FORM, package.read(FORM) + b"<!-- looked at -->")

    return edit


def twin_part(package: Package) -> None:
    package._written["XL/styles.xml"] = package._packer.pack(package.read(STYLES))


BROKEN = {
    "table-header": put(TABLE, 'name="金额"', 'name="改名"'),
    "table-column-twice": put(TABLE, 'name="金额"', 'name="名称"'),
    "table-column-id-twice": put(TABLE, '<tableColumn id="2"', '<tableColumn id="1"'),
    "table-columns": put(TABLE, 'ref="A1:C6"(.*)ref="A1:C6"', r'ref="A1:D6"\1ref="A1:D6"'),
    "table-reference": put(TABLE, 'ref="A1:C6"', 'ref="A1:"'),
    "table-without-data-row": put(TABLE, 'ref="A1:C6"(.*)ref="A1:C6"', r'ref="A1:C1"\1ref="A1:C1"'),
    "table-filter": put(TABLE, '<autoFilter ref="A1:C6"', '<autoFilter ref="A1:C60"'),
    "table-id-twice": put(OTHER, '<table ([^>]*) id="2"', r'<table \1 id="1"'),
    "table-name-twice": put(OTHER, 'displayName="Other"', 'displayName="CRM_orders"'),
    "table-name-is-a-defined-name": put(BOOK, 'definedName name="rate"', 'definedName name="crm_orders"'),
    "table-overlap": put(OTHER, 'ref="F1:G3"(.*)ref="F1:G3"', r'ref="C1:D3"\1ref="C1:D3"'),
    "table-merge": put(DATA, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A3:B3"/></mergeCells>'),
    "filter-over-table": put(DATA, "</sheetData>", '</sheetData><autoFilter ref="A1:C6"/>'),
    "table-not-listed": put(DATA, "<tablePart r:id=[^>]*/>", ""),
    "merge-overlap": put(FORM, 'count="1"><mergeCell ref="C1:D1"/>', 'count="2"><mergeCell ref="C1:D1"/><mergeCell ref="D1:E1"/>'),
    "merge-reference": put(FORM, '<mergeCell ref="C1:D1"/>', '<mergeCell ref="D1:C1"/>'),
    "cell-order": put(DATA, '(<c r="A2".*?</c>)(<c r="B2".*?</c>)', r"\2\1"),
    "cell-order (twice)": put(DATA, '(<c r="A2".*?</c>)', r"\1\1"),
    "cell-order (another row's)": put(DATA, '<c r="A3"', '<c r="A7"'),
    "cell-order (in the last row)": put(DATA, '<c r="C6"', '<c r="C9"'),
    "row-order": put(DATA, '(<row r="2".*?</row>)(<row r="3".*?</row>)', r"\2\1"),
    "row-order (twice)": put(DATA, '(<row r="3".*?</row>)', r"\1\1"),
    "outside-the-sheet": put(DATA, '<row r="6"(.*?)</row>', r'<row r="6"\1</row><row r="1048577"></row>'),
    "style-index": put(DATA, '<c r="A2" s="1"', '<c r="A2" s="99"'),
    "style-index (after the type)": put(DATA, '<c r="A2" s="1" t="s"', '<c r="A2" t="s" s="99"'),
    "style-index (of a row)": put(DATA, '<row r="2"', '<row r="2" s="99" customFormat="1"'),
    "shared-string-index": put(DATA, r'(<c r="A2" s="1" t="s"><v>)\d+', r"\g<1>9999"),
    "bad-number": put(DATA, '(<c r="C2"[^>]*>)<v>1.5</v>', r"\1<v>nan</v>"),
    "bad-number (infinite)": put(DATA, '(<c r="C2"[^>]*>)<v>1.5</v>', r"\1<v>-inf</v>"),
    "bad-number (of a formula)": put(FORM, "<v>22.5</v>", "<v>n/a</v>"),
    "bad-boolean": put(DATA, '(<c r="I1" t="b">)<v>1', r"\1<v>yes"),
    "inline-text-as-value": put(DATA, r'<c r="A2" s="1" t="s"><v>\d+</v>', '<c r="A2" s="1" t="inlineStr"><v>x</v>'),
    "text-too-long": put(DATA, r'<c r="A2" s="1" t="s"><v>\d+</v>', f'<c r="A2" t="inlineStr"><is><t>{"x" * 33_000}</t></is>'),
    "shared-formula-without-master": put(FORM, r"<f>SUM\(Data!C2:C6\)</f>", '<f t="shared" si="5"/>'),
    "formula-brackets": put(FORM, r"<f>SUM\(Data!C2:C6\)</f>", "<f>SUM(Data!C2:C6</f>"),
    "formula-quotes": put(FORM, r"<f>SUM\(Data!C2:C6\)</f>", "<f>LEN(&quot;a)</f>"),
    "formula-equals-sign": put(FORM, "<f>SUM", "<f>=SUM"),
    "formula-semicolon": put(FORM, "Data!C2:C6", "Data!C2;Data!C6"),
    "formula-unprefixed-function": put(FORM, r"SUM\(Data!C2:C6\)", "XLOOKUP(1,Data!A:A,Data!B:B)"),
    "formula-missing-sheet": put(FORM, "Data!C2:C6", "Gone!C2:C6"),
    "formula-too-long": put(FORM, r"SUM\(Data!C2:C6\)", "1" + "+1" * 4200),
    "element-order": put(FORM, "(<mergeCells.*?</mergeCells>)(.*?</conditionalFormatting>)", r"\2\1"),
    "columns-overlap": put(FORM, r'<col min="1" max="3"', '<col min="1" max="2" width="9"/><col min="2" max="3"'),
    "columns-range": put(FORM, r'<col min="1" max="3"', '<col min="1" max="30000"'),
    "format-index": put(FORM, 'dxfId="0"', 'dxfId="77"'),
    "reference": put(FORM, '(<dataValidation [^>]*sqref=)"[^"]*"', r'\1"B2:"'),
    "list-too-long": put(FORM, '<formula1>"a,b"', '<formula1>"' + ",".join(f"item{i}" for i in range(60)) + '"'),
    "prompt-too-long": put(FORM, "<dataValidation ", f'<dataValidation promptTitle="{"x" * 40}" '),
    "formula-missing-sheet (in a list)": put(FORM, '<formula1>"a,b"', "<formula1>Gone!$A$1:$A$9"),
    "not-well-formed": put(DATA, "</sheetData>", "</sheetdata>"),
    "not-well-formed (a control character)": put(DATA, "<v>1.5</v>", "<v>&#1;</v>"),
    "not-well-formed (a part)": put(STYLES, "</styleSheet>", ""),
    "relationship-missing": put(FORM, r'<drawing r:id="rId\d+"', '<drawing r:id="rId99"'),
    "relationship-twice": put(DATA_LINKS, 'Id="rId2"', 'Id="rId1"'),
    "relationship-target-missing": put(DATA_LINKS, "table2.xml", "table9.xml"),
    "content-type-wrong": put(TYPES, r'("/xl/tables/table1.xml" ContentType=)"[^"]*"', r'\1"application/xml"'),
    "content-type-missing": lambda package: package.write("xl/media/a.wmf", b"picture"),
    "content-type-of-missing-part": put(TYPES, "</Types>", '<Override PartName="/xl/gone.xml" ContentType="a/b"/></Types>'),
    "part-twice": twin_part,
    "ignorable-prefix-undeclared": put(
        STYLES, "<styleSheet ", '<styleSheet xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" '
    ),
    "sheet-name": put(BOOK, 'sheet name="Data"', 'sheet name="a:b"'),
    "sheet-name (too long)": put(BOOK, 'sheet name="Data"', f'sheet name="{"D" * 32}"'),
    "sheet-name-twice": put(BOOK, 'sheet name="表单"', 'sheet name="DATA"'),
    "sheet-id-twice": put(BOOK, 'sheetId="2"', 'sheetId="1"'),
    "sheet-without-part": put(BOOK, 'sheetId="2" r:id="rId2"', 'sheetId="2" r:id="rId77"'),
    "defined-name-twice": put(BOOK, "(<definedName .*?</definedName>)", r"\1\1"),
    "defined-name": put(BOOK, 'definedName name="rate"', 'definedName name="my rate"'),
    "defined-name (a cell's)": put(BOOK, 'definedName name="rate"', 'definedName name="AB12"'),
    "defined-name-scope": put(BOOK, 'definedName name="rate"', 'definedName name="rate" localSheetId="9"'),
    "format-part-index": put(STYLES, r'(<cellXfs[^>]*><xf [^>]*fontId=)"0"', r'\1"99"'),
    "count-wrong": put(STYLES, '<cellXfs count="[0-9]+"', '<cellXfs count="99"'),
    "count-wrong (of limits)": put(FORM, '<dataValidations count="1"', '<dataValidations count="7"'),
    "count-wrong (of columns)": put(TABLE, '<tableColumns count="3"', '<tableColumns count="x"'),
    "object-id-twice": put("xl/drawings/drawing1.xml", "(<xdr:twoCellAnchor.*?</xdr:twoCellAnchor>)", r"\1\1"),
    "formula-missing-sheet (of a chart)": put("xl/charts/chart1.xml", r"Data!\$C\$2:\$C\$6", "Gone!$C$2:$C$6"),
    "table-row-counts": put(TABLE, "<table ", '<table totalsRowCount="x" '),
    "calculation-chain-stale": chain('<c r="A1" i="2"/><c r="B7" i="2"/>'),
    "calculation-chain-sheet": chain('<c r="A1" i="8"/>'),
    "calculation-chain-empty": chain(""),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "edit"), BROKEN.items(), ids=BROKEN)
def test_a_broken_workbook_is_noticed(sound, rule, edit):
    package = Package.open(sound)
    edit(package)
    changed = package.changed
    assert rule.partition(" (")[0] in {f.rule for f in lint(package, changed)}
    assert rule.partition(" (")[0] in {f.rule for f in lint(package)}


def test_too_many_formats_are_noticed(sound):
    package = Package.open(sound)
    put(STYLES, r'<cellXfs count="(\d+)">(.*?)</cellXfs>', r"<cellXfs>\2" + '<xf fontId="0"/>' * 65_500 + "</cellXfs>")(
        package
    )
    assert {f.rule for f in lint(package)} == {"too-many-formats"}


def test_a_sound_workbook_has_no_findings(sound):
    assert lint(Package.open(sound)) == set()


def test_a_chain_that_names_every_formula_is_sound(sound):
    package = Package.open(sound)
    chain('<c r="A1" i="2"/>')(package)
    assert lint(package) == set()


def test_structured_references_and_quoted_names_are_sound(sound):
    for formula in (
        "SUM(crm_orders[金额])/crm_orders[[#This Row],[a;b(]]",
        "crm_orders[[#This Row],['#of '[x']]]",
        "IF('it''s (1)'!A1=&quot;a;(&quot;,1,0)",
        "SUM([1]Other!A1,[0]!name)",
        "_xlfn.XLOOKUP(1,A1:A2,B1:B2)+_xlfn._xlws.FILTER(A1:A2,B1:B2)",
        "SUM(表单!A1:A2,{1;2})+#REF!",
    ):
        package = Package.open(sound)
        put(BOOK, 'sheet name="Data"', 'sheet name="it\'s (1)"')(package)
        put(FORM, r"SUM\(Data!C2:C6\)", formula.replace("\\", r"\\"))(package)
        assert {f.rule for f in lint(package, {FORM})} == set(), formula


@pytest.mark.reference
def test_real_workbooks_are_left_alone():
    known = {
        "revisions_shared.xlsx": "content-type-of-missing-part",
        "root_absolute_paths.xlsx": "content-type-missing",
    }
    for file in sorted(CORPUS.glob("*.xls?")):
        if not file.name.startswith("encrypted"):
            rules = {f.rule for f in lint(Package.open(file))}
            assert rules == ({known[file.name]} if file.name in known else set()), file.name


def odd(package: Package) -> None:
    """Another spelling of the same sheet: every element has a prefix."""
    text = package.read(DATA).decode()
    text = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", text).replace("<?x:xml", "<?xml").replace(" xmlns=", " xmlns:x=")
    package.write(DATA, text.encode())


@pytest.mark.parametrize(
    "rule",
    [
        "row-order",
        "cell-order (twice)",
        "style-index (of a row)",
        "shared-string-index",
        "bad-number",
        "text-too-long",
        "table-header",
    ],
)
def test_a_sheet_in_an_unusual_spelling_is_checked_all_the_same(sound, rule):
    package = Package.open(sound)
    odd(package)
    assert lint(package, package.changed) == set()
    package = Package.open(sound)
    BROKEN[rule](package)
    odd(package)
    assert rule.partition(" (")[0] in {f.rule for f in lint(package, package.changed)}


def test_cells_without_references_are_counted(sound):
    package = Package.open(sound)
    text = package.read(DATA).decode()
    package.write(DATA, re.sub(r'<(row|c) r="(?!I1|F|G)[^"]*"', r"<\1", text).encode())
    assert {f.rule for f in lint(package, {DATA})} == set()


def test_only_what_the_changes_brought_in_counts(sound):
    package = Package.open(sound)
    BROKEN["list-too-long"](package)
    assert {f.rule for f in new_findings(package)} == {"list-too-long"}
    out = io.BytesIO()
    package.save(out)
    theirs = Package.open(out.getvalue())
    put(FORM, "<v>22.5</v>", "<v>23</v>")(theirs)
    put(FORM, r'sqref="B2"', 'sqref="B3"')(theirs)
    assert lint(theirs)
    assert new_findings(theirs) == set()
    BROKEN["merge-overlap"](theirs)
    assert {f.rule for f in new_findings(theirs)} == {"merge-overlap"}


def test_formats_that_vanish_under_other_sheets_are_noticed(sound):
    package = Package.open(sound)
    put(STYLES, "(<cellXfs[^>]*><xf[^>]*/>).*?</cellXfs>", r"\1</cellXfs>")(package)
    assert ("style-index", DATA) in {(f.rule, f.part) for f in lint(package, package.changed)}
