"""Which addresses can be written to."""

NOWHERE = ".invalid"
"""The people of a sample have such addresses: by definition of that domain (RFC 2606), mail to it goes nowhere."""


def can_be_written_to(address: str) -> bool:
    return bool(address) and not address.endswith(NOWHERE)
