Option Explicit
' Written by crmbook: reads in one call what would take thousands from outside.
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
Function Used(book As Object, name As String) As Variant
  Dim sheet As Object, cursor As Object, at As Object, cells As Object
  sheet = book.Sheets.getByName(name)
  cursor = sheet.createCursor()
  cursor.gotoEndOfUsedArea(False)
  at = cursor.RangeAddress
  cells = sheet.getCellRangeByPosition(0, 0, at.EndColumn, at.EndRow)
  Used = Array(cells, (at.EndRow + 1) * (at.EndColumn + 1), Kinds(book, cells))
End Function
Function Calculating(book As Object, automatic As Boolean) As Boolean
  Dim was As Boolean, modified As Boolean
  was = book.isAutomaticCalculationEnabled()
  Calculating = was
  If was = automatic Then Exit Function
  modified = book.isModified()
  book.enableAutomaticCalculation(automatic)
  If Not modified Then book.setModified(False)
End Function
Function Links(sheet As Object) As Variant
  Dim all As Object, one As Object, found() As Variant, n As Long, i As Long, j As Long, k As Long, at As Variant
  all = sheet.queryContentCells(512).Cells.createEnumeration()
  Do While all.hasMoreElements()
    one = all.nextElement()
    If one.getTextFields().hasElements() Then
      ReDim Preserve found(n) As Variant
      found(n) = Array(one.CellAddress.Row, one.CellAddress.Column, one.getTextFields().createEnumeration().nextElement().URL)
      n = n + 1
    End If
  Loop
  all = sheet.getUniqueCellFormatRanges()
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
  Links = found
End Function
