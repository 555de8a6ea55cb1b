' Written by crmbook: the button. Python brings the document up to date while it is open.
Global Acceptor As Object
Global Pipe As String
Global Press As Long
' While Python starts, what it will ask for first is looked at.
Sub Refresh(Optional book As Object)
  If IsMissing(book) Then book = ThisComponent
  Press = Press + 1
  Shell("""{program}""", 0, "-P -m crmbook.live.libreoffice_click " & book.URL & " " & Listening() & " " & Press, False)
  Prepare(book, Press)
End Sub
' Where Python reaches us; without it, it would have to start us once more to ask for it.
Function Listening() As String
  On Error Goto Without
  If IsNull(Acceptor) Then
    Randomize()
    Pipe = "crmbook" & Format(Now(), "yyyymmddhhnnss") & Int(Rnd() * 1000000000)
    Acceptor = createUnoService("com.sun.star.office.Acceptor")
    Acceptor.initialize(Array("pipe,name=" & Pipe & ";urp;", True))
  End If
  Listening = Pipe
Without:
End Function
