/// Reads the text of a file or a stream.
enum InputText {
    /// Throws a ``Failure`` for bytes that are not UTF-8; they are never replaced.
    ///
    /// - Parameter name: the operator's name for the file or the stream.
    static func read(_ bytes: some Collection<UInt8>, of name: String) throws(Failure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(.input, "\(name) is not UTF-8") }
        return text
    }
}
