"""Compression: what oletools unpacks is what went in."""

import random

import pytest

from crmbook.vba.compression import CHUNK, compress
from tests.vba.reading import unpacked

SIZES = (1, 2, 3, 15, 16, 17, 100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 20_000)


@pytest.mark.parametrize("letters", [1, 2, 4, 8])
def test_a_round_trip(letters):
    chance = random.Random(letters)
    for size in (*SIZES, *(chance.randrange(1, 3 * CHUNK) for _ in range(10))):
        content = bytes(chance.randrange(letters) for _ in range(size))
        assert unpacked(compress(content)) == content


def test_what_cannot_be_made_smaller_comes_back_with_zeros_behind_it():
    chance = random.Random(1)
    for size in (*SIZES, 3640, 3641, 4000):
        content = chance.randbytes(size)
        back = unpacked(compress(content))
        assert back[:size] == content
        assert not back[size:].strip(b"\0")
        assert len(back) == size or size % CHUNK > 3640


def test_nothing_is_a_signature_alone():
    assert compress(b"") == b"\x01"


def test_the_example_of_the_specification():
    """MS-OVBA 3.2.3: the same letter again and again."""
    assert compress(b"a" * 73) == bytes.fromhex("0103b002614500")
