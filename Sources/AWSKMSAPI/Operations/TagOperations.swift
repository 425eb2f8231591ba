import JSONText
import KeyManagement
import NIOCore

/// TagResource, UntagResource, ListResourceTags.
extension AWSCall {
    func tagResource() async throws(AWSFailure) -> ByteBuffer {
        try await changeTags(.add(try Tags.checked(try Tags.read(input, "Tags"))))
    }

    func untagResource() async throws(AWSFailure) -> ByteBuffer {
        try await changeTags(.remove(Set(input.texts("TagKeys"))))
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
