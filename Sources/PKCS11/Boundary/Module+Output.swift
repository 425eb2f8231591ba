internal import CPKCS11

// Output of variable length (v2.40 §5.2). By the standard the caller first asks for the length with a null pointer. If the length
// is known or bounded, that round trip to the token is needless. So here the first call provides room. Only a module that returns
// `CKR_BUFFER_TOO_SMALL` is called again, with the room that it named.

extension Module {
    /// A call that takes room and its length, and sets the length to the bytes that it wrote or would have written.
    typealias OutputCall<Element> = (UnsafeMutablePointer<Element>, UnsafeMutablePointer<CK_ULONG>) -> CK_RV

    /// The maximum length of an output in elements. Longer ones are rejected, so that a faulty module cannot make the process
    /// allocate for them.
    private static var maxAnswerLength: Int { 1 << 28 }

    /// Collects output in an array.
    func output<Element: BitwiseCopyable>(
        of function: Function, expecting expected: Int, _ call: OutputCall<Element>
    ) throws(PKCS11Error) -> [Element] {
        var room = expected
        // A list may grow between two calls (a token is plugged in), so the second room can be too small as well.
        for _ in 0..<4 {
            var needed: Int?
            let output = try [Element](unsafeUninitializedCapacity: max(room, 1)) {
                (buffer, written) throws(PKCS11Error) in
                // Unsafe: the array's own memory, of at least one element, so not null; valid in this closure.
                guard let memory = buffer.baseAddress else { return }
                var count = CK_ULONG(room)
                switch call(memory, &count) {
                case CKR_OK: written = try checked(count, within: room, from: function)
                case CKR_BUFFER_TOO_SMALL: needed = try believable(count, from: function)
                case let code: throw .returned(ReturnValue(rawValue: code), from: function)
                }
            }
            guard let needed else { return output }
            room = needed
        }
        throw .returned(.bufferTooSmall, from: function)
    }

    /// Writes output into the caller's memory and returns the number of bytes written.
    ///
    /// `CKR_BUFFER_TOO_SMALL` leaves an operation active, and v2.40 cannot cancel it: the next operation on the session would
    /// fail with `CKR_OPERATION_ACTIVE`. So the operation is finished into temporary memory. Output that fits is copied over
    /// (SoftHSM requires room for the whole ciphertext to decrypt it). Otherwise the error is thrown, and the session stays
    /// usable.
    func output(
        of function: Function, into output: UnsafeMutableRawBufferPointer, _ call: OutputCall<CK_BYTE>
    ) throws(PKCS11Error) -> Int {
        var written = CK_ULONG(output.count)
        switch call(output.cBytes, &written) {
        case CKR_OK:
            return try checked(written, within: output.count, from: function)
        case CKR_BUFFER_TOO_SMALL:
            let room = try believable(written, from: function)
            return try finish(function, withRoomFor: room, copyingInto: output, call)
        case let code:
            throw .returned(ReturnValue(rawValue: code), from: function)
        }
    }

    @inline(never)
    private func finish(
        _ function: Function, withRoomFor room: Int, copyingInto output: UnsafeMutableRawBufferPointer,
        _ call: OutputCall<CK_BYTE>
    ) throws(PKCS11Error) -> Int {
        // Unsafe: memory of this scope, zeroed before it is released because it may hold plaintext.
        try withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { (scratch) throws(PKCS11Error) in
            defer { cpkcs11_zero(scratch.baseAddress, scratch.count) }
            var written = CK_ULONG(room)
            let code = call(scratch.cBytes, &written)
            guard code == CKR_OK else { throw .returned(ReturnValue(rawValue: code), from: function) }
            let count = try checked(written, within: room, from: function)
            guard count <= output.count else { throw .returned(.bufferTooSmall, from: function) }
            output.copyBytes(from: scratch.prefix(count))
            return count
        }
    }

    /// Checks a length that the module reports as written against the room that it had.
    func checked(_ count: CK_ULONG, within room: Int, from function: Function) throws(PKCS11Error) -> Int {
        guard let exact = Int(exactly: count), exact <= room else {
            throw .malformedAnswer(from: function, "a length of \(count) where there was room for \(room)")
        }
        return exact
    }

    /// Checks a length that the module asks for against the maximum.
    func believable(_ count: CK_ULONG, from function: Function) throws(PKCS11Error) -> Int {
        guard let exact = Int(exactly: count), exact <= Self.maxAnswerLength else {
            throw .malformedAnswer(from: function, "it asks for room for \(count)")
        }
        return exact
    }
}
