"""Workbooks: an ``.xlsx`` (or an old ``.xls`` through LibreOffice) to sheets of cells with places.

Takes bytes; gives sheets. Nothing in a workbook is run, and its size is limited.
"""
