"""Who is in: the members of segments, the people of an export, and who is left out."""
