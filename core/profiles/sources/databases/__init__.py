"""Sources of the type database: counted and filtered there as SQL; only what is needed travels.

`address` is a URL as a value, `engines` what differs between databases, `columns` what their types
mean here, `relations` rules as SQL, `session` one state of a database, read through a driver.
"""
