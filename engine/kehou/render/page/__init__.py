"""Pages for a browser."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.page.html import css_hash as css_hash
    from kehou.render.page.html import page as page
    from kehou.render.page.html import style as style
    from kehou.render.page.html import style_hash as style_hash
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "css_hash": "html",
            "page": "html",
            "style": "html",
            "style_hash": "html",
        },
    )
