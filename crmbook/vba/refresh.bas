Option Explicit

' The button: Python brings this workbook up to date while it is open.
Public Sub RefreshBook()
    RunPython "import crmbook.live; crmbook.live.refresh()"
End Sub
