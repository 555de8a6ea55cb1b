"""The visits and calls to the sample's customers: what was said, and what came of it."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import names
from customers import AS_OF, OPENED, Customer
from trade import Order, working_day

People = dict[str, list[dict[str, object]]]
DONE, PLANNED, CANCELLED = 1090, 62, 48
# from this place on in the list of who bought most: days within which everybody was seen
RECENT = ((170, 110), (95, 70), (45, 50), (0, 26))
FORGOTTEN = 0.04
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


def _visit(c: Customer, people: People, day: date, state: str, rng: Random, purpose: str = "") -> dict[str, object]:
    """One visit; what was said only where it took place."""
    way = "phone" if purpose else rng.choices(WAYS, (55, 28, 12, 5))[0]
    fill, purpose = _filler(c, rng), purpose or _purposes(c, rng)
    known = people[c.id]
    met = known[0] if rng.random() < 0.6 else rng.choice(known)
    start, length = rng.choice((9, 10, 13, 14, 15)), rng.choice((0.5, 1, 1.5, 2)) if way != "phone" else 0.25
    end = start * 60 + round(length * 60)
    good = rng.random() < c.mood + 0.1
    row: dict[str, object] = {
        "date": day,
        "time": f"{start:02d}:00-{end // 60:02d}:{end % 60:02d}" if rng.random() < 0.9 else "",
        "customer_id": c.id,
        "person": met["name"],
        "position": met["position"],
        "phone": met["phone"],
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


def _recent(customers: list[Customer], orders: list[Order], rng: Random) -> list[tuple[Customer, date, str]]:
    """A last visit each to those in touch, the sooner the more they bought in a year; a few were forgotten."""
    bought = dict.fromkeys((c.id for c in customers), 0)
    for order in orders:
        if order.day > AS_OF - timedelta(days=365):
            bought[order.customer.id] += order.value
    met = []
    for n, c in enumerate(sorted(customers, key=lambda c: (-bought[c.id], c.id))):
        if c.habit not in {"churned", "ended"} and rng.random() > FORGOTTEN:
            within = next(days for first, days in RECENT if n >= first)
            days = (rng.randrange(1, within), *((40, 75) if n < 45 else ()))  # the largest also before
            met += [(c, working_day(AS_OF - timedelta(days=d)), "") for d in days]
    return met


def _called_back(customers: list[Customer], service: list[dict[str, object]], rng: Random) -> list[tuple[Customer, date, str]]:  # fmt: skip
    """A call on the working day after a complaint was closed, nearly always."""
    by_id = {c.id: c for c in customers}
    closed = [r for r in service if r["type"] == "complaint" and r["closed"] and rng.random() > FORGOTTEN]
    days = [date.fromisoformat(str(r["closed"])[:10]) + timedelta(days=1) for r in closed]
    return [(by_id[str(r["customer_id"])], working_day(day), "complaint") for r, day in zip(closed, days, strict=True)]


def visit_rows(
    customers: list[Customer],
    people: People,
    orders: list[Order],
    service: list[dict[str, object]],
) -> list[dict[str, object]]:
    """The rows of visits.csv, by day: done, cancelled, planned for the weeks after AS_OF; a few without a state."""
    rng = Random("visits")
    known = [c for c in customers if c.habit != "listed"]
    weights = [
        c.size**0.4 * max((_window(c)[1] - _window(c)[0]).days, 60) * (0.5 if c.habit == "declining" else 1)
        for c in known
    ]
    met = _recent(known, orders, rng) + _called_back(known, service, rng)
    met += [(c, c.start + timedelta(days=rng.randrange(1, 7)), "") for c in known if c.habit in {"new", "once"}]
    met = [(c, day, purpose) for c, day, purpose in met if day <= AS_OF]
    for c in rng.choices(known, weights, k=DONE + CANCELLED - len(met)):
        first, last = _window(c)
        met.append((c, min(working_day(first + (last - first) * rng.random() ** 0.8), AS_OF), ""))
    rows = []
    for n, (c, day, purpose) in enumerate(met):
        state = "cancelled" if n >= DONE else "" if n % 70 == 69 else "done"
        rows.append(_visit(c, people, day, state, rng, purpose))
    current = [c for c in known if c.habit not in {"churned", "ended"}]
    rows += [
        _visit(c, people, working_day(AS_OF + timedelta(days=rng.randrange(1, 45))), "planned", rng)
        for c in rng.sample(current, PLANNED)
    ]
    rows.sort(key=lambda r: (r["date"], r["customer_id"], r["time"]))
    return [{"visit_id": f"BF{n:05d}", **row} for n, row in enumerate(rows, 1)]
