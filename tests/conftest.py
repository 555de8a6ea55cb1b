"""What every test may ask for: golden files, the sample workbook, the reference data, a place for backups of its own."""

import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import sdk as open_xml_sdk

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
REFERENCE = Path(os.environ.get("CRMBOOK_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
REQUIRED = os.environ.get("CRMBOOK_REQUIRE", "").split(",")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew", action="store_true", help="write golden files and README tables anew")


def pytest_collection_finish() -> None:
    """The thousands of tests stay to the end: without them each search for garbage is a good deal shorter."""
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, there, reason in (
        ("office", shutil.which("soffice") is not None, "LibreOffice (soffice) is not installed"),
        (
            "sdk",
            open_xml_sdk.program() is not None,
            "the Open XML SDK's validator is not installed (CRMBOOK_SDK_VALIDATOR)",
        ),
        ("reference", REFERENCE.is_dir(), f"no reference data at {REFERENCE} (CRMBOOK_REFERENCE_DATA)"),
    ):
        if item.get_closest_marker(marker) and not there:
            if marker in REQUIRED:
                pytest.fail(f"{reason}, and CRMBOOK_REQUIRE asks for it")
            pytest.skip(reason)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for backups and locks of this test alone; beside it that for what is remembered."""
    folder = tmp_path / "state"
    monkeypatch.setenv("CRMBOOK_STATE", str(folder))
    monkeypatch.setenv("CRMBOOK_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare text with a golden file; `--renew` writes it anew."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--renew"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        assert path.is_file(), f"tests/golden/{name} is not there: poe renew, then read it"
        assert text == path.read_text("utf-8"), f"poe renew, then read git diff tests/golden/{name}"

    return compare


@pytest.fixture
def reference() -> Path:
    """The folder with the reference data; the test needs the marker `reference`, which skips it where that is absent."""
    return REFERENCE


@pytest.fixture(scope="session")
def sdk() -> open_xml_sdk.Validator:
    """What the Open XML SDK finds in a workbook; the test needs the marker `sdk`, which skips it where that is absent."""
    return open_xml_sdk.findings


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The sample workbook of a language, made once: its bytes."""
    books: dict[str, bytes] = {}

    def build(lang: str) -> bytes:
        if lang not in books:
            from crmbook import book

            folder = tmp_path_factory.mktemp(f"sample-{lang}")
            with pytest.MonkeyPatch.context() as environment:
                environment.setenv("CRMBOOK_STATE", str(folder / "state"))
                book.build(folder / "book.xlsx", lang=lang)
            books[lang] = (folder / "book.xlsx").read_bytes()
        return books[lang]

    return build


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book of seven customers, for many quick refreshes; made once and never written to."""
    from tests import small_book

    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        return small_book.build(folder)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with 200 kB of room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.name != "nt"
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", folder], capture_output=True, check=False
        ).returncode
    )
    if not mounted:
        pytest.skip("only root may mount a disk")
    yield folder
    subprocess.run(["umount", folder], check=True)
