"""``inbox-tui supervise``: opens the inbox on the supervisor's wall."""

import click

from inbox_tui.cli.options import me_option


@click.command("supervise", short_help="Open the supervisor's wall.")
@me_option
def command(nickname: str | None) -> None:
    """Open the wall: every queue, every agent, what is late (supervisors and owners).

    A supervisor sees their own teams. Esc leads from the wall to the inbox, W back again.
    """
    from inbox_tui.cli.inbox import open_inbox

    open_inbox(nickname, on_wall=True)
