"""A model's signature by its maker, in the form of OpenSSF Model Signing: `model.sig` beside the files.

Checked with the maker's public key, which has to come another way. The library is an extra of its own (it brings
sigstore), imported when a signature is to be checked.
"""

from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from generation.errors import ModelChanged, ModelError
from generation.extras import need

# What the library trips over in a stranger's file: none of it says that anything was checked.
TRIPS = (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, UnsupportedAlgorithm)
FILES = ("model.sig", "model_signature.sigstore.json", "model.sigstore.json")


def signature_in(folder: Path) -> Path | None:
    """The signature that lies beside a model's files; None where there is none."""
    return next((folder / name for name in FILES if (folder / name).is_file()), None)


def checked(folder: Path, key: Path) -> str:
    """Says what the signature is worth with this public key (PEM); ModelChanged where it does not fit the files."""
    found = signature_in(folder)
    if found is None:
        raise ModelError(f"{folder.name} has no signature ({FILES[0]}); leave --signed-by out")
    need("signature")
    import model_signing

    library: Any = model_signing  # its configurations say no types

    if not key.is_file():
        raise ModelError(f"there is no key {key}")
    left_out = library.hashing.Config().set_ignored_paths(paths=[found], ignore_git_paths=True)
    try:
        # Files that nobody signed are none of its concern: which ones are loaded is on the record, each by its digest.
        verifier = library.verifying.Config().use_elliptic_key_verifier(public_key=key)
        verifier.set_hashing_config(left_out).set_ignore_unsigned_files(True).verify(folder, found)
    except (ValueError, InvalidSignature) as error:
        raise ModelChanged(
            f"the signature {found.name} does not hold for these files and the key {key.name} ({_short(error)}); "
            "get the model and the key again"
        ) from error
    except TRIPS as error:
        raise ModelError(
            f"the signature {found.name} could not be checked with the key {key.name} ({_short(error)}); "
            "get both again from the model's maker"
        ) from error
    return f"{found.name}, checked with the key {key.name}"


def _short(error: Exception) -> str:
    """The first line of what a library says."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
