"""The form that schools fill in: its layout from the schema, and the filled form read back.

Takes a schema, or the sheets of a workbook; gives a layout, or a tree with places.
"""
