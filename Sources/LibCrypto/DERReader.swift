internal import SwiftASN1

/// Reads DER strictly (ITU-T X.690 §10), element after element. Every error returns nil.
struct DERReader {
    private var nodes: ASN1NodeCollection.Iterator

    /// Reads the elements of a sequence that is all of `der`; nil if it is not.
    init?(sequence der: [UInt8]) {
        guard let node = try? DER.parse(der), node.identifier == .sequence else { return nil }
        self.init(node)
    }

    private init?(_ node: ASN1Node) {
        guard case .constructed(let nodes) = node.content else { return nil }
        self.nodes = nodes.makeIterator()
    }

    var isAtEnd: Bool {
        var rest = nodes
        return rest.next() == nil
    }

    mutating func sequence() -> DERReader? {
        guard let node = nodes.next(), node.identifier == .sequence else { return nil }
        return DERReader(node)
    }

    /// Returns the content of the next element, an object identifier.
    mutating func identifier() -> [UInt8]? { content(.objectIdentifier) }

    /// Returns true if the next element is NULL.
    mutating func null() -> Bool { content(.null)?.isEmpty ?? false }

    /// Returns the magnitude of a non-negative integer in its shortest form, without leading zeros; empty for 0.
    mutating func integer() -> [UInt8]? {
        // swift-asn1 reads these bytes as an unsigned number.
        (try? ArraySlice<UInt8>(derEncoded: &nodes)).map { Array($0) }
    }

    /// Returns the bytes of a bit string without unused bits.
    mutating func bitString() -> [UInt8]? {
        guard let bits = try? ASN1BitString(derEncoded: &nodes), bits.paddingBits == 0 else { return nil }
        return Array(bits.bytes)
    }

    private mutating func content(_ identifier: ASN1Identifier) -> [UInt8]? {
        guard let node = nodes.next(), node.identifier == identifier, case .primitive(let bytes) = node.content else {
            return nil
        }
        return Array(bytes)
    }
}
