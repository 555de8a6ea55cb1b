Option Explicit

' The button in the ribbon: Python brings the workbook in front up to date, or says that it is none of crmbook's.
Public Sub CrmbookRefreshActive(control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then
        MsgBox {no_book}, vbInformation, "crmbook"
    Else
        RunPython "import crmbook.live; crmbook.live.refresh()"
    End If
End Sub
