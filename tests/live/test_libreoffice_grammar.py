"""Formulas between Excel's grammar and that of LibreOffice's programming interface."""

import pytest

from crmbook.live.libreoffice_grammar import to_excel, to_office

PAIRS = {
    "=SUM(A1,B2)": "=SUM(A1;B2)",
    "='我的 表'!$A$1+客户!B2": "=$'我的 表'.$A$1+$客户.B2",
    "=crm_grading[[#This Row],[销售额]]": "=crm_grading[[#This Row];[销售额]]",
    "=SUM(crm_o[[a, b]:[c;d]])": "=SUM(crm_o[[a, b]:[c;d]])",
    "=crm_x[[#This Row],[it''s '[odd']]]": "=crm_x[[#This Row];[it''s '[odd']]]",
    '=IF(A1="a,b;c!d",{1,2;3,4},"x""y,")': '=IF(A1="a,b;c!d";{1;2|3;4};"x""y,")',
    "=_crm.card.q1+STDEV.S(A1:A2)": "=_crm.card.q1+STDEV.S(A1:A2)",
    "=SUM(客户!$C:$C)*IFERROR(#DIV/0!,1)": "=SUM($客户.$C:$C)*IFERROR(#DIV/0!;1)",
    "=客户!#REF!": "=$客户.#REF!",
    "='it''s'!A1": "=$'it''s'.A1",
    '=EDATE(A1,1)&"EDATE("': '=COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GETEDATE(A1;1)&"EDATE("',
}


@pytest.mark.parametrize(("excel", "office"), PAIRS.items())
def test_there_and_back(excel, office):
    assert to_office(excel) == office
    assert to_excel(office) == excel
