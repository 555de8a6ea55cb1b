"""Words a workbook shows, in both languages: the only home of Chinese in the code is a `Text`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Literal, TypeVar

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase in Chinese and English; leaving out a language is a type error, not a surprise."""

    zh: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Text) and (self.zh, self.en) == (other.zh, other.en))

    def __hash__(self) -> int:
        return hash((self.zh, self.en))

    @staticmethod
    def later(make: "Callable[[Lang], str]") -> "Text":
        """A phrase made of others: put together in a language when that is first asked for, as a workbook shows but one."""
        return _Later(make)

    @staticmethod
    def column(rows: "Iterable[Row]", say: "Callable[[Row, Lang], str]") -> "list[Text]":
        """For each row what is to be said of it, in a language when that is first asked for."""
        return [_Later(partial(say, row)) for row in rows]

    def fill(self, **values: object) -> "Text":
        """The phrase with `{placeholders}` filled in; a `Text` among the values speaks its own language."""
        return _Later(partial(_filled, self, values))

    def sentence(self) -> "Text":
        """The phrase as a sentence begins."""
        return Text(self.zh, self.en[:1].upper() + self.en[1:])

    @classmethod
    def same(cls, word: object) -> "Text":
        """A word that is the same in every language: a name, a number, an id."""
        return cls(str(word), str(word))

    @classmethod
    def join(cls, parts: "Sequence[Text]", zh: str, en: str) -> "Text":
        """The parts in a row, with each language's own separator."""
        return _Later(partial(_joined, tuple(parts), {"zh": zh, "en": en}))


class _Later(Text):
    """A phrase that is put together in a language when that is first asked for: a workbook shows but one, and not all."""

    __slots__ = ("in_en", "in_zh", "make")
    __setattr__ = object.__setattr__

    def __init__(self, make: Callable[[Lang], str]) -> None:
        self.make = make
        self.in_zh: str | None = None
        self.in_en: str | None = None

    @property
    def zh(self) -> str:
        if self.in_zh is None:
            self.in_zh = self.make("zh")
        return self.in_zh

    @property
    def en(self) -> str:
        if self.in_en is None:
            self.in_en = self.make("en")
        return self.in_en

    def __reduce__(self) -> tuple[type[Text], tuple[str, str]]:
        """To another process it goes as words."""
        return Text, (self.zh, self.en)


@lru_cache(maxsize=10_000)
def in_days(count: float) -> Text:
    """So many days as English counts them; in Chinese the number alone: the phrase has the word."""
    said = f"{count:.0f}"
    return Text(said, f"{said} day" if said == "1" else f"{said} days")


def _filled(phrase: Text, values: Mapping[str, object], lang: Lang) -> str:
    for value in values.values():
        if isinstance(value, Text):
            return phrase[lang].format_map({name: said(value, lang) for name, value in values.items()})
    return phrase[lang].format_map(values)


def _joined(parts: Sequence[Text], between: Mapping[Lang, str], lang: Lang) -> str:
    return between[lang].join([part[lang] for part in parts])


def said(value: object, lang: Lang) -> object:
    """The value in one language: a `Text` becomes a word, anything else stays."""
    return value[lang] if isinstance(value, Text) else value
