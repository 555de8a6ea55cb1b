' Written by crmbook: the button. Python brings the document up to date while it is open.
Sub Refresh(Optional book As Object)
  If IsMissing(book) Then book = ThisComponent
  Shell("""{program}""", 0, "-m crmbook.live.libreoffice_click " & book.URL, False)
End Sub
