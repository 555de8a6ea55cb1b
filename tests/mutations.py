"""Files broken by chance, the same by the same number: cut off, bits turned, attributes, elements and parts exchanged."""

import random
import re
import warnings
from collections.abc import Callable, Sequence
from functools import wraps

from tests.faulty_books import packed, parts_of

ATTRIBUTE = re.compile(rb'"[^"<>]*"')
ELEMENT = re.compile(rb"<[A-Za-z:]+[^<>]*/>|<(\w+)[^<>]*>[^<>]*</\1>")
WORDS = (b'"-1"', b'""', b'"x"', b'"99999999999"', b'"0"', b'"1e9"', b'"\xe4\xb8\xad"', b'"#REF!"', b'"A1:"', b'"true"', b'"1.5"', b'"ZZZZ99999999"')  # fmt: skip


def cut_off(book: bytes, chance: random.Random) -> bytes:
    """At any byte; half of them in the directory or just before it."""
    last = len(book) - 1
    return book[: chance.randrange(last) if chance.random() < 0.5 else last - chance.randrange(min(8000, last))]


def bits_turned(book: bytes, chance: random.Random) -> bytes:
    altered = bytearray(book)
    for _ in range(chance.choice((1, 1, 2, 5, 50))):
        last = chance.random() < 0.4
        at = len(book) - 1 - chance.randrange(min(6000, len(book))) if last else chance.randrange(len(book))
        altered[at] ^= 1 << chance.randrange(8)
    return bytes(altered)


def _in_parts(change: Callable[[bytes, random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:
    """Changes inside parts, under right checksums: what is wrong is found only by who reads the XML."""

    @wraps(change)
    def mutate(book: bytes, chance: random.Random) -> bytes:
        parts = parts_of(book)
        for _ in range(chance.choice((1, 1, 1, 3))):
            name = chance.choice(list(parts))
            parts[name] = change(parts[name], chance)
        return packed(parts)

    return mutate


@_in_parts
def letters_turned(part: bytes, chance: random.Random) -> bytes:
    altered = bytearray(part)
    if altered:
        altered[chance.randrange(len(part))] ^= 1 << chance.randrange(8)
    return bytes(altered)


@_in_parts
def attributes_exchanged(part: bytes, chance: random.Random) -> bytes:
    return _put(part, chance, list(ATTRIBUTE.finditer(part)), lambda found: chance.choice(WORDS))


@_in_parts
def elements_exchanged(part: bytes, chance: random.Random) -> bytes:
    """One goes, stands twice, or is another."""
    return _put(part, chance, list(ELEMENT.finditer(part)), lambda found: chance.choice((b"", found * 2, b"<x/>")))


def parts_exchanged(book: bytes, chance: random.Random) -> bytes:
    """A part goes, is empty, stands under another's name or under a name in other letters."""
    parts = parts_of(book)
    name = chance.choice(list(parts))
    content = parts.pop(name)
    kind = chance.choice(("gone", "empty", "another", "letters", "twice"))
    if kind == "letters":
        parts[name.upper()] = content
    elif kind != "gone":
        parts[name] = {"empty": b"", "another": chance.choice(list(parts.values())), "twice": content}[kind]
    if kind == "twice":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # zipfile's, of the second name
            return packed(parts, again=name)
    return packed(parts)


def _put(part: bytes, chance: random.Random, found: Sequence[re.Match[bytes]], by: Callable[[bytes], bytes]) -> bytes:
    if not found:
        return part
    one = chance.choice(found)
    return part[: one.start()] + by(one[0]) + part[one.end() :]


KINDS = (cut_off, bits_turned, letters_turned, attributes_exchanged, elements_exchanged, parts_exchanged)
