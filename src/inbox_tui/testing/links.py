"""Links as codes have them, one of every platform that can carry a code, short and long ones."""

from inbox_tui.channels import links

CODE = "ibx-kato-miru-sabe"

LINKS = {
    "line": links.line("@baanshop", CODE),
    "line, a basic id": links.line("@123abcde", CODE),
    "line, a premium id as long as they get": links.line("@" + "baan-shop.official" + "_2", CODE),
    "telegram": links.telegram("BaanShopBot", CODE),
    "telegram, a name as long as they get": links.telegram(
        "Baan_Shop_Thailand_Support_1_Bot", CODE
    ),
    "whatsapp": links.whatsapp("+66 81 234 5678", CODE),
    "whatsapp, a number as long as they get": links.whatsapp("+881 2345 6789 0123", CODE),
    "messenger": links.messenger("baanshop", CODE),
    "messenger, a name as long as they get": links.messenger("baan.shop." * 5, CODE),
    "sms": links.sms("+66 81 234 5678", CODE),
}
"""By what is special about each."""
