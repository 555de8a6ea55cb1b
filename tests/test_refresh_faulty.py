"""Faulty books fed to refresh, each kind of fault and faults by chance: the old file or a new one that is whole.

The normal run takes some of them; `poe soak` takes all, thousands of those by chance, and refreshes what was written
once more.
"""

import random
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tests.faulty_books import GRADING, ORDERS, WAYS, broken
from tests.mutations import KINDS
from tests.refusing import old_or_new

PLACES = {"orders": ORDERS, "grading": GRADING}
SOME = [(way, list(PLACES)[n % 2]) for n, way in enumerate(list(WAYS)[::2])]
FEW = {"cut_off": 60, "bits_turned": 12}  # most of these are refused early
THOUSANDS = 1500


def test_there_are_58_ways():
    assert len(WAYS) == 58


@pytest.mark.parametrize(("way", "place"), SOME)
def test_a_book_broken_in_a_known_way(way, place, small, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(broken(small.read_bytes(), way, PLACES[place]))
    old_or_new(path, again=False)


@pytest.mark.soak
@pytest.mark.parametrize(("way", "place"), list(product(WAYS, PLACES)))
def test_a_book_broken_in_every_way_at_every_place(way, place, small, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(broken(small.read_bytes(), way, PLACES[place]))
    old_or_new(path, again=True)


def mutated(path: Path, book: bytes, kind: Callable[[bytes, random.Random], bytes], numbers: range, *, again: bool) -> None:  # fmt: skip
    """Feeds books broken by chance to refresh, each by its number."""
    for number in numbers:
        path.write_bytes(kind(book, random.Random(f"{kind.__name__} {number}")))
        try:
            old_or_new(path, again=again)
        except Exception as error:
            error.add_note(f"{kind.__name__} {number}")
            raise


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_books_broken_by_chance(kind, small, tmp_path):
    mutated(tmp_path / "book.xlsx", small.read_bytes(), kind, range(FEW.get(kind.__name__, 2)), again=False)


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("start", range(0, THOUSANDS, 100))
def test_thousands_of_books_broken_by_chance(kind, start, small, tmp_path):
    mutated(tmp_path / "book.xlsx", small.read_bytes(), kind, range(start, start + 100), again=True)
