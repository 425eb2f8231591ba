import KeyManagement
import Testing

@testable import AWSKMSAPI

/// The refusals that precede the lookup of the secret. Each test changes one thing in a valid request.
@Suite
struct SignatureRefusalTests {
    private func refusal(_ edit: (inout Sample) -> Void) -> AWSFailure? {
        var sample = Sample()
        edit(&sample)
        do throws(AWSFailure) {
            _ = try sample.read()
            return nil
        } catch {
            return error
        }
    }

    private static let mismatch =
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
        + "signing method. Consult the service documentation for details."

    @Test func `the request that is changed below is good`() {
        #expect(refusal { _ in } == nil)
    }

    @Test(arguments: ["", "Bearer kms_x", "Basic eDp5"]) func `without a signature of AWS's there is no token`(
        _ authorization: String
    ) {
        #expect(
            refusal { $0.authorization = authorization }
                == AWSFailure("MissingAuthenticationTokenException", "Missing Authentication Token"))
    }

    @Test func `a header without its parameters says which ones are missing`() {
        #expect(
            refusal { $0.authorization = "AWS4-HMAC-SHA256 SignedHeaders=host" }
                == AWSFailure(
                    "IncompleteSignatureException",
                    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' "
                        + "parameter. Authorization=AWS4-HMAC-SHA256 SignedHeaders=host"))
        let undated = refusal { sample in sample.headers.removeAll { $0.name == "X-Amz-Date" } }
        #expect(undated?.name == "IncompleteSignatureException")
        #expect(
            undated?.message?.hasPrefix(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4"
            )
                == true)
        let unnamed = refusal { $0.authorization += ", more" }
        #expect(unnamed?.name == "IncompleteSignatureException")
        #expect(unnamed?.message?.hasPrefix("'more' not a valid key=value pair (missing equal-sign)") == true)
        for text in [
            "AWS4-HMAC-SHA1 Credential=\(Sample.credential), SignedHeaders=\(Sample.signedHeaders), Signature=\(Sample.signature)",
            Sample().authorization + ", Signature=\(Sample.signature)",
        ] {
            #expect(refusal { $0.authorization = text }?.name == "IncompleteSignatureException")
        }
        #expect(
            refusal { $0.headers.append(("Authorization", $0.authorization)) }?.name == "IncompleteSignatureException")
    }

    @Test(arguments: ["X-Amz-Signature=a", "a=b&x-amz-credential=c", "AWSAccessKeyId=x"])
    func `a signature in the query is refused`(_ query: String) {
        #expect(refusal { $0.query = query }?.name == "IncompleteSignatureException")
        #expect(
            refusal {
                $0.query = query
                $0.authorization = ""
            }?.name == "IncompleteSignatureException")
    }

    @Test func `sessions are not known`() {
        let failure = refusal {
            $0.headers.append(("X-Amz-Security-Token", "t"))
            $0.authorization = $0.authorization.replacing(
                "host;x-amz-date", with: "host;x-amz-date;x-amz-security-token")
        }
        #expect(
            failure
                == AWSFailure(
                    "UnrecognizedClientException", "The security token included in the request is invalid."))
    }

    @Test(arguments: ["AKIA", "ASIAABCDEFGHIJKLMNOP", "akiaabcdefghijklmnop"])
    func `an access key that is none is not known`(_ id: String) {
        #expect(
            refusal { $0.authorization = $0.authorization.replacing("AKIAABCDEFGHIJKLMNOP", with: id) }?.name
                == "UnrecognizedClientException")
    }

    @Test(arguments: [
        ("us-east-1/kms/", "US-EAST/kms/", "Credential should be scoped to a valid region. "),
        ("us-east-1/kms/", "us-east-1/s3/", "Credential should be scoped to correct service: 'kms'. "),
        (
            "kms/aws4_request", "kms/aws5_request",
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. "
        ),
        (
            "/20150830/", "/20150829/",
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150829' != "
                + "'20150830', from '20150830T123600Z'."
        ),
    ])
    func `a scope is for this service, a region, a day and this kind of signature`(
        _ old: String, _ new: String, _ message: String
    ) {
        #expect(
            refusal { $0.authorization = $0.authorization.replacing(old, with: new) }
                == AWSFailure("InvalidSignatureException", message))
    }

    @Test(arguments: ["kms", "aws4_request/x", ""]) func `a scope has five parts`(_ end: String) {
        #expect(
            refusal {
                $0.authorization = $0.authorization.replacing("kms/aws4_request", with: end + "/aws4_request/kms/x")
            }?
            .name == "IncompleteSignatureException")
    }

    @Test func `a signature is good for five minutes, before and after`() {
        #expect(refusal { $0.now = "20150830T124100Z" } == nil)
        #expect(refusal { $0.now = "20150830T123100Z" } == nil)
        #expect(
            refusal { $0.now = "20150830T124101Z" }
                == AWSFailure(
                    "InvalidSignatureException",
                    "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)"
                ))
        #expect(
            refusal { $0.now = "20150830T123059Z" }
                == AWSFailure(
                    "InvalidSignatureException",
                    "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)"
                ))
    }

    @Test(arguments: ["yesterday", "2015-08-30T12:36:00Z", "20150830T123600"])
    func `a date is one, and in the form of AWS`(_ text: String) {
        #expect(refusal { $0.set("X-Amz-Date", text) }?.name == "IncompleteSignatureException")
    }

    @Test func `of two dates nobody knows which was meant`() {
        #expect(
            refusal { $0.headers.append(("X-Amz-Date", "20150830T123600Z")) }?.name == "IncompleteSignatureException")
    }

    @Test func `host has to be signed`() {
        #expect(
            refusal { $0.authorization = $0.authorization.replacing("=host;", with: "=") }
                == AWSFailure(
                    "InvalidSignatureException",
                    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."))
    }

    @Test(arguments: ["X-Amz-Target", "x-amz-anything"])
    func `every header of AWS's that is there has to be signed`(_ name: String) {
        let failure = refusal {
            $0.headers.removeAll { $0.name == name }
            $0.headers.append((name, "value"))
            $0.authorization = $0.authorization.replacing(
                ";x-amz-target", with: name == "X-Amz-Target" ? "" : ";x-amz-target")
        }
        #expect(
            failure
                == AWSFailure(
                    "InvalidSignatureException", "'\(name)' must be a 'SignedHeader' in the AWS Authorization."))
    }

    @Test(arguments: [
        "host;x-amz-date;x-amz-target;x-gone", "x-amz-target;host;x-amz-date", "host;host;x-amz-date;x-amz-target",
        "Host;host;x-amz-date;x-amz-target",
    ])
    func `what is listed has to be there, in order and once`(_ list: String) {
        #expect(
            refusal { $0.authorization = $0.authorization.replacing(Sample.signedHeaders, with: list) }
                == AWSFailure("InvalidSignatureException", Self.mismatch))
    }

    @Test(arguments: [
        "UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ])
    func `a body is signed`(_ hash: String) {
        let failure = refusal {
            $0.headers.append(("X-Amz-Content-Sha256", hash))
            $0.authorization = $0.authorization.replacing(
                "host;x-amz-date", with: "host;x-amz-content-sha256;x-amz-date")
        }
        #expect(failure == AWSFailure("InvalidSignatureException", Self.mismatch))
    }

    @Test(arguments: ["0a", String(repeating: "0A", count: 32), String(repeating: "0g", count: 32)])
    func `a signature is 64 digits`(_ text: String) {
        #expect(
            refusal { $0.authorization = $0.authorization.replacing(Sample.signature, with: text) }
                == AWSFailure("InvalidSignatureException", Self.mismatch))
    }

    @Test func `what the service finds has the names that AWS gives it`() {
        #expect(SignedRequestError.unknownAccessKey.awsFailure.name == "UnrecognizedClientException")
        #expect(
            SignedRequestError.signatureMismatch.awsFailure == AWSFailure("InvalidSignatureException", Self.mismatch))
        #expect(
            SignedRequestError.unknownRegion.awsFailure
                == AWSFailure("InvalidSignatureException", "Credential should be scoped to a valid region. "))
    }
}
