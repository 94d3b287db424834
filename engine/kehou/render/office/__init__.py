"""Documents for Word and Excel, and the printed opinion."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.office.docx import Paper as Paper
    from kehou.render.office.docx import Table as Table
    from kehou.render.office.docx import letter as letter
    from kehou.render.office.docx import papers as papers
    from kehou.render.office.opinion import Paragraph as Paragraph
    from kehou.render.office.opinion import Rows as Rows
    from kehou.render.office.opinion import title_of as title_of
    from kehou.render.office.xlsx import Page as Page
    from kehou.render.office.xlsx import workbook as workbook
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Page": "xlsx",
            "Paper": "docx",
            "Paragraph": "opinion",
            "Rows": "opinion",
            "title_of": "opinion",
            "Table": "docx",
            "letter": "docx",
            "papers": "docx",
            "workbook": "xlsx",
        },
    )
