"""What a user puts on cells: words, formulas, notes, threads, links, heights; each as Excel writes it."""

from tests.contract.draft import MAIN, SML, Draft
from tests.excel_references import name_of, quoted, ref_of

THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"
VML = '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"/>{}</xml>'
SHAPE = '<v:shape id="_x0000_s{id}" type="#_x0000_t202" style=\'position:absolute\'><v:textbox><div style=\'text-align:left\'></div></v:textbox><x:ClientData ObjectType="{kind}"><x:MoveWithCells/><x:Anchor>\n    {column}, 15, {top}, 2, {right}, 31, {bottom}, 1</x:Anchor>{more}</x:ClientData></v:shape>'

KINDS = 8  # of what a reference may mean


def spot(draft: Draft, at: int) -> tuple[int, int]:
    """A cell that is nobody's yet by its place: under the table in its columns, under it to the right, beside, above.

    Nothing is put beside a table with a row of totals: as that goes up and down, it comes to stand beside it or not.
    """
    where, at = at % 4 - (at % 4 == 2 and draft.totals), at // 4
    if where == 0:
        return draft.marked(at // 4), draft.left + 2 + at % 4
    if where == 1:
        return draft.marked(at // 4), draft.right + 2 + at % 3
    if where == 2:
        return draft.first + at // 3 % len(draft.keys), draft.right + 2 + at % 3
    return 1 + at % (draft.header - 1), draft.left + at // 3 % 6


def asked(draft: Draft, at: int) -> tuple[int, int]:
    """A cell of the user's in the table; its row must be kept."""
    row = draft.first + at % len(draft.keys)
    draft.noted.add(draft.keys[row - draft.first])
    return row, draft.left + 4 + at // 7 % 2


def anywhere(draft: Draft, at: int) -> tuple[int, int]:
    return asked(draft, at // 3) if at % 3 == 0 else spot(draft, at // 3)


def typed(draft: Draft, a: int, b: int) -> None:
    """A word, plain, of several looks, with its reading, or inline; a number; a day."""
    row, column = anywhere(draft, a)
    if not draft.take(row, column, row, column):
        return
    says = f"字{draft.number()}"
    rich = f'<r><t xml:space="preserve">{says} </t></r><r><rPr><b/><sz val="9"/></rPr><t>勿扰</t></r>'
    phonetic = f'<t>{says}</t><rPh sb="0" eb="1"><t>じ</t></rPh><phoneticPr fontId="1"/>'
    draft.cells[row, column] = (
        draft.text(says),
        f' s="3" t="s"><v>{draft.string(rich)}</v>',
        f' t="s" ph="1"><v>{draft.string(phonetic)}</v>',
        f' t="inlineStr"><is>{rich}</is>',
        f"><v>{b}</v>",
        f' s="4"><v>{40000 + b}</v>',
    )[b % 6]


def target(draft: Draft, at: int, *, sheet: bool) -> str:
    """A reference that must come to mean the same: a cell; named rows; a whole column, or with what is above; columns of the
    sheet; from beside the table, or from its header, down to a named row."""
    row, column = spot(draft, at // KINDS)
    fixed, low, under = at % 2 == 0, draft.marked(at, 3), draft.marked(at // KINDS)
    return (
        draft.ref(row, column, sheet=sheet, fixed=fixed),
        draft.ref(low, column, bottom=low + 2, right=column + 1, sheet=sheet, fixed=fixed),
        draft.column(at // KINDS, sheet=sheet, fixed=fixed),
        draft.column(at // KINDS, above=1, sheet=sheet, fixed=fixed),
        draft.ref(1, draft.left, bottom=1_048_576, right=draft.left + at % 7, sheet=sheet, fixed=True),
        (f"{quoted(draft.sheet)}!" if sheet else "") + "$C:$D",
        draft.ref(draft.first, draft.right + 3, bottom=under, sheet=sheet, fixed=fixed),
        draft.ref(draft.header, draft.left + 2, bottom=under, right=draft.right + 1, sheet=sheet, fixed=fixed),
    )[at % KINDS]


def formula(draft: Draft, a: int, b: int) -> None:
    """A formula beside, under or above the table."""
    row, column = spot(draft, a)
    if draft.take(row, column, row, column):
        of = target(draft, b, sheet=b % 5 == 0)
        text = (f"SUM({of})", f'IF(COUNTA({of})&gt;1,"{of}",{of})', f"SUM(A1:INDEX({of},1))", "SUM(crm_grading[#All])")[b % 4]  # fmt: skip
        draft.cells[row, column] = f' s="1"><f>{text}</f><v>{b}</v>'


def own_formula(draft: Draft, a: int, b: int) -> None:
    """A formula in a cell of the user's in the table, over its own row and a cell that stands fast."""
    row, column = asked(draft, a)
    if draft.take(row, column, row, column):
        fixed = draft.ref(draft.marked(b), draft.left + 3, fixed=True)
        draft.cells[row, column] = f"><f>{draft.ref(row, draft.left + 2)}*2+{fixed}</f><v>1</v>"


def filled_down(draft: Draft, a: int, b: int) -> None:
    """A formula of theirs on every row of the table, shared by them, which Excel gives new rows too."""
    column, rows = draft.left + 4, range(draft.first, draft.last + 1)
    if "column" in draft.tail or any((r, column) in draft.cells for r in rows):
        return
    text = (f"{draft.ref(draft.first, draft.left + 2)}*2", "crm_grading[[#This Row],[{}]]*2")[b % 2]
    draft.tail["column"] = [f"<calculatedColumnFormula>{text}</calculatedColumnFormula>"]
    for row in rows:
        draft.take(row, column, row, column)
        shared = f' t="shared" si="7" ref="{draft.ref(draft.first, column, bottom=draft.last)}"' if row == draft.first else ' t="shared" si="7"'  # fmt: skip
        content = f"<f{shared}>{text if row == draft.first else ''}</f>" if a % 2 else f"<f>{draft.ref(row, draft.left + 2)}*2</f>"  # fmt: skip
        draft.cells[row, column] = f">{content}<v>1</v>"


def shared_formula(draft: Draft, a: int, b: int) -> None:
    """A formula filled down under the table, and one filled down on the user's own sheet."""
    row, column = draft.marked(a, 3), draft.left + 2 + a % 4
    if draft.take(row, column, row + 2, column):
        index = draft.number() + 10
        text = f"{draft.ref(row, draft.left)}&amp;{draft.ref(draft.first, draft.left + 1, fixed=True)}"
        for at in range(3):
            head = f' ref="{draft.ref(row, column, bottom=row + 2)}"' if not at else ""
            draft.cells[row + at, column] = (
                f' t="str"><f t="shared"{head} si="{index}">{"" if at else text}</f><v>x</v>'
            )
            draft.own[f"C{index * 3 + at}"] = f'><f t="shared"{head.replace(head[6:-1], f"C{index * 3}:C{index * 3 + 2}") if head else ""} si="{index}">{"" if at else f"SUM({target(draft, b * 2, sheet=True)})"}</f><v>1</v>'  # fmt: skip


def array(draft: Draft, a: int, b: int) -> None:
    """An array formula over two rows, or one that spills, under the table or beside it."""
    row, column = spot(draft, a)
    below = row > draft.last
    if below:
        row = draft.marked(a, 2)
    bottom = row + below
    if draft.take(row, column, bottom, column):
        mark = ' cm="1"' if b % 2 else ""
        area = draft.ref(row, column, bottom=bottom)
        draft.cells[row, column] = f'{mark}><f t="array" ref="{area}">{draft.column(b, sheet=False, fixed=False)}*1</f><v>1</v>'  # fmt: skip
        if below:
            draft.cells[row + 1, column] = "><v>2</v>"


def comment(draft: Draft, a: int, b: int) -> None:
    """A note with its box; with a thread and its person or without."""
    row, column = anywhere(draft, a)
    ref = name_of(column, row)
    notes = draft.tail.setdefault("comments", [])
    if any(f'ref="{ref}"' in note for note in notes):
        return
    notes.append(f'<comment ref="{ref}" authorId="0" shapeId="0"><text><r><t>注{draft.number()} ref="A5"</t></r></text></comment>')  # fmt: skip
    more = f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
    top = max(row - 2, 0)
    box(draft, "Note", column, top, column + 2, top + 4, more)
    part = "xl/comments1.xml"
    if len(notes) == 1:
        draft.relate(draft.table_sheet, "comments", part)
    draft.part(part, f'<comments xmlns="{MAIN}"><authors><author>me</author></authors><commentList>{"".join(notes)}</commentList></comments>', SML + "comments+xml")  # fmt: skip
    if b % 2:
        threads = draft.tail.setdefault("threads", [])
        threads.append(f'<threadedComment ref="{ref}" dT="2026-01-01T00:00:00.00" personId="{{4}}" id="{{{row}-{column}}}"><text>注</text></threadedComment>')  # fmt: skip
        part = "xl/threadedComments/threadedComment1.xml"
        if len(threads) == 1:
            draft.relate(draft.table_sheet, "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment", part)  # fmt: skip
            person = draft.part("xl/persons/person.xml", f'<personList xmlns="{THREADS}"><person displayName="王" id="{{4}}"/></personList>', "application/vnd.ms-excel.person+xml")  # fmt: skip
            draft.relate("xl/workbook.xml", "http://schemas.microsoft.com/office/2017/10/relationships/person", person)
        draft.part(part, f'<ThreadedComments xmlns="{THREADS}">{"".join(threads)}</ThreadedComments>', "application/vnd.ms-excel.threadedcomments+xml")  # fmt: skip


def box(draft: Draft, kind: str, column: int, top: int, right: int, bottom: int, more: str) -> int:
    """A shape in the sheet's VML drawing; its number."""
    shapes = draft.tail.setdefault("vml", [])
    id = 1024 + draft.number()
    shapes.append(SHAPE.format(id=id, kind=kind, column=column, top=top, right=right, bottom=bottom, more=more))
    part = "xl/drawings/vmlDrawing1.vml"
    draft.part(part, VML.format("".join(shapes)).encode(), "")
    if len(shapes) == 1:
        draft.add("legacyDrawing", f'<legacyDrawing r:id="{draft.relate(draft.table_sheet, "vmlDrawing", part)}"/>')
    return id


def link(draft: Draft, a: int, b: int) -> None:
    """A link to the web, to a place in the book, or on several cells."""
    row, column = anywhere(draft, a)
    ref = name_of(column, row)
    if any(f'ref="{ref}"' in x or f'ref="{ref}:' in x for x in draft.tail.get("hyperlinks", [])):
        return
    if b % 3 == 0:
        id = draft.relate(draft.table_sheet, "hyperlink", f"https://example.com/{draft.number()}")
        draft.add("hyperlinks", f'<hyperlink ref="{ref}" r:id="{id}"/>')
    elif b % 3 == 1:
        draft.add("hyperlinks", f'<hyperlink ref="{ref}" location="{target(draft, b // KINDS * KINDS, sheet=b % 2 == 0)}" display="x"/>')  # fmt: skip
    elif row > draft.last:
        row = draft.marked(a, 2)
        draft.add("hyperlinks", f'<hyperlink ref="{draft.ref(row, column, bottom=row + 1)}" location="A1"/>')


def looks(draft: Draft, a: int, b: int) -> None:
    """A row's height, a colour, a level of an outline: of a data row, which goes with its key, or of one below."""
    row = draft.marked(a) if a % 2 else draft.first + a // 2 % len(draft.keys)
    given = (' ht="33" customHeight="1"', ' outlineLevel="1" hidden="1"', ' s="3" customFormat="1"')[b % 3]
    draft.looks[row] = given
    if row <= draft.last and b % 3 == 1 and not draft.filtered:
        draft.filtered = '<filterColumn colId="1"><filters><filter val="B02"/></filters></filterColumn>'


def merge(draft: Draft, a: int, b: int) -> None:
    """Cells merged, with a word in the first."""
    row, column = spot(draft, a)
    height = b % 2 if row > draft.last else 0
    row = draft.marked(a, 2) if height else row
    if draft.take(row, column, row + height, column + 1):
        draft.cells[row, column] = draft.text(f"并{draft.number()}")
        draft.add("mergeCells", f'<mergeCell ref="{ref_of((column, row, column + 1, row + height))}"/>')


def spoken(draft: Draft, a: int, b: int) -> None:
    """A cell of the user's own sheet that speaks of the form."""
    ref = f"A{1 + len(draft.own)}"
    of = target(draft, a, sheet=True)
    draft.own[ref] = f"><f>{(f'SUM({of})', f'MAX({of})+1', f'SUM(A1,{of})')[b % 3]}</f><v>{b}</v>"


ON_CELLS = (typed, formula, own_formula, filled_down, shared_formula, array, comment, link, looks, merge, spoken)
