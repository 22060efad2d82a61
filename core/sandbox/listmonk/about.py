"""What listmonk says of itself: whether it lives, how it is set up, who is asking."""

from starlette.responses import Response

from core.sandbox.listmonk.answers import good
from core.sandbox.listmonk.call import Call
from core.sandbox.listmonk.users import PERMISSIONS


def get_health(_call: Call) -> Response:
    """GET /health and /api/health."""
    return good(data=True)


def get_config(call: Call) -> Response:
    """GET /api/config, for any user."""
    settings = call.world.settings
    host = settings.root_url.partition("://")[2]
    return good(
        {
            "root_url": settings.root_url,
            "from_email": f"News <news@{host}>",
            "messengers": ["email"],
            "lang": "en",
            "permissions": list(PERMISSIONS),
            "update": None,
            "needs_restart": False,
            "has_legacy_user": False,
            "version": settings.version,
        }
    )


def get_profile(call: Call) -> Response:
    """GET /api/profile: the user and all its permissions."""
    return good(call.user.as_data())
