"""What a terminal shows."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.render.screen.text import Manner as Manner
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Manner": "text",
        },
    )
