/// The other process said something that cannot be read: it is not to be listened to any more.
struct WireError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
