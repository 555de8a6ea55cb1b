"""What other programs leave of a workbook when they open it and save it again.

    python -m tests.corpus.peers openpyxl BOOK OUT

does it once, in a process of its own: some books take a program down, or keep it busy without end.
"""

import subprocess
import sys
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from lxml import etree

from crmbook.ooxml import Package, RefusedError

HAS_EXCELIZE = find_spec("excelize") is not None
ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds
BUSY = 60  # seconds of work after which a program is not waited for
Saved = tuple[int, int, int]  # parts that say the same, that say something else, that are gone


def openpyxl(path: Path, out: Path) -> None:
    from openpyxl import load_workbook

    with warnings.catch_warnings(action="ignore"):
        load_workbook(path, keep_vba=path.suffix == ".xlsm", rich_text=True).save(out)


def excelize(path: Path, out: Path) -> None:
    import excelize as peer

    book = peer.open_file(str(path))
    book.save_as(str(out))
    book.close()


PEERS: dict[str, Callable[[Path, Path], None]] = {"openpyxl": openpyxl, "excelize": excelize}


def left_by(peer: str, path: Path, folder: Path) -> Saved | None:
    """What one of the peers leaves of a workbook; None if it cannot open or save it."""
    out = folder / f"{peer}-{path.name}"
    command = [sys.executable, "-m", "tests.corpus.peers", peer, str(path), str(out)]
    try:
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=PATIENCE)
        return compared(Package.open(path), Package.open(out))
    except (subprocess.SubprocessError, RefusedError):  # each fails in its own way, and only that it does counts
        return None


def compared(before: Package, after: Package) -> Saved:
    """The parts of a workbook by what became of them: a part under another name counts as the same if its content is; the
    order of attributes and blanks between elements count for nothing."""
    contents = {_meaning(after.read(name)) for name in after.names}
    same = {name for name in before.names if _meaning(before.read(name)) in contents}
    changed = {name for name in before.names if name not in same and name in after}
    return len(same), len(changed), len(before.names) - len(same) - len(changed)


def _meaning(data: bytes) -> bytes:
    """XML as it means, anything else as it is."""
    if not data.lstrip(b"\xef\xbb\xbf").startswith(b"<"):
        return data
    try:
        root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return data
    out = BytesIO()
    etree.ElementTree(root).write_c14n(out)
    return out.getvalue()


if __name__ == "__main__":
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (BUSY, BUSY))
    PEERS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
