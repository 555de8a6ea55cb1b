"""The grading book after a pour that turns its rows over and adds two."""

import pytest

from crmbook.ooxml import Package
from tests.handmade import package
from tests.pour.grading import GROWN, poured


@pytest.fixture(scope="module")
def grown() -> Package:
    return poured(package(), GROWN)
