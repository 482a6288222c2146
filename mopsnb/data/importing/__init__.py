"""From exports as people download them to canonical tables: read, recognize, map, merge, report.

`mopsnb.data.importing.importer.import_files` is the way in. What differs from vendor to vendor
stands in ``mopsnb/data/sources/*.yml``; nothing here knows a vendor by name.
"""
