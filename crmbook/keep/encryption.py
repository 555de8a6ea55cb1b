"""Workbooks under a password: decrypted in memory, encrypted again before anything reaches the disk."""

import io
import struct
from pathlib import Path
from xml.parsers.expat import ExpatError

from crmbook.ooxml.package import OLE2
from crmbook.problems import stop
from crmbook.text import Text

STREAM = "EncryptedPackage".encode("utf-16-le")  # its name in the directory of an OLE2 file
# What the library's parsers raise where a file is not what it says it is; its own errors come with it.
DAMAGE = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, struct.error, ExpatError)

PROTECTED = Text("文件有打开密码，无法读取", "the file is protected by a password and cannot be read")
GIVE_IT = Text(
    "在终端中运行，按提示输入密码；或把密码写在文本文件的第一行，用 --password-file 给出",
    "run it in a terminal and type the password when asked, or give a text file that holds it in --password-file FILE",
)
NO_EXTRA = Text(
    "文件有打开密码，读取它所需的组件没有安装",
    "the file is protected by a password, and what is needed to read it is not installed",
)
INSTALL = Text(
    '运行 pip install "crmbook[password]" 后再试；或在 Excel 的「文件 › 信息 › 保护工作簿」中清除密码并保存',
    'run pip install "crmbook[password]", then try again; or clear the password under File › Info › Protect Workbook in Excel and save',
)
WRONG = Text("密码不对", "the password is not the right one")
ONCE_MORE = Text("检查大小写和输入法后再试一次", "check capitals and the keyboard, then try again")
UNREADABLE = Text(
    "文件有打开密码，但已损坏，或不是用 Excel 的方式加密的（{error}）",
    "the file is protected by a password, but damaged, or encrypted in another way than Excel's ({error})",
)
CLEAR_IT = Text(
    "请在 Excel 中打开它，在「文件 › 信息 › 保护工作簿」中清除密码并保存，再运行一次；或用 crmbook undo 恢复上一个版本",
    "open it in Excel, clear the password under File › Info › Protect Workbook, save it, then run this again; or bring the previous file back with crmbook undo",
)


def is_encrypted(path: Path) -> bool:
    """True if the workbook at `path` opens only with a password; False for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(OLE2)) == OLE2 and STREAM in file.read()
    except OSError:
        return False


def locked(stored: bytes) -> bool:
    """True if the bytes of a file are an encrypted workbook."""
    return stored.startswith(OLE2) and STREAM in stored


def unlocked(path: Path, stored: bytes, password: str | None) -> bytes:
    """The workbook in the bytes of an encrypted file; CannotProceedError if the password is missing or wrong."""
    if not password:
        raise stop(path, PROTECTED, GIVE_IT)
    try:
        from msoffcrypto import exceptions
        from msoffcrypto.format.ooxml import OOXMLFile
    except ImportError as error:
        raise stop(path, NO_EXTRA, INSTALL) from error
    own = (exceptions.DecryptionError, exceptions.FileFormatError, exceptions.ParseError)
    try:
        file = OOXMLFile(io.BytesIO(stored))
        try:
            file.load_key(password=password, verify_password=True)
        except exceptions.InvalidKeyError as error:
            raise stop(path, WRONG, ONCE_MORE) from error
        content = io.BytesIO()
        # The older of Excel's two ways has no checksum: there the packed workbook's own ones must do.
        file.decrypt(content, verify_integrity=file.type == "agile")
    except (*own, *DAMAGE) as error:
        raise stop(path, UNREADABLE.fill(error=f"{type(error).__name__}: {error}"), CLEAR_IT) from error
    return content.getvalue()


def sealed(content: bytes, password: str) -> bytes:
    """A workbook encrypted as Excel does it (agile, AES-256), under a password that `unlocked` was given."""
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, out)
    return out.getvalue()


def inside(path: Path, stored: bytes, password: str | None) -> bytes:
    """The workbook in the bytes of a file, encrypted or not."""
    return unlocked(path, stored, password) if locked(stored) else stored
