"""Provinces find their region however staff write them."""

import pytest

from crmbook.figures.provinces import PROVINCES, region_of
from crmbook.schema import REGIONS
from crmbook.text import LANGS


@pytest.mark.parametrize(
    ("region", "ways"),
    [
        (
            "south",
            [
                "广东",
                "广东省",
                " 广东 省",
                "中国广东省",
                "广西壮族自治区",
                "Guangdong",
                "guangdong province",
                "Hainan, China",
            ],
        ),
        (
            "north",
            ["北京", "北京市", "内蒙古自治区", "内蒙", "Beijing Municipality", "Inner Mongolia Autonomous Region"],
        ),
        ("northwest", ["新疆", "新疆维吾尔自治区", "宁夏回族自治区", "Xinjiang Uygur Autonomous Region", "Shaanxi"]),
        ("southwest", ["西藏自治区", "重庆市", "Tibet", "Xizang"]),
        ("hk_mo_tw", ["香港特别行政区", "香港", "台湾省", "Hong Kong SAR", "HongKong", "Macau"]),
        ("overseas", ["海外", "overseas"]),
        (None, ["", "省", "California", "海南藏族自治州", "China"]),
    ],
)
def test_a_province_is_known_with_and_without_its_kind(region, ways):
    assert {way: region_of(way) for way in ways} == dict.fromkeys(ways, region)


def test_every_region_has_its_provinces_in_both_languages():
    assert list(PROVINCES) == [region.id for region in REGIONS]
    for region, names in PROVINCES.items():
        assert {region_of(name[lang]) for name in names for lang in LANGS} == {region}
