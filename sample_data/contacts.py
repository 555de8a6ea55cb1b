"""How the sample's customers were met and what they said: visits, surveys; and the sales targets for 2026."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import names
from customers import AS_OF, OPENED, Customer
from trade import SEASON, Order, working_day

DONE, PLANNED, CANCELLED, SURVEYED = 1090, 62, 48, 300
WAYS = ("on_site", "phone", "online", "meeting")
CONTENT = {
    "routine": (
        "了解{goods}使用情况，核对下月需求计划",
        "走访{shop}，{goods}运行{state}，交换{topic}信息",
        "回访上批{goods}到货情况，介绍近期{topic}",
    ),
    "needs": (
        "客户计划{plan}，调研{goods}需求，预计用量{n}件",
        "与技术部讨论{goods}选型，收集工况参数",
        "了解客户{plan}的进度和{goods}替代意向",
    ),
    "demo": (
        "在{shop}演示{goods}，现场测试{n}小时",
        "介绍{goods}样品并提供试用{few}件",
        "讲解{goods}的安装要点，解答{few}个技术问题",
    ),
    "negotiation": (
        "洽谈{goods}年度框架价格，客户希望再降{few}个点",
        "商谈{plan}所需{goods}的报价与交期",
        "就{term}进行第{few}轮协商，尚有分歧",
    ),
    "after-sales": (
        "现场更换{shop}的{goods}，指导润滑与安装",
        "处理{goods}异响，检查后为安装偏差",
        "培训维修班组{n}人，讲解{goods}的日常点检",
    ),
    "complaint": (
        "客户反映{goods}交货晚{few}天，到现场说明原因",
        "核实{goods}尺寸超差{few}件，取样带回检验",
        "就{goods}外观锈蚀问题道歉并商定换货",
    ),
    "collection": (
        "核对往来账，确认到期货款并商定付款日期",
        "与财务对账，催收逾期货款，客户承诺{few}周内安排",
        "沟通{term}，要求先付清逾期部分再发货",
    ),
    "relationship": (
        "拜会管理层，交流{topic}和明年合作设想",
        "参加客户{plan}座谈，赠送技术手册",
        "陪同客户参观我方仓库，介绍{goods}备货能力",
    ),
}
WORDS = {
    "shop": ("装配车间", "机加工车间", "总装线", "维修班", "试验室", "新厂房"),
    "state": ("平稳", "正常", "良好", "偶有发热", "略有渗漏"),
    "term": ("框架价格", "付款条件", "年度协议", "交货周期", "质保条款"),
    "topic": ("库存与交期", "价格调整", "新产品", "行业行情", "付款条件", "年度协议"),
    "plan": ("扩建二期产线", "设备改造", "新机型试制", "年度大修", "国产替代", "出口订单"),
}
FEEDBACK = {
    True: (
        "对{topic}表示认可",
        "质量稳定，愿意增加{goods}采购",
        "交期满意，希望保持备货",
        "同意试用{goods}",
        "服务响应快，{shop}反映良好",
        "愿意推荐给同行",
    ),
    False: (
        "认为价格偏高，正在比较其他供应商",
        "对交期不满，要求改进",
        "近期订单减少，暂缓采购{goods}",
        "希望延长账期",
        "{goods}质量有波动，要求说明",
        "采购负责人变动，需重新建立联系",
    ),
}
# where the purpose has its own words for what the customer said and what came of it
SAID = {
    "collection": {
        True: ("对账无误，同意按期付款", "财务确认本月安排付款"),
        False: ("资金紧张，要求延后付款", "对部分发票金额有异议"),
    },
    "complaint": {
        True: ("接受处理方案", "认可原因说明，要求不再发生"),
        False: ("对处理进度不满", "要求换货并承担停机损失"),
    },
    "after-sales": {
        True: ("服务及时，{shop}反映良好", "故障排除，满意"),
        False: ("故障仍偶有出现", "希望缩短到场时间"),
    },
}
CAME_OF = {
    "collection": {
        True: ("约定{few}周内付清", "已取得付款计划"),
        False: ("未取得付款日期，上报主管", "先付一半，余款另议"),
    },
    "complaint": {True: ("换货完成，问题关闭", "签署处理意见"), False: ("待检验报告", "升级至质量部处理")},
    "after-sales": {True: ("恢复正常运行", "客户签字验收"), False: ("需更换备件后复查", "安排二次上门")},
}
NEXT = {
    "collection": ("{few}天后电话确认到账", "发对账函", "下批发货前再核对账款"),
    "complaint": ("{few}天内提交整改报告", "一周后回访", "换货件加急发出"),
    "after-sales": ("两周后回访{shop}", "准备{goods}备件", "更新点检表"),
}
RESULTS = {
    True: ("达成意向，本月下单", "确认{few}项需求，待报价", "客户满意，问题关闭", "约定下次技术交流"),
    False: ("未达成一致，继续跟进", "需内部评估后答复", "问题待检验结果", "客户暂无计划"),
}
FOLLOW_UPS = (
    "{few}天内提交{goods}报价",
    "寄送{goods}样品",
    "安排技术人员到{shop}支持",
    "下次带主管一同拜访",
    "月底前再次电话确认",
    "整理{topic}资料发客户",
)
OPINIONS = ("同意，抓紧跟进", "注意控制账期", "请方案经理协助", "价格底线需审批", "做好竞争对手信息收集", "")
COMMENTS = {
    True: ("合作愉快", "交货及时，服务周到", "技术支持到位", "希望继续保持", "产品质量稳定", ""),
    False: ("价格偏高", "交期不稳定，影响生产", "投诉处理太慢", "希望加强技术支持", "包装需改进", ""),
}
LEVELS = ("very_good", "good", "fair", "poor", "very_poor")
ITEMS = ("quality", "delivery", "price", "service", "complaints", "support")


def _filler(c: Customer, rng: Random) -> Callable[[str], str]:
    """Patterns of this visit → sentences; one visit speaks of one product and one topic throughout."""
    words = {key: rng.choice(choices) for key, choices in WORDS.items()}
    words |= {"goods": rng.choice(c.favourites).name, "n": str(rng.randrange(6, 60)), "few": str(rng.randrange(2, 6))}
    return lambda pattern: pattern.format(**words)


def _purposes(c: Customer, rng: Random) -> str:
    weights = dict.fromkeys(CONTENT, 3.0) | {"routine": 12, "complaint": 1.2, "collection": 0.6, "demo": 2}
    if c.habit == "contacted":
        weights |= {"needs": 12, "demo": 6, "complaint": 0, "collection": 0, "after-sales": 0}
    if c.payer in {"late", "stopped"}:
        weights["collection"] = 6
    return rng.choices(list(weights), list(weights.values()))[0]


def _visit(c: Customer, day: date, state: str, rng: Random) -> dict[str, object]:
    """One visit; what was said only where it took place."""
    fill, purpose, way = _filler(c, rng), _purposes(c, rng), rng.choices(WAYS, (55, 28, 12, 5))[0]
    start, length = rng.choice((9, 10, 13, 14, 15)), rng.choice((0.5, 1, 1.5, 2)) if way != "phone" else 0.25
    end = start * 60 + round(length * 60)
    good = rng.random() < c.mood + 0.1
    usual = rng.random() < 0.75
    row: dict[str, object] = {
        "date": day,
        "time": f"{start:02d}:00-{end // 60:02d}:{end % 60:02d}" if rng.random() < 0.9 else "",
        "customer_id": c.id,
        "person": c.row["contact"] if usual else names.person(rng),
        "position": c.row["position"] if usual else rng.choice(names.POSITIONS),
        "phone": c.row["phone"] if usual else names.phone(rng, c.area),
        "visitor": c.row["owner"],
        "company": rng.choice((*names.SOLUTION_OWNERS, *names.DELIVERY_OWNERS)) if rng.random() < 0.2 else "",
        "way": way,
        "place": {"on_site": "客户现场", "phone": "", "online": "视频会议", "meeting": "行业展会"}[way],
        "purpose": purpose,
        "content": fill(rng.choice(CONTENT[purpose])),
        "feedback": "",
        "result": "",
        "follow_up": "",
        "next_date": "",
        "state": state,
        "opinion": "",
        "note": "",
    }
    if state in {"done", ""}:
        row["feedback"] = fill(rng.choice(SAID.get(purpose, FEEDBACK)[good]))
        row["result"] = fill(rng.choice(CAME_OF.get(purpose, RESULTS)[good]))
        row["follow_up"] = fill(rng.choice(NEXT.get(purpose, FOLLOW_UPS))) if rng.random() < 0.7 else ""
        row["next_date"] = working_day(day + timedelta(days=rng.randrange(14, 95))) if rng.random() < 0.6 else ""
        row["opinion"] = rng.choice(OPINIONS) if rng.random() < 0.3 else ""
    elif state == "cancelled":
        row["note"] = rng.choice(("客户出差，改期", "天气原因取消", "客户临时有会", "我方人员调整"))
    return row


def _window(c: Customer) -> tuple[date, date]:
    """The days between which a customer is called upon."""
    if c.habit == "contacted":
        return AS_OF - timedelta(days=230), AS_OF
    return max(OPENED, c.start - timedelta(days=30)), min(AS_OF, c.stop + timedelta(days=150))


def visit_rows(customers: list[Customer]) -> list[dict[str, object]]:
    """The rows of visits.csv, by day: done, cancelled, planned for the weeks after AS_OF; a few without a state."""
    rng = Random("visits")
    known = [c for c in customers if c.habit != "listed"]
    weights = [
        c.size**0.4 * max((_window(c)[1] - _window(c)[0]).days, 60) * (0.5 if c.habit == "declining" else 1)
        for c in known
    ]
    met = [c for c in known if c.habit == "contacted"] + rng.choices(known, weights, k=DONE + CANCELLED)
    rows = []
    for n, c in enumerate(met[: DONE + CANCELLED]):
        first, last = _window(c)
        day = working_day(first + (last - first) * rng.random() ** 0.8)
        state = "cancelled" if n >= DONE else "" if n % 70 == 69 else "done"
        rows.append(_visit(c, min(day, AS_OF), state, rng))
    current = [c for c in known if c.habit not in {"churned", "ended"}]
    rows += [
        _visit(c, working_day(AS_OF + timedelta(days=rng.randrange(1, 45))), "planned", rng)
        for c in rng.sample(current, PLANNED)
    ]
    rows.sort(key=lambda r: (r["date"], r["customer_id"], r["time"]))
    return [{"visit_id": f"BF{n:05d}", **row} for n, row in enumerate(rows, 1)]


def survey_rows(customers: list[Customer]) -> list[dict[str, object]]:
    """The rows of surveys.csv: every June and December, some of those who buy; falling where sales fall."""
    rng = Random("surveys")
    rounds = [date(2023, 12, 11), date(2024, 6, 10), date(2024, 12, 9), date(2025, 6, 9), date(2025, 12, 8)]
    rounds += [date(2026, 6, 8)]
    asked = [(day, c) for day in rounds for c in customers if c.buys and c.start <= day <= c.stop]
    rows = []
    for day, c in sorted(rng.sample(asked, SURVEYED), key=lambda a: (a[0], a[1].id)):
        mood = c.mood - (0.15 if c.habit == "declining" and day.year == 2026 else 0)
        row: dict[str, object] = {"date": day + timedelta(days=rng.randrange(18)), "customer_id": c.id}
        for item in ITEMS:
            liking = mood + rng.uniform(-0.3, 0.25) - (0.12 if item == "price" else 0)
            missing = 0.3 if item == "complaints" else 0.05
            row[item] = "unknown" if rng.random() < missing else LEVELS[max(0, min(4, int((0.95 - liking) * 5)))]
        row["recommend"] = max(0, min(10, round(mood * 10 + rng.uniform(-1.5, 2.5))))
        row["opinion"] = rng.choice(COMMENTS[mood > 0.6])
        rows.append(row)
    rows.sort(key=lambda r: (r["date"], r["customer_id"]))
    return [{"survey_id": f"MY{n:04d}", **row} for n, row in enumerate(rows, 1)]


def target_rows(orders: list[Order], lang: str) -> list[dict[str, object]]:
    """The rows of targets.csv: each month of 2026 for the company and each region, 6 to 10 % above 2025."""
    sold: dict[str, int] = defaultdict(int)
    for order in orders:
        province = str(order.customer.row["province"])
        if order.day.year == 2025 and province:
            sold[names.PLACES[province][0]] += order.value
    rows = []
    for month in range(1, 13):
        share = SEASON[month - 1] / sum(SEASON)
        parts = []
        for n, (region, (zh, en, *_)) in enumerate(names.REGIONS.items()):
            amount = round(sold[region] / 100 * share * (1.06 + n % 3 * 0.02), -4)
            name = zh if lang == "zh" else en
            parts.append({"scope": "region", "object": name, "amount": int(amount)})
        total = {"scope": "company", "object": "全公司" if lang == "zh" else "Whole company"}
        total["amount"] = sum(p["amount"] for p in parts)
        rows += [{"month": date(2026, month, 1), **row} for row in (total, *parts)]
    return rows
