internal import FoundationEssentials

// Rare requests with many parts are encoded as JSON.

extension WireWriter {
    func put(json value: some Encodable) {
        // Texts, flags and lists of them have no values that JSON cannot represent.
        put([UInt8]((try? JSONEncoder().encode(value)) ?? Data()))
    }
}

extension WireReader {
    mutating func json<Value: Decodable>(_ type: Value.Type) throws(WireError) -> Value {
        let bytes = try bytes(atMost: WireLimits.json)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw WireError("no \(type)")
        }
    }
}
