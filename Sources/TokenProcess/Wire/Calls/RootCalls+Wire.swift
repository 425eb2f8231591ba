internal import KeyManagement

extension ReadIdentityCall: WireCall {
    static var tag: CallTag { .readIdentity }

    init(from reader: inout WireReader) throws(WireError) { self.init() }
    func encode(to writer: WireWriter) {}

    func readAnswer(from reader: inout WireReader) throws(WireError) -> TokenIdentity { try reader.identity() }
    static func encode(_ identity: TokenIdentity, to writer: WireWriter) { writer.put(identity) }
}

extension MakeRootsCall: WireCall {
    static var tag: CallTag { .makeRoots }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.epoch()) }
    func encode(to writer: WireWriter) { writer.put(epoch.number) }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> TokenIdentity { try reader.identity() }
    static func encode(_ identity: TokenIdentity, to writer: WireWriter) { writer.put(identity) }
}

extension DestroyRootsCall: WireCall {
    static var tag: CallTag { .destroyRoots }

    init(from reader: inout WireReader) throws(WireError) { self.init(try reader.epoch()) }
    func encode(to writer: WireWriter) { writer.put(epoch.number) }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> TokenIdentity { try reader.identity() }
    static func encode(_ identity: TokenIdentity, to writer: WireWriter) { writer.put(identity) }
}

extension RewrapCall: WireCall {
    static var tag: CallTag { .rewrap }

    init(from reader: inout WireReader) throws(WireError) {
        self.init(
            try reader.list(atMost: WireLimits.items) { (reader) throws(WireError) in try reader.keyToRewrap() })
    }

    func encode(to writer: WireWriter) { writer.put(keys) { writer.put($0) } }

    func readAnswer(from reader: inout WireReader) throws(WireError) -> [WrappedKey] {
        try reader.list(exactly: keys.count) { (reader) throws(WireError) in try reader.wrappedKey() }
    }

    static func encode(_ rewrapped: [WrappedKey], to writer: WireWriter) { writer.put(rewrapped) { writer.put($0) } }
}
