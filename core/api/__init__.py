"""The API: other programs start exports and read what came of them, with tokens.

A table of endpoints (`endpoints`) says what there is: `app` answers by it, `openapi` describes it.
"""
