/// The part of the directory that decides who administers the platform and who may approve, as one moment had it: a plain value, on which
/// a change is tried before it is stored.
struct Oversight: Sendable {
    var policies: [GuardedOperation: ApprovalPolicyRecord] = [:]
    /// Approvers, and as many administrators as are needed to know that there is one.
    var subjects: [SubjectID: SubjectRecord] = [:]
    var groups: [GroupID: GroupRecord] = [:]
    var projects: [ProjectID: ProjectRecord] = [:]

    /// The same after these records were stored.
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

    /// The reason why these records must not be stored; `nil` when they may.
    ///
    /// After a change there has to be a platform administrator, where there was one. Of the subjects that a policy in force names, as many
    /// as it requires have to be able to approve. Where a policy is about keys, that holds for each project in which there were enough
    /// before. A policy that had too few already may stay as it is, because its shortage is not made by the change.
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
            // Where the policy itself is changed, its approvers say for which projects it is.
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

    /// Where approvers are counted.
    private enum Scope {
        /// In all projects together.
        case anywhere
        /// In a project in which no approver has a role: administrators only.
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
            "approval policy '\(policy.key)' requires \(policy.required) approvers, and \(count) of those that it names "
            + "could approve\(place) after this; change the policy first"
    }

    private var administrators: [SubjectID] {
        subjects.values.filter { $0.isAdministrator && $0.status == .enabled }.map(\.id)
    }

    /// How many of the subjects that a policy names may approve for it.
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

    /// `nil` for a subject that is not there, or not enabled.
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
    /// Whether storing a record in place of another may leave fewer administrators or approvers.
    ///
    /// - Parameter before: `nil` when the record is new.
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
    /// Whether there is a project in which these make a Manager and the others do not.
    fileprivate func hasMore(than other: RoleGrants) -> Bool {
        byProject.contains { $0.value >= .manager && (other[$0.key].map { $0 < .manager } ?? true) }
    }
}
