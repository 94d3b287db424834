"""The command line: parser, settings, outputs and completion; commands are loaded by name."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.cli.arguments import attestations_option as attestations_option
    from kehou.cli.arguments import choice as choice
    from kehou.cli.arguments import date as date
    from kehou.cli.arguments import pack_option as pack_option
    from kehou.cli.arguments import shared_options as shared_options
    from kehou.cli.arguments import submission_options as submission_options
    from kehou.cli.arguments import table as table
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "attestations_option": "arguments",
            "choice": "arguments",
            "date": "arguments",
            "pack_option": "arguments",
            "shared_options": "arguments",
            "submission_options": "arguments",
            "table": "arguments",
        },
    )
