"""A CSV file into a frame of texts, whatever its encoding and separator."""

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
QUOTE = Text("请给含有分隔符或引号的内容加上双引号，或重新导出", "put double quotes around text that holds the separator or a quote, or export the file again")  # fmt: skip


def decoded(file: Path) -> tuple[str, bool]:
    """The file's text, and whether its encoding is only the last resort, which reads every byte."""
    data = file.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # "Unicode text", as Excel saves it
        return data.decode("utf-16", errors="replace"), False
    if b"\x00" in data:
        raise stop(file.name, NO_TEXT, SAVE_AS)
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding), False
    return data.decode("latin-1"), True


def separator(text: str) -> str:
    return max(",;\t", key=text.split("\n", 1)[0].count)


def parsed(file: Path, text: str) -> pd.DataFrame:
    """The cells as text, blank ones missing; a line with more cells than there are headers stops the run."""
    options: dict[str, Any] = {"dtype": str, "keep_default_na": False, "na_values": [""], "skip_blank_lines": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame: pd.DataFrame = pd.read_csv(io.StringIO(text), sep=separator(text), index_col=False, **options)
    except pd.errors.ParserWarning as error:  # the first line already is too long
        raise stop(f"{file.name}:2", UNEVEN, QUOTE) from error
    except pd.errors.ParserError as error:
        at = re.search(r"in line (\d+), saw", str(error))
        raise stop(f"{file.name}:{at[1]}" if at else file.name, UNEVEN if at else BROKEN, QUOTE) from error
    return frame
