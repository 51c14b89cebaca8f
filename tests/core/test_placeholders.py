"""Names in braces: what may stand where, how a refusal says to mend it, how they are filled."""

import pytest

from core.kit.errors import InvalidError
from core.post.placeholders import Placeholder, filled, require_fitting, values_of

CITY = Placeholder("city", "the name of the applicant", lambda values: values["name"])
REASON = Placeholder("reason", "the reason", lambda _values: "Late.", is_block=True)
KNOWN = (CITY, REASON)


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("{rank}", {}, "Nothing fills {rank}. Write one of {city} and {reason}"),
        ("{City}", {}, "Did you mean {city}?"),
        ("{ city }", {}, "Did you mean {city}?"),
        ("{}", {}, "Nothing fills {}"),
        ("Dear {city", {}, "Nothing fills the brace at “Dear {city”"),
        ("Dear {city}}", {}, "Nothing fills the brace at"),
        ("{ci\nty}", {}, "Nothing fills the brace at"),
        ("For {reason}", {"is_line": True}, "{reason} stands in the words of a mail only"),
        ("Dear {city}", {"needed": ("reason",)}, "{reason} is missing, and the mail has to say"),
    ],
)
def test_what_does_not_fit_is_refused_with_how_to_mend_it(text, more, words):
    with pytest.raises(InvalidError) as refused:
        require_fitting(text, KNOWN, field="text", **more)
    assert words in str(refused.value)
    assert refused.value.field == "text"


def test_what_fits_is_taken():
    require_fitting("{city}: {reason}", KNOWN, field="text", needed=("reason",))
    require_fitting("{city}", KNOWN, field="subject", is_line=True)


def test_value_with_braces_is_not_filled_again():
    values = values_of(KNOWN, {"name": "{reason} {city}"})
    assert filled("{city}, {reason}", values) == "{reason} {city}, Late."
