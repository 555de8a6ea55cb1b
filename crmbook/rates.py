"""Shares, rates and growth: each as a formula and as the values that stand beside it; blank where there is no base."""

from typing import Any

import pandas as pd

from crmbook.form import blank
from crmbook.tally import total

RATE = 'IF({whole}>0,{part}/{whole},"")'
GROWTH = 'IF({before}>0,{now}/{before}-1,"")'
# Of all that customers bought: one who only returned has no share, as in customer grading.
SHARE = 'IF([@{of}]>0,[@{of}]/SUMIF([{of}],">0"),"")'
# Equal amounts stand together, at the share of all of them and of all that are larger.
CUMULATIVE = 'IF([@{of}]>0,ROUND((SUMIF([{of}],">"&[@{of}])+[@{of}]*COUNTIF([{of}],[@{of}]))/SUMIF([{of}],">0"),9),"")'
SUM = "SUBTOTAL(109,[{of}])"
VISIBLE = "ROUND(SUBTOTAL(109,[{of}]),2)"  # rounded, so that amounts that cancel out make zero and not almost zero
IF_ANY = 'IF(COUNT([{of}])=0,"",SUBTOTAL(109,[{of}]))'

FELL = "AND(ISNUMBER([@growth]),ROUND([@growth],3)<0)"  # as shown: -0.02 % reads -0.0 % and is no decline
MISSED = "AND(ISNUMBER([@achieved]),ROUND([@achieved],3)<1)"


def rate(part: "pd.Series[Any]", whole: "pd.Series[Any]") -> "pd.Series[Any]":
    """part / whole, blank where the whole is not above 0."""
    return blank(part / whole.where(whole > 0))


def growth(now: "pd.Series[Any]", before: "pd.Series[Any]") -> "pd.Series[Any]":
    """now / before − 1, blank where the base is not above 0."""
    return blank(now / before.where(before > 0) - 1)


def share(of: "pd.Series[Any]") -> "pd.Series[Any]":
    """Each amount's share of all amounts above 0, blank for the others."""
    positive = of.where(of > 0)
    return blank(positive / total(positive))


def cumulative(of: "pd.Series[Any]") -> "pd.Series[Any]":
    """The share of all amounts that are as large or larger, blank for those not above 0."""
    positive = of.where(of > 0)
    down = positive.groupby(positive).sum().sort_index(ascending=False).cumsum()
    return blank((positive.map(down) / total(positive)).round(9))


def growth_of_sums(now: "pd.Series[Any]", before: "pd.Series[Any]") -> Any:
    """The growth of the sums."""
    return rate_of_sums(now, before) - 1 if total(before) > 0 else ""


def rate_of_sums(part: "pd.Series[Any]", whole: "pd.Series[Any]") -> Any:
    """The rate of the sums."""
    return total(part) / total(whole) if total(whole) > 0 else ""


def if_any(of: "pd.Series[Any]") -> Any:
    """The sum, blank if no value is known."""
    return total(of) if pd.to_numeric(of).notna().any() else ""
