"""Words as people look for them: without marks and capitals."""

import unicodedata


def folded(text: str) -> str:
    """Small letters without marks: “Rīga” is riga."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).strip()
