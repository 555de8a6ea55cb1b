"""The words the sample's people, companies and places are made of; none of them is meant to exist."""

from random import Random

# province → (region id, administrative code, {city: telephone area code})
PLACES = {
    "上海": ("east", "31", {"上海": "021"}),
    "江苏": ("east", "32", {"苏州": "0512", "无锡": "0510", "常州": "0519", "南通": "0513", "南京": "025"}),
    "浙江": ("east", "33", {"宁波": "0574", "杭州": "0571", "台州": "0576", "温州": "0577"}),
    "安徽": ("east", "34", {"合肥": "0551", "芜湖": "0553"}),
    "山东": ("east", "37", {"济南": "0531", "青岛": "0532", "潍坊": "0536"}),
    "福建": ("east", "35", {"厦门": "0592", "泉州": "0595"}),
    "广东": ("south", "44", {"佛山": "0757", "东莞": "0769", "深圳": "0755", "广州": "020", "中山": "0760"}),
    "广西": ("south", "45", {"柳州": "0772", "南宁": "0771"}),
    "北京": ("north", "11", {"北京": "010"}),
    "天津": ("north", "12", {"天津": "022"}),
    "河北": ("north", "13", {"石家庄": "0311", "唐山": "0315", "保定": "0312"}),
    "山西": ("north", "14", {"太原": "0351"}),
    "湖北": ("central", "42", {"武汉": "027", "襄阳": "0710", "十堰": "0719"}),
    "湖南": ("central", "43", {"长沙": "0731", "株洲": "0731"}),
    "河南": ("central", "41", {"洛阳": "0379", "郑州": "0371", "新乡": "0373"}),
    "四川": ("southwest", "51", {"成都": "028", "德阳": "0838", "绵阳": "0816"}),
    "重庆": ("southwest", "50", {"重庆": "023"}),
    "贵州": ("southwest", "52", {"贵阳": "0851"}),
    "辽宁": ("northeast", "21", {"沈阳": "024", "大连": "0411"}),
    "吉林": ("northeast", "22", {"长春": "0431"}),
    "黑龙江": ("northeast", "23", {"哈尔滨": "0451"}),
    "陕西": ("northwest", "61", {"西安": "029", "宝鸡": "0917"}),
    "甘肃": ("northwest", "62", {"兰州": "0931"}),
    "新疆": ("northwest", "65", {"乌鲁木齐": "0991"}),
}
# region id → (zh, en, customers, yearly trend, its account managers)
REGIONS = {
    "east": ("华东", "East", 78, 1.03, ("陈思远", "陆文博", "顾晓岚")),
    "south": ("华南", "South", 50, 1.02, ("黄嘉豪", "梁慧敏")),
    "north": ("华北", "North", 38, 0.99, ("赵振国", "孟繁星")),
    "central": ("华中", "Central", 30, 1.04, ("胡建军",)),
    "southwest": ("西南", "Southwest", 20, 1.12, ("罗永清",)),
    "northeast": ("东北", "Northeast", 12, 0.90, ("佟立新",)),
    "northwest": ("西北", "Northwest", 12, 1.0, ("佟立新",)),
}
SOLUTION_OWNERS = ("沈亦凡", "邱志宏", "范雨桐")
DELIVERY_OWNERS = ("曹国梁", "尹秀珍")
INSIDE_SALES = ("何佳怡", "邹敏")
# industry → (words in a company's name, categories it buys most)
INDUSTRIES = {
    "机床装备": (("精密机械", "数控设备", "机床"), ("直线传动", "滚动轴承", "切削刀具")),
    "工程机械": (("工程机械", "重工机械", "液压机械"), ("液压元件", "密封件", "滚动轴承")),
    "汽车零部件": (("汽车零部件", "汽车配件", "车桥制造"), ("切削刀具", "滚动轴承", "气动元件")),
    "包装印刷": (("包装机械", "印刷设备", "包装设备"), ("气动元件", "直线传动", "传动件")),
    "注塑橡胶": (("塑料机械", "注塑科技", "橡塑机械"), ("液压元件", "密封件", "润滑油品")),
    "矿山冶金": (("矿山设备", "冶金装备", "重型装备"), ("传动件", "滚动轴承", "润滑油品")),
    "自动化集成": (("自动化设备", "智能装备", "机器人技术"), ("直线传动", "气动元件", "传动件")),
    "食品机械": (("食品机械", "灌装设备", "制药机械"), ("气动元件", "密封件", "传动件")),
    "风电能源": (("新能源装备", "风电设备", "电力设备"), ("滚动轴承", "润滑油品", "液压元件")),
    "五金贸易": (("机电贸易", "五金机电", "工业品"), ("滚动轴承", "传动件", "工具量具")),
}
FIRST = "砺昱衡钧泓澜峥岚铭睿骁霖璟韬皓翊铖劭崧沅溱珩琨瑄晔煜灏祺筠"
SECOND = "拓晟途禾宸驰锐冠桥嘉川岳朔辰帆榕祥翔卓泰科锋辉"
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈"
ONE = "伟芳敏静磊洋勇艳杰娟涛明超霞平刚辉玲"
TWO = "建国建华志强秀英晓东海燕文斌丽娜永刚春梅国庆立军俊杰雪梅德胜玉兰少华培林雅琴宏伟向阳振华佳琪子轩雨婷浩然梦琪思远一鸣宇航欣怡博文嘉伟家明世杰淑芬"
GIVEN = [*ONE, *(TWO[n : n + 2] for n in range(0, len(TWO), 2))]
POSITIONS = ("采购经理", "采购主管", "采购员", "设备科长", "总经理", "生产厂长", "技术部长", "供应链总监", "维修主管")
DISTRICTS = ("高新区", "经济开发区", "工业园区", "城北新区", "临港产业园", "装备产业园")
ROADS = ("创业路", "兴工路", "科技大道", "迎宾路", "振业街", "新源路", "工业三路", "东环路", "智造大道", "平安路")
ORIGINS = ("展会", "老客户介绍", "网络询盘", "电话开发", "招投标", "经销商推荐", "行业协会")
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z


def person(rng: Random) -> str:
    """A person's name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def brands(rng: Random) -> list[str]:
    """All two-character trade names, shuffled."""
    made = [a + b for a in FIRST for b in SECOND]
    rng.shuffle(made)
    return made


def phone(rng: Random, area: str) -> str:
    """A number nobody has: no mobile begins with 100, no local number with 0."""
    number = f"{rng.randrange(10_000):04d}"
    return f"{area}-0000{number}" if rng.random() < 0.4 else f"1000000{number}"


def credit_code(rng: Random, area: str) -> str:
    """A unified social credit code with valid check characters (GB 32100, GB 11714) of a district that is not one."""
    body = "MA" + "".join(rng.choice(LETTERS) for _ in range(6))
    # GB 11714 counts A as 10 … Z as 35
    weighed = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    body += "0123456789X0"[(11 - weighed % 11)]
    code = f"91{area}0099{body}"
    return code + LETTERS[-sum(LETTERS.index(c) * 3**i for i, c in enumerate(code)) % 31]
