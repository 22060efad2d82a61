"""From a file or a table to matched rows; knows no account and no SQL of ours."""
