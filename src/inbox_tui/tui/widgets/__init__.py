"""Widgets that draw: they know lines, items and keys, and no rule of the business.

``list_view`` and ``message_log`` stand on ``line_view`` (the Line API); ``one_line`` is the base
of header, tabs, filter line and flash.
"""
