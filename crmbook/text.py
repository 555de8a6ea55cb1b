"""Words a workbook shows, in both languages: the only home of Chinese in the code is a `Text`."""

from dataclasses import dataclass
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

    def fill(self, **values: object) -> "Text":
        """The phrase with `{placeholders}` filled in; a `Text` among the values speaks its own language."""
        zh, en = values, values
        if texts := {k: v for k, v in values.items() if isinstance(v, Text)}:
            zh, en = (values | {k: v[lang] for k, v in texts.items()} for lang in LANGS)
        return Text(self.zh.format(**zh), self.en.format(**en))

    def sentence(self) -> "Text":
        """The phrase as a sentence begins."""
        return Text(self.zh, self.en[:1].upper() + self.en[1:])

    @classmethod
    def same(cls, word: object) -> "Text":
        """A word that is the same in every language: a name, a number, an id."""
        return cls(str(word), str(word))

    @classmethod
    def join(cls, parts: "list[Text]", zh: str, en: str) -> "Text":
        """The parts in a row, with each language's own separator."""
        return cls(zh.join(p.zh for p in parts), en.join(p.en for p in parts))


def said(value: object, lang: Lang) -> object:
    """The value in one language: a `Text` becomes a word, anything else stays."""
    return value[lang] if isinstance(value, Text) else value
