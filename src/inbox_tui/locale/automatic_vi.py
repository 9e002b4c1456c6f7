"""Vietnamese, sixth part: codes and automatic messages, in the timeline and on their screen."""

SENTENCES: dict[str, str] = {
    # what became of a code that was sent
    "code_outcome": "đã gửi mã",
    "code_outcome.bound": "đã gửi mã: đã gắn",
    "code_outcome.duplicate": "đã gửi mã: đã gắn từ trước",
    "code_outcome.failed": "đã gửi mã: không được chấp nhận",
    # the kinds of automatic messages
    "automatic_kind.greeting": "lời chào",
    "automatic_kind.assigned": "ai phục vụ",
    "automatic_kind.away": "ngoài giờ làm việc",
    "automatic_kind.over_capacity": "mọi người đều bận",
    "automatic_kind.transferred": "chuyển phiên",
    "automatic_kind.ended": "kết thúc phiên",
    "automatic_kind.rating": "câu hỏi đánh giá",
    "automatic_kind.order_shipped": "đã gửi hàng",
    "automatic_kind.parcel_delivered": "đã giao hàng",
    "automatic_kind.delivery_delayed": "giao hàng chậm",
    "automatic_kind.code_bound": "mã: đã gắn",
    "automatic_kind.code_duplicate": "mã: đã gắn từ trước",
    "automatic_kind.code_failed": "mã: không được chấp nhận",
    # whom a contact is bound to
    "side.bound": "gắn với",
    "side.bound_in": "{agent} trong nhóm {team}",
    "side.bound_team": "nhóm {team}",
    "side.bound_since": "từ",
    "side.bound_how": "bằng",
    "side.bound_code": "mã {code}",
    "side.bound_hand": "tay, {by}",
    "side.bound_moved": "chuyển, {by}",
    "bound.to_you": "{name} nay đã gắn với bạn.",
    "bound.to_you_code": "{name} nay đã gắn với bạn bằng mã của bạn.",
    "bound.to_you_by": "{by} đã gắn {name} với bạn.",
    "bound.to_you_serves": "{assignee} đang phục vụ họ.",
    "bound.to_other": "{name} nay đã gắn với {to}; bạn vẫn phục vụ tiếp.",
    "bound.moved": "{by} đã gắn {name} với {to} thay vì bạn.",
    "bound.ended": "{by} đã bỏ gắn {name} với bạn.",
}
"""Sentences by key."""
