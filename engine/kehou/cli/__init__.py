"""The command line: parser, settings, outputs and completion; commands are loaded by name.

Takes the words of a call; gives its exit code. A command is a row of ``command_table`` and a
module in kehou.commands; what it says stands in the catalogues under ``cli.`` and ``command.``.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.cli.arguments import GATES as GATES
    from kehou.cli.arguments import STAGES as STAGES
    from kehou.cli.arguments import choice as choice
    from kehou.cli.arguments import date as date
    from kehou.cli.arguments import gate_titles as gate_titles
    from kehou.cli.arguments import number as number
    from kehou.cli.arguments import output_option as output_option
    from kehou.cli.arguments import written as written
    from kehou.cli.language import listed as listed
    from kehou.cli.language import nearest as nearest
    from kehou.cli.language import say as say
    from kehou.cli.language import spoken as spoken
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "GATES": "arguments",
            "STAGES": "arguments",
            "gate_titles": "arguments",
            "choice": "arguments",
            "date": "arguments",
            "listed": "language",
            "nearest": "language",
            "number": "arguments",
            "output_option": "arguments",
            "say": "language",
            "spoken": "language",
            "written": "arguments",
        },
    )
