internal import Glibc

extension [UInt8] {
    /// Returns true if the bytes contain this text: a fast check before a line is parsed. A line escapes quotes inside texts, so a text
    /// with quotes matches only the line's structure.
    func contains(text: StaticString) -> Bool {
        withUnsafeBytes { bytes in
            var rest = bytes
            // Both pointers are valid in this closure.
            while let start = rest.baseAddress, rest.count >= text.utf8CodeUnitCount,
                let found = memchr(start, Int32(text.utf8Start.pointee), rest.count - text.utf8CodeUnitCount + 1)
            {
                if memcmp(found, text.utf8Start, text.utf8CodeUnitCount) == 0 { return true }
                rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(found) - start + 1)...])
            }
            return false
        }
    }
}
