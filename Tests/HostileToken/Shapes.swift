/// The right answers, for requests of two items of 32 bytes.
enum Shapes {
    static func isList(_ kind: UInt8) -> Bool { (4...11).contains(kind) || kind == 21 }

    /// - Parameter isOff: true to make a length, or a value, of each item wrong.
    static func right(_ kind: UInt8, count: Int, isOff: Bool) -> [UInt8] {
        if kind == Kind.start { return opening(workers: isOff ? 0 : 1) }
        if isList(kind) {
            var body = Bytes()
            body.put(UInt32(count))
            for number in 0..<count { putItem(kind, number, isOff, &body) }
            return body.all
        }
        return single(kind, isOff)
    }

    private static func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }

    private static func putItem(_ kind: UInt8, _ number: Int, _ isOff: Bool, _ body: inout Bytes) {
        let more = isOff ? 1 : 0
        func putBox(_ body: inout Bytes) {
            body.put([UInt8(number)] + bytes(11))
            body.put(bytes(48 + more))
        }
        switch kind {
        case 4:
            body.put(UInt32(1))
            body.put(bytes(32 + more))
        case 5: body.all.append(isOff ? 7 : 1)
        case 6: putBox(&body)
        case 7, 11:
            body.all.append(0)
            // RSA's plaintexts may be shorter than its limit.
            body.put(bytes(32 + (kind == 11 ? 512 * more : more)))
        case 8:
            body.put(bytes(32))
            putBox(&body)
        case 9: body.put(bytes(64 + more))
        case 10: body.put(bytes(32 + more))
        default: putWrapped(&body, isOff)
        }
    }

    private static func putWrapped(_ body: inout Bytes, _ isOff: Bool) {
        body.put("AES-KWP")
        body.put(UInt32(1))
        body.put(bytes(isOff ? 9000 : 40))
    }

    private static func single(_ kind: UInt8, _ isOff: Bool) -> [UInt8] {
        var body = Bytes()
        switch kind {
        case 3, 14:
            putWrapped(&body, isOff)
            body.all += [0, 0]
        case 12:
            body.put(bytes(121))
            body.put(isOff ? [0x30, 0] : publicKey)
        case 13:
            putWrapped(&body, false)
            body.all.append(isOff ? 0 : 1)
            if !isOff { body.put(publicKey) }
            body.all.append(0)
        case 15: body.put(bytes(isOff ? 65 : 64))
        case 16, 27: body.put(bytes(isOff ? 33 : 32))
        case 17, 18: if isOff { body.all.append(0) }
        case 19, 20, 22: putIdentity(&body, label: isOff ? "another" : "hostile", epochs: [1])
        case 23: body.put(isOff ? "[" : facts)
        case 24, 25: body.put(isOff ? String(repeating: "[", count: 100_000) : "[]")
        default: putWrapped(&body, isOff)
        }
        return body.all
    }

    private static let facts = """
        {"label":"","serialNumber":"","manufacturer":"","model":"","hardwareVersion":"","firmwareVersion":"","module":"",\
        "moduleManufacturer":"","moduleDescription":"","moduleVersion":"","cryptokiVersion":""}
        """

    private static func putIdentity(_ body: inout Bytes, label: String, epochs: [UInt32]) {
        body.put(label)
        body.put("1")
        body.put(UInt32(epochs.count))
        for epoch in epochs {
            body.put(epoch)
            body.put(bytes(32))
        }
    }

    /// Returns the answer that describes an opened token.
    static func opening(
        workers: UInt32 = 1, epochs: [UInt32] = [1], auditKey: [UInt8] = Shapes.publicKey
    ) -> [UInt8] {
        var body = Bytes()
        body.all.append(1)
        putIdentity(&body, label: "hostile", epochs: epochs)
        body.put(UInt32(3))
        for name in ["AES256-GCM96", "EC-P256", "HMAC-SHA256"] { body.put(name) }
        body.put(UInt32(1))
        body.put("EC-P256")
        body.put(UInt32(0))
        body.all.append(1)
        body.put(auditKey)
        body.all.append(1)
        body.put("AES-KWP")
        body.put(workers)
        body.put([UInt8]())
        body.put("none")
        return body.all
    }

    /// The generator of P-256 (NIST SP 800-186 §3.2.1.3) as a SubjectPublicKeyInfo.
    static let publicKey: [UInt8] = {
        let text = """
            3059301306072a8648ce3d020106082a8648ce3d030107034200046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296\
            4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5
            """
        var bytes: [UInt8] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
            rest = rest.dropFirst(2)
        }
        return bytes
    }()
}
