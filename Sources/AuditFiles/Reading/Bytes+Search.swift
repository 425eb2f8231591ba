#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension [UInt8] {
    /// Whether this text is somewhere in it: a quick look before a line is read. In a line, quotes inside of texts are escaped; so
    /// text with quotes is found where it is structure only.
    func contains(text: StaticString) -> Bool {
        withUnsafeBytes { bytes in
            var rest = bytes
            // Both live as long as the closure.
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
