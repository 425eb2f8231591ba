internal import FoundationEssentials
internal import KMSClient

/// A login on another device (RFC 8628): the user opens a page there and enters a code.
package struct DeviceLogin: Sendable {
    /// The address that the user opens.
    package let address: String
    /// The address that contains the code already; nil if the issuer has none.
    package let completeAddress: String?
    /// The code that the user enters.
    package let userCode: String
    private let client: OIDCClient
    private let deviceCode: String
    private let scope: String
    private var polling: DevicePolling

    private struct Answer: Decodable {
        let deviceCode: String
        let userCode: String
        let verificationUri: String
        let verificationUriComplete: String?
        let expiresIn: Int
        let interval: Int?
    }

    /// Asks the issuer for a code.
    package init(_ client: OIDCClient, scope: String) async throws(OIDCError) {
        guard let endpoint = client.provider.deviceEndpoint else {
            throw .unsupportedFlow("the device flow; leave out --device")
        }
        let body = try await client.post(endpoint, ["client_id": client.clientID, "scope": scope])
        guard let answer = try? OIDCJSON.decode(Answer.self, body) else {
            throw .malformedAnswer("it contains no device code")
        }
        self.client = client
        self.scope = scope
        deviceCode = answer.deviceCode
        address = answer.verificationUri
        completeAddress = answer.verificationUriComplete
        userCode = answer.userCode
        polling = DevicePolling(interval: answer.interval, lifetime: answer.expiresIn)
    }

    /// Waits until the user has completed the login.
    ///
    /// - Throws: `OIDCError.denied` or `OIDCError.expired`
    package func tokens() async throws -> OIDCTokens {
        var polling = polling
        while let pause = polling.next() {
            // RFC 8628 §3.5 requires the pause between two polls.
            try await Task.sleep(for: pause)
            do throws(OIDCError) {
                let tokens = try OIDCTokens(
                    answer: try await client.post(
                        client.provider.tokenEndpoint,
                        [
                            "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": deviceCode,
                            "client_id": client.clientID,
                        ]))
                try tokens.checkIDToken(issuer: client.provider.issuer, clientID: client.clientID, nonce: nil)
                return tokens
            } catch {
                try polling.failed(error)
            }
        }
        throw OIDCError.expired
    }
}

/// The pace of a device that polls (RFC 8628 §3.5).
package struct DevicePolling: Sendable {
    private var interval: Int
    private var rest: Int

    /// - Parameters:
    ///   - interval: the seconds between two polls; 5 if the issuer names none.
    ///   - lifetime: the seconds for which the code is valid.
    package init(interval: Int?, lifetime: Int) {
        self.interval = min(max(interval ?? 5, 1), 3600)
        rest = min(max(lifetime, 0), 86_400)
    }

    /// Returns the pause before the next poll; nil if the code expires meanwhile.
    package mutating func next() -> Duration? {
        rest -= interval
        return rest >= 0 ? .seconds(interval) : nil
    }

    /// Decides about a failed poll.
    ///
    /// - Throws: the failure if it is final.
    package mutating func failed(_ error: OIDCError) throws(OIDCError) {
        switch error {
        case .refused("authorization_pending", _): return
        case .refused("slow_down", _): interval += 5
        case .unreachable(_, .timedOut): interval *= 2
        case .refused("access_denied", _): throw .denied
        case .refused("expired_token", _): throw .expired
        default: throw error
        }
    }
}
