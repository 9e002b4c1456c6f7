"""Thai, sixth part: codes and automatic messages, in the timeline and on their screen."""

SENTENCES: dict[str, str] = {
    # what became of a code that was sent
    "code_outcome": "ส่งโค้ด",
    "code_outcome.bound": "ส่งโค้ด: ผูกแล้ว",
    "code_outcome.duplicate": "ส่งโค้ด: ผูกอยู่ก่อนแล้ว",
    "code_outcome.failed": "ส่งโค้ด: ใช้ไม่ได้",
    # the kinds of automatic messages
    "automatic_kind.greeting": "ทักทาย",
    "automatic_kind.assigned": "ใครดูแล",
    "automatic_kind.away": "นอกเวลาทำการ",
    "automatic_kind.over_capacity": "ทุกคนไม่ว่าง",
    "automatic_kind.transferred": "โอนเซสชัน",
    "automatic_kind.ended": "จบเซสชัน",
    "automatic_kind.rating": "ขอคะแนน",
    "automatic_kind.order_shipped": "ส่งสินค้าแล้ว",
    "automatic_kind.parcel_delivered": "พัสดุถึงแล้ว",
    "automatic_kind.delivery_delayed": "จัดส่งล่าช้า",
    "automatic_kind.code_bound": "โค้ด: ผูกแล้ว",
    "automatic_kind.code_duplicate": "โค้ด: ผูกอยู่ก่อนแล้ว",
    "automatic_kind.code_failed": "โค้ด: ใช้ไม่ได้",
    # whom a contact is bound to
    "side.bound": "ผูกกับ",
    "side.bound_in": "{agent} ในทีม {team}",
    "side.bound_team": "ทีม {team}",
    "side.bound_since": "ตั้งแต่",
    "side.bound_how": "โดย",
    "side.bound_code": "โค้ด {code}",
    "side.bound_hand": "{by} ผูกเอง",
    "side.bound_moved": "{by} ย้ายมา",
    "bound.to_you": "{name} ผูกกับคุณแล้ว",
    "bound.to_you_code": "{name} ผูกกับคุณแล้วด้วยโค้ดของคุณ",
    "bound.to_you_by": "{by} ผูก {name} กับคุณ",
    "bound.to_you_serves": "ตอนนี้ {assignee} กำลังดูแลอยู่",
    "bound.to_other": "{name} ผูกกับ {to} แล้ว คุณยังดูแลต่อ",
    "bound.moved": "{by} ย้ายการผูกของ {name} จากคุณไปที่ {to}",
    "bound.ended": "{by} ยกเลิกการผูก {name} กับคุณ",
}
"""Sentences by key."""
