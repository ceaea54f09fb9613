"""The words of the field: no data, no database, no framework."""
