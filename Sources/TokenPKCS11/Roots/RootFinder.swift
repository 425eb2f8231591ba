internal import KeyManagement
internal import PKCS11

/// Finds the root keys of a token and checks them against the rule.
enum RootFinder {
    /// A root key found in the token.
    struct Found {
        let purpose: RootPurpose
        let epoch: RootEpoch
        let handle: ObjectHandle
    }

    /// Returns all objects with the label of a root key.
    static func find(in session: borrowing Session) throws(PKCS11Error) -> [Found] {
        var found: [Found] = []
        for handle in try session.findObjects([.class(.secretKey), .token(true)]) {
            guard let label = try label(of: handle, in: session),
                let (purpose, epoch) = RootPurpose.parse(label: label)
            else { continue }
            found.append(Found(purpose: purpose, epoch: epoch, handle: handle))
        }
        return found.sorted { ($0.epoch, $0.purpose.rawValue) < ($1.epoch, $1.purpose.rawValue) }
    }

    /// Returns a key's label; `nil` if it has none, as is possible for keys of other applications.
    private static func label(
        of handle: ObjectHandle, in session: borrowing Session
    ) throws(PKCS11Error) -> String? {
        do throws(PKCS11Error) {
            return String(decoding: try session.bytes(.label, of: handle), as: UTF8.self)
        } catch {
            guard error.code == .attributeTypeInvalid else { throw error }
            return nil
        }
    }

    /// Returns the roots for the service.
    ///
    /// - Throws: ``TokenOpenError`` if there are none, if one of a pair is missing or exists twice, or if one breaks the rule.
    static func load(in session: borrowing Session, of token: String) throws(TokenOpenError) -> RootKeySet {
        let found = try TokenOpenError.explaining("the root keys of \(token) cannot be found") {
            () throws(PKCS11Error) in
            try find(in: session)
        }
        guard !found.isEmpty else { throw .rootsMissing(token: token, what: "root keys") }
        let roots = try pair(found, of: token)
        let violations = try TokenOpenError.explaining("the root keys of \(token) cannot be read") {
            () throws(PKCS11Error) in
            try ruleViolations(of: found.filter { root in roots.contains { $0.epoch == root.epoch } }, in: session)
                + pairingViolations(of: roots, in: session)
        }
        guard violations.isEmpty else { throw .rootsUnfit(token: token, violations: violations) }
        guard let set = RootKeySet(roots) else { throw .rootsMissing(token: token, what: "root keys") }
        return set
    }

    private static func ruleViolations(
        of found: [Found], in session: borrowing Session
    ) throws(PKCS11Error) -> [String] {
        var violations: [String] = []
        for root in found {
            let label = root.purpose.label(epoch: root.epoch)
            violations += try RootRule.violations(of: root.handle, as: root.purpose, in: session)
                .map { "\(label): \($0)" }
        }
        return violations
    }

    /// Combines keys into pairs. Half a pair is skipped if there are whole pairs: generating or destroying its epoch was
    /// interrupted, and nothing is wrapped under one of its keys alone.
    private static func pair(_ found: [Found], of token: String) throws(TokenOpenError) -> [RootKeys] {
        let epochs = Dictionary(grouping: found, by: \.epoch)
        let whole = epochs.filter { Set($0.value.map(\.purpose)).count == RootPurpose.allCases.count }
        var roots: [RootKeys] = []
        for epoch in (whole.isEmpty ? epochs : whole).keys.sorted() {
            let wrapping = try only(.wrapping, of: epoch, among: found, token: token)
            let integrity = try only(.integrity, of: epoch, among: found, token: token)
            roots.append(RootKeys(epoch: epoch, wrapping: wrapping, integrity: integrity))
        }
        return roots
    }

    private static func only(
        _ purpose: RootPurpose, of epoch: RootEpoch, among found: [Found], token: String
    ) throws(TokenOpenError) -> ObjectHandle {
        let candidates = found.filter { $0.purpose == purpose && $0.epoch == epoch }
        let label = purpose.label(epoch: epoch)
        guard let root = candidates.first else { throw .rootsHalf(token: token, missing: label) }
        guard candidates.count == 1 else {
            throw .rootsUnfit(token: token, violations: ["\(candidates.count) keys are labelled \(label)"])
        }
        return root.handle
    }

    /// Returns violations of the rule that both keys of an epoch have ids that belong together. The label alone proves nothing,
    /// because any object can carry it.
    private static func pairingViolations(
        of roots: [RootKeys], in session: borrowing Session
    ) throws(PKCS11Error) -> [String] {
        var violations: [String] = []
        for root in roots {
            let ids = (try session.bytes(.id, of: root.wrapping), try session.bytes(.id, of: root.integrity))
            if ids.1 != ids.0, ids.1 != RootRule.secondID(for: ids.0) {
                violations.append("the two root keys of epoch \(root.epoch) have different ids")
            }
        }
        return violations
    }
}
