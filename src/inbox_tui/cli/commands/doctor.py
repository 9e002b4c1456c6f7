"""``inbox-tui doctor``: what is configured, reachable and wrong."""

import sys

import click

from inbox_tui.cli import plain
from inbox_tui.cli.options import database_option, json_option


@click.command("doctor", short_help="Say what is configured, reachable and wrong.")
@database_option
@json_option
def command(database_url: str | None, as_json: bool) -> None:
    """Say what is configured, reachable and wrong. Exit code 1 when something is wrong.

    Changes nothing and starts nothing. Asks each platform whether it knows us.
    """
    from inbox_tui.cli.doctor import examine

    findings = examine(database_url)
    if as_json:
        plain.print_json(findings)
    else:
        for finding in findings:
            plain.print_table([[finding.state, finding.about, finding.detail]])
            if finding.hint:
                plain.print_aligned(f"      {finding.hint}")
    if any(finding.state == "wrong" for finding in findings):
        sys.exit(1)
