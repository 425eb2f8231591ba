import JSONText
import KeyManagement
import NIOCore

extension Operation {
    static let tagResource = Operation(.tagResource, .key, .must("Tags", .objects(.tags))) {
        (call) throws(AWSFailure) in
        try await call.tagResource()
    }

    static let untagResource = Operation(.untagResource, .key, .must("TagKeys", .texts(atMost: 200, nil))) {
        (call) throws(AWSFailure) in
        try await call.untagResource()
    }

    static let listResourceTags = Operation(.listResourceTags, .key, .limit, .marker) { (call) throws(AWSFailure) in
        try await call.listResourceTags()
    }
}

/// TagResource, UntagResource, ListResourceTags.
extension AWSCall {
    func tagResource() async throws(AWSFailure) -> ByteBuffer {
        try await changeTags(.add(try Tags.checked(try Tags.read(input, "Tags"))))
    }

    func untagResource() async throws(AWSFailure) -> ByteBuffer {
        try await changeTags(.remove(Set(input.texts("TagKeys").map { ExactText($0) })))
    }

    private func changeTags(_ change: KeyUpdate.TagChange) async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        if key.availability == .pendingDeletion { throw .invalidState("\(place.arn(key.id)) is pending deletion.") }
        do throws(KMSError) {
            _ = try await service.updateKey(reference, KeyUpdate(tags: change), by: caller)
        } catch {
            if case .invalidRequest = error { throw AWSFailure("TagException", "Too many tags") }
            throw await failure(error, about: reference)
        }
        return Self.empty
    }

    func listResourceTags() async throws(AWSFailure) -> ByteBuffer {
        let key = try await described(try keyWithoutAlias())
        let page = try await page(key.tags.sorted, of: ["\(key.id)"], standard: 50)
        return answer(capacity: 512 * page.items.count + 200) { writer in
            writer.list("Tags", page.items) { writer, tag in
                writer.object {
                    $0.field("TagKey", tag.name)
                    $0.field("TagValue", tag.value)
                }
            }
            writer.end(of: page.next)
        }
    }
}

enum Tags {
    /// Reads the tags of a request.
    ///
    /// - Throws: `TagException` for a duplicate tag.
    static func read(_ input: Input, _ member: String) throws(AWSFailure) -> TextPairs {
        var pairs = TextPairs()
        for tag in input.objects(member) {
            guard pairs.insert(tag.text("TagValue"), for: tag.text("TagKey")) else {
                throw AWSFailure("TagException", "Duplicate tag keys")
            }
        }
        if pairs.sorted.contains(where: { $0.name.lowercased().utf8.starts(with: "aws:".utf8) }) {
            throw AWSFailure("TagException", "Tags beginning with aws: are reserved")
        }
        return pairs
    }

    static func checked(_ pairs: TextPairs) throws(AWSFailure) -> KeyTags {
        guard pairs.count <= KeyTags.maxCount else { throw AWSFailure("TagException", "Too many tags") }
        do throws(KMSError) {
            return try KeyTags(pairs)
        } catch {
            throw AWSFailure("TagException", error.message)
        }
    }
}
