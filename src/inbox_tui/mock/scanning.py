"""A user scans a code: the app opens the chat, and they send what stands in the box, or do not."""

from inbox_tui.errors import Invalid, NotFound
from inbox_tui.mock import links, words
from inbox_tui.mock.links import Opened
from inbox_tui.mock.world import SimAccount, World


def scan(world: World, given: words.Scan) -> words.Scanned:
    """Let a user open a link and send; raises Invalid for no link, NotFound for nobody's."""
    if not 0 <= given.times <= 10:
        raise Invalid("times is between 0 and 10.")
    opened = links.opened(given.link)
    if opened is None:
        raise Invalid(f"No app opens a chat for {given.link!r}.")
    account = _account(world, opened, given.account)
    account.enter(given.user)
    text = opened.text if given.text is None else given.text
    said = [account.say(words.Say(user=given.user, text=text)) for _ in range(given.times)]
    return words.Scanned(account=account.slug, prefilled=opened.text, said=said)


def _account(world: World, opened: Opened, wanted: str | None) -> SimAccount:
    for account in world.accounts.values():
        if account.platform is opened.platform and account.address.lower() == opened.address:
            if wanted not in (None, account.slug):
                raise Invalid(f"This link opens {account.slug}, not {wanted}.")
            return account
    raise NotFound(f"This link opens no account here: {opened.address} on {opened.platform}.")
