"""What a run will send, fixed to files; the ledger of each list, and the changes against it."""
