"""The register of one ledger, read from its entries once and then only as far as the ledger has grown."""

from threading import Lock
from weakref import WeakKeyDictionary

from provenance.ledger import Ledger
from provenance.ledger.entries.entry import EntryKind
from provenance.people.register import KINDS, Register

_READ: WeakKeyDictionary[Ledger, tuple[int, Register]] = WeakKeyDictionary()
_READING = Lock()
_ALL = (*KINDS, EntryKind.PRIVATE_ERASED)


def register_of(ledger: Ledger) -> Register:
    """What the ledger's entries about people add up to now. A register that was given out does not change."""
    size = len(ledger)
    with _READING:
        read, register = _READ.get(ledger, (0, Register()))
    if read < size:
        new = ledger.said(_ALL, read)
        if any(each.kind is EntryKind.PRIVATE_ERASED for each in new):
            # Texts of older entries are gone, so what was read of them must go, too.
            register = Register.of(ledger.said(KINDS))
        elif new:
            register = register.extended(new)
        with _READING:
            _READ[ledger] = (size, register)
    return register
