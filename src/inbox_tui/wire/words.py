"""The closed vocabularies both sides of the wire speak.

Every member is a word of the product specification; its value is what stands in JSON, in the
database and on the command line. Nothing here has behaviour.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do (W1)."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    OWNER = "owner"


class ChannelKind(StrEnum):
    """The platform a channel is an account of."""

    LINE = "line"
    TELEGRAM = "telegram"
    MESSENGER = "messenger"
    INSTAGRAM = "instagram"
    WHATSAPP = "whatsapp"
    ZALO = "zalo"
    SHOP = "shop"
    WEBCHAT = "webchat"
    EMAIL = "email"
    SMS = "sms"


class Method(StrEnum):
    """How a team hands out its sessions (R3)."""

    ROUND_ROBIN = "round_robin"
    LEAST_OPEN = "least_open"
    LEAST_LOADED = "least_loaded"
    SELF_CLAIM = "self_claim"
    MANUAL = "manual"


class Consider(StrEnum):
    """Whom an automatic method may choose (R3): those present only, or every active agent."""

    ONLINE = "online"
    ACTIVE = "active"


class OffDuty(StrEnum):
    """What becomes of an unanswered session whose agent went off duty (R12)."""

    REROUTE = "reroute"
    REROUTE_OUTSIDE_HOURS = "reroute_outside_hours"
    KEEP = "keep"


class ContactKind(StrEnum):
    """Whether a contact writes for the first time or comes back (R6)."""

    NEW = "new"
    RETURNING = "returning"


class Presence(StrEnum):
    """Whether an inbox window of an agent is open (P3)."""

    PRESENT = "present"
    GRACE = "grace"
    ABSENT = "absent"


class SessionState(StrEnum):
    """Open sessions are served; closed ones are history."""

    OPEN = "open"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why a session was closed."""

    ENDED = "ended"
    TIMEOUT = "timeout"
    IDLE = "idle"


class Priority(StrEnum):
    """Priority of a session, lowest first (R7)."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class UnassignedReason(StrEnum):
    """Why an open session is served by nobody (R7)."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    ALL_FULL = "all_full"
    SWITCHED_OFF = "switched_off"
    SELF_CLAIM = "self_claim"
    MANUAL = "manual"
    WAITING_FOR_AGENT = "waiting_for_agent"
    NO_SKILL = "no_skill"
    TAKEN_BACK = "taken_back"
    DECLINED = "declined"
    WITH_BOT = "with_bot"


class Due(StrEnum):
    """Where a waiting session stands against the response target (L6)."""

    OK = "ok"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class ListName(StrEnum):
    """The lists of sessions (L1). ``ALL`` is all open ones."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    ALL = "all"
    STARRED = "starred"
    CLOSED = "closed"


class Sort(StrEnum):
    """Order of a list (L2)."""

    WAIT = "wait"
    RECENT = "recent"


class StateFilter(StrEnum):
    """The row states a list can be filtered by (L3)."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    UNANSWERED = "unanswered"
    UNREAD = "unread"
    STARRED = "starred"
    CLOSED = "closed"


class Category(StrEnum):
    """What a session is about (L4)."""

    PRE_SALE = "pre_sale"
    AFTER_SALE = "after_sale"
    LOGISTICS = "logistics"
    OTHER = "other"


class EntryKind(StrEnum):
    """What an entry of a timeline is.

    ``CODE`` is a message of the customer's that is a code alone: no question, so it opens nothing
    and waits for no reply (Q7). ``AUTOMATIC`` is what we send by ourselves: no reply (M10).
    """

    CUSTOMER = "customer"
    CODE = "code"
    REPLY = "reply"
    AUTOMATIC = "automatic"
    NOTE = "note"
    HAPPENING = "happening"


class Happening(StrEnum):
    """What happened to a session, as told in its timeline (C8)."""

    OPENED = "opened"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    CLAIMED = "claimed"
    DESIGNATED = "designated"
    TRANSFERRED = "transferred"
    TAKEN_BACK = "taken_back"
    CLOSED = "closed"
    FOLLOWED = "followed"
    UNFOLLOWED = "unfollowed"
    BOUND = "bound"
    UNBOUND = "unbound"


class CodeState(StrEnum):
    """Whether a code binds (Q9)."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"
    INACTIVE = "inactive"


class CodeOutcome(StrEnum):
    """What became of a code that a contact sent (Q4-Q6)."""

    BOUND = "bound"
    DUPLICATE = "duplicate"
    FAILED = "failed"


class Automatic(StrEnum):
    """The automatic messages (M1-M7, Q3, Q6), in the order in which they are listed."""

    GREETING = "greeting"
    WELCOME = "welcome"
    ASSIGNED = "assigned"
    AWAY = "away"
    OVER_CAPACITY = "over_capacity"
    TRANSFERRED = "transferred"
    ENDED = "ended"
    RATING = "rating"
    ORDER_SHIPPED = "order_shipped"
    PARCEL_DELIVERED = "parcel_delivered"
    DELIVERY_DELAYED = "delivery_delayed"
    CODE_BOUND = "code_bound"
    CODE_DUPLICATE = "code_duplicate"
    CODE_FAILED = "code_failed"


class ContentKind(StrEnum):
    """What a message carries (C1)."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"
    STICKER = "sticker"
    LOCATION = "location"
    UNSUPPORTED = "unsupported"


class DeliveryState(StrEnum):
    """How far an outgoing message got (C2).

    ``UNCERTAIN`` means that the platform's answer was lost: it may have been delivered, and only
    the platform's own evidence or a person may settle it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class CaseStatus(StrEnum):
    """Status of a case (K1)."""

    IN_PROGRESS = "in_progress"
    CLOSED = "closed"


class Severity(StrEnum):
    """Severity of a case (K1)."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class TransferScope(StrEnum):
    """What a transfer moves (T1)."""

    SESSION = "session"
    ALL_MINE = "all_mine"


class EventKind(StrEnum):
    """What an event of the log says, in the past tense."""

    SESSION_OPENED = "session.opened"
    SESSION_ASSIGNED = "session.assigned"
    SESSION_UNASSIGNED = "session.unassigned"
    SESSION_CLOSED = "session.closed"
    SESSION_CHANGED = "session.changed"
    SESSION_READ = "session.read"
    SESSION_STARRED = "session.starred"
    MESSAGE_RECEIVED = "message.received"
    MESSAGE_QUEUED = "message.queued"
    MESSAGE_DELIVERY = "message.delivery"
    MESSAGE_UNSENT = "message.unsent"
    NOTE_ADDED = "note.added"
    AGENT_CHANGED = "agent.changed"
    TEAM_CHANGED = "team.changed"
    QUEUE_CHANGED = "queue.changed"
    CHANNEL_CHANGED = "channel.changed"
    CONTACT_CHANGED = "contact.changed"
    CASE_CHANGED = "case.changed"
    RULE_CHANGED = "rule.changed"
    HOURS_CHANGED = "hours.changed"
    WORKSPACE_CHANGED = "workspace.changed"
    CODE_CHANGED = "code.changed"
    AUTOMATIC_CHANGED = "automatic.changed"
    RATING_ASKED = "rating.asked"
    ORDER_SHIPPED = "order.shipped"
    PARCEL_DELIVERED = "parcel.delivered"
    DELIVERY_DELAYED = "delivery.delayed"
