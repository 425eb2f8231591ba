import CPKCS11
import Testing

@testable import PKCS11

@Suite
struct FaultTests {
    private static let key = ObjectHandle(rawValue: 1)

    private static func isMalformed(_ error: PKCS11Error?, from function: Function) -> Bool {
        guard case .malformedAnswer(function, _) = error else { return false }
        return true
    }

    @Test func `a length beyond the buffer is refused`() throws {
        let session = try FakeModule {
            $0.C_EncryptInit = { _, _, _ in CKR_OK }
            $0.C_Encrypt = { _, _, _, _, count in
                count?.pointee += 1
                return CKR_OK
            }
        }.session()
        let error = #expect(throws: PKCS11Error.self) { try session.encrypt([1], with: Self.key, .rsaPKCS) }
        #expect(Self.isMalformed(error, from: .encrypt))
        let other = #expect(throws: PKCS11Error.self) {
            var memory = [UInt8](repeating: 0, count: 8)
            _ = try memory.withUnsafeMutableBytes { output in
                try session.encrypt(UnsafeRawBufferPointer(output), with: Self.key, .rsaPKCS, into: output)
            }
        }
        #expect(Self.isMalformed(other, from: .encrypt))
    }

    @Test(arguments: [UInt.max, 1 << 40]) func `a module does not make the process allocate what it likes`(length: UInt)
        throws
    {
        let session =
            length == .max
            ? try FakeModule {
                $0.C_WrapKey = { _, _, _, _, _, count in
                    count?.pointee = UInt.max
                    return CKR_BUFFER_TOO_SMALL
                }
            }.session()
            : try FakeModule {
                $0.C_WrapKey = { _, _, _, _, _, count in
                    count?.pointee = 1 << 40
                    return CKR_BUFFER_TOO_SMALL
                }
            }.session()
        let error = #expect(throws: PKCS11Error.self) { try session.wrapKey(Self.key, with: Self.key, .aesKeyWrap) }
        #expect(Self.isMalformed(error, from: .wrapKey))
    }

    @Test func `a module that always wants more room is given up`() throws {
        let session = try FakeModule {
            $0.C_WrapKey = { _, _, _, _, _, count in
                count?.pointee += 1
                return CKR_BUFFER_TOO_SMALL
            }
        }.session()
        #expect(throws: PKCS11Error.returned(.bufferTooSmall, from: .wrapKey)) {
            try session.wrapKey(Self.key, with: Self.key, .aesKeyWrap)
        }
    }

    @Test func `output longer than expected is asked for again, with the room that it needs`() throws {
        let session = try FakeModule {
            $0.C_SignInit = { _, _, _ in CKR_OK }
            $0.C_Sign = { _, _, _, bytes, count in
                guard let bytes, let count else { return CKR_ARGUMENTS_BAD }
                defer { count.pointee = 2048 }
                guard count.pointee >= 2048 else { return CKR_BUFFER_TOO_SMALL }
                bytes.update(repeating: 3, count: 2048)
                return CKR_OK
            }
        }.session()
        #expect(try session.sign([1], with: Self.key, .rsaPKCS) == [UInt8](repeating: 3, count: 2048))
    }

    @Test(arguments: [0, 1, 2, 0xFF]) func `a Boolean is true or false, and one byte`(value: UInt8) throws {
        let session = try FakeModule {
            $0.C_GetAttributeValue = { _, object, attribute, _ in
                attribute?.pointee.pValue?.storeBytes(of: UInt8(object), as: UInt8.self)
                attribute?.pointee.ulValueLen = 1
                return CKR_OK
            }
        }.session()
        let object = ObjectHandle(rawValue: UInt(value))
        switch value {
        case 0, 1: #expect(try session.bool(.token, of: object) == (value == 1))
        default:
            let error = #expect(throws: PKCS11Error.self) { try session.bool(.token, of: object) }
            #expect(Self.isMalformed(error, from: .getAttributeValue))
        }
    }

    @Test(arguments: [0, 4, 9, UInt.max])
    func `a number is as wide as a number, and neither is longer than its room`(count: UInt) throws {
        let session = try FakeModule {
            $0.C_GetAttributeValue = { _, object, attribute, _ in
                attribute?.pointee.ulValueLen = object
                return CKR_OK
            }
        }.session()
        let object = ObjectHandle(rawValue: count)
        let number = #expect(throws: PKCS11Error.self) { try session.number(.keyType, of: object) }
        #expect(Self.isMalformed(number, from: .getAttributeValue))
        let bool = #expect(throws: PKCS11Error.self) { try session.bool(.token, of: object) }
        #expect(Self.isMalformed(bool, from: .getAttributeValue))
    }

    @Test func `a value that grows between two calls is not read beyond its room`() throws {
        let session = try FakeModule {
            $0.C_GetAttributeValue = { _, _, attribute, count in
                for index in 0..<Int(count) {
                    attribute?[index].ulValueLen = attribute?[index].pValue == nil ? 4 : 5
                }
                return CKR_OK
            }
        }.session()
        for read in [
            { (session: borrowing Session) in _ = try session.bytes(.label, of: Self.key) },
            { (session: borrowing Session) in _ = try session.attributes([.label, .id], of: Self.key) },
        ] {
            let error = #expect(throws: PKCS11Error.self) { try read(session) }
            #expect(Self.isMalformed(error, from: .getAttributeValue))
        }
    }

    @Test func `a success without a handle is none`() throws {
        let session = try FakeModule {
            $0.C_GenerateKey = { _, _, _, _, _ in CKR_OK }
            $0.C_GenerateKeyPair = { _, _, _, _, _, _, _, privateKey in
                privateKey?.pointee = 1
                return CKR_OK
            }
        }.session()
        let key = #expect(throws: PKCS11Error.self) { try session.generateKey(.aesKeyGen, []) }
        #expect(Self.isMalformed(key, from: .generateKey))
        let pair = #expect(throws: PKCS11Error.self) {
            try session.generateKeyPair(.ecKeyPairGen, publicKey: [], privateKey: [])
        }
        #expect(Self.isMalformed(pair, from: .generateKeyPair))
    }

    @Test func `a session state that there is not is refused`() throws {
        let session = try FakeModule {
            $0.C_GetSessionInfo = { _, info in
                info?.pointee.state = 99
                return CKR_OK
            }
        }.session()
        let error = #expect(throws: PKCS11Error.self) { try session.info() }
        #expect(Self.isMalformed(error, from: .getSessionInfo))
    }

    @Test func `a search that fails is ended all the same`() throws {
        let session = try FakeModule {
            $0.C_FindObjectsInit = { _, _, _ in
                defer { FaultTests.searching = true }
                return FaultTests.searching ? CKR_OPERATION_ACTIVE : CKR_OK
            }
            $0.C_FindObjects = { _, _, _, _ in CKR_DEVICE_ERROR }
            $0.C_FindObjectsFinal = { _ in
                FaultTests.searching = false
                return CKR_OK
            }
        }.session()
        for _ in 0..<2 {
            #expect(throws: PKCS11Error.returned(.deviceError, from: .findObjects)) { try session.findObjects([]) }
        }
    }

    /// Used only by the test above.
    nonisolated(unsafe) private static var searching = false

    @Test func `a function that the module does not have is not supported`() throws {
        let session = try FakeModule { _ in }.session()
        #expect(throws: PKCS11Error.returned(.functionNotSupported, from: .deriveKey)) {
            try session.deriveKey(from: Self.key, .ecdsa, [])
        }
    }

    @Test func `a verification that fails for another reason than the signature throws`() throws {
        let session = try FakeModule {
            $0.C_VerifyInit = { _, _, _ in CKR_OK }
            $0.C_Verify = { _, _, _, _, _ in CKR_DEVICE_ERROR }
        }.session()
        #expect(throws: PKCS11Error.returned(.deviceError, from: .verify)) {
            try session.verify([1], of: [2], with: Self.key, .ecdsa)
        }
    }
}
