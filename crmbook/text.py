"""Words a workbook shows, in both languages: the only home of Chinese in the code is a `Text`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


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

    def fill(self, **values: object) -> "Text":
        """The phrase with `{placeholders}` filled in; a `Text` among the values speaks its own language."""
        zh, en = values, values
        if any(isinstance(value, Text) for value in values.values()):
            zh, en = ({name: said(value, lang) for name, value in values.items()} for lang in LANGS)
        return Text(self.zh.format_map(zh), self.en.format_map(en))

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

    __slots__ = ("made", "make")
    __setattr__ = object.__setattr__

    def __init__(self, make: Callable[[Lang], str]) -> None:
        self.make = make
        self.made: dict[Lang, str] = {}

    def __getitem__(self, lang: Lang) -> str:
        words = self.made.get(lang)
        if words is None:
            words = self.made[lang] = self.make(lang)
        return words

    zh = property(lambda self: self["zh"])
    en = property(lambda self: self["en"])

    def __reduce__(self) -> tuple[type[Text], tuple[str, str]]:
        """To another process it goes as words."""
        return Text, (self.zh, self.en)


def _joined(parts: Sequence[Text], between: Mapping[Lang, str], lang: Lang) -> str:
    return between[lang].join([part[lang] for part in parts])


def said(value: object, lang: Lang) -> object:
    """The value in one language: a `Text` becomes a word, anything else stays."""
    return value[lang] if isinstance(value, Text) else value
