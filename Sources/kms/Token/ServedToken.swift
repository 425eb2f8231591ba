import KeyManagement
import TokenPKCS11
import TokenProcess

/// A token as the service uses it: in this process, or in a process of its own.
protocol ServedToken: Token {
    var workerCount: Int { get }
    var wrapMechanism: WrapMechanism? { get }

    /// Takes the token out of use.
    func close() async
}

extension PKCS11Token: ServedToken {
    var wrapMechanism: WrapMechanism? { probe.wrapMechanism }
}

extension RemoteToken: ServedToken {
    var workerCount: Int { description.workerCount }
    var wrapMechanism: WrapMechanism? { description.wrapMechanism }
}

extension TokenGroup: ServedToken {
    private var served: [any ServedToken] { tokens.compactMap { $0 as? any ServedToken } }

    var workerCount: Int { served.reduce(0) { $0 + $1.workerCount } }
    var wrapMechanism: WrapMechanism? { served.first?.wrapMechanism }
}

/// The process in which the PKCS#11 module runs.
enum TokenIsolation: String, CaseIterable {
    /// The process of the service.
    case none
    /// A process of its own.
    case process
}
