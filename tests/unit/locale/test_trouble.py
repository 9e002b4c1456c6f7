"""What went wrong, told in the reader's language and not half in another."""

import pytest

from inbox_tui.errors import InboxError, NotFound, NotSignedIn
from inbox_tui.locale import Catalogue
from inbox_tui.tui.trouble import sentence


@pytest.mark.parametrize(
    ("error", "language", "ends"),
    [
        (NotSignedIn("This token is not valid.", hint="Make one."), "en", "Make one."),
        (NotSignedIn("This token is not valid.", hint="Make one."), "vi", "Hãy xin mã mới."),
        (NotFound("There is no team.", hint="See teams."), "vi", "There is no team. See teams."),
    ],
)
def test_a_hint_follows_only_what_is_told_in_its_language(
    error: InboxError, language: str, ends: str
) -> None:
    assert sentence(error, Catalogue.of(language)).endswith(ends)
