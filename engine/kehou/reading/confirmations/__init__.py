"""What a person says of what was read from prose: a draft to fill in, and the record used.

Takes a document of prose and files of records; gives the document as the records leave it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kehou.reading.confirmations.draft_items import Draft as Draft
    from kehou.reading.confirmations.draft_items import drafted as drafted
    from kehou.reading.confirmations.draft_yaml import as_yaml as as_yaml
    from kehou.reading.confirmations.read_items import Reading as Reading
    from kehou.reading.confirmations.read_items import readings as readings
    from kehou.reading.confirmations.record_files import beside as beside
    from kehou.reading.confirmations.record_files import is_record as is_record
    from kehou.reading.confirmations.record_files import load as load
    from kehou.reading.confirmations.record_files import name_for as name_for
    from kehou.reading.confirmations.records import Record as Record
    from kehou.reading.confirmations.settling import settled as settled
else:
    from kehou.faces import face

    __getattr__ = face(
        __name__,
        {
            "Draft": "draft_items",
            "Reading": "read_items",
            "Record": "records",
            "beside": "record_files",
            "as_yaml": "draft_yaml",
            "drafted": "draft_items",
            "is_record": "record_files",
            "load": "record_files",
            "name_for": "record_files",
            "readings": "read_items",
            "settled": "settling",
        },
    )
