/// Makes requests for a service, with keys and ciphertexts that it has made for them.
struct RequestDesk {
    let service: RunningService
    private let ciphertexts: [String]

    /// Makes a key `cipher` and some ciphertexts of data keys, and a key `signer` on P-256.
    init(_ service: RunningService) throws {
        self.service = service
        try service.make("cipher")
        try service.make("signer", algorithm: "EC-P256")
        ciphertexts = try (0..<64).map { _ in try service.issue("cipher") }
    }

    /// Returns the requests for single operations, by name.
    func singles() throws -> [(String, RequestList)] {
        [("data-key", try issues()), ("decrypt", try decrypts()), ("encrypt", try encrypts()), ("sign", try signs())]
    }

    /// Returns requests by name; `health` is the trivial route, `batch` has 100 items.
    func list(_ work: String) throws -> RequestList {
        switch work {
        case "health": return RequestList([service.healthRequest])
        case "batch": return try batch(of: 100)
        default:
            guard let list = try singles().first(where: { $0.0 == work })?.1 else {
                throw BenchFailure("there is no work '\(work)'")
            }
            return list
        }
    }

    func issues() throws -> RequestList { RequestList([try service.request("POST", "/keys/cipher/data-key")]) }

    func decrypts() throws -> RequestList {
        RequestList(try ciphertexts.map { try service.request("POST", "/decrypt", #"{"ciphertext":"\#($0)"}"#) })
    }

    func encrypts() throws -> RequestList {
        let body = #"{"plaintext":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}"#
        return RequestList([try service.request("POST", "/keys/cipher/encrypt", body)])
    }

    func signs() throws -> RequestList {
        let body = #"{"digest":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}"#
        return RequestList([try service.request("POST", "/keys/signer/sign", body)])
    }

    /// Returns a batch request with `count` ciphertexts.
    func batch(of count: Int) throws -> RequestList {
        let items = (0..<count).map { #"{"ciphertext":"\#(ciphertexts[$0 % ciphertexts.count])"}"# }
        let body = #"{"items":[\#(items.joined(separator: ","))]}"#
        return RequestList([try service.request("POST", "/batch/decrypt", body)])
    }
}
