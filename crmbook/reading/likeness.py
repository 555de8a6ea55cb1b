"""Customers that stand twice: the same name written differently, a name with a slip of the pen, one phone, one credit code.

Only what a person would also take for one and the same is said: branches (…上海分公司, …北京分公司), numbered works, companies of one
name in two cities, persons of one name, and customers linked to each other are none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd
from rapidfuzz import fuzz

from crmbook.figures.provinces import PROVINCES
from crmbook.reading.cell import fold, half
from crmbook.text import Text

NEARLY = 90  # of 100: one letter more or less among five, one wrong among ten
SHORTEST = 4  # letters of a name in which a slip can be told from another name
MOST = 30  # names that share all but one letter; more of them are a series, not slips of the pen
SHORTEST_PHONE = 7
PERSON = 4  # letters of a Chinese name without a legal form that may be a person's

SAME_NAME, LIKE_NAME = Text("名称相同", "the same name"), Text("名称相近", "nearly the same name")
SAME_PHONE, SAME_CODE = Text("电话相同", "the same phone"), Text("统一社会信用代码相同", "the same social credit code")

_FORMS = (
    Text("股份有限责任公司", "company limited"), Text("有限责任公司", "co ltd"), Text("股份有限公司", "corporation"), Text("集团有限公司", "incorporated"),
    Text("有限公司", "limited"), Text("集团公司", "ltd"), Text("股份公司", "inc"), Text("总公司", "llc"), Text("公司", "gmbh"), Text("集团", "corp"),
    Text("股份", "company"), Text("有限", "co"),
)  # fmt: skip
_OFFICES = (Text("分公司", "branch"), Text("子公司", "subsidiary"), Text("办事处", "office"), Text("营业部", "department"), Text("分厂", "works"), Text("分店", "shop"))  # fmt: skip
_OWNER = Text("个体", "sole trader")
_PLACE_END = Text("(?:省|市|自治区|特别行政区)", "province or city").zh
_CITY = Text("[\u3400-\u9fff]{2,3}市(?!场)", "such and such city").zh
_PLACE_AT_END = re.compile(rf"(?:{Text('省|市|自治区|地区', 'province|city').zh})$")
# Numbers, directions and sides tell two works of one firm apart.
_TELLING = re.compile(rf"[0-9]+|[{Text('一二三四五六七八九十甲乙丙丁东南西北', 'one two … north').zh}]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[^\W_]+")
_LAW = "|".join(sorted((form.zh for form in _FORMS), key=len, reverse=True))
_LEGAL = re.compile(rf"(?:{_LAW})$")
_BRANCH = re.compile(rf"^(?P<firm>.+?(?:{_LAW}))(?P<branch>.+(?:{'|'.join(o.zh for o in _OFFICES)}))$")
_LEGAL_WORDS = frozenset(word for form in _FORMS for word in form.en.split()) | {"sa", "ag", "bv", "plc", "pte", "srl", "spa", "kg"}  # fmt: skip
_PROVINCES = tuple(name.zh for names in PROVINCES.values() for name in names)
_EXTENSION = re.compile(rf"(?:{Text('转', 'ext').zh}|ext|x|#).*", re.IGNORECASE)
_SEVERAL = re.compile(r"[/,;、，；|]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A company's name taken apart: what is its own, also without what numbers it, that, its branch, its places, and whether it may
    be a person's."""

    core: str
    plain: str
    telling: tuple[str, ...]
    branch: str
    places: tuple[str, ...]
    personal: bool

    def may_be(self, other: "Name") -> bool:
        """False where two places, two branches or two numbers tell the names apart."""
        near = not self.places or not other.places or bool(set(self.places) & set(other.places))
        return near and self.branch == other.branch and self.telling == other.telling


@dataclass(frozen=True, slots=True)
class Double:
    """Two rows that may be one customer, the earlier first, by their positions in the frame; and why."""

    first: int
    second: int
    why: tuple[Text, ...]


def doubles(customers: pd.DataFrame) -> list[Double]:
    """The customers table in → each row that may be an earlier one again, with that row and the reasons, in row order."""
    leading, told = _leading(customers["city"]), [_told(name) for name in customers["name"]]
    taken = {word: apart(word, leading) for word in dict.fromkeys(told)}
    persons = (customers["type"] == "person").tolist()  # two persons may well have one name
    names = {row: taken[word] for row, word in enumerate(told) if word and not persons[row]}
    ids, parents = customers["customer_id"].tolist(), [_told(id) for id in customers["parent_id"]]
    found: dict[int, dict[int, list[Text]]] = defaultdict(lambda: defaultdict(list))
    for why, pairs in (
        (SAME_NAME, _same(names)),
        (LIKE_NAME, _nearly(names)),
        (SAME_PHONE, _phoned(customers["phone"].tolist())),
        (SAME_CODE, _coded(customers["credit_code"].tolist())),
    ):
        for first, second in pairs:
            linked = parents[second] == ids[first] or parents[first] == ids[second]
            if not linked and (not parents[first] or parents[first] != parents[second]):
                found[second][first].append(why)
    return [_likeliest(second, of) for second, of in sorted(found.items())]


