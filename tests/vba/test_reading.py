"""Reading VBA projects: as oletools reads them, whoever wrote them; nonsense is told from a project."""

import random
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from crmbook import vba
from tests.vba.reading import modules, plain_book, with_button

XLWINGS = Path(find_spec("xlwings").origin).parent
BOOKS = (
    "quickstart.xlsm",
    "quickstart_standalone.xlsm",
    "addin/xlwings.xlam",
)  # saved by Excel, and by another library


def project_in(path: Path) -> bytes:
    with zipfile.ZipFile(path) as file:
        return file.read("xl/vbaProject.bin")


@pytest.mark.parametrize("name", BOOKS)
def test_projects_of_other_programs(name):
    project = project_in(XLWINGS / name)
    assert {name: read.source for name, read in vba.modules(project).items()} == modules(project)


def test_a_project_of_ours(tmp_path):
    (tmp_path / "book.xlsm").write_bytes(with_button(plain_book("一")))
    project = project_in(tmp_path / "book.xlsm")
    found = vba.modules(project)
    assert {name: read.source for name, read in found.items()} == modules(project)
    assert {name for name, read in found.items() if read.is_standard} == {"crmbook", "xlwings"}


def test_what_is_no_project():
    project = project_in(XLWINGS / BOOKS[1])
    for nonsense in (b"", b"nonsense", project[:512], project[:3000], bytes(len(project)), project[:512] + bytes(9999)):
        with pytest.raises(vba.NotReadableError):
            vba.modules(nonsense)


def test_a_damaged_project_is_read_or_refused_and_never_runs_on():
    project, chance = project_in(XLWINGS / BOOKS[0]), random.Random(1)
    for _ in range(150):
        damaged = bytearray(project)
        for _ in range(8):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            assert len(vba.modules(bytes(damaged))) <= len(project)
        except vba.NotReadableError:
            continue
