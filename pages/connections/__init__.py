"""Connections: an account, who may use it, its key and consent."""
