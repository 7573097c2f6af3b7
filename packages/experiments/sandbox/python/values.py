"""Plain values as JSON, so that nothing but data passes between the process that asks and the one that answers.

An object with an equality of its own cannot cross: what arrives is a value of a built-in type, or one that equals nothing.
"""

import json
from decimal import Decimal
from fractions import Fraction


class Opaque:
    """What arrives for a value that is not plain: equal to nothing, not even to itself."""

    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        return False

    __hash__ = None

    def __repr__(self):
        return "<%s>" % self.name


def dump(value):
    return json.dumps(pack(value))


def load(text):
    return unpack(json.loads(text))


def pack(value):
    # Subclasses cross as the built-in type that they hold: a Counter as a dict, an IntEnum as an int.
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, list):
        return [pack(one) for one in list.__iter__(value)]
    if isinstance(value, tuple):
        return {"tuple": [pack(one) for one in tuple.__iter__(value)]}
    if isinstance(value, dict):
        return {"dict": [[pack(key), pack(one)] for key, one in dict.items(value)]}
    if isinstance(value, frozenset):
        return {"frozenset": [pack(one) for one in frozenset.__iter__(value)]}
    if isinstance(value, set):
        return {"set": [pack(one) for one in set.__iter__(value)]}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    return {"opaque": type(value).__name__[:80]}


UNPACK = {
    "tuple": lambda parts: tuple(unpack(one) for one in parts),
    "dict": lambda pairs: {unpack(key): unpack(one) for key, one in pairs},
    "frozenset": lambda parts: frozenset(unpack(one) for one in parts),
    "set": lambda parts: {unpack(one) for one in parts},
    "complex": lambda parts: complex(*parts),
    "bytes": bytes.fromhex,
    "decimal": Decimal,
    "fraction": Fraction,
    "opaque": Opaque,
}


def unpack(packed):
    if isinstance(packed, list):
        return [unpack(one) for one in packed]
    if isinstance(packed, dict):
        ((kind, content),) = packed.items()
        return UNPACK[kind](content)
    return packed
