"""Settings whose absence a person would feel."""

import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, validate_totp_code

SECRET = "JBSWY3DPEHPK3PXP"
HALF_MINUTE = 60_000_000


def test_a_code_typed_as_its_half_minute_ends_still_opens():
    code, older = (format_hotp_value(hotp_value(SECRET, step)) for step in (HALF_MINUTE, HALF_MINUTE - 1))
    with time_machine.travel((HALF_MINUTE + 1) * 30 + 0.2, tick=False):
        assert validate_totp_code(SECRET, code)
        assert not validate_totp_code(SECRET, older)
