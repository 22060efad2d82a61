"""Who is in: the members of segments, whom an export is for, and who is left out."""
