"""A hub on this machine that signs one person in: the part of OpenID Connect that a hosted page asks for."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = {
    "OAUTH_CLIENT_ID": "the-page",
    "OAUTH_CLIENT_SECRET": "between us",
    "OAUTH_SCOPES": "openid profile",
}


@contextmanager
def stand_in_hub(username: str, name: str) -> Iterator[str]:
    """Its address, while it runs; whoever asks to sign in is signed in as this account."""
    key = RSAKey.generate_key(2048, parameters={"kid": "one"})

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/.well-known/openid-configuration":
                self._json(
                    {
                        "issuer": url,
                        "authorization_endpoint": f"{url}/authorize",
                        "token_endpoint": f"{url}/token",
                        "jwks_uri": f"{url}/jwks",
                        "id_token_signing_alg_values_supported": ["RS256"],
                    }
                )
            elif asked.path == "/jwks":
                self._json({"keys": [key.as_dict(private=False)]})
            elif asked.path == "/authorize":
                given = {name: values[0] for name, values in parse_qs(asked.query).items()}
                answer = urlencode({"code": given["nonce"], "state": given["state"]})
                join = "&" if "?" in given["redirect_uri"] else "?"
                self.send_response(302)
                self.send_header("Location", f"{given['redirect_uri']}{join}{answer}")
                self.end_headers()

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            now = int(time.time())
            claims = {
                "iss": url, "aud": CLIENT["OAUTH_CLIENT_ID"], "sub": "1", "iat": now, "exp": now + 3600,
                "nonce": form["code"][0], "name": name, "preferred_username": username,
                "profile": f"{url}/{username}", "picture": "",
            }  # fmt: skip
            token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
            self._json({"access_token": "t", "token_type": "Bearer", "expires_in": 3600, "id_token": token})

        def _json(self, value: object) -> None:
            data = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield url
    finally:
        server.shutdown()
        server.server_close()
