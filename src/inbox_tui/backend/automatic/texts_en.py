"""The texts that come with the program, in English. Each sentence that may fall away is a line."""

from collections.abc import Mapping
from typing import Final

from inbox_tui.wire.words import Automatic

TEXTS: Final[Mapping[Automatic, str]] = {
    Automatic.GREETING: (
        "Hello {contact_name}!\n"
        "Thank you for writing to {shop_name}.\n"
        "We have received your message and will answer you here."
    ),
    Automatic.WELCOME: (
        "Welcome to {shop_name}!\n"
        "If a code stands in your message box, please send it unchanged: it brings you to your "
        "personal contact."
    ),
    Automatic.ASSIGNED: (
        "{agent_name} will take care of you now.\n"
        "You can usually expect an answer in {response_time}."
    ),
    Automatic.AWAY: (
        "Thank you for your message. We are closed at the moment.\n"
        "We are here: {hours}.\n"
        "You can expect an answer from {opens_at}."
    ),
    Automatic.OVER_CAPACITY: (
        "We are sorry: all our staff are busy just now.\n"
        "You are number {position} in the queue.\n"
        "Estimated wait: {estimated_wait}."
    ),
    Automatic.TRANSFERRED: "{assignee} takes over your request. You need not repeat anything.",
    Automatic.ENDED: (
        "Thank you for talking to {shop_name}. Your request is closed now.\n"
        "Your reference: {case_code}.\n"
        "Just write to us again whenever you need us."
    ),
    Automatic.RATING: (
        "How satisfied were you with our service?\n"
        "Please answer with a number: 5 very satisfied, 4 satisfied, 3 neither, 2 unsatisfied, "
        "1 very unsatisfied."
    ),
    Automatic.ORDER_SHIPPED: (
        "Good news: your order {order_number} is on its way.\n"
        "Tracking number: {tracking_number}\n"
        "Follow it here: {tracking_link}\n"
        "Expected delivery: {delivery_date}."
    ),
    Automatic.PARCEL_DELIVERED: (
        "Your order {order_number} has been delivered.\nWe hope you like it. Write to us if not."
    ),
    Automatic.DELIVERY_DELAYED: (
        "We are sorry: the delivery of your order {order_number} is delayed.\n"
        "New expected delivery: {delivery_date}.\n"
        "Follow it here: {tracking_link}"
    ),
    Automatic.CODE_BOUND: "You are now assigned to {assignee}.",
    Automatic.CODE_DUPLICATE: "Assignment failed: you are already assigned to {assignee}.",
    Automatic.CODE_FAILED: "Assignment failed, please contact our staff.",
}
