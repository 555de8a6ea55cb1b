"""A day of the staff who keep the sample book: what they typed, coloured, inserted, renamed, moved, drew, and the orders that came in."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from tests.excel_edits import Edit
from tests.reading import Reading

GRADING, CHAIN, CUSTOMERS, ORDERS = "crm_grading", "crm_chain", "crm_customers", "crm_orders"
KEY = {GRADING: "客户代码", CHAIN: "客户编号", CUSTOMERS: "客户编号"}
OWN_SHEET = "我的分析"
RENAMED = "本期销售额（元）"  # 销售额 of 客户分级表, as the staff call it
OUR_PLAN = "我们的打法"  # 管理策略 of 客户链管理表
POINTS, DOUBLE = "我的打分", "双倍购买额"  # their own columns: typed in 客户分级表, a formula in 客户链管理表
NEW_CUSTOMER, NEW_NAME, NEW_AMOUNTS = "C9001", "新来的大客户有限公司", (2_600_000, 1_900_000.5, 880_000)
RETURNED = -1_250_000
ORANGE, GREEN = "FFC000", "92D050"


def png(width: int = 8) -> bytes:
    """A small picture."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + b"\x20\x80\xc0" * width for _ in range(width))
    head = struct.pack(">IIBBBBB", width, width, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Staff:
    """Which customers the staff dealt with, and what they did: data for Excel and for LibreOffice."""

    def __init__(self, book: Reading) -> None:
        self.book = book
        ranked = [key[0] for key in book.tables[GRADING].keys(KEY[GRADING])]
        self.first, self.fifth, self.tenth, self.middle, self.last = (
            ranked[n] for n in (0, 4, 9, len(ranked) // 2, -1)
        )
        self.notes: dict[str, dict[tuple[str, str], str]] = {  # table → (key, header) → what was typed
            GRADING: {
                (self.first, "备注"): "总经理亲自拜访",
                (self.tenth, "核定等级"): "A",
                (self.tenth, "调整理由"): "战略合作，明年扩产",
                (self.middle, "备注"): "00123",
                (self.last, "备注"): "两年没有消息\n问过三次",
            },
            CHAIN: {
                (self.first, "管理策略"): "每月对账一次",
                (self.middle, "备注"): "采购换人了",
                (self.last, "管理策略"): "暂不投入",
            },
        }
        self.points: dict[str, float | str] = {self.first: 95, self.fifth: 88.5, self.middle: "待定"}
        self.colours = {GRADING: {self.fifth: ORANGE, self.last: GREEN}, CHAIN: {self.middle: ORANGE}}
        self.heights = {GRADING: {self.tenth: 48.0}, CHAIN: {self.last: 60.0}}
        self.comments = {GRADING: {self.fifth: "王总说下半年要换供应商"}, CHAIN: {self.tenth: "合同在档案柜三层"}}

    def edits(self) -> list[Edit]:
        """Everything the staff did, in order; each a command both programs know."""
        done: list[dict[str, Any]] = []
        for table, typed in self.notes.items():
            done += [
                self._on(table, key, do="type", column=header, value=said) for (key, header), said in typed.items()
            ]
        for table, rows in self.colours.items():
            done += [self._on(table, key, do="colour", rgb=rgb) for key, rgb in rows.items()]
        for table, rows in self.heights.items():
            done += [self._on(table, key, do="height", points=points) for key, points in rows.items()]
        for table, rows in self.comments.items():
            done += [
                self._on(table, key, do="comment", column="客户名称", text=said, author="李敏")
                for key, said in rows.items()
            ]
        done += [
            {"do": "insert_column", "table": GRADING, "before": "评分", "header": POINTS, "values": [({KEY[GRADING]: key}, value) for key, value in self.points.items()]},
            {"do": "insert_column", "table": CHAIN, "before": "备注", "header": DOUBLE, "formula": "[@累计购买额]*2", "results": [2 * v for v in self.column(CHAIN, "累计购买额")]},
            {"do": "rename_header", "table": GRADING, "old": "销售额", "new": RENAMED},
            {"do": "rename_header", "table": CHAIN, "old": "管理策略", "new": OUR_PLAN},
            {"do": "move_sheet", "name": "客户链管理表", "before": "客户分级表"},
            {"do": "own_sheet", "name": OWN_SHEET, "cells": self.own_cells()},
            {"do": "chart", "sheet": OWN_SHEET, "at": [4, 1], "table": GRADING, "categories": "客户名称", "values": RENAMED},
            {"do": "picture", "sheet": OWN_SHEET, "at": [4, 20], "png": png().hex()},
            {"do": "append_row", "table": CUSTOMERS, "values": {"客户编号": NEW_CUSTOMER, "客户名称": NEW_NAME, "区域": "华东", "合作状态": "正常"}},
            *({"do": "append_row", "table": ORDERS, "values": self.order(n, amount)} for n, amount in enumerate(NEW_AMOUNTS)),
            {"do": "append_row", "table": ORDERS, "values": self.order(9, RETURNED, self.first)},
            {"do": "filter", "table": CUSTOMERS, "column": "区域", "values": ["华东", "华南"]},
            {"do": "hide_column", "table": GRADING, "column": "付款信用"},
        ]  # fmt: skip
        return done

    def in_excel(self) -> list[Edit]:
        """What only Excel's users were asked to do besides."""
        return [
            self._on(GRADING, self.first, do="link", column="客户名称", url="https://example.com/first"),
            {"do": "data_bar", "table": GRADING, "column": "利润贡献"},
            {"do": "dropdown", "table": GRADING, "column": POINTS, "choices": ["高", "低"]},
        ]

    def own_cells(self) -> dict[str, Any]:
        """Their own sheet: a structured sum, a plain one over the whole column, a look-up, three formulas filled down."""
        sales = self.column(GRADING, "销售额")
        area = self.book.column_name(GRADING, "销售额")
        sheet = self.book.tables[GRADING].sheet.name
        return {
            "A1": "合计",
            "B1": [f"SUM({GRADING}[{RENAMED}])", sum(sales)],
            "A2": "合计（区域）",
            "B2": [f"SUM({sheet}!{area})", sum(sales)],
            "A3": "第一名",
            "B3": [f'VLOOKUP("{self.first}",{CUSTOMERS}[#All],2,FALSE)', self.name(self.first)],
            "A4": "自己记的",
            "B4": 12.5,
            "B5": ["B4*2", 25.0],
        }

    def name(self, customer: str) -> object:
        return self.book.tables[CUSTOMERS].column_of("客户名称", KEY[CUSTOMERS])[customer,]

    def order(self, number: int, amount: float, customer: str = NEW_CUSTOMER) -> Mapping[str, object]:
        return {"订单号": f"SO20261030-9{number}", "行号": 1, "日期": 46325, "客户编号": customer, "产品编号": "P001", "数量": 1, "金额": amount}  # fmt: skip

    def column(self, table: str, header: str) -> Sequence[float]:
        return [float(v or 0) for v in self.book.tables[table].column_of(header, KEY[table]).values()]

    def _on(self, table: str, key: str, **what: Any) -> dict[str, Any]:
        return {**what, "table": table, "where": {KEY[table]: key}}
