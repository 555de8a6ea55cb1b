Option Explicit
' Written by crmbook: reads in one call what would take thousands from outside.
' The documents that we keep from calculating. Python ends that before it goes, unless somebody ended Python.
Global Kept As String
Global Ready As Variant
Function Names(book As Object) As Variant
  Dim all As Object, ids As Variant, i As Long
  all = book.NamedRanges
  ids = all.ElementNames
  Dim texts() As Variant
  If UBound(ids) >= 0 Then ReDim texts(UBound(ids)) As Variant
  For i = 0 To UBound(ids)
    texts(i) = all.getByName(ids(i)).Content
  Next
  Names = Array(ids, texts)
End Function
Function Tables(book As Object) As Variant
  Dim all As Object, one As Object, ids As Variant, i As Long
  Dim at As Object, header As Variant, sheet As Object
  all = book.DatabaseRanges
  ids = all.ElementNames
  Dim found() As Variant
  If UBound(ids) >= 0 Then ReDim found(UBound(ids)) As Variant
  For i = 0 To UBound(ids)
    one = all.getByName(ids(i))
    at = one.DataArea
    sheet = book.Sheets.getByIndex(at.Sheet)
    header = Array()
    If one.ContainsHeader Then header = sheet.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, at.StartRow).getDataArray()(0)
    found(i) = Array(ids(i), at, one.ContainsHeader, one.TotalsRow, header, sheet.Name)
  Next
  Tables = found
End Function
Function Kinds(book As Object, cells As Object) As Variant
  Dim all As Object, one As Object, formats As Object, found As Object, i As Long
  formats = book.NumberFormats
  all = cells.getUniqueCellFormatRanges()
  Dim types() As Variant, areas() As Variant
  If all.Count > 0 Then
    ReDim types(all.Count - 1) As Variant
    ReDim areas(all.Count - 1) As Variant
  End If
  For i = 0 To all.Count - 1
    one = all.getByIndex(i)
    types(i) = formats.getByKey(one.getByIndex(0).NumberFormat).Type
    If (types(i) And 1026) <> 0 Then areas(i) = one.getRangeAddresses() Else areas(i) = Array()
  Next
  Kinds = Array(types, areas)
End Function
' Of every sheet its name, its cells from A1 to the last one used, how many they are, their kinds, and where formulas are.
Function Extents(book As Object) As Variant
  Dim sheet As Object, cursor As Object, at As Object, cells As Object, ids As Variant, i As Long
  ids = book.Sheets.ElementNames
  Dim found() As Variant
  ReDim found(UBound(ids)) As Variant
  For i = 0 To UBound(ids)
    sheet = book.Sheets.getByIndex(i)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    at = cursor.RangeAddress
    cells = sheet.getCellRangeByPosition(0, 0, at.EndColumn, at.EndRow)
    found(i) = Array(ids(i), cells, (at.EndRow + 1) * (at.EndColumn + 1), Kinds(book, cells), Places(cells.queryContentCells(16)))
  Next
  Extents = found
End Function
' The first things that a press asks for, told to that press once.
Sub Prepare(book As Object, press)
  On Error Goto Without
  Ready = Array(press, Array(Names(book), Tables(book), Extents(book)))
Without:
End Sub
Function Looked(book As Object, press) As Variant
  Dim told As Variant
  If IsArray(Ready) Then
    If Ready(0) = press Then told = Ready(1)
    Ready = Empty
  End If
  If Not IsArray(told) Then told = Array(Names(book), Tables(book), Extents(book))
  Looked = told
End Function
Function Calculating(book As Object, automatic As Boolean) As Boolean
  Dim was As Boolean, modified As Boolean
  was = book.isAutomaticCalculationEnabled()
  Calculating = was
  If was = automatic Then Exit Function
  modified = book.isModified()
  book.enableAutomaticCalculation(automatic)
  If automatic Then Kept = Replace(Kept, Mark(book), "") Else Kept = Kept & Mark(book)
  If Not modified Then book.setModified(False)
End Function
Function Mark(book As Object) As String
  Mark = "|" & book.RuntimeUID & "|"
End Function
' A document that was left as a refresh needs it is given back to its user: it calculates, fits rows, closes the step of undo.
Sub GiveBack(book As Object)
  If InStr(Kept, Mark(book)) = 0 Then Exit Sub
  Kept = Replace(Kept, Mark(book), "")
  book.enableAutomaticCalculation(True)
  book.IsAdjustHeightEnabled = True
  On Error Resume Next
  book.UndoManager.leaveUndoContext()
End Sub
Function Guards(book As Object, ids) As Variant
  Dim sheet As Object, all As Object, i As Long, filtered As Boolean
  Dim found() As Variant
  ReDim found(UBound(ids)) As Variant
  On Error Goto Without
  all = book.getPropertyValue("UnnamedDatabaseRanges")
  For i = 0 To UBound(ids)
    sheet = book.Sheets.getByName(ids(i))
    filtered = False
    If all.hasByTable(sheet.RangeAddress.Sheet) Then filtered = Filters(all.getByTable(sheet.RangeAddress.Sheet))
    found(i) = Array(sheet.isProtected(), filtered)
  Next
  Guards = found
Without:
End Function
Function Filters(table As Object) As Boolean
  Filters = UBound(table.getFilterDescriptor().getFilterFields3()) >= 0
