"""The second factor from its activation to the next sign-in, in a browser that enforces our content policy."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

pytestmark = pytest.mark.e2e

PASSWORD = "un mot de passe long"


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def submit(page, button: str) -> None:
    """Press the button and wait for the page that answers."""
    with page.expect_navigation():
        page.click(button)


def sign_in(page, house):
    page.goto(f"{house.url}/accounts/login/")
    page.fill("#id_login", house.user.email)
    page.fill("#id_password", PASSWORD)
    submit(page, "main button")


def test_a_second_factor_is_activated_then_asked_for_and_a_recovery_code_opens_too(house, look):
    watched = look(signed_in=False)
    page = watched.page
    sign_in(page, house)
    page.goto(f"{house.url}/accounts/2fa/totp/activate/")
    assert "/reauthenticate/" in page.url
    page.fill("#id_password", PASSWORD)
    submit(page, "main form button")
    assert page.evaluate("document.querySelector('.qr img').naturalWidth") > 0
    secret = page.input_value("#authenticator_secret")
    page.fill("#id_code", code_of(secret))
    submit(page, "main form button")
    page.goto(f"{house.url}/accounts/2fa/recovery-codes/")
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10

    page.context.clear_cookies()
    sign_in(page, house)
    assert page.url.endswith("/accounts/2fa/authenticate/")
    page.fill("#id_code", codes[0])
    submit(page, "main button.main")
    page.goto(f"{house.url}/accounts/2fa/")
    assert page.locator(".state").count() == 1
    assert watched.complaints == []
