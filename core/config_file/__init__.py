"""The configuration file: read, checked as a whole, applied in one transaction, printed again."""

from core.config_file.applying import Change, Plan, apply, prepare
from core.config_file.printing import text
from core.config_file.reading import read

__all__ = ["Change", "Plan", "apply", "prepare", "read", "text"]
