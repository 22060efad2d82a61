"""One person: all that was done with them, as a page and as a signed document, and erasing them."""
