"""An OpenID provider for tests, on Authlib's implementation of the protocols: authorization code with PKCE (RFC 7636, S256 required),
device authorization (RFC 8628), refresh tokens with rotation (RFC 6749 §6), and discovery.

It listens on a free port of 127.0.0.1 and prints its address. Users decide by requests of the test: GET of the authorization endpoint with
`user=NAME` or `deny=1`, and POST /device with `user_code` and the same.

Usage: provider.py [LIFETIME]   the seconds for which ID tokens are valid
"""

import os
import sys
import time
import threading

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # http on this machine

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.jose import JsonWebKey, KeySet
from authlib.oauth2.rfc6749 import ClientMixin, InvalidGrantError, TokenMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant, DeviceCredentialDict
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode, UserInfo
from authlib.oidc.core.grants.util import generate_id_token
from flask import Flask, jsonify, request
from werkzeug.serving import make_server

LIFETIME = int(sys.argv[1]) if len(sys.argv) > 1 else 3600
CLIENT_ID = "kms-cli"
key = JsonWebKey.generate_key("RSA", 2048, {"kid": "1", "use": "sig", "alg": "RS256"}, is_private=True)
codes, devices, decisions, refresh_tokens = {}, {}, {}, {}
app = Flask(__name__)
issuer = None


class Client(ClientMixin):
    """A public client: a program on a user's machine, which may use any port of 127.0.0.1 for its redirect (RFC 8252 §7.3)."""

    def get_client_id(self):
        return CLIENT_ID

    def get_default_redirect_uri(self):
        return None

    def get_allowed_scope(self, scope):
        return " ".join(s for s in (scope or "").split() if s in ("openid", "offline_access"))

    def check_redirect_uri(self, uri):
        return uri.startswith("http://127.0.0.1:") and uri.endswith("/callback")

    def check_client_secret(self, secret):
        return False

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "none"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_grant_type(self, grant_type):
        return True


class User:
    def __init__(self, name):
        self.name = name

    def get_user_id(self):
        return self.name


class Code(AuthorizationCodeMixin):
    def __init__(self, user, request):
        self.user, self.redirect_uri, self.scope = user, request.redirect_uri, request.scope
        self.nonce = request.data.get("nonce")
        self.code_challenge = request.data.get("code_challenge")
        self.code_challenge_method = request.data.get("code_challenge_method")

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return int(time.time())


class Refresh(TokenMixin):
    def __init__(self, user, scope):
        self.user, self.scope = user, scope

    def check_client(self, client):
        return True

    def get_scope(self):
        return self.scope

    def get_expires_in(self):
        return 0

    def is_expired(self):
        return False

    def is_revoked(self):
        return False


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def save_authorization_code(self, code, request):
        codes[code] = Code(request.user, request)

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, authorization_code):
        for code in [code for code, value in codes.items() if value is authorization_code]:
            del codes[code]

    def authenticate_user(self, authorization_code):
        return authorization_code.user


class RefreshGrant(grants.RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        return refresh_tokens.get(refresh_token)

    def authenticate_user(self, credential):
        return credential.user

    def revoke_old_credential(self, credential):
        for token in [token for token, value in refresh_tokens.items() if value is credential]:
            del refresh_tokens[token]


class DeviceEndpoint(DeviceAuthorizationEndpoint):
    CLIENT_AUTH_METHODS = ["none"]
    EXPIRES_IN = 60
    INTERVAL = 1

    def get_verification_uri(self):
        return f"{issuer}/device"

    def save_device_credential(self, client_id, scope, data):
        devices[data["device_code"]] = DeviceCredentialDict(
            dict(data, client_id=client_id, scope=scope, expires_at=time.time() + self.EXPIRES_IN)
        )


class DeviceGrant(DeviceCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]

    def query_device_credential(self, device_code):
        return devices.get(device_code)

    def query_user_grant(self, user_code):
        return decisions.get(user_code)

    def should_slow_down(self, credential):
        return False


class IDToken(OpenIDCode):
    """The ID token of a code. It has the nonce of the authorization request."""

    def exists_nonce(self, nonce, request):
        return False

    def get_jwt_config(self, grant):
        return {"key": key, "alg": "RS256", "iss": issuer, "exp": LIFETIME}

    def generate_user_info(self, user, scope):
        return UserInfo(sub=user.name, groups=["staff"])


class PlainIDToken:
    """The ID token of the grants that have no authorization request."""

    def __call__(self, grant):
        grant.register_hook("process_token", self.process_token)

    def process_token(self, grant, token):
        user = grant.request.user
        token["id_token"] = generate_id_token(
            token, UserInfo(sub=user.name, groups=["staff"]), key, issuer, [CLIENT_ID], alg="RS256", exp=LIFETIME
        )
        return token


def save_token(token, request):
    if "refresh_token" in token:
        refresh_tokens[token["refresh_token"]] = Refresh(request.user, token.get("scope", ""))


app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True
server = AuthorizationServer(app, query_client=lambda name: Client() if name == CLIENT_ID else None, save_token=save_token)
server.register_grant(CodeGrant, [IDToken(require_nonce=True), CodeChallenge(required=True)])
server.register_grant(RefreshGrant, [PlainIDToken()])
server.register_grant(DeviceGrant, [PlainIDToken()])
server.register_endpoint(DeviceEndpoint)
CodeChallenge.SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]


@app.get("/.well-known/openid-configuration")
def discovery():
    return jsonify(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/authorize",
        token_endpoint=f"{issuer}/token",
        device_authorization_endpoint=f"{issuer}/device_authorization",
        jwks_uri=f"{issuer}/jwks",
        response_types_supported=["code"],
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
        code_challenge_methods_supported=["S256"],
    )


@app.get("/jwks")
def jwks():
    return jsonify(KeySet([key]).as_dict(is_private=False))


@app.get("/authorize")
def authorize():
    grant_user = None if request.args.get("deny") else User(request.args["user"])
    return server.create_authorization_response(grant_user=grant_user)


# A test can hold the answers to token requests, and wait for a request that is held.
is_open, is_waiting = threading.Event(), threading.Event()
is_open.set()


@app.post("/hold")
def hold():
    is_waiting.clear()
    is_open.clear()
    return jsonify({})


@app.post("/await-held")
def await_held():
    return jsonify({}), 200 if is_waiting.wait(60) else 504


@app.post("/release")
def release():
    is_open.set()
    return jsonify({})


@app.post("/token")
def token():
    if not is_open.is_set():
        is_waiting.set()
        is_open.wait(60)
    return server.create_token_response()


@app.post("/device_authorization")
def device_authorization():
    return server.create_endpoint_response(DeviceEndpoint.ENDPOINT_NAME)


@app.post("/device")
def device():
    decisions[request.form["user_code"]] = (User(request.form.get("user", "nobody")), "deny" not in request.form)
    return jsonify({})


@app.post("/revoke-all")
def revoke_all():
    refresh_tokens.clear()
    return jsonify({})


listener = make_server("127.0.0.1", 0, app, threaded=True)
issuer = f"http://127.0.0.1:{listener.port}"
print(issuer, flush=True)
listener.serve_forever()
