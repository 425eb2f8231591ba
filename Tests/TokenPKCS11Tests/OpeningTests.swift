import Foundation
import KMSTesting
import PKCS11
import Testing
import TokenPKCS11

/// The refusals to open a token. Each names what failed and changes nothing.
@Suite struct OpeningTests {
    private func refusal(_ uri: PKCS11URI) async -> TokenOpenError? {
        do throws(TokenOpenError) {
            let token = try await PKCS11Token.open(TokenConfiguration(uri: uri))
            await token.close()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a token that is not there is named, with those that are`() async throws {
        let other = try await TestToken.make(withRoots: false)
        let uri = try PKCS11URI(
            "pkcs11:token=nowhere?module-path=\(SoftHSMFolder.modulePath)&pin-source=file:/dev/null")
        guard case .tokenNotFound(let wanted, let present) = await refusal(uri) else {
            Issue.record("not refused as missing")
            return
        }
        #expect(wanted == "token 'nowhere'")
        #expect(present.contains { $0.hasPrefix("token '\(other.label)'") })
    }

    @Test func `two tokens with one label are ambiguous until the serial says which`() async throws {
        let twin = try await TestToken.twin()
        guard case .tokenAmbiguous(_, let matching) = await refusal(twin.uri) else {
            Issue.record("not refused as ambiguous")
            return
        }
        #expect(matching.count == 2)
        var withSerial = twin.uri
        let serial = try #require(matching.first?.firstMatch(of: /serial ([0-9a-f]+)/)).1
        withSerial.serial = String(serial)
        // No longer ambiguous; one of the two has no user PIN, the other no root keys.
        switch await refusal(withSerial) {
        case .failed(let text): #expect(text.contains("has no user PIN yet"))
        case .rootsMissing(let token, _): #expect(token.contains(serial))
        case let other: Issue.record("refused as \(String(describing: other))")
        }
    }

    @Test func `a wrong PIN is tried once`() async throws {
        let token = try await TestToken.make()
        let error = await refusal(try token.uri(pin: "wrong-0000"))
        guard case .pinIncorrect(let name) = error else {
            Issue.record("refused as \(String(describing: error))")
            return
        }
        #expect(name.contains(token.label))
        // SoftHSM reports the count as low after one wrong attempt; the right PIN still works and resets it.
        #expect(await refusal(token.uri) == nil)
    }

    @Test func `a PIN that cannot be read, is empty or stands in the URI is refused before the token is asked`()
        async throws
    {
        let token = try await TestToken.make()
        let base = "pkcs11:token=\(token.label)?module-path=\(SoftHSMFolder.modulePath)"
        for source in ["file:/nowhere/pin", "file:/dev/null"] {
            guard case .pinUnavailable = await refusal(try PKCS11URI("\(base)&pin-source=\(source)")) else {
                Issue.record("\(source) is not refused")
                continue
            }
        }
        for query in ["", "&pin-value=1234", "&pin-source=%7Ccat%20pin"] {
            guard case .unusableURI = await refusal(try PKCS11URI(base + query)) else {
                Issue.record("'\(query)' is not refused")
                continue
            }
        }
    }

    @Test func `a module that cannot be loaded is named`() async throws {
        let uri = try PKCS11URI("pkcs11:token=kms?module-path=/nowhere/module.so&pin-source=file:/dev/null")
        guard case .moduleNotLoaded(let reason) = await refusal(uri) else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("/nowhere/module.so"))
    }

    @Test func `a string for a module that no path names is refused`() async throws {
        let uri = try PKCS11URI("pkcs11:token=kms?module-name=softhsm2&x-init-reserved=a&pin-source=file:/dev/null")
        guard case .unusableURI(let reason) = await refusal(uri) else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("module-path="))
    }

    @Test func `without root keys nothing is opened, and none is made`() async throws {
        let token = try await TestToken.make(withRoots: false)
        guard case .rootsMissing = await refusal(token.uri) else {
            Issue.record("not refused")
            return
        }
        #expect(try token.withSession { try $0.findObjects([], limit: 10).count } == 0)
    }

    @Test func `a token is not initialised over another, nor twice under one label`() async throws {
        let token = try await TestToken.make(withRoots: false)
        let slot = try token.withSession { $0.slot.id }
        for (label, slotID) in [(token.label, nil), ("another", slot)] {
            do throws(TokenOpenError) {
                let pin = try PINSource("file:\(token.uri.pinSource?.dropFirst(5) ?? "")")
                _ = try await TokenAdministration.initializeToken(
                    token.uri, label: label, slotID: slotID, securityOfficerPIN: pin, userPIN: pin)
                Issue.record("'\(label)' is initialised")
            } catch {
                guard case .wouldOverwrite = error else {
                    Issue.record("refused as \(error)")
                    continue
                }
            }
        }
    }
}