End Function
Function Standing(book As Object, ids) As Variant
  Dim table As Object, i As Long
  Dim found() As Variant
  ReDim found(UBound(ids)) As Variant
  On Error Goto Without
  For i = 0 To UBound(ids)
    table = book.DatabaseRanges.getByName(ids(i))
    found(i) = Array(table.DataArea, Filters(table))
  Next
  Standing = found
Without:
End Function
' Each of `several`: sheet, first row and column, last row and column.
Function HideRows(book As Object, several) As Variant
  Dim at As Variant, shown As Variant, rows As Long, i As Long, j As Long
  Dim found() As Variant
  ReDim found(UBound(several)) As Variant
  On Error Goto Without
  For i = 0 To UBound(several)
    at = several(i)
    shown = book.Sheets.getByName(at(0)).getCellRangeByPosition(at(2), at(1), at(4), at(3)).queryVisibleCells().getRangeAddresses()
    rows = at(3) - at(1) + 1
    For j = 0 To UBound(shown)
      rows = rows - (shown(j).EndRow - shown(j).StartRow + 1)
    Next
    found(i) = rows > 0
  Next
  HideRows = found
Without:
End Function
' Each of `parts`: first column and row, last column and row, whether these are formulas, the rows.
Function Put(sheet As Object, column, row, lastColumn, lastRow, parts) As Variant
  Dim one As Variant, cells As Object, notes As Variant, i As Long
  notes = Noted(sheet, column, row, lastColumn, lastRow)
  Put = Array(notes, False)
  If UBound(notes) >= 0 Then Exit Function
  On Error Goto Without
  For i = 0 To UBound(parts)
    one = parts(i)
    cells = sheet.getCellRangeByPosition(one(0), one(1), one(2), one(3))
    If one(4) Then cells.setFormulaArray(one(5)) Else cells.setDataArray(one(5))
  Next
  Put = Array(notes, True)
Without:
End Function
Function Sort(book As Object, name As String, column, row, lastRow, keys) As Boolean
  Dim table As Object, sheet As Object, place As Object, at As Object, bottom As Long
  Dim fields(0) As New com.sun.star.table.TableSortField
  Dim how(3) As New com.sun.star.beans.PropertyValue
  On Error Goto Without
  table = book.DatabaseRanges.getByName(name)
  at = table.DataArea
  sheet = book.Sheets.getByIndex(at.Sheet)
  place = sheet.getCellRangeByPosition(column, row, column, lastRow)
  If place.queryContentCells(8).Count > 0 Then Exit Function
  place.setDataArray(keys)
  fields(0).Field = column - at.StartColumn
  fields(0).IsAscending = True
  how(0).Name = "SortFields"
  how(0).Value = fields()
  how(1).Name = "ContainsHeader"
  how(1).Value = table.ContainsHeader
  how(2).Name = "IsSortColumns"
  how(2).Value = False
  how(3).Name = "BindFormatsToContent"
  how(3).Value = True
  bottom = at.EndRow
  If table.TotalsRow Then bottom = bottom - 1
  sheet.getCellRangeByPosition(at.StartColumn, at.StartRow, at.EndColumn, bottom).sort(how())
  Sort = True
Without:
End Function
' A number is handed over as a Variant, as it would come as 0 in a Long.
Function Shown(book As Object, sheet As Object, column, row, lastColumn, lastRow) As Variant
  Dim key As Variant
  key = sheet.getCellRangeByPosition(column, row, lastColumn, lastRow).NumberFormat
  If Not IsEmpty(key) Then Shown = book.NumberFormats.getByKey(key).FormatString
End Function
Function Noted(sheet As Object, column, row, lastColumn, lastRow) As Variant
  Noted = Places(sheet.getCellRangeByPosition(column, row, lastColumn, lastRow).queryContentCells(8))
End Function
' An array without elements that UNO made ends LibreOffice where it is handed on.
Function Places(cells As Object) As Variant
  If cells.Count > 0 Then Places = cells.getRangeAddresses() Else Places = Array()
End Function
Function Marked(sheet As Object, row) As Variant
  Dim cells As Object, all As Object, one As Object, found As Variant, n As Long, i As Long, j As Long, k As Long, at As Variant
  cells = sheet
  If row > 0 Then cells = sheet.getCellRangeByPosition(0, row, sheet.Columns.Count - 1, sheet.Rows.Count - 1)
  all = cells.queryContentCells(512).Cells.createEnumeration()
  Do While all.hasMoreElements()
    one = all.nextElement()
    If one.getTextFields().hasElements() Then
      ReDim Preserve found(n) As Variant
      found(n) = Array(one.CellAddress.Row, one.CellAddress.Column, one.getTextFields().createEnumeration().nextElement().URL)
      n = n + 1
    End If
  Loop
  all = cells.getUniqueCellFormatRanges()
  For i = 0 To all.Count - 1
    one = all.getByIndex(i)
    If one.getByIndex(0).getCellByPosition(0, 0).Hyperlink <> "" Then
      at = one.getRangeAddresses()
      For j = 0 To UBound(at)
        For k = at(j).StartRow To at(j).EndRow
          ReDim Preserve found(n) As Variant
          found(n) = Array(k, at(j).StartColumn, one.getByIndex(0).getCellByPosition(0, 0).Hyperlink)
          n = n + 1
        Next
      Next
    End If
  Next
  If n = 0 Then found = Array()
  Marked = Array(Places(cells.queryContentCells(8)), found)
End Function
