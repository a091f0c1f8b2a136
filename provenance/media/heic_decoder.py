"""Decodes one HEIC in a process of its own: bytes in, a line of JSON and the pixels out. heic.py starts it.

    python -I heic_decoder.py MOST_PIXELS < picture.heic > answer

libheif is C++, and what a stranger sends reaches it here: what breaks it ends this process, and nobody else's.
Memory and time are bounded by the system where it can. Nothing of ours is imported.
"""

import contextlib
import io
import json
import sys

SECONDS = 60
ROOM = 1 << 30  # bytes, beside the pixels
EACH = 24  # bytes a pixel, at most: as it is coded, as it is handed over, and once more


def bounded(most: int) -> None:
    """No more memory and time than such a picture needs."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        room = ROOM + EACH * most
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> None:
    most = int(sys.argv[1])
    bounded(most)
    import pi_heif

    options = pi_heif.options
    options.DECODE_THREADS = 1
    # What is not asked for is not decoded: small copies, depth, and other pictures beside the picture.
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    told: dict[str, object] = {}
    pixels = b""
    try:
        picture = pi_heif.HeifImageFile(io.BytesIO(sys.stdin.buffer.read()))
        if picture.width * picture.height <= most:
            several = bool(picture.is_animated)
            profile = picture.info.get("icc_profile") or b""
            picture.load()
            pixels = picture.tobytes() if picture.width * picture.height <= most else b""
            told = {"mode": picture.mode, "several": several, "profile": profile.hex()}
        told |= {"width": picture.width, "height": picture.height}
    except Exception as error:  # noqa: BLE001 - whatever it trips over becomes a sentence
        told = {"error": " ".join(str(error).split())[:200] or type(error).__name__}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    sys.stdout.buffer.write(pixels)


if __name__ == "__main__":
    main()
