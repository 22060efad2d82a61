"""Single sign-on at the door, without a browser: what is shown when it is or isn't set up."""

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import ROUTER


def test_without_a_provider_the_door_offers_a_password_only(signed_in):
    signed_in(None)
    app = door({})
    assert [button.label for button in app.button] == ["Sign in"]


def test_a_provider_that_is_half_set_up_is_told_in_a_sentence(signed_in):
    signed_in(None)
    app = door({"auth": {"client_id": "segferry"}})
    app.button(key="sso").click().run()
    assert app.error[0].value.startswith("Single sign-on isn't set up correctly: ")


def test_a_provider_that_does_not_answer_is_told_in_a_sentence(signed_in):
    signed_in(None)
    app = door({"auth": {"server_metadata_url": "http://127.0.0.1:9/openid-configuration"}})
    app.button(key="sso").click().run()
    assert "Your organisation's sign-in doesn't answer" in app.error[0].value


def door(secrets: dict[str, object]) -> AppTest:
    """The first page as Streamlit shows it with these secrets."""
    app = AppTest.from_file(str(ROUTER), default_timeout=20)
    for name, value in secrets.items():
        app.secrets[name] = value
    return app.run()
