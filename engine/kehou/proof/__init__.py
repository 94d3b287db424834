"""Proof: a report checked again, and bundles that hold all it takes to do so."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.proof.code_hash import hashed as hashed
    from kehou.proof.code_hash import sha256 as sha256
    from kehou.proof.rerun import Shelf as Shelf
    from kehou.proof.verify import Item as Item
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Item": "verify",
            "Shelf": "rerun",
            "hashed": "code_hash",
            "sha256": "code_hash",
        },
    )
