"""The region of a province, in either language, with or without 'province', 'municipality' and the like."""

import re

from crmbook.text import LANGS, Text

# The seven regions of the trade press (Hong Kong, Macao and Taiwan apart), by region id of `schema.REGIONS`.
PROVINCES: dict[str, tuple[Text, ...]] = {
    "north": (
        Text("北京", "Beijing"), Text("天津", "Tianjin"), Text("河北", "Hebei"), Text("山西", "Shanxi"),
        Text("内蒙古", "Inner Mongolia"), Text("内蒙", "Nei Mongol"),
    ),
    "northeast": (Text("辽宁", "Liaoning"), Text("吉林", "Jilin"), Text("黑龙江", "Heilongjiang")),
    "east": (
        Text("上海", "Shanghai"), Text("江苏", "Jiangsu"), Text("浙江", "Zhejiang"), Text("安徽", "Anhui"),
        Text("福建", "Fujian"), Text("江西", "Jiangxi"), Text("山东", "Shandong"),
    ),
    "central": (Text("河南", "Henan"), Text("湖北", "Hubei"), Text("湖南", "Hunan")),
    "south": (Text("广东", "Guangdong"), Text("广西", "Guangxi"), Text("海南", "Hainan")),
    "southwest": (
        Text("重庆", "Chongqing"), Text("四川", "Sichuan"), Text("贵州", "Guizhou"), Text("云南", "Yunnan"),
        Text("西藏", "Tibet"), Text("西藏", "Xizang"),
    ),
    "northwest": (
        Text("陕西", "Shaanxi"), Text("甘肃", "Gansu"), Text("青海", "Qinghai"), Text("宁夏", "Ningxia"), Text("新疆", "Xinjiang"),
    ),
    "hk_mo_tw": (
        Text("香港", "Hong Kong"), Text("澳门", "Macao"), Text("澳门", "Macau"), Text("台湾", "Taiwan"), Text("港澳台", "HK MO TW"),
    ),
    "overseas": (Text("海外", "Overseas"), Text("国外", "Abroad"), Text("境外", "Foreign")),
}  # fmt: skip

# What may follow the bare name; anything else (a prefecture such as 海南藏族自治州, in Qinghai) is not that province.
KINDS = Text(
    "省|市|特别行政区|(壮族|回族|维吾尔)?自治区",
    "province|municipality|city|(zhuang |hui |uygh?ur )?autonomous region|sar|special administrative region",
)
COUNTRY = Text("中国", "china")
SPACES = re.compile(r"[\s\-_'’.,]+")


def region_of(province: str) -> str | None:
    """The region's id, or None for a province we do not know."""
    return _REGIONS.get(_bare(province))


def _bare(province: str) -> str:
    """The name alone: small letters, single blanks, without country and kind."""
    name = SPACES.sub(" ", province).strip().casefold()
    for lang in LANGS:
        country, kinds = COUNTRY[lang], KINDS[lang]
        name = re.sub(rf"^{country} ?|(?<!^) {country}$|( of)? ?({kinds})$", "", name)
    return name.replace(" ", "")


_REGIONS = {_bare(name[lang]): region for region, names in PROVINCES.items() for name in names for lang in LANGS}
