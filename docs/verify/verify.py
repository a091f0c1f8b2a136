#!/usr/bin/env python3
"""Checks a receipt of a Genzu log with Python and the `cryptography` package alone: no database, no network.

    python verify.py FILE [--key KEY] [--against OTHER]

FILE is a receipt, a continuation, a misbehaviour, or (with --key) a signed checkpoint. KEY is the log's key as its
keeper publishes it. OTHER is what the same log said at another time: a receipt, a continuation or a checkpoint.
Ends with 0 when all holds, 1 when something does not, 2 when it cannot be told.
"""
import argparse, base64, decimal, hashlib, hmac, json, pathlib, re, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Wrong, Unknown, Forked = (type(name, (Exception,), {}) for name in ("Wrong", "Unknown", "Forked"))
def sha256(*parts): return hashlib.sha256(b"".join(parts)).digest()
def need(condition, message):
    if not condition: raise Wrong(message)
def unbase64(text, size=None):
    data, message = base64.b64decode(text, validate=True), "a base64 text was altered or cut"
    return need(base64.b64encode(data).decode() == text and size in (None, len(data)), message) or data
def number(text):
    return need(re.fullmatch("0|[1-9][0-9]{0,18}", text) and int(text) < 2**63, "a number is malformed") or int(text)

def read_json(text, texts=r'"(?:[^"\\]|\\.)*"'):
    """The value of canonical JSON (RFC 8785): no blanks, fields in order, one spelling of each text and number."""
    def fields(pairs):
        names = [name.encode("utf-16-be") for name, _ in pairs]
        return need(names == sorted(set(names)), "a field stands twice, or out of order") or dict(pairs)
    def figure(found):  # as JavaScript spells it: 0.00001, 1e-7; and a whole number is below 2**53
        value, spelled = float(found), re.sub("[.]0$", "", repr(float(found) or 0.0)).replace("e-0", "e-")
        if 1e-6 <= abs(value) < 1e-4: spelled = f"{decimal.Decimal(spelled):f}"
        return need(spelled == found and not 2**53 <= abs(value) < 1e21, "a number is malformed") or json.loads(found)
    need(not re.search(r"\s", re.sub(texts, "", text)) and all(json.dumps(json.loads(each), ensure_ascii=False) == each
         for each in re.findall(texts, text)), "the data is not in its one form")
    return json.loads(text, object_pairs_hook=fields, parse_float=figure, parse_int=figure, parse_constant=figure)

def read_key(text, given):
    """The log's name and key: the key that was given from elsewhere, or the one that the log is named after."""
    need(given in (None, text), f"the file is of the key {text}, another one was given")
    name, label, data = text.split("+", 2)
    data = unbase64(data, 33)
    need(data[0] == 1 and sha256(f"{name}\n".encode(), data)[:4].hex() == label, "the key was altered")
    need(given or name == "genzu/" + sha256(data[1:]).hex()[:16], f"the key in the file does not belong to {name}")
    return name, bytes.fromhex(label), Ed25519PublicKey.from_public_bytes(data[1:])

def read_checkpoint(note, key):
    """Size and root of a checkpoint (c2sp.org/tlog-checkpoint) that the log's key signed."""
    text, _, tail = note.rpartition("\n\n")
    (origin, size, root, *more), (*signatures, last), mine = text.split("\n"), tail.split("\n"), []
    need(all(more) and last == "" and len(signatures) <= 100 and len(text) < 1_000_000 and len(note) <= 2_000_000
         and not re.search("[\0-\x09\x0b-\x1f]", text), "the checkpoint is malformed")
    need(origin == key[0], f"the checkpoint is of {origin}, the key of {key[0]}")
    for dash, name, data in (line.split(" ") for line in signatures):
        need(dash == "—" and name.isprintable() and name and "+" not in name and len(unbase64(data)) > 4, "malformed")
        if (name, unbase64(data)[:4]) == key[:2]: mine += [key[2].verify(unbase64(data)[4:], f"{text}\n".encode())]
    need(mine, "the checkpoint is not signed by the log's key")
    need(number(size) or unbase64(root) == sha256(), "a log of no entries has the root of nothing")
    return number(size), unbase64(root, 32)

