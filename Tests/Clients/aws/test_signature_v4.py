"""Requests whose signature is not right, one thing wrong at a time, and what may be different in right ones."""

import datetime

import pytest
from support import post, setting

SIGNATURE = "The request signature we calculated does not match the signature you provided."


def refuse(answer, error, starts=None, has=None):
    """KMS answers its errors with 400; the documentation of the common ones has 403 for some."""
    assert answer.status in (400, 403), answer.body
    assert answer.error == error, answer.body
    if starts is not None:
        assert (answer.message or "").startswith(starts), answer.message
    if has is not None:
        assert has in (answer.message or ""), answer.message
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert "x-amzn-requestid" in answer.headers
    assert b"Keys" not in answer.body


def minutes(count):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=count)


def test_right():
    assert post("ListKeys").status == 200


@pytest.mark.parametrize("count", [-4, 4])
def test_a_clock_may_be_a_little_off(count):
    assert post("ListKeys", when=minutes(count)).status == 200


def test_headers_that_need_not_be_signed():
    answer = post("ListKeys", extra_unsigned={"user-agent": "curl/8", "accept": "*/*", "amz-sdk-request": "attempt=1", "amz-sdk-invocation-id": "1"})
    assert answer.status == 200


def test_further_headers_may_be_signed():
    assert post("ListKeys", extra_signed={"x-amz-meta": "  two   spaces ", "a-header": "value", "x-amzn-trace-id": "Root=1"}).status == 200


def test_content_type_need_not_be_signed():
    assert post("ListKeys", leave_out=["content-type"]).status == 200


def test_anonymous():
    refuse(post("ListKeys", authorization=""), "MissingAuthenticationTokenException", starts="Missing Authentication Token")


@pytest.mark.parametrize(
    "authorization",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential",
        "AWS4-HMAC-SHA256 Credential=a/20240101/us-east-1/kms/aws4_request",
        "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=b",
        "AWS4-HMAC-SHA256 SignedHeaders=host;x-amz-date, Signature=" + "0" * 64,
    ],
)
def test_half_an_authorization(authorization):
    refuse(post("ListKeys", authorization=authorization), "IncompleteSignatureException")


@pytest.mark.parametrize("authorization", ["Bearer token", "Basic dXNlcjpwYXNzd29yZA==", "AWS4-HMAC-SHA512 Credential=a, SignedHeaders=b, Signature=c"])
def test_another_scheme(authorization):
    answer = post("ListKeys", authorization=authorization)
    assert answer.status in (400, 403)
    assert answer.error in ("IncompleteSignatureException", "MissingAuthenticationTokenException", "UnrecognizedClientException")


def test_unknown_access_key():
    answer = post("ListKeys", access_key="AKIAIOSFODNN7EXAMPLE", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    refuse(answer, "UnrecognizedClientException", starts="The security token included in the request is invalid.")


def test_wrong_secret():
    refuse(post("ListKeys", secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), "InvalidSignatureException", starts=SIGNATURE)


def test_another_body():
    refuse(post("ListKeys", '{"Limit": 1}', signed_body=b'{"Limit": 2}'), "InvalidSignatureException", starts=SIGNATURE)


def test_another_host():
    refuse(post("ListKeys", signed_host="kms.us-east-1.amazonaws.com"), "InvalidSignatureException", starts=SIGNATURE)


def test_another_target():
    """The target that is signed is not the one that is sent."""
    answer = post("ListKeys", extra_unsigned={"x-amz-target": "TrentService.CreateKey"})
    refuse(answer, "InvalidSignatureException", starts=SIGNATURE)


def test_expired():
    refuse(post("ListKeys", when=minutes(-20)), "InvalidSignatureException", starts="Signature expired: ", has=" is now earlier than ")


def test_not_yet():
    refuse(post("ListKeys", when=minutes(20)), "InvalidSignatureException", starts="Signature not yet current: ", has=" is still later than ")


def test_day_of_the_scope():
    refuse(post("ListKeys", scope_day="20200101"), "InvalidSignatureException", starts="Date in Credential scope does not match")


def test_another_region():
    elsewhere = "ap-southeast-1" if setting("AWS_DEFAULT_REGION") != "ap-southeast-1" else "eu-west-1"
    refuse(post("ListKeys", region=elsewhere), "InvalidSignatureException", starts="Credential should be scoped to a valid region")


def test_another_service():
    refuse(post("ListKeys", service="s3"), "InvalidSignatureException", starts="Credential should be scoped to correct service: 'kms'")


def test_another_terminator():
    answer = post("ListKeys", terminator="aws5_request")
    refuse(answer, "InvalidSignatureException", starts="Credential should be scoped with a valid terminator")


def test_host_has_to_be_signed():
    answer = post("ListKeys", leave_out=["host"])
    refuse(answer, "InvalidSignatureException", has="must be a 'SignedHeader' in the AWS Authorization")


@pytest.mark.parametrize("name", ["x-amz-target", "x-amz-date"])
def test_amz_headers_have_to_be_signed(name):
    answer = post("ListKeys", leave_out=[name])
    assert answer.status in (400, 403)
    assert answer.error in ("InvalidSignatureException", "IncompleteSignatureException")


def test_an_amz_header_that_was_added():
    answer = post("ListKeys", extra_unsigned={"x-amz-added": "on the way"})
    refuse(answer, "InvalidSignatureException")


def test_no_date():
    refuse(post("ListKeys", dated=False), "IncompleteSignatureException")


@pytest.mark.parametrize("date", ["yesterday", "2024-01-01T00:00:00Z", "20240101T000000", ""])
def test_a_date_of_no_form(date):
    answer = post("ListKeys", extra_signed={"x-amz-date": date})
    assert answer.status in (400, 403)
    assert answer.error in ("IncompleteSignatureException", "InvalidSignatureException")


def test_a_signed_header_that_is_not_there():
    day = minutes(0).strftime("%Y%m%d")
    scope = f"{setting('AWS_ACCESS_KEY_ID')}/{day}/{setting('AWS_DEFAULT_REGION')}/kms/aws4_request"
    headers = "SignedHeaders=content-type;host;x-amz-date;x-amz-missing;x-amz-target"
    answer = post("ListKeys", authorization=f"AWS4-HMAC-SHA256 Credential={scope}, {headers}, Signature={'0' * 64}")
    refuse(answer, "InvalidSignatureException")


def test_a_refusal_comes_before_the_operation():
    """Nobody learns from outside which operations and keys there are."""
    refuse(post("", target="TrentService.MakeCoffee", authorization=""), "MissingAuthenticationTokenException")
    refuse(post("DescribeKey", "not json", secret="wrong"), "InvalidSignatureException")
