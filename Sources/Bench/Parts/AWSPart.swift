import Foundation

/// Decryption through the API of AWS KMS, with one signature per request, compared with the native API.
struct AWSPart {
    let site: Site
    let pace: Pace

    private struct AccessKey: Decodable {
        let id: String
        let secret: String
    }

    func measure(_ report: inout Report) throws {
        let machine = try Machine(site, "aws")
        let service = try machine.serve()
        defer { service.stop() }
        let signer = try Self.signer(machine, service)
        let native = try RequestDesk(service).decrypts()
        let aws = try Self.decrypts(service, signer)
        let load = Load(connections: 32, seconds: pace.seconds, warmup: pace.warmup)
        let rounds = try (0..<pace.rounds).map { (_) throws in
            (try load.run(native, on: service).allGood(), try load.run(aws, on: service, signer: signer).allGood())
        }
        report.add(
            .aws, "decrypt, 32 connections",
            [
                .rate(rounds.map(\.0.rate).median, "native"), .rate(rounds.map(\.1.rate).median, "AWS"),
                .microseconds("cpu native", seconds: rounds.map(\.0.serverCPUEach).median),
                .microseconds("cpu AWS", seconds: rounds.map(\.1.serverCPUEach).median),
            ])
        report.floor(
            .aws, "processor time of a decrypt by AWS's API to a native one", .atMost(1.3),
            reached: rounds.map { $1.serverCPUEach / $0.serverCPUEach }.median,
            basis: "\(NumberText.of(rounds.map(\.0.serverCPUEach).median * 1e6)) µs")
    }

    /// Returns requests to decrypt data keys of the key `cipher`.
    static func decrypts(_ service: RunningService, _ signer: RequestSigner) throws -> RequestList {
        RequestList(
            try (0..<64).map { (_) throws in
                signer.add("Decrypt", #"{"CiphertextBlob":"\#(try blob(service))"}"#)
            })
    }

    /// Returns a signer with an access key made for it.
    static func signer(_ machine: Machine, _ service: RunningService) throws -> RequestSigner {
        let settings = ["KMS_URL": "http://127.0.0.1:\(service.port)"]
        try machine.kms("subject", "create", "aws", with: settings)
        try machine.kms("role", "grant", "user", "aws", "--in", "default", with: settings)
        let answer = try machine.kms("access-key", "create", "aws", "--json", with: settings)
        let key = try JSONDecoder().decode(AccessKey.self, from: Data(answer.utf8))
        return RequestSigner(accessKey: key.id, secret: key.secret, host: "127.0.0.1:\(service.port)")
    }

    /// Returns a ciphertext as AWS's API encodes it: the binary form, which is the last part of the text form.
    private static func blob(_ service: RunningService) throws -> String {
        let text = try service.issue("cipher")
        return text.split(separator: ":").last.map(String.init) ?? text
    }
}
