"""``/api/rules`` and ``/api/hours``: distribution rules, a trial of them, business hours."""

from fastapi import APIRouter, status

from inbox_tui.backend.context import Caller, Context
from inbox_tui.backend.directory import Directory
from inbox_tui.backend.rules import service
from inbox_tui.backend.rules.trying import try_rules
from inbox_tui.backend.rules.views import hours_views, rule_view, rule_views
from inbox_tui.backend.sessions.sight import sight_of
from inbox_tui.backend.versions import ReadVersion
from inbox_tui.wire.models import Page
from inbox_tui.wire.rules import Hours, PatchRule, PutOrder, Rule, RuleDraft, RuleTrial, TryRules

router = APIRouter(prefix="/api", tags=["rules"])


@router.get("/rules")
async def list_rules(context: Context, caller: Caller) -> Page[Rule]:
    """Return all rules in their order: the first enabled one that matches decides (R2)."""
    return _page(context.directory)


@router.post("/rules", status_code=status.HTTP_201_CREATED)
async def post_rule(body: RuleDraft, context: Context, caller: Caller) -> Rule:
    """Make a rule, behind all others."""
    rule_id = await context.database.write(service.create, body, caller)
    return rule_view(context.directory, rule_id)


@router.post("/rules/try")
async def post_try(body: TryRules, context: Context, caller: Caller) -> RuleTrial:
    """Try the rules on a message, stored or as typed before saving. Nothing is changed (R2)."""
    sight = sight_of(context.directory, caller)
    return await context.database.read(try_rules, body, context.clock.now(), sight)


@router.put("/rules/order")
async def put_order(body: PutOrder, context: Context, caller: Caller) -> Page[Rule]:
    """Put all rules in an order; 409 when others came or went meanwhile."""
    await context.database.write(service.order, body.ids, caller)
    return _page(context.directory)


@router.patch("/rules/{rule_id}")
async def patch_rule(
    rule_id: int, body: PatchRule, context: Context, caller: Caller, version: ReadVersion
) -> Rule:
    """Change a rule, or switch it on or off."""
    await context.database.write(service.change, rule_id, body, caller, version)
    return rule_view(context.directory, rule_id)


@router.delete("/rules/{rule_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_rule(rule_id: int, context: Context, caller: Caller, version: ReadVersion) -> None:
    """Take a rule away; sessions that wait by it are routed anew."""
    await context.database.write(service.remove, rule_id, caller, version)


@router.get("/hours")
async def list_hours(context: Context, caller: Caller) -> Page[Hours]:
    """Return business hours by name, and whether they are open now (M11)."""
    items = hours_views(context.directory, context.clock.now())
    return Page(items=items, total=len(items))


def _page(directory: Directory) -> Page[Rule]:
    items = rule_views(directory)
    return Page(items=items, total=len(items))
