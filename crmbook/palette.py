"""The few colours of a workbook: one deep teal, neutral greys, one amber, and five tones that carry a meaning."""

from typing import Literal

from crmbook.text import Lang

Tone = Literal["good", "fair", "warn", "bad", "muted"]

BRAND, BRAND_TINT, ON_BRAND = (
    "17495C",
    "EAF1F4",
    "D3E3E9",
)  # title band and header; light ground; small print on the band
INK, GREY, HAIRLINE, GRID = "262B30", "6B7780", "D5DCE0", "E6EAEC"  # text, lesser text, cell borders, chart gridlines
BAR = "B9D3DE"  # data bars
YOURS, YOURS_HEADER, YOURS_INK = "FFFAE5", "F6DE9A", "5C4708"  # the pale yellow of what the user fills in
ENTRY_TAB = "E3B23C"

ACCENTS = ("1F6F8B", "DC9426", "8198A5", "5BA199", "C8553D", "3F4E58")  # the series of a chart, in order

TONES: dict[Tone, tuple[str, str]] = {  # ground, text
    "good": ("E0F0E4", "1A6B3C"),
    "fair": ("E1EEF5", "1B5E85"),
    "warn": ("FDEFD3", "8F5500"),
    "bad": ("F9DEDA", "A92B1F"),
    "muted": ("F1F3F4", "7C878F"),
}

FONTS: dict[Lang, str] = {"zh": "Microsoft YaHei", "en": "Arial"}  # on Windows, and on macOS with Office
