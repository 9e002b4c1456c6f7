"""Deeds on distribution rules: make, change, switch, move, take away, try (R2, W4)."""

from typing import TYPE_CHECKING

from inbox_tui.errors import InboxError, StaleVersion
from inbox_tui.state.roles import supervised_teams
from inbox_tui.tui.widgets.flash import Tone
from inbox_tui.wire.rules import DEFAULT, PatchRule, RuleDraft, RuleTrial, TryRules

if TYPE_CHECKING:
    from inbox_tui.tui.dialogs.base import Errors
    from inbox_tui.tui.rules.fields import Known
    from inbox_tui.tui.rules.trial import TryDialog
    from inbox_tui.tui.screens.rules import RulesScreen


async def new(screen: "RulesScreen") -> None:
    """Make a rule."""
    from inbox_tui.tui.rules.form import RuleDialog, rule_errors

    desk = screen.desk

    async def submit(draft: RuleDraft) -> "Errors":
        try:
            made = await desk.live.client.post_rule(draft)
        except InboxError as error:
            return rule_errors(error, desk.catalogue)
        await screen.read(select=made.id)
        screen.say(desk.t("done.rule_made", name=made.name), Tone.GOOD)
        return {}

    def attempt(draft: RuleDraft) -> None:
        screen.app.push_screen(_trial(screen, draft))

    dialog = RuleDialog(desk.catalogue, None, await _known(screen), attempt=attempt, submit=submit)
    await screen.app.push_screen_wait(dialog)


async def edit(screen: "RulesScreen") -> None:
    """Change the selected rule; what somebody else changed meanwhile is not written over."""
    from inbox_tui.tui.rules.form import RuleDialog, rule_errors

    desk, rule = screen.desk, screen.selected
    if rule is None:
        return
    version = [rule.version]

    async def submit(draft: RuleDraft) -> "Errors":
        body = patch_of(draft)
        try:
            saved = await desk.live.client.patch_rule(rule.id, body, version=version[0])
        except StaleVersion as error:
            version[0] = int(error.data.get("version", version[0]))
            return {"": f"{error.detail} {desk.t('rules.form.once_more')}"}
        except InboxError as error:
            return rule_errors(error, desk.catalogue)
        await screen.read()
        screen.say(desk.t("done.rule_saved", name=saved.name), Tone.GOOD)
        return {}

    def attempt(draft: RuleDraft) -> None:
        screen.app.push_screen(_trial(screen, draft, in_place_of=rule.id))

    dialog = RuleDialog(desk.catalogue, rule, await _known(screen), attempt=attempt, submit=submit)
    await screen.app.push_screen_wait(dialog)


async def switch(screen: "RulesScreen") -> None:
    """Switch the selected rule on or off."""
    desk, rule = screen.desk, screen.selected
    if rule is None:
        return
    body = PatchRule(enabled=not rule.enabled)
    saved = await desk.live.client.patch_rule(rule.id, body, version=rule.version)
    await screen.read()
    key = "done.rule_on" if saved.enabled else "done.rule_off"
    screen.say(desk.t(key, name=saved.name), Tone.GOOD)


async def move(screen: "RulesScreen", by: int) -> None:
    """Move the selected rule ``by`` places."""
    desk, rule = screen.desk, screen.selected
    if rule is None:
        return
    ids = [each.id for each in screen.rules]
    at = ids.index(rule.id)
    to = at + by
    if not 0 <= to < len(ids):
        screen.say(desk.t("why.first_rule" if by < 0 else "why.last_rule"), Tone.WARN)
        return
    ids.insert(to, ids.pop(at))
    try:
        screen.show(await desk.live.client.order_rules(ids))
    except InboxError:
        await screen.read()
        raise
    screen.say(desk.t("done.rule_moved", name=rule.name, position=to + 1), Tone.GOOD)


async def delete(screen: "RulesScreen") -> None:
    """Take the selected rule away, after asking: that cannot be undone."""
    from inbox_tui.tui.dialogs.confirm import ConfirmDialog

    desk, rule = screen.desk, screen.selected
    if rule is None:
        return
    t = desk.t
    dialog = ConfirmDialog(
        desk.catalogue,
        t("rules.ask_delete", name=rule.name),
        [t("rules.ask_delete_told")],
        do=t("action.rules.delete"),
    )
    if await screen.app.push_screen_wait(dialog):
        await desk.live.client.delete_rule(rule.id, version=rule.version)
        await screen.read()
        screen.say(t("done.rule_deleted", name=rule.name), Tone.GOOD)


async def attempt(screen: "RulesScreen") -> None:
    """Try the rules as they are stored."""
    await screen.app.push_screen_wait(_trial(screen))


def patch_of(draft: RuleDraft) -> PatchRule:
    """Return what makes a rule as the form says: what is empty there is taken back."""
    return PatchRule(
        name=draft.name,
        enabled=draft.enabled,
        when=draft.when,
        team=draft.team,
        agents=draft.agents,
        method=draft.method or DEFAULT,
        consider=draft.consider or DEFAULT,
        priority=draft.priority or DEFAULT,
        skills=draft.skills,
    )


def _trial(
    screen: "RulesScreen", rule: RuleDraft | None = None, in_place_of: int | None = None
) -> "TryDialog":
    from inbox_tui.tui.rules.trial import TryDialog

    desk = screen.desk

    async def ask(body: TryRules) -> RuleTrial:
        return await desk.live.client.try_rules(body)

    return TryDialog(
        desk.catalogue,
        channels=sorted(desk.store.people.channels),
        ask=ask,
        now=desk.now,
        zone=desk.zone,
        rule=rule,
        in_place_of=in_place_of,
        symbols=desk.symbols,
    )


async def _known(screen: "RulesScreen") -> "Known":
    from inbox_tui.tui.rules.fields import Known

    people = screen.desk.store.people
    hours = await screen.desk.live.client.hours()
    return Known(
        channels=sorted(people.channels),
        teams=sorted(people.teams),
        agents=sorted(agent.nickname for agent in people.agents.values() if agent.active),
        hours=[each.name for each in hours],
    )


def may_change(screen: "RulesScreen") -> bool:
    """Say whether I may change rules: an owner, or a supervisor whom no team lists."""
    store = screen.desk.store
    return store.me is not None and supervised_teams(store.me, store.people.teams.values()) is None
