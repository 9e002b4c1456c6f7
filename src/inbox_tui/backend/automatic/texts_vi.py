"""The texts that come with the program, in Vietnamese. What may fall away is a line of its own."""

from collections.abc import Mapping
from typing import Final

from inbox_tui.wire.words import Automatic

TEXTS: Final[Mapping[Automatic, str]] = {
    Automatic.GREETING: (
        "Xin chào {contact_name}!\n"
        "Cảm ơn bạn đã nhắn tin cho {shop_name}.\n"
        "Chúng tôi đã nhận được tin nhắn của bạn và sẽ trả lời bạn tại đây."
    ),
    Automatic.WELCOME: (
        "Chào mừng bạn đến với {shop_name}!\n"
        "Nếu trong ô tin nhắn có sẵn một mã, vui lòng gửi nguyên mã đó để được gặp nhân viên "
        "phụ trách riêng của bạn."
    ),
    Automatic.ASSIGNED: (
        "{agent_name} sẽ hỗ trợ bạn.\n"
        "Thông thường bạn sẽ nhận được câu trả lời trong {response_time}."
    ),
    Automatic.AWAY: (
        "Cảm ơn tin nhắn của bạn. Hiện đang ngoài giờ làm việc.\n"
        "Giờ làm việc của chúng tôi: {hours}.\n"
        "Chúng tôi sẽ trả lời bạn từ {opens_at}."
    ),
    Automatic.OVER_CAPACITY: (
        "Xin lỗi bạn, hiện tất cả nhân viên của chúng tôi đều đang bận.\n"
        "Bạn đang ở vị trí số {position} trong hàng chờ.\n"
        "Thời gian chờ dự kiến: {estimated_wait}."
    ),
    Automatic.TRANSFERRED: (
        "{assignee} sẽ tiếp tục hỗ trợ bạn. Bạn không cần nhắc lại nội dung đã trao đổi."
    ),
    Automatic.ENDED: (
        "Cảm ơn bạn đã liên hệ {shop_name}. Yêu cầu của bạn đã được xử lý xong.\n"
        "Mã tham chiếu: {case_code}.\n"
        "Bạn cứ nhắn tin cho chúng tôi bất cứ khi nào cần hỗ trợ."
    ),
    Automatic.RATING: (
        "Bạn hài lòng với dịch vụ của chúng tôi ở mức nào?\n"
        "Vui lòng trả lời bằng một số: 5 rất hài lòng, 4 hài lòng, 3 bình thường, "
        "2 không hài lòng, 1 rất không hài lòng."
    ),
    Automatic.ORDER_SHIPPED: (
        "Đơn hàng {order_number} của bạn đã được gửi đi.\n"
        "Mã vận đơn: {tracking_number}\n"
        "Theo dõi tại: {tracking_link}\n"
        "Dự kiến giao: {delivery_date}."
    ),
    Automatic.PARCEL_DELIVERED: (
        "Đơn hàng {order_number} của bạn đã được giao.\n"
        "Chúc bạn hài lòng. Nếu có vấn đề gì, hãy nhắn tin cho chúng tôi."
    ),
    Automatic.DELIVERY_DELAYED: (
        "Xin lỗi bạn, đơn hàng {order_number} của bạn bị giao chậm.\n"
        "Dự kiến giao: {delivery_date}.\n"
        "Theo dõi tại: {tracking_link}"
    ),
    Automatic.CODE_BOUND: "Bạn hiện được {assignee} phụ trách.",
    Automatic.CODE_DUPLICATE: "Không chỉ định được: bạn đã được {assignee} phụ trách rồi.",
    Automatic.CODE_FAILED: "Không chỉ định được, vui lòng liên hệ nhân viên của chúng tôi.",
}
