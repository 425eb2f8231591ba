/// A snapshot of the part of the directory that decides who administers the platform and who may approve. A change is tried on
/// this plain value before it is stored.
struct Oversight: Sendable {
    var policies: [GuardedOperation: ApprovalPolicyRecord] = [:]
    /// The approvers, and at least one administrator if there is any.
    var subjects: [SubjectID: SubjectRecord] = [:]
    var groups: [GroupID: GroupRecord] = [:]
    var projects: [ProjectID: ProjectRecord] = [:]

    /// Returns the snapshot after these records were stored.
    func applying(_ changed: [any DirectoryRecord]) -> Oversight {
        var after = self
        for record in changed {
            switch record {
            case let policy as ApprovalPolicyRecord: after.policies[policy.operation] = policy
            case let subject as SubjectRecord: after.subjects[subject.id] = subject
            case let group as GroupRecord: after.groups[group.id] = group
            case let project as ProjectRecord: after.projects[project.id] = project
            default: continue
            }
        }
        return after
    }

    /// Returns the reason why these records must not be stored; `nil` if they may be.
    ///
    /// If there was a platform administrator before a change, there must be one after it. Enough of the subjects named by each
    /// policy in force must be able to approve. For a policy about keys, that holds for each project that had enough before. A
    /// policy that already had too few may stay as it is, because the change does not cause its shortage.
    func refusal(of changed: [any DirectoryRecord]) -> String? {
        let after = applying(changed)
        if let last = administrators.min(), after.administrators.isEmpty {
            return "'\(last)' is the last platform administrator"
        }
        for policy in after.policies.values.sorted(by: { $0.key < $1.key }) where policy.isInForce {
            let isChanged = policies[policy.operation] != policy
            let count = after.approvers(for: policy, in: .anywhere)
            if count < policy.required, isChanged || count < approvers(for: policy, in: .anywhere) {
                return Self.refusal(policy, count, in: .anywhere)
            }
            // If the policy itself is changed, its approvers determine the projects that it serves.
            guard !isChanged, policy.operation.isOfProjects else { continue }
            for scope in after.scopes {
                let count = after.approvers(for: policy, in: scope)
                if count < policy.required, approvers(for: policy, in: scope) >= policy.required {
                    return Self.refusal(policy, count, in: scope)
                }
            }
        }
        return nil
    }

    /// The scope in which approvers are counted.
    private enum Scope {
        /// All projects together.
        case anywhere
        /// A project in which no approver has a role: administrators only.
        case otherProjects
        case project(ProjectID)
    }

    private var scopes: [Scope] {
        let live = projects.values.filter { $0.status == .enabled }.map(\.id)
        return live.sorted().map { .project($0) } + [.otherProjects]
    }

    private static func refusal(_ policy: ApprovalPolicyRecord, _ count: Int, in scope: Scope) -> String {
        let place =
            switch scope {
            case .anywhere: ""
            case .otherProjects: " in projects without a Manager among them"
            case .project(let id): " in project '\(id)'"
            }
        return
            "approval policy '\(policy.key)' requires \(policy.required) approvals, and after this only \(count) of its approvers "
            + "could approve\(place): they must be platform administrators, or Managers of the key's project"
    }

    private var administrators: [SubjectID] {
        subjects.values.filter { $0.isAdministrator && $0.status == .enabled }.map(\.id)
    }

    /// Returns the number of subjects named by a policy that may approve for it.
    private func approvers(for policy: ApprovalPolicyRecord, in scope: Scope) -> Int {
        policy.approvers.count { approver in
            guard let profile = profile(of: approver) else { return false }
            return switch scope {
            case .anywhere: policy.operation.mayBeApproved(by: profile, in: nil)
            case .otherProjects: profile.isAdministrator
            case .project(let id): policy.operation.mayBeApproved(by: profile, in: id)
            }
        }
    }

    /// Returns the profile of a subject; `nil` if it does not exist or is not enabled.
    private func profile(of id: SubjectID) -> Profile? {
        guard let subject = subjects[id], subject.status == .enabled else { return nil }
        var roles = subject.roles
        for group in subject.groups {
            guard let group = groups[group], group.status == .enabled else { continue }
            roles = roles.united(with: group.roles)
        }
        let live = roles.byProject.filter { projects[$0.key]?.status == .enabled }
        return Profile(
            subject: id, kind: .subject(subject.subjectKind), isAdministrator: subject.isAdministrator,
            roles: RoleGrants(live))
    }
}

extension Oversight {
    /// Returns true if replacing a record by another may leave fewer administrators or approvers.
    ///
    /// - Parameters:
    ///   - before: `nil` if the record is new.
    ///   - after: the record that replaces it.
    static func lessens(_ before: (any DirectoryRecord)?, _ after: any DirectoryRecord) -> Bool {
        switch (before, after) {
        case (let before as SubjectRecord, let after as SubjectRecord):
            guard before.status == .enabled else { return false }
            return after.status != .enabled || before.isAdministrator && !after.isAdministrator
                || !before.groups.isSubset(of: after.groups) || before.roles.hasMore(than: after.roles)
        case (let before as GroupRecord, let after as GroupRecord):
            guard before.status == .enabled else { return false }
            return after.status != .enabled || before.roles.hasMore(than: after.roles)
        case (let before as ProjectRecord, let after as ProjectRecord):
            return before.status == .enabled && after.status != .enabled
        default: return false
        }
    }
}

extension RoleGrants {
    /// Returns true if these roles make a Manager in some project and the others do not.
    fileprivate func hasMore(than other: RoleGrants) -> Bool {
        byProject.contains { $0.value >= .manager && (other[$0.key].map { $0 < .manager } ?? true) }
    }
}
