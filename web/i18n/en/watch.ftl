# Time, ladder, captures, tables.
