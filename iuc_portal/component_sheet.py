"""Examples for the staff page that shows every component in every state."""
from typing import Any
from django.http import HttpRequest
def context(request: HttpRequest) -> dict[str, Any]:
    return {}
