internal import CPKCS11

extension Session {
    /// Returns objects with all attributes of a template, at most `limit` of them, in the token's order (`C_FindObjectsInit`,
    /// `C_FindObjects`, `C_FindObjectsFinal`, v2.40 §5.7).
    ///
    /// An empty template finds all objects. Private objects are found only if the user is logged in; the result does not show
    /// whether any were omitted.
    public func findObjects(_ template: Template, limit: Int = .max) throws(PKCS11Error) -> [ObjectHandle] {
        guard limit > 0 else { return [] }
        try template.withCAttributes { (attributes, count) throws(PKCS11Error) in
            try call(.findObjectsInit, functions.pointee.C_FindObjectsInit) { $0(handle, attributes, count) }
        }
        let found: Result<[ObjectHandle], PKCS11Error> = Result { () throws(PKCS11Error) in try collect(limit) }
        // The search ends on every path; otherwise the session could not start another one.
        let final = Result { () throws(PKCS11Error) in
            try call(.findObjectsFinal, functions.pointee.C_FindObjectsFinal) { $0(handle) }
        }
        let objects = try found.get()
        try final.get()
        return objects
    }

    private func collect(_ limit: Int) throws(PKCS11Error) -> [ObjectHandle] {
        var objects: [ObjectHandle] = []
        while objects.count < limit {
            let room = min(limit - objects.count, 128)
            let batch: [CK_OBJECT_HANDLE] = try module.output(of: .findObjects, expecting: room) { handles, count in
                returnValue(of: functions.pointee.C_FindObjects) { $0(handle, handles, count.pointee, count) }
            }
            guard !batch.isEmpty else { break }
            objects += batch.map(ObjectHandle.init(rawValue:))
        }
        return objects
    }

    /// Makes an object from known attributes, including key material (`C_CreateObject`, v2.40 §5.7).
    public func createObject(_ template: Template) throws(PKCS11Error) -> ObjectHandle {
        try newObject(.createObject) { (object) throws(PKCS11Error) in
            try template.withCAttributes { (attributes, count) throws(PKCS11Error) in
                try call(.createObject, functions.pointee.C_CreateObject) {
                    $0(handle, attributes, count, object)
                }
            }
        }
    }

    /// Makes an object with a value that is passed to the module in place and never copied (`C_CreateObject`, v2.40 §5.7).
    public func createObject(
        _ template: Template, value: UnsafeRawBufferPointer
    ) throws(PKCS11Error) -> ObjectHandle {
        try newObject(.createObject) { (object) throws(PKCS11Error) in
            try template.withCAttributes(value: value) { (attributes, count) throws(PKCS11Error) in
                try call(.createObject, functions.pointee.C_CreateObject) {
                    $0(handle, attributes, count, object)
                }
            }
        }
    }

    /// Copies an object, with some attributes changed (`C_CopyObject`, v2.40 §5.7).
    ///
    /// Attributes can only become stricter: sensitive can be set and extractable cleared, not the reverse.
    public func copyObject(_ object: ObjectHandle, template: Template) throws(PKCS11Error) -> ObjectHandle {
        try newObject(.copyObject) { (copy) throws(PKCS11Error) in
            try template.withCAttributes { (attributes, count) throws(PKCS11Error) in
                try call(.copyObject, functions.pointee.C_CopyObject) {
                    $0(handle, object.rawValue, attributes, count, copy)
                }
            }
        }
    }

    /// Destroys an object (`C_DestroyObject`, v2.40 §5.7). A token object is lost permanently.
    public func destroyObject(_ object: ObjectHandle) throws(PKCS11Error) {
        try call(.destroyObject, functions.pointee.C_DestroyObject) { $0(handle, object.rawValue) }
    }

    /// Runs a call that makes an object, and verifies that it returned a handle.
    func newObject(
        _ function: Function, _ body: (UnsafeMutablePointer<CK_OBJECT_HANDLE>) throws(PKCS11Error) -> Void
    ) throws(PKCS11Error) -> ObjectHandle {
        var object: CK_OBJECT_HANDLE = CK_INVALID_HANDLE
        try body(&object)
        guard object != CK_INVALID_HANDLE else {
            throw .malformedAnswer(from: function, "an object without a handle")
        }
        return ObjectHandle(rawValue: object)
    }
}
