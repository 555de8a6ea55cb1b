"""What the tests of an open workbook may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REQUIRED, ROOT
from tests.live.libreoffice import Office, running


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice that listens. What its buttons start finds crmbook, and keeps its log in `office.state`."""
    from crmbook.live.libreoffice_uno import uno
    from crmbook.problems import CannotProceedError

    try:
        uno()
    except CannotProceedError as missing:
        if "office" in REQUIRED:
            pytest.fail(f"{missing}, and CRMBOOK_REQUIRE asks for it")
        pytest.skip(str(missing))
    folder: Path = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRMBOOK_STATE", str(folder / "state"))
        environment.setenv("PYTHONPATH", str(ROOT))
        with running(folder / "profile", folder / "state") as program:
            yield program
