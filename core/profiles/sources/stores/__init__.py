"""Files in object stores and on web servers: fetched once per version, then read as local ones."""
