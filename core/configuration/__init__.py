"""The configuration as values: connections, sources, segments, exports, and what all share.

The same models check the forms of the dashboard and the sections of the configuration file.
"""
