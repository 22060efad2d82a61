"""What the settings of an export are called, and how their values read."""

from core.configuration.export import Mode
from core.profiles.matching.fields import FIELDS
from core.runs import guard_words
from core.texts import _
from pages.runs import schedule_form

MODES = {
    Mode.add: _("Add people to the list and update their profiles"),
    Mode.update: _("Only update profiles; leave every list as it is"),
    Mode.mirror: _("Mirror: add, update, and take people off the list who left the segments"),
}
OVER = {
    "stop": _("Stop: nothing is sent"),
    "split": _("Split: several runs, one after the other"),
}
LABELS = {
    "name": _("Name"),
    "connection": _("Connection"),
    "list_id": _("List"),
    "segments": _("Segments"),
    "exclude": _("Excluded segments"),
    "leave_out_suppressed": _("Skip suppressed profiles"),
    "match": _("Data matching"),
    **{f"match.{name}": label for name, label in FIELDS.items()},
    "clear": _("Fields cleared when empty"),
    "phone_region": _("Country of phone numbers"),
    "mode": _("What a run does"),
    "join": _("How people join the list"),
    "limit": _("Profiles in one run, at most"),
    "over_limit": _("Over the limit"),
    "guards": _("Guards"),
    **{f"guards.{name}": words.name for name, words in guard_words.WORDS.items()},
    "keep_previous": _("Keep previous values"),
    "schedule": _("Schedule"),
    "approval": _("Approval by a second person"),
}
WORDS = {
    "mode": lambda mode: MODES[mode],
    "over_limit": lambda choice: OVER[choice],
    "schedule": schedule_form.in_words,
}
