import Crypto
import Encodings
import Foundation
import KeyManagement
import Testing

@testable import AWSKMSAPI

@Suite
struct SignatureV4Tests {
    private func read(_ request: BotocoreRequest) throws(AWSFailure) -> SignedRequest {
        try SignatureV4.read(
            method: request.method, path: request.path, query: request.query, headers: request.pairs,
            body: request.bytes, now: request.time)
    }

    /// Returns the signature that the owner of the secret would make.
    private func signature(of signed: SignedRequest, with secret: String) -> [UInt8] {
        var code = Array("AWS4\(secret)".utf8)
        for step in [Array(signed.date.utf8), Array(signed.region.text.utf8), Array(signed.service.utf8)] {
            code = hmac(step, code)
        }
        return hmac(signed.stringToSign, hmac(Array("aws4_request".utf8), code))
    }

    private func hmac(_ message: [UInt8], _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
    }

    private func check(_ requests: [BotocoreRequest]) throws {
        for request in requests {
            let signed = try read(request)
            #expect(signed.accessKey.text == request.accessKey)
            #expect(signed.region.text == request.region && signed.service == "kms")
            #expect(signed.signature == signature(of: signed, with: request.secret), "\(request)")
            #expect(signed.signature != signature(of: signed, with: request.secret + "x"))
        }
    }

    @Test func `what botocore signed is read as what it signed`() throws {
        let requests = try BotocoreRequest.read(Data(BotocoreVectors.json.utf8))
        #expect(requests.count == 8)
        try check(requests)
    }

    @Test(arguments: [Int.random(in: 0..<1_000_000_000)])
    func `what botocore signs now is read as what it signs`(seed: Int) throws {
        let requests = try BotocoreRequest.random(seed: seed, count: 400)
        #expect(requests.count == 400)
        try check(requests)
    }

    @Test func `the example of AWS's documentation has the string to sign that is printed there`() throws {
        // "Signature Version 4 test suite", get-vanilla, for another service: the canonical request is that of the suite.
        let headers = ReceivedHeaders([("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")])
        let request = CanonicalRequest(
            method: "GET", path: "/", query: "", headers: try SignedHeaders("host;x-amz-date", of: headers),
            payload: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Hexadecimal.text(Array(SHA256.hash(data: request.bytes)))
                == "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63")
    }

    @Test func `whatever is changed on the way is another request`() throws {
        let request = Sample()
        let good = try request.read().stringToSign
        var others: [Sample] = []
        func change(_ edit: (inout Sample) -> Void) {
            var other = request
            edit(&other)
            others.append(other)
        }
        change { $0.method = "GET" }
        change { $0.path = "/x" }
        change { $0.query = "a=b" }
        change { $0.body = [1] }
        change { $0.set("X-Amz-Target", "TrentService.Decrypt") }
        change { $0.set("Host", "kms.eu-west-1.amazonaws.com") }
        change { $0.set("X-Amz-Date", "20150830T123601Z") }
        change { $0.headers.append(("X-Amz-Target", "TrentService.Decrypt")) }
        for other in others { #expect(try other.read().stringToSign != good, "\(other)") }
    }

    @Test func `the form of the header does not matter: spaces after commas, order of the parameters, case of names`()
        throws
    {
        let good = try Sample().read()
        var tight = Sample()
        tight.authorization = tight.authorization.replacing(", ", with: ",")
        #expect(try tight.read() == good)
        var turned = Sample()
        turned.authorization =
            "AWS4-HMAC-SHA256 Signature=\(Sample.signature), SignedHeaders=\(Sample.signedHeaders), "
            + "Credential=\(Sample.credential)"
        #expect(try turned.read() == good)
        var lower = Sample()
        lower.headers = lower.headers.map { ($0.name.lowercased(), $0.value) }
        #expect(try lower.read() == good)
    }

    @Test(arguments: ["Sun, 30 Aug 2015 12:36:00 GMT", "Sun, 30 Aug 2015 12:36:00 -0000", "20150830T123600Z"])
    func `a Date header of HTTP or of mail says when, too`(_ date: String) throws {
        var sample = Sample()
        sample.headers.removeAll { $0.name == "X-Amz-Date" }
        sample.headers.append(("Date", date))
        sample.authorization = sample.authorization.replacing("x-amz-date;", with: "")
        let text = String(decoding: try sample.read().stringToSign, as: UTF8.self)
        #expect(text.hasPrefix("AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/kms/aws4_request\n"))
    }

    @Test func `the hash of the body that a client sends may be there, if it is the body's`() throws {
        var sample = Sample()
        sample.headers.append(("X-Amz-Content-Sha256", Hexadecimal.text(Array(SHA256.hash(data: sample.body)))))
        sample.authorization = sample.authorization.replacing(
            "host;x-amz-date", with: "host;x-amz-content-sha256;x-amz-date")
        _ = try sample.read()
    }

    @Test func `times are written and read as ISO 8601 has them`() {
        #expect(Timestamp(basic: "20150830T123600Z".utf8)?.description == "2015-08-30T12:36:00.000Z")
        for text in ["20150830T123600Z", "20000229T235959Z", "19700101T000000Z", "21000228T000000Z"] {
            #expect(Timestamp(basic: text.utf8)?.basicText == text)
        }
        for text in [
            "20150230T000000Z", "20150431T000000Z", "21000229T000000Z", "20151301T000000Z", "20150830T240000Z",
            "20150830T126000Z", "20150830T123660Z", "20150830T123600", "20150830 123600Z", "2015083aT123600Z",
            "19691231T235959Z",
        ] {
            #expect(Timestamp(basic: text.utf8) == nil, "\(text)")
        }
        for day in stride(from: Int64(0), to: 80_000, by: 1) {
            let time = Timestamp(milliseconds: day * 86_400_000)
            let basic = time.description.prefix(10).replacing("-", with: "")
            guard time.basicDay == basic else {
                Issue.record("\(time.basicDay) is not \(basic)")
                return
            }
        }
    }
}
