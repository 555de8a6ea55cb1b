"""The measures the sample suggests, as Jinja2 texts in Chinese and English."""

# role: Chinese, English
ROLES = {
    "ar": ("客户经理", "Account manager"),
    "sr": ("方案经理", "Solution manager"),
    "fr": ("交付经理", "Delivery manager"),
    "head": ("销售主管", "Sales head"),
    "finance": ("财务", "Finance"),
    "quality": ("质量部", "Quality"),
    "service": ("客服", "Service"),
    "gm": ("总经理", "General manager"),
}
# classes: Chinese, English
HIGH, LATENT, PLAIN = ("高价值", "High value"), ("潜在", "Potential"), ("普通", "Ordinary")
LISTED, ACQUIRE, DEVELOP = ("识别", "Identify"), ("获取", "Acquire"), ("发展", "Develop")
MAINTAIN, WIN_BACK, EXIT = ("维护", "Maintain"), ("挽留", "Win back"), ("退出", "Exit")
A, B, C, D = ("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")
UNRATED, ALWAYS = ("未评级", "Unrated"), ("", "")
FALL, SILENT, DEBT = ("销售下降", "Sales fell"), ("久未下单", "No order"), ("逾期欠款", "Overdue")
COMPLAINT, UNHAPPY = ("投诉", "Complaint"), ("满意度低", "Low satisfaction")
GRADE_FELL, UNSEEN = ("等级下降", "Grade fell"), ("久未拜访", "Not visited")

