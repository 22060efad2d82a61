"""A condition in SQL as rules, and rules as such a condition; the only room that parses SQL.

The text is never handed to a database: it becomes rules, which mean the same in every engine.
"""
