internal import KeyManagement
internal import PKCS11

extension TokenProbe {
    /// Tries the operations that a token must refuse, on throw-away keys.
    static func probeRefusals(_ wrappings: [ProvenWrapping], _ bench: inout ProbeRun) {
        let group = "refusals"
        guard
            let root = bench.expect(
                group, "a key like a root, for this session only",
                { session in
                    try session.generateKey(.aesKeyGen, throwawayRoot)
                })
        else { return }
        _ = bench.discardLater(root)
        refuseExposure(of: root, like: "it", wrappings, group, &bench)
        bench.expectRefusal(group, "make it extractable") { (session) throws(PKCS11Error) in
            try session.setAttributes(of: root, [.extractable(true)])
        }
        bench.expectRefusal(group, "make it not sensitive") { (session) throws(PKCS11Error) in
            try session.setAttributes(of: root, [.sensitive(false)])
        }
        bench.expectRefusal(group, "encrypt with it") { (session) throws(PKCS11Error) in
            _ = try session.encrypt(
                [1, 2, 3], with: root, .aesGCM(iv: [UInt8](repeating: 0, count: 12), aad: [1], tagBits: 128))
        }
    }

    /// Tries the same operations on the real root keys. None of them changes a root key.
    static func probeRoots(_ roots: RootKeySet, _ wrappings: [ProvenWrapping], _ bench: inout ProbeRun) {
        for root in roots.all {
            for (purpose, handle) in [(RootPurpose.wrapping, root.wrapping), (.integrity, root.integrity)] {
                let name = purpose.label(epoch: root.epoch)
                refuseExposure(of: handle, like: name, wrappings, "root keys", &bench)
                for way in wrappings {
                    bench.expectRefusal(
                        "root keys", "wrap \(name) under its own epoch by \(way.standard.rawValue)"
                    ) { (session) throws(PKCS11Error) in
                        _ = try session.wrapKey(handle, with: root.wrapping, way.mechanism)
                    }
                }
            }
        }
    }

    private static func refuseExposure(
        of key: ObjectHandle, like name: String, _ wrappings: [ProvenWrapping], _ group: String,
        _ bench: inout ProbeRun
    ) {
        bench.expectRefusal(group, "read the value of \(name)") { (session) throws(PKCS11Error) in
            _ = try session.bytes(.value, of: key)
        }
        bench.expectRefusal(group, "copy \(name) as extractable") { (session) throws(PKCS11Error) in
            let copy = try session.copyObject(key, template: [.token(false), .extractable(true)])
            try session.destroyObject(copy)
        }
        for way in wrappings {
            bench.expectRefusal(
                group, "wrap \(name) with a key of one's own by \(way.standard.rawValue)"
            ) { (session) throws(PKCS11Error) in
                let own = try session.generateKey(.aesKeyGen, throwawayRoot)
                // Only the refusal of the wrapping counts; the key is destroyed in any case.
                let result = Result { () throws(PKCS11Error) in try session.wrapKey(key, with: own, way.mechanism) }
                try session.destroyObject(own)
                _ = try result.get()
            }
        }
    }
}
