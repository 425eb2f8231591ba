internal import CPKCS11

extension Template {
    /// Lends the template in its C form to a closure.
    ///
    /// One block of memory holds the attributes, the attributes of nested templates, and the values. It belongs to this scope and
    /// is zeroed at its end, because values may be key material.
    func withCAttributes<Result>(
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        guard !attributes.isEmpty else { return try body(nil, 0) }
        return try withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: CAlignment.bytes) {
            (memory) throws(PKCS11Error) in
            defer { cpkcs11_zero(memory.baseAddress, memory.count) }
            var arena = Arena(memory: memory)
            let list = arena.encode(self)
            return try body(list.baseAddress, CK_ULONG(list.count))
        }
    }

    /// Lends the template with a value (`CKA_VALUE`) after the other attributes. The value is lent by the caller and not copied,
    /// because it is a secret.
    ///
    /// Unsafe: `value` is the caller's memory, to which the list points until `body` returns. The module only reads it (v2.40
    /// §5.7).
    func withCAttributes<Result>(
        value: UnsafeRawBufferPointer,
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) throws(PKCS11Error) -> Result
    ) throws(PKCS11Error) -> Result {
        try withCAttributes { (attributes, count) throws(PKCS11Error) in
            let all = UnsafeMutableBufferPointer(start: attributes, count: Int(count))
            return try withUnsafeTemporaryAllocation(of: CK_ATTRIBUTE.self, capacity: all.count + 1) {
                (list) throws(PKCS11Error) in
                _ = list.initialize(from: all)
                let entry = CK_ATTRIBUTE(
                    type: AttributeType.value.rawValue, pValue: UnsafeMutableRawPointer(mutating: value.baseAddress),
                    ulValueLen: CK_ULONG(value.count))
                list.initializeElement(at: all.count, to: entry)
                return try body(list.baseAddress, CK_ULONG(list.count))
            }
        }
    }

    /// The size in bytes of the template, including nested ones.
    fileprivate var byteCount: Int {
        attributes.reduce(0) { $0 + MemoryLayout<CK_ATTRIBUTE>.stride + CAlignment.roundUp($1.byteCount) }
    }
}

extension Attribute {
    /// The size in bytes of the value.
    fileprivate var byteCount: Int {
        switch value {
        case .bool: MemoryLayout<CK_BBOOL>.size
        case .number: MemoryLayout<CK_ULONG>.size
        case .bytes(let bytes): bytes.count
        case .mechanisms(let mechanisms): mechanisms.count * MemoryLayout<CK_MECHANISM_TYPE>.stride
        case .template(let template): template.byteCount
        }
    }
}

/// Memory that is allocated from its start in aligned pieces.
private struct Arena {
    let memory: UnsafeMutableRawBufferPointer
    private var used = 0

    init(memory: UnsafeMutableRawBufferPointer) {
        self.memory = memory
    }

    /// Allocates a piece. Unsafe: it lies in `memory` and lives as long.
    private mutating func allocate<Element>(_ type: Element.Type, _ count: Int) -> UnsafeMutableBufferPointer<Element> {
        let end = used + count * MemoryLayout<Element>.stride
        let piece = UnsafeMutableRawBufferPointer(rebasing: memory[used..<end])
        used = CAlignment.roundUp(end)
        return piece.bindMemory(to: type)
    }

    mutating func encode(_ template: Template) -> UnsafeMutableBufferPointer<CK_ATTRIBUTE> {
        let list = allocate(CK_ATTRIBUTE.self, template.attributes.count)
        for (index, attribute) in template.attributes.enumerated() {
            let value = encode(attribute.value)
            let entry = CK_ATTRIBUTE(
                type: attribute.type.rawValue, pValue: value.baseAddress, ulValueLen: CK_ULONG(value.count))
            list.initializeElement(at: index, to: entry)
        }
        return list
    }

    private mutating func encode(_ value: Attribute.Value) -> UnsafeMutableRawBufferPointer {
        switch value {
        case .bool(let claim): copy([CK_BBOOL(claim ? CK_TRUE : CK_FALSE)])
        case .number(let number): copy([number])
        case .bytes(let bytes): copy(bytes)
        case .mechanisms(let mechanisms): copy(mechanisms.map(\.rawValue))
        case .template(let template): UnsafeMutableRawBufferPointer(encode(template))
        }
    }

    private mutating func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutableRawBufferPointer {
        let piece = allocate(Element.self, elements.count)
        _ = piece.initialize(from: elements)
        return UnsafeMutableRawBufferPointer(piece)
    }
}
