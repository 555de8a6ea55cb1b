"""What is known of a workbook since its last refresh: that another one would change nothing, and what it would say.

This is asked before anything heavy is imported, and nothing rests on it: a doubt of any kind is answered by a full run.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from crmbook.keep import cache, is_encrypted
from crmbook.problems import Problem
from crmbook.text import LANGS, Lang, Text

if TYPE_CHECKING:
    from pathlib import Path

    from crmbook.ooxml import Package
    from crmbook.ooxml.archive import Entry

STORED = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What a refresh that changes nothing says of a workbook: its language, the problems in its data, what it holds."""

    lang: Lang
    problems: Sequence[Problem]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Free:
    """Cells of a sheet's part in which staff may write without anything of ours changing: rows from `first` to `last`, in
    these columns. What the part held, packed, is remembered with them."""

    part: str
    first: int
    last: int
    columns: frozenset[int]
    method: int = STORED
    packed: bytes = field(default=b"", repr=False)

    @property
    def content(self) -> bytes:
        """What the part held."""
        return self.packed if self.method == STORED else zlib.decompress(self.packed, -15)


def recall(path: Path, as_of: date | None, day: date) -> Known | None:
    """What a refresh of the workbook on this day would say, where it is known that it would change nothing; else None: it
    is not known here, the day is another, or the file differs in more than what staff typed into free cells."""
    content = cache.remembered(path)
    if content is None:
        return None
    memo = json.loads(content[: content.index(b"\n")])
    if memo["day"] != str(day) or memo["as_of"] != str(as_of):
        return None
    try:
        data = path.read_bytes()
    except OSError:  # the full run says why
        return None
    if memo["file"] == _digest(data):
        return _known(memo)
    frees = _frees(memo["frees"], memoryview(content)[content.index(b"\n") + 1 :])
    changed = _changed_parts(data, memo["parts"])
    if changed is None or not changed.keys() <= frees.keys():
        return None
    if not all(_is_free(frees[name], new) for name, new in changed.items()):
        return None
    known = _known(memo)
    _remember(path, data, as_of, day, known, frees.values())
    return known


def remember_saved(path: Path, package: Package, as_of: date | None, day: date, known: Known, frees: Iterable[Free]) -> None:  # fmt: skip
    """Remembers that another refresh of the workbook, which now holds this package, changes nothing and says this. Of an
    encrypted one nothing is remembered: it would lie there in clear."""
    cache.forget(path)
    with suppress(OSError):
        data = path.read_bytes() if package.changed else package.source
        if day == date.today() and not is_encrypted(path) and _holds(data, package):
            _remember(path, data, as_of, day, known, frees)


def _holds(data: bytes, package: Package) -> bool:
    """True if a file holds the package as it stands: nobody put another one in its place."""
    from crmbook.ooxml.archive import Archive

    if data is package.source:
        return True
    return {e.name: (e.info.CRC, e.info.file_size) for e in Archive(data).entries if not e.is_folder} == package.sums


def _remember(path: Path, data: bytes, as_of: date | None, day: date, known: Known, frees: Iterable[Free]) -> None:
    """Remembers this of a file with these bytes."""
    from crmbook.ooxml.archive import Archive

    archive = Archive(data)
    entries = {entry.name: entry for entry in archive.entries}
    kept = [f for f in frees if f.part in entries]
    packed = [bytes(archive.packed(entries[f.part])) for f in kept]
    memo = {
        "day": str(day),
        "as_of": str(as_of),
        "file": _digest(data),
        "lang": known.lang,
        "counts": dict(known.counts),
        "problems": [asdict(p) for p in known.problems],
        "parts": [[entry.name, _digest_of(data, entry)] for entry in archive.entries],
        "frees": [
            [f.part, f.first, f.last, sorted(f.columns), entries[f.part].info.compress_type, len(p)]
            for f, p in zip(kept, packed, strict=True)
        ],
    }
    cache.remember(
        path, json.dumps(memo, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n" + b"".join(packed)
    )


def _known(memo: Mapping[str, Any]) -> Known:
    def text(said: Mapping[str, str]) -> Text:
        return Text(*(said[lang] for lang in LANGS))

    problems = [Problem(**{**p, "what": text(p["what"]), "fix": text(p["fix"])}) for p in memo["problems"]]
    return Known(memo["lang"], problems, memo["counts"])


def _frees(said: Iterable[Sequence[Any]], packed: memoryview) -> dict[str, Free]:
    """The free cells by their part."""
    found, at = {}, 0
    for part, first, last, columns, method, length in said:
        found[part] = Free(part, first, last, frozenset(columns), method, bytes(packed[at : at + length]))
        at += length
    return found


def _changed_parts(data: bytes, parts: Sequence[Sequence[str]]) -> dict[str, bytes] | None:
    """The parts that are not what they were, with what they hold now; None if it is not the same parts in the same order,
    or one cannot be read."""
    from crmbook.ooxml.archive import Archive, RefusedError

    try:
        archive = Archive(data)
        names = [entry.name for entry in archive.entries]
        if names != [name for name, _ in parts] or len({name.casefold() for name in names}) < len(names):
            return None
        both = zip(archive.entries, parts, strict=True)
        return {entry.name: archive.read(entry) for entry, (_, was) in both if _digest_of(data, entry) != was}
    except RefusedError:
        return None


def _is_free(free: Free, new: bytes) -> bool:
    """True if the part differs from what it was in free cells only."""
    from crmbook.ooxml.compared import changed_cells

    changed = changed_cells(free.content, new)
    return changed is not None and all(free.first <= row <= free.last and at in free.columns for row, at in changed)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=32).hexdigest()


def _digest_of(data: bytes, entry: Entry) -> str:
    """Of an entry as it is stored, its header too, and of all that the directory says of it."""
    info = entry.info
    said = repr((info.compress_type, info.flag_bits, info.CRC, info.compress_size, info.file_size)).encode()
    stored = memoryview(data)[info.header_offset : entry.start + info.compress_size]
    return blake2b(stored, digest_size=32, key=blake2b(said, digest_size=32).digest()).hexdigest()