def climb(index, size, leaf, path):
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3)."""
    need(0 <= index < size and bool(path) == (size > 1), f"this is no proof of entry {index} among {size}")
    if size == 1: return leaf
    (*rest, top), half = path, 1 << (size - 1).bit_length() - 1
    if index < half: return sha256(b"\1", climb(index, half, leaf, rest), top)
    return sha256(b"\1", top, climb(index - half, size - half, leaf, rest))
def both(old, new, path, known):
    """The roots of `old` and of `new` entries that a consistency proof leads to (RFC 9162, 2.1.4)."""
    if old == new: return need(len(path) == (known is None), "the proof has a wrong length") or [known or path[0]] * 2
    (*rest, top), half = path, 1 << (new - 1).bit_length() - 1
    if old > half: return [sha256(b"\1", top, each) for each in both(old - half, new - half, rest, None)]
    first, second = both(old, half, rest, known)
    return [first, sha256(b"\1", second, top)]

def read_pair(text, given):
    """A continuation: two checkpoints that the log only grew between; or a misbehaviour: two that it cannot have."""
    head, *notes = text.split("\n\n")
    kind, owner, *path = head.split("\n")
    need(len(notes) == 4 and owner.startswith("key "), "the file is malformed or cut")
    key, path = read_key(owner[4:], given), [unbase64(line, 32) for line in path]
    old, new = read_checkpoint("\n\n".join(notes[:2]) + "\n", key), read_checkpoint("\n\n".join(notes[2:]), key)
    accuses, known = kind == "genzu/misbehaviour@v1", new[1] if old[0] == new[0] else old[1]
    if accuses and 0 < old[0] < new[0] and not old[0] & old[0] - 1: known, *path = path  # not the root that it states
    roots = both(old[0], new[0], path, known) if 0 < old[0] <= new[0] else [old[1], new[1]] if not path else []
    need(old[0] <= new[0] and roots[1:] == [new[1]], "the proof does not lead to the newer checkpoint")
    need((roots[0] == old[1]) != accuses, "nothing is wrong" if accuses else "the newer record is another from its start")
    if accuses: raise Forked(f"{key[0]} signed {old[0]} entries, and {new[0]} entries that do not begin with them")
    return key[0], dict([old, new]), {}, []

def read_receipt(text, given):
    """The entries of a receipt (c2sp.org/tlog-proof), with their sealed texts where it opens them."""
    head, _, note = text.partition("\n\n")
    _, extra, index, *path = head.split("\n")
    need(extra.startswith("extra ") and index.startswith("index ") and len(text) <= 4_000_000, "malformed or cut")
    more, opened, leaves, shown = read_json(unbase64(extra[6:]).decode()), {}, {}, []
    need(list(more) == ["also", "format", "key", "leaf", "openings"] and more["format"] == "genzu/receipt@v1"
         and type(more["also"]) is type(more["openings"]) is list, "the extra data is not of the form genzu/receipt@v1")
    size, root = read_checkpoint(note, key := read_key(more["key"], given))
    for each in more["openings"]:
        need(len(each) == 2 and bytes.fromhex(each["salt"]).hex() == each["salt"], "an opening is malformed")
        sealed = hmac.digest(bytes.fromhex(each["salt"]), each["value"].encode(), "sha256").hex()
        opened[f'{{"private":"{sealed}"}}'] = json.dumps(each["value"])  # no JSON string can hold these bytes
    for each in [{"index": number(index[6:]), "leaf": more["leaf"], "proof": path}, *more["also"]]:
        place, leaf = each["index"], each["leaf"]
        need(len(each) == 3 and type(place) is int and type(each["proof"]) is list and place not in leaves
             and place > max([*leaves][1:], default=-1), "the further entries are malformed or out of order")
        found = climb(place, size, sha256(b"\0", leaf.encode()), [unbase64(one, 32) for one in each["proof"]])
        need(found == root, f"entry {place} is not in the log at that checkpoint")
        need(json.dumps(read_json(leaf)["seq"]) == str(place), f"entry {place} states another number")
        leaves[place] = leaf
        shown += [json.loads(re.sub(r'\{"private":"\w*"\}', lambda seal: opened.get(seal[0], '"(sealed)"'), leaf))]
    need(all(any(seal in leaf for leaf in leaves.values()) for seal in opened), "a text is not what its entry sealed")
    return key[0], {size: root}, leaves, shown

def read(path, given):
    text = re.sub("\r\n?", "\n", pathlib.Path(path).read_bytes().decode("utf-8-sig")).strip("\n") + "\n"
    if text.startswith("c2sp.org/tlog-proof@v1\n"): return read_receipt(text, given)
    if text.startswith(("genzu/continuation@v1\n", "genzu/misbehaviour@v1\n")): return read_pair(text, given)
    if not given: raise Unknown("this is no receipt; a checkpoint alone does not say its key: give --key")
    return given.split("+")[0], dict([read_checkpoint(text, read_key(given, given))]), {}, []
def compare(one, other):
    need(one[0] == other[0], f"these are two logs, {one[0]} and {other[0]}")
    for mine, theirs, what in ((one[1], other[1], "records of {} entries"), (one[2], other[2], "entries {}")):
        for each in mine.keys() & theirs.keys():
            need(mine[each] == theirs[each], "the log signed two different " + what.format(each))
    if not one[1].keys() & other[1].keys(): raise Unknown("no contradiction; a continuation would show more")

def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in "file", "--key", "--against": parser.add_argument(name)
    options, said, code = parser.parse_args(), [], 0
    try:
        log, checkpoints, _, shown = found = read(options.file, options.key)
        said += [json.dumps(each, ensure_ascii=False, indent=1) for each in shown]
        if options.against: compare(found, read(options.against, options.key))
        whose = "the key that you gave" if options.key else "the key that it is named after; compare that name"
        said += [f"HOLDS: in {log} at {' and '.join(map(str, checkpoints))} entries, signed by {whose}"]
    except (Unknown, OSError) as error: said, code = [f"CANNOT BE TOLD: {error}"], 2
    except Forked as error: said, code = [f"MISBEHAVED: {error}; the file proves it"], 1
    except InvalidSignature: said, code = ["DOES NOT HOLD: the signature is not by the log's key over this text"], 1
    except (Wrong, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        said, code = [f"DOES NOT HOLD: {error if type(error) is Wrong else 'the file is malformed or cut'}"], 1
    sys.stdout.reconfigure(encoding="utf-8")
    for line in said:  # what a stranger wrote must not steer the terminal
        print("".join(each if each.isprintable() or each == "\n" else f"\\u{ord(each):04x}" for each in line))
    return code

if __name__ == "__main__":
    sys.exit(main())