def _likeliest(second: int, firsts: Mapping[int, Sequence[Text]]) -> Double:
    """Of the rows that a row may repeat, by position: the one for which most speaks, or the first of these."""
    first, why = min(firsts.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return Double(first, second, tuple(why))


def apart(name: str, leading: re.Pattern[str] | None = None) -> Name:
    """A name → its parts; `leading`: what matches a place at its beginning."""
    words = _WORDS.findall(half(name).casefold())
    whole = "".join(words)
    if not _CHINESE.search(whole):
        own = [word for word in words if word not in _LEGAL_WORDS] or words
        personal = len(own) == len(words) in {2, 3} and not any(word.isdigit() for word in words)
        return _name("".join(own), "", (), personal=personal)
    split = _BRANCH.match(whole)
    firm, branch = (split["firm"], split["branch"]) if split else (whole, "")
    core = firm
    while core != (shorter := _LEGAL.sub("", core)) and len(shorter) > 1:
        core = shorter
    personal = core == firm and (len(core) <= PERSON or core.endswith(_OWNER.zh))
    led: list[str] = []
    while not personal and leading and (place := leading.match(core)):
        led.append(place["place"] or place["city"][:-1])
        core = core[place.end() :]
    return _name(core, branch, tuple(led), personal=personal)


def _name(core: str, branch: str, places: tuple[str, ...], *, personal: bool) -> Name:
    return Name(core, _TELLING.sub("", core), tuple(_TELLING.findall(core)), branch, places, personal)


def _told(cell: Any) -> str:
    return cell if isinstance(cell, str) else ""


def _leading(cities: "pd.Series[Any]") -> re.Pattern[str]:
    """What matches a place that leads a name: a province, a city of the table, or whatever calls itself a city."""
    own = {_PLACE_AT_END.sub("", city) for city in cities.dropna().unique()}
    known = sorted({*_PROVINCES, *(city for city in own if len(city) > 1)}, key=lambda place: (-len(place), place))
    words = "|".join(map(re.escape, known))
    return re.compile(rf"(?:(?P<place>{words}){_PLACE_END}?+|(?P<city>{_CITY}))(?=..)")


def _same(names: Mapping[int, Name]) -> Iterator[tuple[int, int]]:
    """Rows whose names have the same core."""
    seen: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row, name in names.items():
        firsts = seen[name.core, name.branch]
        first = next((at for at in firsts if names[at].may_be(name)), None)
        if first is None:
            firsts.append(row)
        else:
            yield first, row


def _nearly(names: Mapping[int, Name]) -> Iterator[tuple[int, int]]:
    """Rows whose cores differ by a slip of the pen: of those that share all but one letter, the ones alike enough."""
    rows: dict[Name, int] = {}
    for row, name in names.items():
        if not name.personal and len(name.core) >= SHORTEST:
            rows.setdefault(name, row)
    buckets: dict[tuple[object, ...], list[Name]] = defaultdict(list)
    for name in rows:
        plain = name.plain
        for part in {plain, *(plain[:at] + plain[at + 1 :] for at in range(len(plain)))}:
            buckets[part, name.telling, name.branch].append(name)
    pairs = {pair for some in buckets.values() if 1 < len(some) <= MOST for pair in combinations(some, 2)}
    for one, other in pairs:
        if one.core != other.core and one.may_be(other) and fuzz.ratio(one.core, other.core) >= NEARLY:
            yield min(rows[one], rows[other]), max(rows[one], rows[other])


def _phoned(phones: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Rows that share a telephone number; one may have been written without the area code."""
    seen: dict[str, dict[str, int]] = defaultdict(dict)
    for row, cell in enumerate(phones):
        for number in numbers(_told(cell)):
            alike = seen[number[-SHORTEST_PHONE:]]
            first = next((at for other, at in alike.items() if other.endswith(number) or number.endswith(other)), row)
            alike.setdefault(number, first)
            if first != row:
                yield first, row


def numbers(phone: str) -> list[str]:
    """The telephone numbers in a cell, digits only, without the country's code and extensions."""
    digits = (re.sub(r"\D", "", _EXTENSION.sub("", part)) for part in _SEVERAL.split(half(phone)))
    bare = (re.sub(r"^(?:00)?86(?=\d{10,11}$)", "", number) for number in digits)
    return [number for number in bare if len(number) >= SHORTEST_PHONE and len(set(number)) > 1]


def _coded(codes: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Rows that share a credit code."""
    seen: dict[str, int] = {}
    for row, cell in enumerate(codes):
        if (code := fold(_told(cell))) and (first := seen.setdefault(code, row)) != row:
            yield first, row
