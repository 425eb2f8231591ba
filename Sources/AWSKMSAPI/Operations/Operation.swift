import KeyManagement
import NIOCore

/// One operation: the shape of its request, and the function that performs it.
struct Operation: Sendable {
    let name: OperationName
    let shape: InputShape
    /// The action that policies and grants see. `ReEncrypt` is two actions on two keys; reading either of the keys counts as `DescribeKey`.
    let action: KeyAction
    let run: @Sendable (AWSCall) async throws(AWSFailure) -> ByteBuffer

    /// Makes an operation.
    ///
    /// - Parameters:
    ///   - name: the name of the operation.
    ///   - members: the allowed members of a request.
    ///   - run: executes a request whose members were checked.
    init(
        _ name: OperationName, _ members: MemberShape...,
        run: @escaping @Sendable (AWSCall) async throws(AWSFailure) -> ByteBuffer
    ) {
        self.init(name, InputShape(members), run)
    }

    private init(
        _ name: OperationName, _ shape: InputShape,
        _ run: @escaping @Sendable (AWSCall) async throws(AWSFailure) -> ByteBuffer
    ) {
        self.name = name
        self.shape = shape
        action = KeyAction(awsName: name.rawValue) ?? .describeKey
        self.run = run
    }

    /// Returns an operation of the model that is refused, whatever the request contains.
    static func refused(_ name: OperationName, because reason: String) -> Operation {
        Operation(name, .anything) { (_) throws(AWSFailure) in throw .unsupported(reason) }
    }

    /// All operations by name.
    static let all = Dictionary(uniqueKeysWithValues: OperationName.allCases.map { ($0.rawValue, $0.operation) })
}
