"""Automatic messages (section 4): what is said to customers without anybody writing it.

``kinds`` says what there is and what each may name, ``texts_*`` and ``templates`` hold the words,
``sending`` sends one, once for a cause. When something is said is left to ``runner``, and to
whoever answers by itself, as the codes do (Q6). docs/messages.md tells all of it.
"""
