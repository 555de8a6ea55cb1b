"""A CSV file into a frame of texts, whatever its encoding and separator."""

import csv
import io
import re
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from crmbook.problems import stop
from crmbook.text import Text

NO_TEXT = Text("不是 UTF-8 或 GB18030 编码的文本文件", "this is not a text file in UTF-8 or GB18030")
SAVE_AS = Text("请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "save it in Excel as “CSV UTF-8 (Comma delimited)”")
UNEVEN = Text("这一行的列数比列名多", "this line has more columns than there are names of columns")
BROKEN = Text("引号没有成对", "a double quote has no partner")
FEW = 0.1  # of the lines
CHARACTER = re.compile(
    rb"([\xa1-\xf7][\xa1-\xfe])|[\x81-\xfe][\x40-\xfe]|[\x80-\xff]"
)  # of GB 2312, of GBK, of neither
QUOTE = Text("请给含有分隔符或引号的内容加上双引号，或重新导出", "put double quotes around text that holds the separator or a quote, or export the file again")  # fmt: skip


def decoded(file: Path) -> tuple[str, str]:
    """The file's text, and the name of its encoding where that is only a guess: the last resort reads every byte."""
    data = file.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # "Unicode text", as Excel saves it
        return data.decode("utf-16", errors="replace"), ""
    if b"\x00" in data:
        raise stop(file.name, NO_TEXT, SAVE_AS)
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig"), ""
    with suppress(UnicodeDecodeError):
        if _is_chinese(data):
            return data.decode("gb18030"), ""
    with suppress(UnicodeDecodeError):
        return data.decode("cp1252"), "Windows-1252"
    return data.decode("latin-1"), "Latin-1"


def _is_chinese(data: bytes) -> bool:
    """Whether the bytes above ASCII go in pairs, as in the usual Chinese characters; in José or Müller they stand alone."""
    usual = [bool(found) for found in CHARACTER.findall(data)]
    return sum(usual) > len(usual) / 2


def separator(text: str) -> str:
    return max(",;\t", key=text.split("\n", 1)[0].count)


def first(text: str) -> list[str]:
    """The cells of the first record."""
    return [cell.strip() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=separator(text)), [])]


def parsed(file: Path, text: str, above: int) -> tuple[pd.DataFrame, list[int]]:
    """The cells as text, blank ones missing; and the lines with more cells than there are headers, whose rows are blank.

    Where such lines are not few, the file was not written with this separator or without quotes: the run stops.
    `above`: the lines of the file before the text.
    """
    try:
        return _frame(text), []
    except pd.errors.ParserWarning as error:  # the first line already is too long
        raise stop(f"{file.name}:{above + 2}", UNEVEN, QUOTE) from error
    except pd.errors.ParserError as error:
        at = re.search(r"in line (\d+), saw", str(error))
        if at is None:
            raise stop(file.name, BROKEN, QUOTE) from error
        even, uneven, lines = _evened(text)
        if len(uneven) > FEW * lines:
            raise stop(f"{file.name}:{above + uneven[0]}", UNEVEN, QUOTE) from error
        return _frame(even), [above + line for line in uneven]


def headers(frame: pd.DataFrame, text: str) -> dict[str, str]:
    """Column of the frame → its header as it stands in the file: pandas numbers those that stand twice or are blank."""
    stand = first(text)
    stand += [""] * (len(frame.columns) - len(stand))
    return dict(zip(frame.columns, stand, strict=False))


def _frame(text: str) -> pd.DataFrame:
    options: dict[str, Any] = {"dtype": object, "keep_default_na": False, "na_values": [""], "skip_blank_lines": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        frame: pd.DataFrame = pd.read_csv(io.BytesIO(text.encode()), sep=separator(text), index_col=False, **options)
    return frame


def _evened(text: str) -> tuple[str, list[int], int]:
    """The text with every record as long as the header, too long ones blank; where these begin, and how many records there are."""
    sign, out, uneven, begins, count = separator(text), io.StringIO(), [], 1, 0
    records = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    writer = csv.writer(out, delimiter=sign)
    width = 0
    for count, record in enumerate(records):  # noqa: B007  the last count is the number of records without the header
        width = width or len(record)
        if len(record) > width:
            uneven.append(begins)
            writer.writerow([""] * width)
        else:
            writer.writerow(record + [""] * (width - len(record)))
        begins = records.line_num + 1
    return out.getvalue(), uneven, count
