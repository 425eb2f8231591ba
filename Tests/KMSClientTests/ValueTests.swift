import Foundation
import KeyManagement
import Testing

@testable import KMSClient

@Suite struct ClientValueTests {
    @Test func `every code of the service is known`() {
        #expect(Set(KMSErrorCode.known.map(\.rawValue)) == Set(FailureCode.allCases.map(\.rawValue)))
    }

    @Test(arguments: ["http://127.0.0.1:8700", "https://kms.example.com", "http://[::1]:8700/", "https://a/kms"])
    func `addresses are accepted`(_ text: String) throws {
        let address = try ServiceAddress(text)
        #expect(!address.base.hasSuffix("/"))
        #expect(address.isHTTPS == text.hasPrefix("https"))
    }

    @Test(arguments: ["", "kms", "ftp://a", "https://", "https://a?b=c", "https://a#b", "https://user@a"])
    func `other text is refused`(_ text: String) {
        #expect { try ServiceAddress(text) } throws: { error in
            if case .invalidAddress(text) = error as? KMSClientError { true } else { false }
        }
    }

    @Test func `plain HTTP to another host is refused unless it is allowed`() throws {
        for text in ["http://kms.example.com", "http://127.example.com", "http://10.0.0.1"] {
            #expect { try ServiceAddress(text) } throws: { error in
                if case .plaintextNetwork(text) = error as? KMSClientError { true } else { false }
            }
            #expect(try ServiceAddress(text, allowsPlaintextNetwork: true).base == text)
        }
    }

    @Test func `a credential prints as redacted, and is visible ASCII`() throws {
        let credential = try ClientCredential(token: "abc.def")
        for text in ["\(credential)", String(reflecting: credential), "\([credential])"] {
            #expect(!text.contains("abc"))
        }
        for text in ["", " ", "a b", "a\n", "a\u{E9}", "a\r\nX-Other: b"] {
            #expect(throws: KMSClientError.self) { try ClientCredential(token: text) }
        }
    }

    @Test func `names are compared byte by byte, and a name occurs once`() {
        var pairs: NameValuePairs = ["b": "2", "caf\u{E9}": "3"]
        let inserted = [
            pairs.insert("4", for: "cafe\u{301}"), pairs.insert("5", for: "b"), pairs.insert("1", for: "a"),
        ]
        #expect(inserted == [true, false, true])
        #expect(pairs.sorted.map(\.value) == ["1", "2", "4", "3"])
        #expect(pairs["caf\u{E9}"] == "3" && pairs["c"] == nil && pairs.count == 4)
    }

    @Test func `names in paths have no special meaning`() {
        #expect(APIPath.key("a/b?c=d&e#f%") == "/api/v1/keys/a%2Fb%3Fc%3Dd%26e%23f%25")
        #expect(APIPath.query(["a": "1 2", "b": nil]) == "?a=1%202")
    }

    @Test func `a file that is not a certificate is named`() throws {
        var configuration = KMSClient.Configuration(address: try ServiceAddress("https://127.0.0.1:1"))
        configuration.tls.authorities = "/dev/null"
        #expect { try KMSClient(configuration) } throws: { error in
            if case .unreadableTLSFile(.authorities, "/dev/null") = error as? KMSClientError { true } else { false }
        }
    }
}
