"""What the tests share: where the service is, how it refuses, and requests that are signed by hand."""

import contextlib
import datetime
import hashlib
import hmac
import http.client
import json
import os
import re
import urllib.parse
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

UNKNOWN_KEY = "00000000-1111-4222-8333-444444444444"


def setting(name):
    """A setting of the environment; a test that needs one that is not there fails."""
    value = os.environ.get(name, "")
    if not value:
        pytest.fail(f"{name} is not set in the environment")
    return value


def client(access_key=None, secret=None, validates=True, region=None, endpoint=None):
    return boto3.client(
        "kms",
        endpoint_url=endpoint or setting("KMS_AWS_ENDPOINT"),
        region_name=region or setting("AWS_DEFAULT_REGION"),
        aws_access_key_id=access_key or setting("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=secret or setting("AWS_SECRET_ACCESS_KEY"),
        config=Config(
            parameter_validation=validates,
            retries={"total_max_attempts": 1, "mode": "standard"},
            read_timeout=60,
            connect_timeout=10,
        ),
    )


@contextlib.contextmanager
def refused(code, message=None, status=400, starts=None, matches=None, has=()):
    """The block is answered by this error: its name, its HTTP status and, where it is documented or known, its message."""
    with pytest.raises(ClientError) as caught:
        yield caught
    answer = caught.value.response
    error = answer["Error"]
    assert error["Code"] == code, f"{error['Code']}: {error.get('Message')}"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    text = error.get("Message", "")
    if message is not None:
        assert text == message
    if starts is not None:
        assert text.startswith(starts), text
    if matches is not None:
        assert re.fullmatch(matches, text), text
    for part in has if not isinstance(has, str) else (has,):
        assert part in text, text


def invalid(member, constraint, value=None):
    """The message of one failed constraint; blobs, whose value is secret, are named without it."""
    shown = "" if value is None else " null" if value == "null" else f" '{value}'"
    return f"1 validation error detected: Value{shown} at '{member}' failed to satisfy constraint: {constraint}"


def not_an_enum(member, value):
    return invalid(member, "Member must satisfy enum value set: [", value)


def unique(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:12]}"


def every(page, items, **arguments):
    """All items of a list operation, page by page; the marker is there exactly when the list is truncated."""
    found = []
    marker = {}
    for _ in range(10_000):
        answer = page(**arguments, **marker)
        found += answer[items]
        assert answer["Truncated"] is ("NextMarker" in answer)
        if "Limit" in arguments:
            assert len(answer[items]) <= arguments["Limit"]
        if not answer["Truncated"]:
            return found
        marker = {"Marker": answer["NextMarker"]}
    raise AssertionError("the list does not end")


# A service that is not botocore has to be met by requests that botocore would never send.


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body
        self.json = json.loads(body) if body else None

    @property
    def error(self):
        return self.json["__type"].rsplit("#", 1)[-1]

    @property
    def message(self):
        return self.json.get("message", self.json.get("Message"))


def sign(secret, day, region, service, text):
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def post(
    operation,
    body="{}",
    *,
    target=None,
    when=None,
    scope_day=None,
    region=None,
    service="kms",
    terminator="aws4_request",
    access_key=None,
    secret=None,
    authorization=None,
    signed_body=None,
    signed_host=None,
    extra_signed=(),
    extra_unsigned=(),
    leave_out=(),
    dated=True,
    method="POST",
    path="/",
    content_type="application/x-amz-json-1.1",
):
    """One request, signed by hand; each argument after the body spoils or changes one thing of it."""
    endpoint = urllib.parse.urlsplit(setting("KMS_AWS_ENDPOINT"))
    payload = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    now = when or datetime.datetime.now(datetime.timezone.utc)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    day = scope_day or stamp[:8]
    region = region or setting("AWS_DEFAULT_REGION")
    host = endpoint.netloc
    sent = {
        "content-type": content_type,
        "host": host,
        "x-amz-date": stamp,
        "x-amz-target": target if target is not None else f"TrentService.{operation}",
    }
    if not dated:
        del sent["x-amz-date"]
    sent.update(extra_signed)
    covered = {name: value for name, value in sent.items() if name not in leave_out}
    if signed_host is not None:
        covered["host"] = signed_host
    names = ";".join(sorted(covered))
    canonical = "\n".join(
        [
            method,
            path,
            "",
            *(f"{name}:{' '.join(covered[name].split())}" for name in sorted(covered)),
            "",
            names,
            hashlib.sha256(payload if signed_body is None else signed_body).hexdigest(),
        ]
    )
    scope = f"{day}/{region}/{service}/{terminator}"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = sign(secret or setting("AWS_SECRET_ACCESS_KEY"), day, region, service, text)
    sent["authorization"] = (
        authorization
        if authorization is not None
        else f"AWS4-HMAC-SHA256 Credential={access_key or setting('AWS_ACCESS_KEY_ID')}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    if authorization == "":
        del sent["authorization"]
    sent.update(extra_unsigned)
    kind = http.client.HTTPSConnection if endpoint.scheme == "https" else http.client.HTTPConnection
    connection = kind(endpoint.hostname, endpoint.port, timeout=60)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.putheader("content-length", str(len(payload)))
        connection.endheaders(payload)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()
