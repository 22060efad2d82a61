"""The attributes of a profile as people know them."""

from core.texts import _

PERSON = {
    "phone_number": _("Phone number"),
    "external_id": _("External ID"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "organization": _("Organization"),
    "title": _("Title"),
    "locale": _("Locale"),
    "image": _("Image address"),
}
PLACE = {
    "address1": _("Address, line 1"),
    "address2": _("Address, line 2"),
    "city": _("City"),
    "region": _("Region"),
    "zip": _("Postcode"),
    "country": _("Country"),
    "timezone": _("Time zone"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "ip": _("IP address"),
}
