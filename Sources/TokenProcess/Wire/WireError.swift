/// The other process sent something unreadable. It must no longer be listened to.
struct WireError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
