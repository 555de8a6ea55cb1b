"""A folder of CSV files, as a test writes it."""

import pytest

from tests.sources.files import CUSTOMERS, ORDERS


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        place = tmp_path / "data"
        place.mkdir()
        for name, text in {"customers": CUSTOMERS, "orders": ORDERS, **files}.items():
            if text is not None:
                (place / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return place

    return write
