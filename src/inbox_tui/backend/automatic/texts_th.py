"""The texts that come with the program, in Thai. Each sentence that may fall away is a line."""

from collections.abc import Mapping
from typing import Final

from inbox_tui.wire.words import Automatic

TEXTS: Final[Mapping[Automatic, str]] = {
    Automatic.GREETING: (
        "สวัสดีคุณ {contact_name}\nขอบคุณที่ติดต่อ {shop_name}\nเราได้รับข้อความของคุณแล้ว และจะตอบกลับคุณที่นี่"
    ),
    Automatic.WELCOME: (
        "ยินดีต้อนรับสู่ {shop_name}\n"
        "หากมีรหัสอยู่ในช่องข้อความ กรุณากดส่งโดยไม่ต้องแก้ไข เพื่อให้เจ้าหน้าที่ประจำตัวของคุณดูแลคุณ"
    ),
    Automatic.ASSIGNED: ("{agent_name} จะเป็นผู้ดูแลคุณ\nโดยปกติจะได้รับคำตอบภายใน {response_time}"),
    Automatic.AWAY: (
        "ขอบคุณสำหรับข้อความของคุณ ขณะนี้อยู่นอกเวลาทำการ\n"
        "เวลาทำการของเรา: {hours}\n"
        "เราจะตอบกลับคุณตั้งแต่ {opens_at} เป็นต้นไป"
    ),
    Automatic.OVER_CAPACITY: (
        "ขออภัย ขณะนี้เจ้าหน้าที่ทุกคนกำลังให้บริการลูกค้าท่านอื่นอยู่\n"
        "คุณอยู่ในคิวที่ {position}\n"
        "เวลารอโดยประมาณ: {estimated_wait}"
    ),
    Automatic.TRANSFERRED: "{assignee} จะดูแลเรื่องของคุณต่อ คุณไม่ต้องเล่าเรื่องซ้ำ",
    Automatic.ENDED: (
        "ขอบคุณที่ใช้บริการ {shop_name} เรื่องของคุณได้รับการดูแลเรียบร้อยแล้ว\n"
        "หมายเลขอ้างอิง: {case_code}\n"
        "หากต้องการความช่วยเหลืออีก ทักหาเราได้เสมอ"
    ),
    Automatic.RATING: (
        "คุณพึงพอใจกับบริการของเรามากน้อยเพียงใด\n"
        "กรุณาตอบเป็นตัวเลข: 5 พอใจมาก, 4 พอใจ, 3 เฉย ๆ, 2 ไม่พอใจ, 1 ไม่พอใจมาก"
    ),
    Automatic.ORDER_SHIPPED: (
        "คำสั่งซื้อ {order_number} ของคุณถูกจัดส่งแล้ว\n"
        "หมายเลขพัสดุ: {tracking_number}\n"
        "ติดตามพัสดุได้ที่: {tracking_link}\n"
        "คาดว่าจะได้รับ: {delivery_date}"
    ),
    Automatic.PARCEL_DELIVERED: (
        "คำสั่งซื้อ {order_number} ของคุณถูกจัดส่งถึงแล้ว\nหวังว่าคุณจะถูกใจ หากมีปัญหาใด ๆ ทักหาเราได้เลย"
    ),
    Automatic.DELIVERY_DELAYED: (
        "ขออภัย การจัดส่งคำสั่งซื้อ {order_number} ของคุณล่าช้า\n"
        "คาดว่าจะได้รับ: {delivery_date}\n"
        "ติดตามพัสดุได้ที่: {tracking_link}"
    ),
    Automatic.CODE_BOUND: "ตอนนี้ {assignee} เป็นผู้ดูแลคุณแล้ว",
    Automatic.CODE_DUPLICATE: "กำหนดผู้ดูแลไม่สำเร็จ: {assignee} เป็นผู้ดูแลคุณอยู่แล้ว",
    Automatic.CODE_FAILED: "กำหนดผู้ดูแลไม่สำเร็จ กรุณาติดต่อเจ้าหน้าที่ของเรา",
}