# form or class, when, role, days, measure in Chinese, in English
LINES = (
    ("value_class", HIGH, "ar", 30, "每月拜访{{ name }}，由{{ owner }}专人负责，优先排产备货", "Visit {{ name }} every month; {{ owner }} in charge; first in production and stock"),
    ("value_class", HIGH, "sr", 90, "每季度做一次联合技术交流，提前介绍新产品", "Joint technical review every quarter; show new products early"),
    ("value_class", HIGH, "gm", 180, "高层每半年互访一次，续签年度框架协议", "Executives meet twice a year; renew the yearly agreement"),
    ("value_class", LATENT, "ar", 30, "了解{{ name }}的年度采购计划，争取转为按月订货", "Learn the yearly buying plan of {{ name }}; aim at monthly orders"),
    ("value_class", LATENT, "sr", 60, "提供寄售或安全库存方案，缩短订货间隔", "Offer consignment or safety stock to shorten the order interval"),
    ("value_class", LATENT, "ar", 45, "推荐配套产品，扩大采购品类", "Recommend matching products to widen the range bought"),
    ("value_class", PLAIN, "service", 90, "电话和线上维护，引导使用电商平台下单", "Look after by phone and online; lead to the web shop"),
    ("value_class", PLAIN, "ar", 90, "合并小单，设起订量，控制服务成本", "Merge small orders, set a minimum, keep the cost of service low"),
    ("stage", LISTED, "ar", 14, "{{ owner }}两周内完成首次电话，核实需求和决策人", "{{ owner }} calls within two weeks: needs and who decides"),
    ("stage", LISTED, "service", 30, "补全{{ name }}的行业、规模、地址等资料", "Complete industry, size and address of {{ name }}"),
    ("stage", ACQUIRE, "sr", 14, "提交样品和报价，安排现场演示", "Hand in sample and quotation; arrange a demonstration"),
    ("stage", ACQUIRE, "ar", 30, "跟进{{ name }}首单，给予试用价格", "Follow up the first order of {{ name }} with a trial price"),
    ("stage", DEVELOP, "ar", 30, "首单后七天内回访，半年内推荐第二个品类", "Call back within seven days of the first order; a second category within half a year"),
    ("stage", DEVELOP, "sr", 60, "{{ name }}近12月采购{{ net_12m|money }}元，分析用量，制定增长目标", "{{ name }} bought {{ net_12m|money }} yuan in 12 months: analyse usage, set a growth target"),
    ("stage", MAINTAIN, "ar", 60, "按等级{{ grade }}的间隔定期拜访，每季核对需求计划", "Visit at the interval of grade {{ grade }}; check the plan every quarter"),
    ("stage", MAINTAIN, "service", 180, "每半年做一次满意度调查，结果反馈给{{ owner }}", "Survey satisfaction twice a year; results to {{ owner }}"),
    ("stage", WIN_BACK, "ar", 7, "已{{ recency_days|days }}天未下单，{{ owner }}一周内上门了解原因", "No order for {{ recency_days|days }} days: {{ owner }} visits within a week and asks why"),
    ("stage", WIN_BACK, "head", 15, "主管参与制定挽回方案，核查价格、交期和质量", "Sales head joins the win-back plan: price, delivery, quality"),
    ("stage", WIN_BACK, "sr", 30, "针对流失品类给出限期优惠或替代方案", "Time-limited offer or substitute for what is no longer bought"),
    ("stage", EXIT, "finance", 30, "结清往来账款，停止赊销{% if overdue %}，逾期{{ overdue|money }}元限期收回{% endif %}", "Settle the account, no more credit{% if overdue %}; collect {{ overdue|money }} yuan overdue{% endif %}"),
    ("stage", EXIT, "ar", 60, "做退出访谈，记录退出原因", "Exit interview; write down why they left"),
    ("stage", EXIT, "service", 180, "半年后再联系一次，寻找重新合作的机会", "Call again after half a year; look for a new start"),
    ("grade", A, "ar", 30, "{{ name }}为关键客户：专人服务，每30天至少拜访一次", "{{ name }} is a key account: own team, a visit every 30 days"),
    ("grade", A, "fr", 30, "建立安全库存，急件24小时内发货", "Keep safety stock; ship urgent parts within 24 hours"),
    ("grade", A, "finance", 90, "账期可放宽一档，年终按销售额返利", "One step longer terms; yearly rebate on sales"),
    ("grade", B, "ar", 60, "每60天拜访一次，制定升A级计划", "Visit every 60 days; plan the way to grade A"),
    ("grade", B, "sr", 90, "找出未采购的品类，组织产品推介", "Find the categories not yet bought; present them"),
    ("grade", C, "ar", 90, "每季度联系一次，以标准价格和标准交期服务", "Contact every quarter; standard prices and delivery"),
    ("grade", C, "service", 90, "纳入线上客户群，定期推送新品和促销", "Add to the online group; regular news and offers"),
    ("grade", D, "service", 180, "由客服电话维护，款到发货", "Looked after by phone; payment before shipment"),
    ("grade", D, "ar", 180, "评估服务成本，可转由经销商供货", "Check the cost of service; consider supply through a dealer"),
    ("abc", A, "head", 30, "销售额占比高，每月跟踪订单变化", "A large share of sales: follow its orders every month"),
    ("abc", B, "ar", 60, "关注增长，争取进入A类", "Watch its growth; try to lift it into A"),
    ("abc", C, "service", 90, "简化流程，集中配送", "Simple process, joint deliveries"),
    ("abc", UNRATED, "ar", 15, "核查退货或无交易的原因，确认是否继续合作", "Find out why goods came back or nothing was bought; decide whether to go on"),
    ("problems", FALL, "ar", 7, "{{ name }}销售额同比下降{{ drop|pct }}，核查是否被竞争对手替代", "Sales of {{ name }} fell by {{ drop|pct }}: has a competitor come in?"),
    ("problems", FALL, "head", 15, "本期仅{{ net_period|money }}元，分析下降品类，制定恢复目标", "Only {{ net_period|money }} yuan this period: find the falling categories, set a target"),
    ("problems", SILENT, "ar", 7, "已{{ recency_days|days }}天未下单，电话确认库存与计划", "No order for {{ recency_days|days }} days: call about stock and plans"),
    ("problems", DEBT, "finance", 3, "逾期{{ overdue|money }}元，三天内发对账函并约定付款日", "{{ overdue|money }} yuan overdue: statement within three days, agree a date"),
    ("problems", DEBT, "head", 15, "超过30天未付的，暂停发货并由主管上门催收", "Unpaid for over 30 days: stop deliveries, the sales head calls in person"),
    ("problems", COMPLAINT, "quality", 3, "24小时内响应，三天内给出原因和纠正措施", "Answer in 24 hours; cause and correction in three days"),
    ("problems", UNHAPPY, "service", 15, "回访低分项目，逐项答复整改时间", "Call back on the low scores; a date for each improvement"),
    ("problems", GRADE_FELL, "ar", 15, "等级降为{{ grade }}，查明原因并制定恢复计划", "Grade fell to {{ grade }}: find the cause and plan the way back"),
    ("problems", UNSEEN, "ar", 7, "一周内安排{{ owner }}拜访{{ name }}", "{{ owner }} to visit {{ name }} within a week"),
    ("chain", ALWAYS, "ar", 180, "每半年核对{{ name }}的联系人与资料", "Check contacts and data of {{ name }} twice a year"),
    ("regions", ALWAYS, "head", 30, "对比目标与完成情况，调整本区域拜访重点", "Compare targets and sales; shift the visits in the region"),
)  # fmt: skip


def rows(lang: str) -> list[dict[str, object]]:
    """The rows of playbook.csv in one language."""
    at = 0 if lang == "zh" else 1
    return [
        {
            "line_id": f"S{n:02d}",
            "form": form,
            "condition": when[at],
            "measure": texts[at],
            "role": ROLES[role][at],
            "days": days,
            "note": "",
        }
        for n, (form, when, role, days, *texts) in enumerate(LINES, 1)
    ]
