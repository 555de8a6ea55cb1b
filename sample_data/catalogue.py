"""What the sample's supplier sells: ten categories, list and cost prices in yuan."""

from dataclasses import dataclass

# category: unit, then products as "name list cost [state]"
GOODS = {
    "滚动轴承": """
        套 深沟球轴承6204-2RS 18 11.2
        套 深沟球轴承6308-ZZ 46 29.5
        套 角接触球轴承7206AC 128 84
        套 圆锥滚子轴承30210 86 57
        套 调心滚子轴承22220E 980 690
        套 圆柱滚子轴承NU2216 325 218
        套 推力球轴承51210 74 48
        套 外球面带座轴承UCP208 68 42
        套 精密主轴轴承7014C-P4 1860 1190""",
    "直线传动": """
        根 直线导轨HG20-1000 268 172
        根 直线导轨HG30-1600 620 405
        只 导轨滑块HGW25 145 92
        根 滚珠丝杠SFU2505-800 560 352
        根 滚珠丝杠SFU4010-1500 1480 960
        只 丝杠支撑座BK20 165 104
        根 直线轴承光轴SF25-1000 96 61
        台 直线模组KM86-500 2350 1520 new""",
    "液压元件": """
        台 齿轮泵CBN-E320 680 448
        台 叶片泵PV2R1-23 1280 850
        台 轴向柱塞泵A10-45 5600 3920
        台 比例换向阀4WRE10 4850 3180
        只 电磁换向阀4WE6 385 246
        只 溢流阀DBW20 520 338
        支 液压缸HSG63-400 1360 930
        只 高压滤芯HX-160 118 62
        台 液压站YZ-100L 12800 9350""",
    "传动件": """
        条 同步带HTD8M-1200 76 44
        条 三角带SPB2000 42 25
        台 减速机RV063-30 560 385
        台 行星减速机PX90-10 1980 1330
        台 斜齿轮减速电机R67-2.2 3260 2310
        米 滚子链12A-1 58 36
        只 膜片联轴器JM65 240 149
        只 链轮12A-25 88 53""",
    "密封件": """
        只 骨架油封TC45x62x8 6.5 2.9
        只 O形圈NBR50x3.5 1.2 0.4
        套 活塞密封组件DAS63 92 47
        套 活塞杆密封UN50 36 17
        套 机械密封108-45 185 98
        卷 聚四氟乙烯垫片带 128 71
        只 防尘圈DH50 9.8 4.2""",
    "气动元件": """
        支 标准气缸SC63x100 136 84
        支 薄型气缸SDA32x30 62 37
        只 五通电磁阀4V210-08 58 33
        组 气源三联件AC3010 118 71
        米 聚氨酯气管PU8x5 3.6 1.8
        台 真空发生器ZL112 420 265
        台 阀岛8位VT8 1680 1105 new""",
    "切削刀具": """
        盒 车刀片CNMG120408 168 96
        盒 铣刀片APMT1604 152 88
        支 整体硬质合金立铣刀D10 86 49
        支 硬质合金钻头D8.5 112 68
        支 丝锥M10x1.5 38 19
        把 面铣刀盘D80 640 402
        套 数控刀柄BT40-ER32 215 128
        支 高速钢钻头D12 26 14 discontinued""",
    "润滑油品": """
        桶 抗磨液压油46号200L 2680 2150
        桶 工业齿轮油220号200L 3150 2480
        桶 导轨油68号18L 360 272
        桶 水溶性切削液18L 420 298
        支 高温润滑脂400g 48 27
        桶 主轴油10号18L 395 300 discontinued""",
    "工具量具": """
        把 数显卡尺150mm 168 102
        把 外径千分尺0-25mm 145 88
        套 扭矩扳手40-200Nm 385 246
        台 轴承加热器YL-3 1850 1260""",
    "定制加工": """
        件 非标定制加工件 - -
        件 非标密封件开模 - -""",
}


@dataclass(frozen=True)
class Product:
    """One product; prices in fen, None where each job is priced by itself."""

    id: str
    name: str
    category: str
    unit: str
    list_price: int | None
    cost_price: int | None
    state: str


def _products() -> list[Product]:
    made = []
    for category, goods in GOODS.items():
        for line in goods.strip().splitlines():
            unit, name, list_price, cost_price, *state = line.split()
            prices = [None if p == "-" else round(float(p) * 100) for p in (list_price, cost_price)]
            made.append(
                Product(f"P{len(made) + 1:03d}", name, category, unit, *prices, state[0] if state else "on_sale")
            )
    return made


PRODUCTS = _products()


def yuan(fen: int | None) -> str:
    """Fen as yuan, without the noughts nobody writes; None as blank."""
    return "" if fen is None else f"{fen / 100:.2f}".removesuffix(".00")


def product_rows() -> list[dict[str, object]]:
    """The rows of products.csv."""
    notes = {"discontinued": "已停产，库存售完为止", "new": "2026年新品"}
    return [
        {
            "product_id": p.id,
            "name": p.name,
            "category": p.category,
            "unit": p.unit,
            "list_price": yuan(p.list_price),
            "cost_price": yuan(p.cost_price),
            "state": p.state,
            "note": notes.get(p.state, "按图报价，成本随订单" if p.list_price is None else ""),
        }
        for p in PRODUCTS
    ]
