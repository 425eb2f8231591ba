import JSONText
import KeyManagement
import NIOCore

/// TagResource, UntagResource, ListResourceTags.
extension AWSCall {
    func tagResource() async throws(AWSFailure) -> ByteBuffer {
        let new = try Tags.read(input, "Tags")
        return try await changeTags { $0.merging(new) { $1 } }
    }

    func untagResource() async throws(AWSFailure) -> ByteBuffer {
        let names = Set(input.texts("TagKeys"))
        return try await changeTags { $0.filter { !names.contains($0.key) } }
    }

    /// Reads the tags and writes all of them back. When others did the same meanwhile, their change may be lost: tags decide nothing.
    private func changeTags(_ edit: ([String: String]) -> [String: String]) async throws(AWSFailure) -> ByteBuffer {
        let reference = try keyWithoutAlias()
        let key = try await described(reference)
        if key.availability == .pendingDeletion { throw .invalidState("\(place.arn(key.id)) is pending deletion.") }
        let tags = try Tags.checked(edit(key.tags.pairs))
        guard tags != key.tags else { return Self.empty }
        _ = try await ask(about: reference) { () throws(KMSError) in
            try await service.updateKey(reference, KeyUpdate(tags: tags), by: caller)
        }
        return Self.empty
    }

    func listResourceTags() async throws(AWSFailure) -> ByteBuffer {
        let key = try await described(try keyWithoutAlias())
        let page = try Marker.page(key.tags.sorted, input, standard: 50)
        return answer(capacity: 512 * page.items.count + 200) { writer in
            writer.list("Tags", Array(page.items)) { writer, tag in
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
    /// - Throws: `TagException` for a tag that comes twice.
    static func read(_ input: Input, _ member: String) throws(AWSFailure) -> [String: String] {
        var pairs: [String: String] = [:]
        for tag in input.objects(member) {
            guard pairs.updateValue(tag.text("TagValue"), forKey: tag.text("TagKey")) == nil else {
                throw AWSFailure("TagException", "Duplicate tag keys")
            }
        }
        if pairs.keys.contains(where: { $0.lowercased().hasPrefix("aws:") }) {
            throw AWSFailure("TagException", "Tags beginning with aws: are reserved")
        }
        return pairs
    }

    static func checked(_ pairs: [String: String]) throws(AWSFailure) -> KeyTags {
        guard pairs.count <= KeyTags.most else { throw AWSFailure("TagException", "Too many tags") }
        do throws(KMSError) {
            return try KeyTags(pairs)
        } catch {
            throw AWSFailure("TagException", error.message)
        }
    }
}
