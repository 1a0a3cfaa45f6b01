"""A strict Content Security Policy, named as Django 6 names it, so that this file can be deleted then."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CONTENT_SECURITY_POLICY: dict[str, list[str]] = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
}


class ContentSecurityPolicyMiddleware:
    """Adds the header; the page that draws a two-factor QR code alone may show a `data:` image."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = dict(settings.SECURE_CSP)
        match = request.resolver_match
        if match is not None and match.url_name == "mfa_activate_totp":
            policy["img-src"] = [*policy["img-src"], "data:"]
        response.headers.setdefault(
            "Content-Security-Policy", "; ".join(f"{name} {' '.join(values)}" for name, values in policy.items())
        )
        return response
