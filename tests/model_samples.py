"""Models of a few bytes: a folder in diffusers' layout, the same in a hub's cache, and a hub to fetch it from."""

import hashlib
import http.server
import json
import os
import struct
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LONG_AGO = 1_700_000_000


def safetensors(*numbers: float) -> bytes:
    """A whole safetensors file of one tensor, as the format's specification draws it."""
    data = struct.pack(f"<{len(numbers)}f", *numbers)
    header = json.dumps({"w": {"dtype": "F32", "shape": [len(numbers)], "data_offsets": [0, len(data)]}})
    return struct.pack("<Q", len(header)) + header.encode() + data


def put(path: Path, data: bytes) -> Path:
    """A file that has lain there since long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


FILES = {
    "model_index.json": json.dumps(
        {
            "_class_name": "StableDiffusionImg2ImgPipeline",
            "safety_checker": [None, None],
            "scheduler": ["diffusers", "DDIMScheduler"],
            "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderTiny"],
        }
    ).encode(),
    "scheduler/scheduler_config.json": b"{}",
    "text_encoder/config.json": b"{}",
    "text_encoder/model.safetensors": safetensors(4),
    "tokenizer/merges.txt": b"#version: 0.2\n",
    "tokenizer/vocab.json": b"{}",
    "unet/config.json": b"{}",
    "unet/diffusion_pytorch_model.safetensors": safetensors(1, 2, 3),
    "vae/config.json": b"{}",
    "vae/diffusion_pytorch_model.safetensors": safetensors(5),
}
CARD = b"---\nlicense: other\nlicense_name: studio-only\ndatasets:\n- studio/layouts\n---\n# A model\n"


def make(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        put(folder / name, data)
    return folder


def sha256sum(files: dict[str, bytes]) -> str:
    lines = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def cache_snapshot(cache: Path, files: dict[str, bytes], repo: str = "studio/snow") -> Path:
    """A repository in the hub's cache, laid out as huggingface_hub does: blobs by digest, links to them."""
    stored = cache / f"models--{repo.replace('/', '--')}"
    put(stored / "refs/main", COMMIT.encode())
    for name, data in files.items():
        blob = put(stored / "blobs" / hashlib.sha256(data).hexdigest(), data)
        link = stored / "snapshots" / COMMIT / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    return stored


class FakeHub(http.server.BaseHTTPRequestHandler):
    """As much of a hub as a download asks for: a repository's list at a commit, and its files."""

    protocol_version = "HTTP/1.1"
    files: dict[str, bytes] = FILES | {
        "README.md": CARD,
        "unet/diffusion_pytorch_model.bin": b"\x80\x02 pickle",
        "unet/diffusion_pytorch_model.fp16.safetensors": safetensors(1),
        "anime-full.safetensors": safetensors(9),
    }
    asked: list[str]

    def do_GET(self) -> None:
        self.answer(body=True)

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def answer(self, *, body: bool) -> None:
        type(self).asked.append(self.path)
        headers = {"X-Repo-Commit": COMMIT}
        data, status = b'{"error": "not found"}', 404
        path = self.path.split("?")[0]
        if path.startswith("/api/models/studio/snow/revision/"):
            names = [{"rfilename": name} for name in self.files]
            data, status = json.dumps({"id": "studio/snow", "sha": COMMIT, "siblings": names}).encode(), 200
        elif path.startswith("/api/models/studio/snow/tree/"):
            tree = [
                {"type": "file", "path": n, "size": len(d), "oid": "0" * 40} for n, d in self.files.items()
            ]
            data, status = json.dumps(tree).encode(), 200
        elif path.startswith(f"/studio/snow/resolve/{COMMIT}/"):
            found = self.files.get(path.removeprefix(f"/studio/snow/resolve/{COMMIT}/"))
            if found is not None:
                data, status = found, 200
                headers["ETag"] = f'"{hashlib.sha256(data).hexdigest()}"'
            else:
                headers["X-Error-Code"] = "EntryNotFound"
        else:
            headers["X-Error-Code"] = "RepoNotFound"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
