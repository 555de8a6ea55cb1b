"""Workbooks broken as they are found in the wild, each made from a good one: bytes in, bytes out."""

import io
import re
import zipfile
from collections.abc import Callable

from crmbook.binding import Standing, bind, name_of
from crmbook.ooxml import Package, Workbook
from crmbook.schema import BY_ID

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def rewritten(book: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The book with each part put through `change`; None leaves the part out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return out.getvalue()


def standing(book: bytes, form: str) -> Standing:
    """Where a form stands in the book."""
    found = bind(Workbook(Package.open(book)), form, BY_ID[form].columns)
    assert found is not None
    return found


def typed(book: bytes, form: str, column: str, position: int, text: str) -> bytes:
    """Somebody types a text into a cell."""
    stands = standing(book, form)
    cell = stands.address(position, column).rpartition("!")[2]
    pattern = re.compile(rf'<c r="{cell}"((?: s="\d+")?)[^>]*?(?:/>|>.*?</c>)'.encode(), re.DOTALL)
    put = rf'<c r="{cell}"\1 t="inlineStr"><is><t>{text}</t></is></c>'.encode()

    def change(name: str, content: bytes) -> bytes:
        if name != stands.table.sheet.part:
            return content
        content, count = pattern.subn(put, content)
        assert count == 1
        return content

    return rewritten(book, change)


def without_column(book: bytes, form: str, column: str) -> bytes:
    """A column was deleted, and another one stands in its place: the hidden name points nowhere, the header is gone."""
    stands = standing(book, form)
    label = stands.table.columns[stands.columns[column] - stands.table.first_col]
    binding = re.compile(rf'(<definedName [^>]*name="{re.escape(name_of(form, column))}"[^>]*>)[^<]*'.encode())

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/workbook.xml":
            content, count = binding.subn(rb"\1#REF!", content)
            assert count == 1
        if name == stands.table.part:
            content = content.replace(f'name="{label}"'.encode(), b'name="x"')
        return content

    return rewritten(book, change)


def value(book: bytes, form: str, column: str, position: int) -> str:
    """What stands in a cell."""
    workbook, stands = Workbook(Package.open(book)), standing(book, form)
    return str(workbook.values(stands.sheet)[stands.table.first_row + position - 1][stands.columns[column] - 1])


def not_zip(book: bytes) -> bytes:
    return b"customer_id,name\r\nC001,Ann\r\n"


def empty(book: bytes) -> bytes:
    return b""


def torn(book: bytes) -> bytes:
    """The download broke off."""
    return book[: len(book) // 2]


def encrypted(book: bytes) -> bytes:
    """What Excel saves under a password: an OLE2 file with these two streams in its directory."""
    streams = [
        name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    ]
    return OLE2 + bytes(504) + b"".join(streams) + bytes(1024)


def xls(book: bytes) -> bytes:
    """An old .xls whose name was changed to .xlsx."""
    streams = [name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", "Workbook")]
    return OLE2 + bytes(504) + b"".join(streams) + bytes(1024)


def zip_bomb(book: bytes) -> bytes:
    """A sheet that unpacks to more than any sheet of its packed size."""
    part = standing(book, "settings").table.sheet.part
    return rewritten(book, lambda name, content: content + b" " * (101 << 20) if name == part else content)


def doctype(book: bytes) -> bytes:
    """A table that declares an external entity."""
    part = standing(book, "orders").table.part
    declared = b'<!DOCTYPE table [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return rewritten(
        book, lambda name, content: content.replace(b"<table", declared + b"<table", 1) if name == part else content
    )


def bad_checksum(book: bytes) -> bytes:
    """The sheet of orders is not the one that was saved: its checksum tells."""
    part = standing(book, "orders").table.sheet.part
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        info = opened.getinfo(part)
    return book.replace(info.CRC.to_bytes(4, "little"), (info.CRC ^ 1).to_bytes(4, "little"))


def another_program(book: bytes) -> bytes:
    """A workbook that crmbook did not make."""
    import openpyxl

    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def once_xls(book: bytes) -> bytes:
    """LibreOffice saved it as .xls and as .xlsx again: no tables, and no points in names."""

    def change(name: str, content: bytes) -> bytes:
        if name == "xl/workbook.xml":
            return re.sub(rb'(?<=name=")_crm\.[^"]*', lambda found: found[0].replace(b".", b"_"), content)
        return (
            content.replace(b'displayName="crm_', b'displayName="gone_') if name.startswith("xl/tables/") else content
        )

    return rewritten(book, change)


def without_table(book: bytes, form: str) -> bytes:
    """The table is gone, its sheet is not: LibreOffice drops some where a sheet is deleted, Excel makes one a plain range."""
    table = f"crm_{form}"
    part = Workbook(Package.open(book)).tables[table].part
    return rewritten(
        book,
        lambda name, content: (
            content.replace(f'displayName="{table}"'.encode(), b'displayName="gone"') if name == part else content
        ),
    )


def no_orders_table(book: bytes) -> bytes:
    return without_table(book, "orders")


def no_payments_table(book: bytes) -> bytes:
    """Without them everybody would owe everything."""
    return without_table(book, "payments")


def no_grading_table(book: bytes) -> bytes:
    """The report is left as it is; the others are made all the same."""
    return without_table(book, "grading")


def deleted_column(book: bytes) -> bytes:
    """The orders no longer say whose they are."""
    return without_column(book, "orders", "customer_id")


def empty_sheet(book: bytes) -> bytes:
    """Everything on the sheet of customers was deleted."""
    part = standing(book, "customers").table.sheet.part
    cells = re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)
    return rewritten(book, lambda name, content: cells.sub(b"<sheetData/>", content) if name == part else content)


def text_in_amount(book: bytes) -> bytes:
    return typed(book, "orders", "amount", 0, "一千二")


def barcode_as_amount(book: bytes) -> bytes:
    return typed(book, "orders", "amount", 0, "950123456789012")


def failed_formula(book: bytes) -> bytes:
    """An amount that is looked up and not found, and a salesperson who is not."""
    asked = typed(typed(book, "orders", "amount", 0, "#N/A"), "orders", "seller", 1, "#N/A")
    told, meant = b't="inlineStr"><is><t>#N/A</t></is>', b't="e"><f>NA()</f><v>#N/A</v>'
    return rewritten(asked, lambda name, content: content.replace(told, meant))


def impossible_date(book: bytes) -> bytes:
    return typed(book, "orders", "date", 1, "2025.13.40")


def unknown_customer(book: bytes) -> bytes:
    return typed(book, "orders", "customer_id", 2, "NOBODY")


def duplicate_key(book: bytes) -> bytes:
    return typed(book, "customers", "customer_id", 1, value(book, "customers", "customer_id", 0))


def customer_twice(book: bytes) -> bytes:
    """The same company under a second number."""
    return typed(book, "customers", "name", 1, value(book, "customers", "name", 0).replace("有限公司", "有限责任公司"))


def paid_too_much(book: bytes) -> bytes:
    """A payment with its point in the wrong place."""
    return typed(book, "payments", "amount", 0, "99999999")


def faulty_measure(book: bytes) -> bytes:
    """A measure asks for a value that is not there."""
    return typed(book, "playbook", "measure", 12, "{{ nett_12m }}")


def measure_for_nobody(book: bytes) -> bytes:
    """A measure for something that is neither a class nor a form."""
    return typed(book, "playbook", "form", 0, "value_clas")


def threshold_as_text(book: bytes) -> bytes:
    """A threshold that Python could read but no formula can."""
    return typed(book, "settings", "value", 2, "75%")


STOPS = (not_zip, empty, torn, encrypted, xls, zip_bomb, doctype, bad_checksum, another_program, once_xls, no_orders_table, no_payments_table, deleted_column, empty_sheet, barcode_as_amount)  # fmt: skip
PROBLEMS = (
    text_in_amount,
    failed_formula,
    impossible_date,
    unknown_customer,
    duplicate_key,
    customer_twice,
    paid_too_much,
    faulty_measure,
    measure_for_nobody,
    threshold_as_text,
    no_grading_table,
)
