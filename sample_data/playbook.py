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
# forms and classes: Chinese, English
SCOPES = {
    "value_class": ("客户分组", "Value group"),
    "stage": ("客户阶段", "Stage"),
    "grade": ("客户等级", "Grade"),
    "abc": ("销售额等级ABC", "ABC by sales"),
    "rfm": ("RFM分类", "RFM"),
    "service_type": ("服务类型", "Service type"),
    "satisfaction_band": ("满意度分档", "Satisfaction band"),
    "churn_risk": ("流失风险", "Churn risk"),
    "credit": ("信用等级", "Credit class"),
    "relationship": ("关系等级", "Relationship"),
    "priority": ("跟进优先级", "Priority"),
    "problems": ("问题客户对策表", "Problem customers"),
    "visit_plan": ("客户拜访计划表", "Visit plan"),
}
# classes: Chinese, English
HIGH, LATENT, PLAIN = ("高价值", "High value"), ("潜在", "Potential"), ("普通", "Ordinary")
LISTED, ACQUIRE, DEVELOP = ("识别", "Identify"), ("获取", "Acquire"), ("发展", "Develop")
MAINTAIN, WIN_BACK, EXIT = ("维护", "Maintain"), ("挽留", "Win back"), ("退出", "Exit")
A, B, C, D = ("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")
UNRATED = ("未评级", "Unrated")
FALL, SILENT, DEBT = ("销售下降", "Sales fell"), ("久未下单", "No order"), ("逾期欠款", "Overdue")
COMPLAINT, UNHAPPY = ("投诉", "Complaint"), ("满意度低", "Low satisfaction")
GRADE_FELL, UNSEEN = ("等级下降", "Grade fell"), ("久未拜访", "Not visited")
BEST, GROW, LATE, SAVE = (("重要价值", "Important value"), ("重要发展", "Important develop"), ("重要保持", "Important keep"), ("重要挽留", "Important win back"))  # fmt: skip
SMALL_BEST, SMALL_GROW, SMALL_LATE, SMALL_SAVE = (("一般价值", "General value"), ("一般发展", "General develop"), ("一般保持", "General keep"), ("一般挽留", "General win back"))  # fmt: skip
NO_ORDER, NOT_KNOWN = ("期内无订单", "No order"), ("未知", "Unknown")
KEY, CLOSE, DISTANT = ("大客户", "Key account"), ("R关系型", "R relational"), ("T交易型", "T transactional")
PLEASED, HALF, DISPLEASED = ("满意", "Satisfied"), ("一般", "Fair"), ("不满意", "Poor")
RISK_LOW, RISK_MEDIUM, RISK_HIGH, NO_RISK = (
    ("低", "Low"),
    ("中", "Medium"),
    ("高", "High"),
    ("不适用", "N/A"),
)
AAA, AA = ("AAA", "AAA"), ("AA", "AA")
EXCELLENT, GOOD, MIDDLING, WEAK = ("优", "Excellent"), ("良", "Good"), ("中", "Fair"), ("差", "Poor")
P1, P2, P3, P4 = ("P1", "P1"), ("P2", "P2"), ("P3", "P3"), ("P4", "P4")
ROUTINE, NEEDS, DEMO = ("常规拜访", "Routine"), ("需求调研", "Needs"), ("产品演示", "Demo")
NEGOTIATION, AFTER_SALES, COMPLAINTS = (
    ("商务洽谈", "Negotiation"),
    ("售后服务", "After-sales"),
    ("投诉处理", "Complaint"),
)
COLLECTION, RELATIONSHIP = ("催收", "Collection"), ("关系维护", "Relationship")

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
    ("stage", DEVELOP, "ar", 30, "{% if age_days < 365 %}首单后七天内回访，半年内推荐第二个品类{% else %}采购在增长：了解新增需求，推荐第二个品类{% endif %}", "{% if age_days < 365 %}Call back within seven days of the first order; a second category within half a year{% else %}Buying more: learn what is new, offer a second category{% endif %}"),
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
    ("rfm", BEST, "ar", 30, "近期常买且金额大：专人服务，优先供货，邀请参加新品试用", "Recent, often and much: own team, first in supply, invited to try new products"),
    ("rfm", GROW, "ar", 30, "金额大但下单少：争取年度协议，改为按月订货", "Much but seldom: aim at a yearly agreement and monthly orders"),
    ("rfm", LATE, "ar", 14, "以往常买、近期未下单：主动上门，核对库存与计划", "Used to buy often, not lately: call in person, check stock and plans"),
    ("rfm", SAVE, "head", 14, "金额大而久未下单：主管参与，查明原因并给出限期方案", "Large and long silent: the sales head joins in, finds the cause, offers a dated plan"),
    ("rfm", SMALL_BEST, "sr", 60, "常买但金额小：推荐配套品类，提高单次金额", "Often but small: recommend matching products, lift the order value"),
    ("rfm", SMALL_GROW, "service", 60, "近期有单、量小：电话回访，了解后续需求", "A recent small order: call back, ask what comes next"),
    ("rfm", SMALL_LATE, "service", 60, "以往常买小单：短信或线上提醒补货", "Used to buy small lots: remind online to restock"),
    ("rfm", SMALL_SAVE, "service", 90, "久未下单且金额小：以促销和电商平台低成本唤回", "Small and silent: win back at low cost, by offers and the web shop"),
    ("rfm", NO_ORDER, "ar", 90, "统计期内无订单：核实是否仍有需求，更新资料", "No order in the window: check whether there is still a need, update the record"),
    ("service_type", KEY, "gm", 90, "{{ name }}为大客户：组建客户经理、方案、交付小组，高层定期互访", "{{ name }} is a key account: a team of three, executives meet regularly"),
    ("service_type", CLOSE, "sr", 90, "重视关系：由资深人员服务，提供技术支持和共同改进", "Values the relationship: senior staff, technical support, joint improvement"),
    ("service_type", DISTANT, "service", 180, "只看价格：标准报价，线上下单，不增加服务成本", "Looks at the price only: standard quotations, online orders, no extra cost"),
    ("service_type", NOT_KNOWN, "ar", 30, "下次拜访时了解关系意愿和价格敏感度并填入客户表", "Ask for will to relate and price sensitivity on the next visit and fill them in"),
    ("satisfaction_band", PLEASED, "ar", 180, "请其推荐同行，征得同意后作为案例", "Ask for a recommendation; with leave, use it as a reference"),
    ("satisfaction_band", HALF, "ar", 60, "就得分低的项目征求意见，列入下次拜访", "Ask about the low scores on the next visit"),
    ("satisfaction_band", DISPLEASED, "service", 7, "一周内回访低分项目，给出整改日期，三个月后复测", "Call back on the low scores within a week, give dates, ask again after three months"),
    ("satisfaction_band", NOT_KNOWN, "service", 180, "列入下一轮满意度调查", "Include in the next survey"),
    ("churn_risk", RISK_HIGH, "head", 7, "一周内由主管和{{ owner }}一同拜访，制定挽留方案", "The sales head and {{ owner }} call within a week and agree on a plan to keep it"),
    ("churn_risk", RISK_MEDIUM, "ar", 15, "两周内电话核对库存、计划和意见", "Call within two weeks about stock, plans and complaints"),
    ("churn_risk", RISK_LOW, "ar", 90, "保持正常节奏", "Keep the usual rhythm"),
    ("churn_risk", NO_RISK, "ar", 180, "尚无订单或已退出，不作预警", "No order yet, or has left: no alert"),
    ("credit", AAA, "finance", 180, "可给最高额度和最长账期，款项优先对账", "Highest limit and longest term; first in reconciliation"),
    ("credit", AA, "finance", 180, "按月均发货额给额度，正常账期", "Limit of the monthly average, usual term"),
    ("credit", A, "finance", 90, "额度打八折，到期前三天提醒", "Limit at 80 %; remind three days before the due day"),
    ("credit", B, "finance", 30, "额度打六折，逾期即停止赊销", "Limit at 60 %; no credit once overdue"),
    ("credit", C, "finance", 7, "款到发货", "Payment before shipment"),
    ("relationship", EXCELLENT, "gm", 180, "签订战略协议，制定联合年度计划", "Strategic agreement and a joint yearly plan"),
    ("relationship", GOOD, "ar", 90, "补齐决策链上未接触的人，争取高层互访", "Meet the deciders not yet known; aim at an executive visit"),
    ("relationship", MIDDLING, "ar", 90, "增加拜访部门，找出支持者", "Visit more departments, find supporters"),
    ("relationship", WEAK, "ar", 180, "评估投入产出，由人决定维持或终止", "Weigh cost and benefit; a person decides whether to go on"),
    ("priority", P1, "ar", 3, "重要且紧急，三天内联系客户，可先电话", "Important and urgent: get in touch within three days, by phone first"),
    ("priority", P2, "ar", 30, "重要，按计划上门", "Important, call in person as planned"),
    ("priority", P3, "ar", 15, "紧急，两周内处理，可先电话", "Urgent, within two weeks, by phone first"),
    ("priority", P4, "service", 180, "电话或线上联系即可", "By phone or online will do"),
    ("problems", FALL, "ar", 7, "{{ name }}销售额同比下降{{ period_drop|pct }}，{{ owner }}核查是否被竞争对手替代", "Sales of {{ name }} fell by {{ period_drop|pct }}: {{ owner }} finds out whether a competitor has come in"),
    ("problems", FALL, "head", 15, "本期仅{{ net_period|money }}元（去年同期{{ net_before|money }}元），分析下降品类，制定恢复目标", "Only {{ net_period|money }} yuan this period ({{ net_before|money }} last year): find the falling categories, set a target"),
    ("problems", DEBT, "finance", 3, "逾期{{ overdue|money }}元，三天内发对账函并约定付款日", "{{ overdue|money }} yuan overdue: statement within three days, agree a date"),
    ("problems", DEBT, "head", 15, "{% if overdue_days > 30 %}已逾期{{ overdue_days|days }}天，暂停发货，由主管上门催收并约定分期{% endif %}", "{% if overdue_days > 30 %}{{ overdue_days|days }} days overdue: stop deliveries; the sales head calls in person and agrees instalments{% endif %}"),
    ("problems", DEBT, "finance", 7, "{% if receivable > credit_limit %}应收超过信用额度，重新评定额度，新订单款到发货{% endif %}", "{% if receivable > credit_limit %}Above the credit limit: review the limit; new orders against payment{% endif %}"),
    ("problems", SILENT, "ar", 7, "已{{ recency_days|days }}天未下单，电话确认库存、计划和不满意之处", "No order for {{ recency_days|days }} days: ask about stock, plans and what displeases"),
    ("problems", SILENT, "sr", 30, "给出限期补货优惠或替代方案", "A dated offer to restock, or a substitute"),
    ("problems", COMPLAINT, "quality", 3, "24小时内响应，三天内给出原因和纠正措施", "Answer in 24 hours; cause and correction in three days"),
    ("problems", COMPLAINT, "service", 7, "关闭后24小时内由{{ owner }}回访，确认客户满意", "{{ owner }} calls back within 24 hours of closing and makes sure that they are satisfied"),
    ("problems", UNHAPPY, "service", 15, "回访低分项目（满意度{{ satisfaction|days }}分），逐项答复整改时间", "Call back on the low scores ({{ satisfaction|days }} points); a date for each improvement"),
    ("problems", GRADE_FELL, "ar", 15, "等级降为{{ grade }}，查明是销售、付款还是活跃度下降，制定恢复计划", "Grade fell to {{ grade }}: find out whether by sales, payment or activity, and plan the way back"),
    ("problems", UNSEEN, "ar", 7, "一周内安排{{ owner }}拜访{{ name }}", "{{ owner }} to visit {{ name }} within a week"),
    ("visit_plan", ROUTINE, "ar", 90, "核对库存和下季度需求", "check stock and the needs of the next quarter"),
    ("visit_plan", NEEDS, "sr", 30, "问清需求、预算和决策人", "find out needs, budget and who decides"),
    ("visit_plan", DEMO, "sr", 60, "介绍尚未采购的品类", "show the categories not yet bought"),
    ("visit_plan", NEGOTIATION, "ar", 15, "{% if contract_end %}谈合同续签和价格{% else %}谈价格和交货条件{% endif %}", "{% if contract_end %}renewal of the contract, prices{% else %}prices and delivery{% endif %}"),
    ("visit_plan", AFTER_SALES, "fr", 7, "首单后回访，确认收货和使用情况", "after the first order: has it arrived, does it work"),
    ("visit_plan", COMPLAINTS, "quality", 3, "当面说明原因和措施，确认是否满意", "explain cause and measure in person, ask whether they are satisfied"),
    ("visit_plan", COLLECTION, "finance", 7, "对账并约定付款日，逾期{{ overdue|money }}元", "reconcile and agree a date for {{ overdue|money }} yuan overdue"),
    ("visit_plan", RELATIONSHIP, "head", 15, "问清少订的原因，带上挽回方案", "ask why they order less, bring the win-back plan"),
)  # fmt: skip


def rows(lang: str) -> list[dict[str, object]]:
    """The rows of playbook.csv in one language."""
    at = 0 if lang == "zh" else 1
    return [
        {
            "line_id": f"S{n:02d}",
            "form": SCOPES[form][at],
            "condition": when[at],
            "measure": texts[at],
            "role": ROLES[role][at],
            "days": days,
            "note": "",
        }
        for n, (form, when, role, days, *texts) in enumerate(LINES, 1)
    ]
