"""Pages for a browser."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.page.html import css_hash as css_hash
    from kehou.render.page.html import page as page
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "css_hash": "html",
            "page": "html",
        },
    )
